"""Whether a confidence means what it says: Brier score, calibration error and slope, risk against coverage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from emer.errors import InputError
from emer.evals.metrics.checks import Floats, numbers, outcomes


class RiskCoverage(NamedTuple):
    """Share of items answered, `(n,)` rising to 1, and the error rate among them, `(n,)` in 0..1."""

    coverage: Floats
    risk: Floats


def brier(gold: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the mean squared difference of probability and outcome, 0..1, lower is better (Brier 1950)."""
    true, p = outcomes(gold, probabilities)
    return float(((p - true) ** 2).mean())


def ece(gold: ArrayLike, probabilities: ArrayLike, *, n_bins: int = 5) -> float:
    """Return the expected calibration error, bins of equal mass, 0..1: sum of n_b/n |mean outcome - mean probability|.

    Equal mass, since equal width leaves bins empty and flatters skewed probabilities.
    Source: Naeini et al. (2015), AAAI; Nixon et al. (2019), CVPR workshops, for the bins.
    """
    true, p = outcomes(gold, probabilities)
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
    true, p = outcomes(gold, probabilities)
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
        step = np.clip(np.linalg.solve(hessian, design.T @ (true - fitted)), -1.0, 1.0)  # undamped, it may run away
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            return float(weights[1])
    raise InputError("no calibration slope: the fit does not settle, since the probabilities hardly differ")


def risk_coverage(confidence: ArrayLike, correct: ArrayLike) -> RiskCoverage:
    """Return the error rate among the most confident items at each coverage; equal confidences share their mean error.

    Source: El-Yaniv and Wiener (2010), JMLR 11.
    """
    sure, right = numbers(confidence, correct)
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
