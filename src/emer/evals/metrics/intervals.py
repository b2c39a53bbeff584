"""Bootstrap intervals, whole groups (a dialogue, a speaker) drawn with replacement."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.errors import InputError


class Interval(NamedTuple):
    """An estimate with the bounds of its bootstrap interval, in the unit of the statistic."""

    estimate: float
    low: float
    high: float


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


def mean(values: Sequence[float] | NDArray[Any], groups: Sequence[Hashable] | int, *, n_draws: int = 1000) -> Interval:
    """Return the mean of some values with its bootstrap interval; see `bootstrap`."""
    array = np.asarray(values, dtype=float)
    return bootstrap(lambda drawn: float(array[drawn].mean()), groups, n_draws=n_draws)


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
