"""The scores by which everything in emer is judged, each with its source and formula; numpy alone.

Every function raises `InputError` on an empty set or on lengths that differ: there is no score of nothing.
Label indicators are `(n, n_labels)` arrays of 0/1 (`indicator` makes them from label names).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emer.errors import InputError

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """An estimate with the bounds of its bootstrap interval, in the unit of the statistic."""

    estimate: float
    low: float
    high: float


class RiskCoverage(NamedTuple):
    """Share of items answered, `(n,)` rising to 1, and the error rate among them, `(n,)` in 0..1."""

    coverage: Floats
    risk: Floats


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
    true, said = _indicators(gold, predicted)
    return _f1(true, said)


def macro_f1(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the unweighted mean of the labels' F1, 0..1."""
    return float(f1_per_label(gold, predicted).mean())


def micro_f1(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return F1 over all item-label decisions pooled, 0..1."""
    true, said = _indicators(gold, predicted)
    return float(_f1(true.reshape(-1, 1), said.reshape(-1, 1))[0])


def weighted_f1(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the labels' F1 weighted by how often each is in the gold, 0..1 (WAF of MER2023 and MER-UniBench)."""
    support = np.asarray(gold, dtype=bool).sum(0)
    scores = f1_per_label(gold, predicted)
    if not support.any():
        raise InputError("weighted F1 needs at least one gold label, found none")
    return float((scores * support).sum() / support.sum())


def accuracy(gold: Sequence[Any] | NDArray[Any], predicted: Sequence[Any] | NDArray[Any]) -> float:
    """Return the share of items whose prediction equals the gold value, 0..1."""
    _same_length(gold, predicted)
    return float(sum(g == p for g, p in zip(gold, predicted, strict=True)) / len(gold))


def pcc(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return Pearson's correlation, -1..1; raises InputError where a side is constant, since it is undefined there."""
    true, said = _numbers(gold, predicted)
    if true.std() == 0 or said.std() == 0:
        raise InputError("correlation is undefined where one side is constant")
    return float(((true - true.mean()) * (said - said.mean())).mean() / (true.std() * said.std()))


def ccc(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the concordance correlation, -1..1: 2 s_xy / (s_x^2 + s_y^2 + (m_x - m_y)^2), population moments.

    1 where both sides are one same constant. Source: Lin (1989), Biometrics 45(1), with 1/n moments as in MER2023.
    """
    true, said = _numbers(gold, predicted)
    covariance = ((true - true.mean()) * (said - said.mean())).mean()
    spread = true.var() + said.var() + (true.mean() - said.mean()) ** 2
    return float(2 * covariance / spread) if spread > 0 else 1.0


def auc(gold: ArrayLike, scores: ArrayLike) -> float:
    """Return the chance that a positive outscores a negative, ties half, 0..1 (Hanley and McNeil 1982, Radiology 143).

    Raises:
        InputError: one of the two classes is absent.
    """
    values, true = _numbers(scores, gold)
    positive = true > 0.5
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        raise InputError(f"AUC needs both classes, found {n_positive} positives and {n_negative} negatives")
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]  # tied values share their mean rank
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def brier(gold: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the mean squared difference of probability and outcome, 0..1, lower is better (Brier 1950)."""
    true, p = _probabilities(gold, probabilities)
    return float(((p - true) ** 2).mean())


def ece(gold: ArrayLike, probabilities: ArrayLike, *, n_bins: int = 5) -> float:
    """Return the expected calibration error, bins of equal mass, 0..1: sum of n_b/n |mean outcome - mean probability|.

    Equal mass, since equal width leaves bins empty and flatters skewed probabilities.
    Source: Naeini et al. (2015), AAAI; Nixon et al. (2019), CVPR workshops, for the bins.
    """
    true, p = _probabilities(gold, probabilities)
    bins = np.array_split(np.argsort(p, kind="stable"), min(n_bins, len(p)))
    return float(sum(abs(true[b].mean() - p[b].mean()) * len(b) for b in bins) / len(p))


def ece_if_calibrated(probabilities: ArrayLike, *, n_bins: int = 5, n_draws: int = 1000, seed: int = 0) -> float:
    """Return the mean ECE of a perfectly calibrated judge with these probabilities: what chance alone leaves at this n.

    Source: consistency resampling, Broecker and Smith (2007), Weather and Forecasting 22(3).
    """
    p = np.asarray(probabilities, dtype=float)
    draws = np.random.default_rng(seed).random((n_draws, len(p))) < p
    return float(np.mean([ece(outcome, p, n_bins=n_bins) for outcome in draws]))


def calibration_slope(gold: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the slope of a logistic regression of outcome on log odds: 1 is calibrated, below 1 overconfident.

    Probabilities are clipped to 1e-6 from the ends. Source: Cox (1958), Biometrika 45.

    Raises:
        InputError: one class is absent, or the outcomes are perfectly separated (the slope is infinite).
    """
    true, p = _probabilities(gold, probabilities)
    if true.min() == true.max():
        raise InputError("a calibration slope needs both outcomes")
    p = np.clip(p, 1e-6, 1 - 1e-6)
    design = np.stack([np.ones_like(p), np.log(p / (1 - p))], axis=1)
    weights = np.array([0.0, 1.0])
    for _ in range(50):  # Newton's method
        fitted = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        hessian = (design * (fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.cond(hessian) > 1e12 or ((fitted > 0.5) == true).all():
            raise InputError("no calibration slope: the outcomes are separated, or all probabilities are equal")
        step = np.linalg.solve(hessian, design.T @ (true - fitted))
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[1])


def risk_coverage(confidence: ArrayLike, correct: ArrayLike) -> RiskCoverage:
    """Return the error rate among the most confident items at each coverage; equal confidences share their mean error.

    Source: El-Yaniv and Wiener (2010), JMLR 11.
    """
    sure, right = _numbers(confidence, correct)
    _, inverse, counts = np.unique(-sure, return_inverse=True, return_counts=True)
    mean_error = np.bincount(inverse, weights=1.0 - right) / counts
    errors = np.repeat(mean_error, counts)
    n_answered = np.arange(1, len(sure) + 1)
    return RiskCoverage(n_answered / len(sure), np.cumsum(errors) / n_answered)


def risk_at(confidence: ArrayLike, correct: ArrayLike, coverage: float) -> float:
    """Return the error rate among the most confident share `coverage` (0..1] of the items, at least one item."""
    if not 0 < coverage <= 1:
        raise InputError(f"coverage is {coverage!r}, expected above 0 and at most 1")
    risk = risk_coverage(confidence, correct).risk
    return float(risk[max(1, round(coverage * len(risk))) - 1])


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float],
    groups: Sequence[Hashable] | int,
    *,
    n_draws: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return the statistic of all items and its percentile interval, whole groups drawn with replacement.

    Args:
        statistic: takes the indices of the drawn items and returns a number; a draw on which it raises InputError
            (a class is missing from it, say) is left out.
        groups: the group of each item (a dialogue, a speaker), or the number of items where each is its own group.
        n_draws: how many resamples.
        level: mass of the interval.
        seed: of the draws.

    Raises:
        InputError: no items, or the statistic is undefined on more than half of the draws.

    Source: Efron and Tibshirani (1993), ch. 13; groups: Davison and Hinkley (1997), section 3.8.
    """
    keys: Sequence[Hashable] = range(groups) if isinstance(groups, int) else groups
    if not keys:
        raise InputError("a bootstrap needs at least one item, got none")
    members: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        members.setdefault(key, []).append(i)
    pools = [np.array(rows, dtype=np.intp) for rows in members.values()]
    rng = np.random.default_rng(seed)
    values: list[float] = []
    for _ in range(n_draws):
        drawn = np.concatenate([pools[i] for i in rng.integers(len(pools), size=len(pools))])
        try:
            values.append(statistic(drawn))
        except InputError:
            continue
    if len(values) * 2 < n_draws:
        raise InputError(f"the statistic is undefined on {n_draws - len(values)} of {n_draws} resamples: too few items")
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(statistic(np.arange(len(keys)))), float(low), float(high))


def paired(
    metric: Callable[[Any, Any], float],
    gold: NDArray[Any],
    said: NDArray[Any],
    groups: Sequence[Hashable] | int,
    *,
    n_draws: int = 2000,
) -> Interval:
    """Return `metric` of gold and predicted rows with its bootstrap interval; see `bootstrap`."""
    return bootstrap(lambda drawn: metric(gold[drawn], said[drawn]), groups, n_draws=n_draws)


def _f1(true: NDArray[np.bool_], said: NDArray[np.bool_]) -> Floats:
    """Return F1 down the first axis; 0 where there is neither a gold nor a predicted positive."""
    hits = (true & said).sum(0).astype(float)
    total = true.sum(0).astype(float) + said.sum(0)  # 2TP + FP + FN
    made: Floats = np.divide(2 * hits, total, out=np.zeros_like(total), where=total > 0)
    return made


def _indicators(gold: ArrayLike, predicted: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    true, said = np.asarray(gold, dtype=bool), np.asarray(predicted, dtype=bool)
    if true.shape != said.shape or true.ndim != 2:
        raise InputError(f"indicators have shapes {true.shape} and {said.shape}, expected one shape (n, n_labels)")
    _same_length(true, said)
    return true, said


def _numbers(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    one, other = np.asarray(first, dtype=float).ravel(), np.asarray(second, dtype=float).ravel()
    _same_length(one, other)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise InputError("a score needs finite numbers, found NaN or infinity: leave such items out and say how many")
    return one, other


def _probabilities(gold: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    true, p = _numbers(gold, probabilities)
    if p.min() < 0 or p.max() > 1:
        raise InputError(f"probabilities run from {p.min()} to {p.max()}, expected 0..1")
    return true, p


def _same_length(first: Sequence[Any] | NDArray[Any], second: Sequence[Any] | NDArray[Any]) -> None:
    if len(first) != len(second):
        raise InputError(f"{len(first)} gold values but {len(second)} predictions")
    if len(first) == 0:
        raise InputError("no metric of an empty set: there are no items to score")
