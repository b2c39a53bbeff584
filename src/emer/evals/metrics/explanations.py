"""Scores of explanations: triggers found (EIBench), steps held true (MME-Emotion), clues and labels shared (EMER).

Sources: EIBench (Lin et al. 2024), section 4; MME-Emotion (Zhang et al. 2025), section 3; EMER (Lian et al. 2023),
section 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from emer.errors import InputError
from emer.evals.metrics.causes import token_f1
from emer.evals.metrics.checks import same_length
from emer.evals.metrics.wheel import Grouping, Labels, Overlap, overlap

_TRIGGERS = re.compile(r"\{\s*score:\s*(\d+)\s*/\s*(\d+)\s*\}", re.IGNORECASE)
_TAG = re.compile(r"<score>(.*?)</score>", re.IGNORECASE | re.DOTALL)
_STEP = re.compile(r"Step\s*\d+\s*:\s*(\d+)\s*/\s*(\d+)", re.IGNORECASE)


class Steps(NamedTuple):
    """MME-Emotion's scores, 0..1: recognition, reasoning, and their weighted mean; mean steps an answer, and n."""

    recognition: float
    reasoning: float
    chain_of_thought: float
    steps_per_answer: float
    n: int


class ClueOverlap(NamedTuple):
    """Clue overlap, 0..1, and label overlap."""

    clues: float
    labels: Overlap


def trigger_recall(grade: str) -> float:
    """The share of an item's triggers that its grade says were found, `{score: 2/5}` being .4.

    Raises:
        InputError: the grade holds no score, or one of no triggers.
    """
    match = _TRIGGERS.search(grade)
    if match is None or int(match[2]) == 0 or int(match[1]) > int(match[2]):
        raise InputError(f"a grade reads {grade[:80]!r}, expected {{score: FOUND/ALL}}")
    return int(match[1]) / int(match[2])


def mean_trigger_recall(grades: Mapping[str, str]) -> dict[str, float]:
    """The mean recall of the items of each emotion and of all (`average`); keys are EIBench's image paths.

    The path's folder names the emotion: `CAER-S/train/Happy/1.png`, `EmoSet-118k/image/sadness/sadness_1.jpg`.

    Raises:
        InputError: there is no item.
    """
    if not grades:
        raise InputError("no metric of an empty set: there are no graded items")
    found: dict[str, list[float]] = {}
    for path, grade in grades.items():
        found.setdefault(path.split("/")[-2].lower(), []).append(trigger_recall(grade))
    scores = [score for rows in found.values() for score in rows]
    return {name: sum(rows) / len(rows) for name, rows in found.items()} | {"average": sum(scores) / len(scores)}


def read_steps(answer: str) -> list[float]:
    """The score of each step in `<score>Step 1: 1/1, Step 2: 0/1</score>`; 0/0 counts as 0, no tag gives no step."""
    tag = _TAG.search(answer)
    return [int(a) / int(b) if int(b) else 0.0 for a, b in _STEP.findall(tag[1])] if tag else []


def step_scores(answers: Sequence[str], *, weight: float = 0.5) -> Steps:
    """MME-Emotion's three scores of graded answers, the last step being the verdict.

    Answers without a step are left out; one that has the verdict alone has reasoned 0.

    Args:
        answers: each with its `<score>` tag.
        weight: of recognition in the chain-of-thought score.

    Raises:
        InputError: no answer has a step.
    """
    rows = [steps for steps in map(read_steps, answers) if steps]
    if not rows:
        raise InputError("no metric of an empty set: no answer holds graded steps")
    recognition = sum(steps[-1] for steps in rows) / len(rows)
    reasoning = sum(sum(steps[:-1]) / len(steps[:-1]) if len(steps) > 1 else 0.0 for steps in rows) / len(rows)
    together = weight * recognition + (1 - weight) * reasoning
    return Steps(recognition, reasoning, together, sum(map(len, rows)) / len(rows), len(rows))


def clue_overlap(
    gold_clues: Sequence[str], said_clues: Sequence[str], gold: Labels, said: Labels, *, grouping: Grouping
) -> ClueOverlap:
    """The clue and label overlap of EMER without its grader: token F1 of the clue texts, F of the label sets.

    EMER had a chat model grade the clues from 0 to 10; words in common are a lower bound that needs no model.

    Raises:
        InputError: the lengths differ, or there is nothing to score.
    """
    same_length(gold_clues, said_clues)
    clues = [token_f1(g, s) for g, s in zip(gold_clues, said_clues, strict=True)]
    return ClueOverlap(sum(clues) / len(clues), overlap(gold, said, grouping))
