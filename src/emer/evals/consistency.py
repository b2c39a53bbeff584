"""Whether an explanation comes every time, and stays the same over runs, over paraphrase and at any length.

The paraphrases are made by rule and keep the sense: contractions opened and closed, an empty word put before, the words
as a recogniser writes them, cues in another order. They are what can be changed without a model; a freer paraphrase is
a harder test.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emer.errors import InputError
from emer.evals import metrics, readers, reported, textualised
from emer.evals.evaluation import Eval, Sample, Score
from emer.schemas import Report

N_DRAWS = 1000
_SHORT = {
    "I am": "I'm", "you are": "you're", "it is": "it's", "that is": "that's", "do not": "don't", "cannot": "can't",
    "I will": "I'll", "I have": "I've", "we are": "we're", "is not": "isn't", "did not": "didn't",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What stands in one Report: its first class, labels, cited modalities and words of reasoning."""

    first: str
    labels: frozenset[str]
    modalities: frozenset[str]
    n_words: int
    is_explained: bool


@dataclass(frozen=True)
class Repeated:
    """One clip told once, told again (byte for byte the same?), and told of each paraphrase that changed its row."""

    once: Told
    is_same: bool
    paraphrased: dict[str, Told]


def _replaced(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
    return text


def _plain(text: str) -> str:
    return re.sub(r"[^\w\s']", "", text).lower()


def _reordered(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"cues": list(reversed(row["cues"]))}


def _worded(change: Callable[[str], str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: row | {"transcript": change(row["transcript"])} if row.get("transcript") else row


PARAPHRASES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "contractions opened": _worded(lambda text: _replaced(text, [(short, long) for long, short in _SHORT.items()])),
    "contractions closed": _worded(lambda text: _replaced(text, list(_SHORT.items()))),
    "“well” put before": _worded(lambda text: f"Well, {text[:1].lower()}{text[1:]}" if text[:2] != "I " else
                                 f"Well, {text}"),
    "no capitals, no marks": _worded(_plain),
    "cues in another order": _reordered,
}  # fmt: skip


def told(report: Report | None) -> Told:
    """What is compared of a Report; a clip on which nothing is concluded counts as neutral."""
    emotions = report.emotions if report else []
    cited = {name for emotion in emotions for name in emotion.evidence}
    return Told(
        first=textualised.class_of(emotions[0].label) if emotions else "neutral",
        labels=frozenset(emotion.label for emotion in emotions),
        modalities=frozenset(cue.modality for cue in (report.cues if report else []) if cue.id in cited),
        n_words=sum(len(step.claim.split()) for step in report.reasoning) if report else 0,
        is_explained=report is not None and bool((report.reasoning and report.summary) or report.abstained),
    )


def predict(samples: Sequence[Sample]) -> list[Repeated]:
    """Each clip told twice, and once of each paraphrase."""
    with tempfile.TemporaryDirectory() as memory:
        options = {"memory_dir": Path(memory)}
        return [_repeated(sample.given, options) for sample in samples]


def _repeated(row: dict[str, Any], options: dict[str, Any]) -> Repeated:
    once, again = reported.report(row, options), reported.report(row, options)
    changed = {name: change(row) for name, change in PARAPHRASES.items()}
    paraphrased = {name: told(reported.report(new, options)) for name, new in changed.items() if new != row}
    return Repeated(told(once), _bytes(once) == _bytes(again), paraphrased)


def _bytes(report: Report | None) -> str:
    """The Report as it is written, without how long things took."""
    if report is None:
        return ""
    written = json.loads(report.to_json())
    written["provenance"].pop("timings_s")
    return json.dumps(written, sort_keys=True)


def score(samples: Sequence[Sample], predictions: Sequence[Repeated]) -> list[Score]:
    """Coverage, sameness over runs and paraphrases, and what length has to do with being right."""
    groups = [sample.group for sample in samples]

    def mean(name: str, values: Sequence[float], whose: Sequence[str]) -> Score:
        return Score(name, *metrics.mean(values, whose), n=len(values))

    scores = [
        mean("an explanation, or why there is none", [float(one.once.is_explained) for one in predictions], groups),
        mean("same bytes in a second run", [float(one.is_same) for one in predictions], groups),
    ]
    for name in PARAPHRASES:
        rows = [(g, one) for g, one in zip(groups, predictions, strict=True) if name in one.paraphrased]
        if rows:
            whose = [group for group, _ in rows]
            pairs = [(one.once, one.paraphrased[name]) for _, one in rows]
            scores += [
                mean(f"same class, {name}", [float(a.first == b.first) for a, b in pairs], whose),
                mean(f"same labels, {name}", [float(a.labels == b.labels) for a, b in pairs], whose),
                mean(f"same senses cited, {name}", [_shared(a.modalities, b.modalities) for a, b in pairs], whose),
            ]
    return [*scores, *_length(samples, predictions)]


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of modalities cited by both (Jaccard), 1 where neither cites any."""
    return len(one & other) / len(one | other) if one | other else 1.0


def _length(samples: Sequence[Sample], predictions: Sequence[Repeated]) -> list[Score]:
    """Words of reasoning, and whether the longer explanation is the right one (AUC, .5 being no matter)."""
    words = np.array([one.once.n_words for one in predictions], dtype=float)
    right = np.array([one.once.first == sample.target for one, sample in zip(predictions, samples, strict=True)])
    groups, n = [sample.group for sample in samples], len(samples)
    scores = [Score("words of reasoning", *metrics.mean(words, groups), n=n)]
    try:
        area = metrics.paired(metrics.auc, right, words, groups, n_draws=N_DRAWS)
    except InputError:  # all are right, or none
        return scores
    return [*scores, Score("AUC of being right by length alone", *area, n=n)]


CONSISTENCY = Eval(
    name="consistency",
    title="explanations every time, and the same over runs and paraphrases, 191 MELD test utterances",
    data=str(readers.CLIPS),
    terms="none stated",
    read=textualised.rows,
    predict=predict,
    score=score,
)
