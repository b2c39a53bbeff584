"""Agreement of several raters beyond chance: Krippendorff's alpha.

Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability; the worked example there is a test here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from emer.errors import InputError
from emer.evals.metrics.checks import Floats

Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(ratings: Sequence[Sequence[float | None]], *, level: Level = "nominal") -> float:
    """Alpha: 1 perfect agreement, 0 what chance gives, below 0 less than that.

    Args:
        ratings: (n_raters, n_items), numbers or codes; None where a rater did not rate an item.
        level: how far apart two values are: not at all or fully (nominal), by rank (ordinal), by difference (interval).

    Raises:
        InputError: no item has two ratings, all ratings are equal (alpha is undefined), or the rows differ in length.
    """
    if not ratings or len({len(row) for row in ratings}) != 1:
        raise InputError("ratings must be one row a rater, all of one length, at least one")
    units = [[value for value in column if value is not None] for column in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in units for value in unit})
    if len(values) < 2:
        raise InputError(f"alpha needs items with two ratings and two values in use, found {len(values)} values")
    coincidences = _coincidences(units, {value: n for n, value in enumerate(values)})
    totals = coincidences.sum(1)
    distance = _DISTANCES[level](np.array(values, dtype=float), totals)
    observed = (coincidences * distance).sum()
    expected = (np.outer(totals, totals) * distance).sum() / (totals.sum() - 1)
    return float(1 - observed / expected)


def _coincidences(units: Sequence[Sequence[float]], index: Mapping[float, int]) -> Floats:
    """(n_values, n_values) how often two values meet within an item, each item weighing as many as it has ratings."""
    found = np.zeros((len(index), len(index)))
    for unit in units:
        counts = np.bincount([index[value] for value in unit], minlength=len(index)).astype(float)
        found += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return found


def _nominal(values: Floats, totals: Floats) -> Floats:
    return 1.0 - np.eye(len(values))


def _interval(values: Floats, totals: Floats) -> Floats:
    made: Floats = (values[:, None] - values[None, :]) ** 2
    return made


def _ordinal(values: Floats, totals: Floats) -> Floats:
    """Squared number of ratings between two values, each end counting half."""
    middle = np.cumsum(totals) - totals / 2
    made: Floats = (middle[:, None] - middle[None, :]) ** 2
    return made


_DISTANCES: dict[Level, Callable[[Floats, Floats], Floats]] = {
    "nominal": _nominal, "ordinal": _ordinal, "interval": _interval,
}  # fmt: skip
