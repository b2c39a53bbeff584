"""F1 in its kinds, accuracy and recall over labels, most of them from `(n, n_labels)` arrays of 0/1 (`indicator`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emer.errors import InputError
from emer.evals.metrics.checks import Floats, indicators, same_length


def indicator(labels: Sequence[str | Sequence[str]], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return the `(n, n_classes)` indicator of one label, or several, per item; labels outside `classes` are left out.

    >>> indicator(["joy", ["joy", "fear"]], ["fear", "joy"]).astype(int).tolist()
    [[0, 1], [1, 1]]
    """
    rows = [{label} if isinstance(label, str) else set(label) for label in labels]
    return np.array([[name in row for name in classes] for row in rows], dtype=bool).reshape(len(rows), len(classes))


def f1_per_label(gold: ArrayLike, predicted: ArrayLike) -> Floats:
    """Return F1 of each label, `(n_labels,)` in 0..1: 2TP / (2TP + FP + FN), 0 where a label is in neither set.

    Source: van Rijsbergen (1979), Information Retrieval, ch. 7; the zero is scikit-learn's convention.
    """
    true, said = indicators(gold, predicted)
    return _f1(true, said)


def macro_f1(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the unweighted mean of the labels' F1, 0..1."""
    return float(f1_per_label(gold, predicted).mean())


def micro_f1(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return F1 over all item-label decisions pooled, 0..1."""
    true, said = indicators(gold, predicted)
    return float(_f1(true.reshape(-1, 1), said.reshape(-1, 1))[0])


def weighted_f1(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the labels' F1 weighted by how often each is in the gold, 0..1 (WAF of MER2023 and MER-UniBench)."""
    support = np.asarray(gold, dtype=bool).sum(0)
    scores = f1_per_label(gold, predicted)
    if not support.any():
        raise InputError("weighted F1 needs at least one gold label, found none")
    return float((scores * support).sum() / support.sum())


def jaccard(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the mean of |G∩P| / |G∪P| over the items, 0..1; 1 where both are empty (SemEval-2018 Task 1 E-c)."""
    true, said = indicators(gold, predicted)
    union = (true | said).sum(1)
    return float(np.where(union > 0, (true & said).sum(1) / np.maximum(union, 1), 1.0).mean())


def accuracy(gold: Sequence[Any] | NDArray[Any], predicted: Sequence[Any] | NDArray[Any]) -> float:
    """Return the share of items whose prediction equals the gold value, 0..1."""
    same_length(gold, predicted)
    return float(sum(g == p for g, p in zip(gold, predicted, strict=True)) / len(gold))


def recall_per_label(gold: ArrayLike, predicted: ArrayLike) -> Floats:
    """Return the recall of each label that the gold holds, `(n_present,)` in 0..1."""
    true, said = indicators(gold, predicted)
    present = true.any(0)
    if not present.any():
        raise InputError("recall needs at least one gold label, found none")
    made: Floats = (true & said).sum(0)[present] / true.sum(0)[present]
    return made


def uar(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the unweighted average recall, 0..1: the mean of the recalls of the labels in the gold.

    Its weighted companion (WAR) is the accuracy. Source: Schuller et al. (2009), INTERSPEECH emotion challenge.
    """
    return float(recall_per_label(gold, predicted).mean())


def sentiment_waf(gold: Sequence[float], predicted: Sequence[str]) -> float:
    """Return WAF of positive against negative, 0..1, over the items whose gold is not 0 (MOSI, MOSEI, SIMS).

    A prediction other than "positive" counts as negative. Source: AffectGPT (Lian et al. 2025), MER-UniBench.
    """
    same_length(gold, predicted)
    kept = [
        (value > 0, label.strip().lower() == "positive") for value, label in zip(gold, predicted, strict=True) if value
    ]
    if not kept:
        raise InputError("no metric of an empty set: every gold value is 0")
    both = [[[positive, not positive] for positive in side] for side in zip(*kept, strict=True)]
    return weighted_f1(*both)


def _f1(true: NDArray[np.bool_], said: NDArray[np.bool_]) -> Floats:
    """Return F1 down the first axis; 0 where there is neither a gold nor a predicted positive."""
    hits = (true & said).sum(0).astype(float)
    total = true.sum(0).astype(float) + said.sum(0)  # 2TP + FP + FN
    made: Floats = np.divide(2 * hits, total, out=np.zeros_like(total), where=total > 0)
    return made
