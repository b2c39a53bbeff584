"""Agreement of numbers with numbers: correlation, concordance, and ranking by a score."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from emer.errors import InputError
from emer.evals.metrics.checks import numbers


def pcc(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return Pearson's correlation, -1..1; raises InputError where a side is constant, since it is undefined there."""
    true, said = numbers(gold, predicted)
    if true.std() == 0 or said.std() == 0:
        raise InputError("correlation is undefined where one side is constant")
    return float(((true - true.mean()) * (said - said.mean())).mean() / (true.std() * said.std()))


def ccc(gold: ArrayLike, predicted: ArrayLike) -> float:
    """Return the concordance correlation, -1..1: 2 s_xy / (s_x^2 + s_y^2 + (m_x - m_y)^2), population moments.

    1 where both sides are one same constant. Source: Lin (1989), Biometrics 45(1), with 1/n moments as in MER2023.
    """
    true, said = numbers(gold, predicted)
    covariance = ((true - true.mean()) * (said - said.mean())).mean()
    spread = true.var() + said.var() + (true.mean() - said.mean()) ** 2
    return float(2 * covariance / spread) if spread > 0 else 1.0


def auc(gold: ArrayLike, scores: ArrayLike) -> float:
    """Return the chance that a positive outscores a negative, ties half, 0..1 (Hanley and McNeil 1982, Radiology 143).

    Raises:
        InputError: one of the two classes is absent.
    """
    values, true = numbers(scores, gold)
    positive = true > 0.5
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        raise InputError(f"AUC needs both classes, found {n_positive} positives and {n_negative} negatives")
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]  # tied values share their mean rank
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))
