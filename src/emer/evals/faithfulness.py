"""Whether an explanation is what the verdict rested on: deletion of the cited cues, and another clip's cues.

Comprehensiveness is what the verdict loses without the cited cues, sufficiency what it loses with nothing but them
(DeYoung et al. 2020, ERASER, section 4.2), as probabilities of the class of the first emotion. Both stand beside as
many cues drawn at random, and each cited cue beside an uncited one of its modality and strength. Whoever cites
everything is comprehensive, so the share of cues cited stands first.

Such scores can be inflated: the offline judge cites the cues that moved its own sum, so they must move it when they are
taken away. They say that the explanation is the judge's, not that it is plausible or right; only people can say that
(`emer eval human`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from emer.agents.judge import instruments_for
from emer.errors import InputError
from emer.evals import metrics, readers, reported, textualised
from emer.evals.deletion import Deleted, delete
from emer.evals.evaluation import Eval, Sample, Score

NEUTRAL_SHARE = 0.2
N_DRAWS = 1000
RANDOM = "as many cues at random"


def predict(samples: Sequence[Sample]) -> list[Deleted | None]:
    """Each clip's explanation under deletion; None where nothing was concluded."""
    with tempfile.TemporaryDirectory() as memory:
        reports = [reported.report(sample.given, {"memory_dir": Path(memory)}) for sample in samples]
    instruments = instruments_for(NEUTRAL_SHARE, has_faces=False)
    groups = [sample.group for sample in samples]
    found: list[Deleted | None] = []
    for place, one in enumerate(reports):
        stranger = reports[_stranger(place, groups)]
        found.append(delete(one, stranger, instruments) if one is not None and stranger is not None else None)
    return found


def _stranger(place: int, groups: Sequence[str]) -> int:
    """Half the set further on, and from there the next clip of another group."""
    n = len(groups)
    for step in range(n):
        other = (place + n // 2 + step) % n
        if groups[other] != groups[place]:
            return other
    raise InputError("another clip's cues are needed, and all clips are of one dialogue")


def score(samples: Sequence[Sample], predictions: Sequence[Deleted | None]) -> list[Score]:
    """All figures, intervals by group."""
    kept = [(sample.group, one) for sample, one in zip(samples, predictions, strict=True) if one is not None]
    if not kept:
        raise InputError("no metric of an empty set: no clip has an explanation")
    groups, found = [group for group, _ in kept], [one for _, one in kept]

    def mean(name: str, values: Sequence[float], system: str = "emer") -> Score:
        return Score(name, *metrics.mean(values, groups), n=len(values), system=system)

    return [
        Score("explained", len(found) / len(predictions), None, None, len(predictions)),
        mean("share of cues cited", [one.n_cited / one.n_cues for one in found]),
        mean("comprehensiveness", [one.p - one.p_without for one in found]),
        mean("comprehensiveness", [one.p - one.random_without for one in found], RANDOM),
        mean("sufficiency (lower is better)", [one.p - one.p_only for one in found]),
        mean("sufficiency (lower is better)", [one.p - one.random_only for one in found], RANDOM),
        mean("verdict kept without the cited cues", [float(one.is_kept) for one in found]),
        *_matched(groups, found),
        *_support(groups, found),
        mean("words of reasoning", [float(one.n_words) for one in found]),
    ]


def _matched(groups: Sequence[str], found: Sequence[Deleted]) -> list[Score]:
    """What one cited cue costs, one like it that was not cited, and the difference."""
    rows = [(group, pair) for group, one in zip(groups, found, strict=True) for pair in one.matched]
    if not rows:
        return []
    whose, pairs = [group for group, _ in rows], np.array([pair for _, pair in rows])
    columns = {"cited": pairs[:, 0], "uncited, alike": pairs[:, 1], "difference": pairs[:, 0] - pairs[:, 1]}
    return [
        Score(f"loss by one cue, {name}", *metrics.mean(values, whose), n=len(rows)) for name, values in columns.items()
    ]


def _support(groups: Sequence[str], found: Sequence[Deleted]) -> list[Score]:
    """Claims held against their own cues and against another clip's."""
    own, other = np.array([one.own for one in found]), np.array([one.other for one in found])
    n = len(found)

    def area(drawn: Any) -> float:
        support = np.concatenate([own[drawn], other[drawn]])
        return metrics.auc(np.arange(2 * len(drawn)) < len(drawn), support)

    drop = metrics.bootstrap(lambda drawn: float(np.median(own[drawn] - other[drawn])), groups, n_draws=N_DRAWS)
    return [
        Score("support", *metrics.mean(own, groups), n=n),
        Score("support", *metrics.mean(other, groups), n=n, system="another clip's cues"),
        Score("AUC of support, own against another's", *metrics.bootstrap(area, groups, n_draws=N_DRAWS), n=n),
        Score("median drop of support", *drop, n=n),
    ]


FAITHFULNESS = Eval(
    name="faithfulness",
    title="explanations under deletion of their cues, and against another clip's, 191 MELD test utterances",
    data=str(readers.CLIPS),
    terms="none stated",
    read=textualised.rows,
    predict=predict,
    score=score,
)
