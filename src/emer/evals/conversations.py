"""Causes in conversations with their emotions given: ECF (SemEval-2024 Task 3, whole utterances) and RECCON.

Both sets are read with the rule of `agents/speech/causal_turns.py`, beside "itself" and "itself and the one before".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.agents.speech.causal_turns import Turn, causes_of
from emer.errors import InputError
from emer.evals import metrics
from emer.evals.evaluation import Eval, Headline, Sample, Score
from emer.evals.metrics.causes import Pair, read_pairs, strict

N_DRAWS = 1000
NEUTRAL = "neutral"


def ecf(data: Path, file: str = "Subtask_2_test.json") -> list[Sample]:
    """ECF: a conversation's turns -> its pairs (emotion turn, emotion, cause turn), numbers from 0."""
    rows = json.loads((data / "text" / "ecf" / file).read_text(encoding="utf-8"))
    samples = []
    for row in rows:
        turns = [
            Turn(turn["speaker"], turn["text"], None if turn["emotion"] == NEUTRAL else turn["emotion"])
            for turn in row["conversation"]
        ]
        pairs = sorted({(p.emotion_utterance - 1, p.emotion, p.cause_utterance - 1) for p in read_pairs([row])})
        name = str(row["conversation_ID"])
        samples.append(Sample(name, turns, pairs, name))
    return samples


def reccon(data: Path, file: str = "dailydialog_test.json") -> list[Sample]:
    """RECCON (Poria et al. 2021): a dialogue's turns -> its pairs; causes outside the dialogue (`b`) are left out."""
    rows = json.loads((data / "text" / "reccon" / file).read_text(encoding="utf-8"))
    samples = []
    for name, (dialogue,) in rows.items():
        turns = [Turn(turn["speaker"], turn["utterance"], _daily(turn["emotion"])) for turn in dialogue]
        pairs = {
            (n, str(turns[n].emotion), cause - 1)
            for n, turn in enumerate(dialogue)
            for cause in turn.get("expanded emotion cause evidence", [])
            if isinstance(cause, int) and cause - 1 <= n and turns[n].emotion is not None
        }
        samples.append(Sample(name, turns, sorted(pairs), name))
    return samples


def _daily(emotion: str) -> str | None:
    """DailyDialog's names as ECF has them."""
    named = {
        "happiness": "joy",
        "happines": "joy",
        "excited": "joy",
        "surprised": "surprise",
        "angry": "anger",
        "sad": "sadness",
    }
    return None if emotion == NEUTRAL else named.get(emotion, emotion)


def predict(samples: Sequence[Sample]) -> list[list[tuple[int, str, int]]]:
    """The pairs of each conversation, by the rule."""
    return [pairs_by(sample.given, causes_of) for sample in samples]


def pairs_by(
    turns: Sequence[Turn], causes: Callable[[Sequence[Turn], int], Sequence[int]]
) -> list[tuple[int, str, int]]:
    """The pairs of one conversation by a way of finding causes."""
    return [(at, turn.emotion, one) for at, turn in enumerate(turns) if turn.emotion for one in causes(turns, at)]


FLOORS: dict[str, Callable[[Sequence[Turn], int], Sequence[int]]] = {
    "itself": lambda turns, at: [at],
    "itself and the one before": lambda turns, at: [at - 1, at] if at else [at],
}


def parse_pairs(value: Any) -> list[tuple[int, str, int]]:
    """Pairs `[emotion turn, emotion, cause turn]`, turns numbered from 0."""
    return [(int(at), str(emotion), int(cause)) for at, emotion, cause in value]


def _flat(samples: Sequence[Sample], pairs: Sequence[Any]) -> set[Pair]:
    return {Pair(s.id, at, name, cause) for s, row in zip(samples, pairs, strict=True) for at, name, cause in row}


