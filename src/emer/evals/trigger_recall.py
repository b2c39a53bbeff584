"""EIBench: what made this person feel so? Answers come from a system that sees; they are graded by words in common.

The published grader is a chat model. This one counts a trigger as found if the answer holds half of its content words:
a lower bound that anyone can repeat. Source: EIBench (Lin et al. 2024).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from emer.errors import InputError
from emer.evals import metrics
from emer.evals.evaluation import Eval, Headline, Sample, Score
from emer.evals.metrics.checks import Floats

HALF = 0.5
STEM = 5
"""Letters by which two forms of a word are taken as one."""
_NUMBERED = re.compile(r"^\s*\d+\.\s*")
_WORD = re.compile(r"[a-z]{3,}")
_EMPTY = frozenset({"the", "and", "his", "her", "their", "with", "for", "from", "that", "this", "are", "was", "has"})


def read(data: Path) -> list[Sample]:
    """EIBench's basic set: an image's path and question -> its numbered triggers."""
    folder = data / "text" / "eibench"
    triggers: dict[str, str] = json.loads((folder / "basic_ground_truth.json").read_text(encoding="utf-8"))
    questions: dict[str, str] = {}
    for line in (folder / "user.jsonl").read_text(encoding="utf-8").splitlines():
        questions.update(json.loads(line))
    return [
        Sample(path, {"image": path, "question": questions.get(path)}, [_plain(one) for one in told.splitlines()], path)
        for path, told in triggers.items()
    ]


def human_scores(data: Path) -> list[list[float | None]]:
    """(3, 200) how well three people rated EIBench's own reference answers, 1 to 5."""
    folder = data / "text" / "eibench"
    raters = []
    for path in sorted(folder.glob("score_*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        raters.append({name: float(value) for row in rows for name, value in row.items()})
    items = sorted(set().union(*raters)) if raters else []
    return [[rater.get(item) for item in items] for rater in raters]


def human_agreement(data: Path) -> float:
    """Krippendorff's alpha (ordinal) of the people who rated EIBench's reference answers.

    Raises:
        InputError: their scores are not there.
    """
    raters = human_scores(data)
    if not raters:
        raise InputError(f"no score_*.jsonl in {str(data / 'text' / 'eibench')!r}, where EIBench keeps people's scores")
    return metrics.krippendorff_alpha(raters, level="ordinal")


def _plain(trigger: str) -> str:
    return _NUMBERED.sub("", trigger).strip()


def recall(triggers: Sequence[str], answer: str) -> float:
    """The share of triggers of which the answer holds at least half of the content words, 0..1.

    Raises:
        InputError: there is no trigger.
    """
    if not triggers:
        raise InputError("no metric of an empty set: there is no trigger to be found")
    said = _stems(answer)
    found = [len(words & said) / len(words) >= HALF for words in map(_stems, triggers) if words]
    return sum(found) / len(triggers)


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in _WORD.findall(text.lower()) if word not in _EMPTY}


def parse_answer(value: Any) -> str:
    """An answer as one text, from a text or a list of triggers."""
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _recalls(samples: Sequence[Sample], answers: Sequence[str]) -> Floats:
    return np.array([recall(sample.target, answer) for sample, answer in zip(samples, answers, strict=True)])


def mean_recall(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    """The mean share of triggers found."""
    return float(_recalls(samples, predictions).mean())


def score(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """Trigger recall beside two floors: the next image's answer, and the question itself."""
    answers, n = list(predictions), len(samples)
    systems = {
        "emer": answers,
        "another image's answer": answers[1:] + answers[:1],
        "the question itself": [sample.given["question"] or "" for sample in samples],
    }
    scores = []
    for name, said in systems.items():
        values = _recalls(samples, said)
        interval = metrics.mean(values, n)
        scores.append(Score("trigger recall, words in common", *interval, n=n, system=name))
    words = float(np.mean([len(answer.split()) for answer in answers]))
    return [*scores, Score("words per answer", words, None, None, n)]


EIBENCH = Eval(
    name="eibench",
    title="what made this person feel so, EIBench basic (the images are not at hand: name a system's answers)",
    data="text/eibench/{basic_ground_truth.json,user.jsonl}",
    terms="Apache-2.0",
    read=read,
    predict=None,
    score=score,
    headline=Headline("trigger recall, words in common", mean_recall),
    parse=parse_answer,
)
