"""What every score asks of its input: equal lengths, at least one item, finite numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emer.errors import InputError

Floats = NDArray[np.float64]


def indicators(gold: ArrayLike, predicted: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Both as boolean arrays of one shape (n, n_labels), n at least 1."""
    true, said = np.asarray(gold, dtype=bool), np.asarray(predicted, dtype=bool)
    if true.shape != said.shape or true.ndim != 2:
        raise InputError(f"indicators have shapes {true.shape} and {said.shape}, expected one shape (n, n_labels)")
    same_length(true, said)
    return true, said


def numbers(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Both as finite numbers, (n,), n at least 1."""
    one, other = np.asarray(first, dtype=float).ravel(), np.asarray(second, dtype=float).ravel()
    same_length(one, other)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise InputError("a score needs finite numbers, found NaN or infinity: leave such items out and say how many")
    return one, other


def outcomes(gold: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    """Outcomes and their probabilities in 0..1, (n,), n at least 1."""
    true, p = numbers(gold, probabilities)
    if p.min() < 0 or p.max() > 1:
        raise InputError(f"probabilities run from {p.min()} to {p.max()}, expected 0..1")
    return true, p


def same_length(first: Sequence[Any] | NDArray[Any], second: Sequence[Any] | NDArray[Any]) -> None:
    """Nothing, if both have one length of at least 1."""
    if len(first) != len(second):
        raise InputError(f"{len(first)} gold values but {len(second)} predictions")
    if len(first) == 0:
        raise InputError("no metric of an empty set: there are no items to score")