def weighted_f1(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    """ECF's weighted F1; a conversation that was drawn twice counts twice."""
    named = [Sample(f"{n}", s.given, s.target, s.group) for n, s in enumerate(samples)]
    return strict(_flat(named, [s.target for s in samples]), _flat(named, predictions)).weighted_f1


def score_ecf(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """Weighted F1 with an interval by conversation, weighted P and R, micro F1, beside the two floors."""
    groups, n = [sample.group for sample in samples], sum(len(sample.target) for sample in samples)
    systems = {"emer": predictions} | {
        name: [pairs_by(sample.given, floor) for sample in samples] for name, floor in FLOORS.items()
    }
    scores = []
    for name, said in systems.items():
        found = strict(_flat(samples, [sample.target for sample in samples]), _flat(samples, said))
        interval = metrics.bootstrap(_drawn(weighted_f1, samples, said), groups, n_draws=N_DRAWS // 5)
        scores += [
            Score("w-avg F1", *interval, n=n, system=name),
            Score("w-avg P", found.weighted_precision, None, None, n, name),
            Score("w-avg R", found.weighted_recall, None, None, n, name),
            Score("micro F1", found.micro_f1, None, None, n, name),
        ]
    return scores


def _drawn(
    statistic: Callable[[Sequence[Sample], Sequence[Any]], float], samples: Sequence[Sample], said: Sequence[Any]
) -> Callable[[NDArray[np.intp]], float]:
    return lambda drawn: statistic([samples[i] for i in drawn], [said[i] for i in drawn])


def _decisions(samples: Sequence[Sample], predictions: Sequence[Any]) -> tuple[list[bool], list[bool]]:
    """Of every emotion turn that has a cause, whether each turn up to it is one, in gold and prediction."""
    gold: list[bool] = []
    said: list[bool] = []
    for sample, pairs in zip(samples, predictions, strict=True):
        true, found = {(a, c) for a, _, c in sample.target}, {(a, c) for a, _, c in pairs}
        for at in sorted({a for a, _ in true}):
            gold += [(at, cause) in true for cause in range(at + 1)]
            said += [(at, cause) in found for cause in range(at + 1)]
    return gold, said


def positive_f1(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    """RECCON's F1 of causes among (emotion turn, earlier or same turn) pairs."""
    gold, said = _decisions(samples, predictions)
    if not gold:
        raise InputError("no metric of an empty set: no turn has a cause")
    return float(metrics.f1_per_label(np.array(gold)[:, None], np.array(said)[:, None])[0])


def score_reccon(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """F1 of causes, of what is none, and their mean, beside the floors and "nothing is a cause"."""
    groups = [sample.group for sample in samples]
    systems = {"emer": predictions, "nothing is a cause": [[] for _ in samples]} | {
        name: [pairs_by(sample.given, floor) for sample in samples] for name, floor in FLOORS.items()
    }
    scores = []
    for name, said in systems.items():
        gold, guess = (np.array(side)[:, None] for side in _decisions(samples, said))
        positive = metrics.bootstrap(_drawn(positive_f1, samples, said), groups, n_draws=N_DRAWS // 5)
        negative = float(metrics.f1_per_label(~gold, ~guess)[0])
        scores += [
            Score("cause F1", *positive, n=len(gold), system=name),
            Score("no-cause F1", negative, None, None, len(gold), name),
            Score("macro F1", (positive.estimate + negative) / 2, None, None, len(gold), name),
        ]
    return scores


ECF = Eval(
    name="ecf",
    title="emotion-cause pairs of whole utterances with gold emotions, ECF test (SemEval-2024 Task 3)",
    data="text/ecf/Subtask_2_test.json",
    terms="GPL-3.0 repository",
    read=ecf,
    predict=predict,
    score=score_ecf,
    headline=Headline("w-avg F1", weighted_f1),
    parse=parse_pairs,
)
RECCON = Eval(
    name="reccon",
    title="cause utterances with gold emotions, RECCON-DD test",
    data="text/reccon/dailydialog_test.json",
    terms="CC BY-NC-SA",
    read=reccon,
    predict=predict,
    score=score_reccon,
    headline=Headline("cause F1", positive_f1),
    parse=parse_pairs,
)
