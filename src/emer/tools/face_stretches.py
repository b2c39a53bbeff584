"""Stretches of time in which a face keeps one expression, from class probabilities frame by frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MIN_FRAMES, MIN_S = 2, 0.4
"""Sampled frames, and seconds, that a stretch must last: one frame alone is as likely blur or a blink."""
BREAK_STEPS = 2.5
"""A face out of view for longer than this many steps ends a stretch."""


class Stretch(NamedTuple):
    """Rows [first, last] of a track that share one class; `apex` is the row where it is most probable."""

    first: int
    last: int
    apex: int
    kind: int


def smooth(probabilities: NDArray[np.float32], times: Sequence[float], step_s: float) -> NDArray[np.float32]:
    """(n, classes) weighted mean of each row and its neighbours in time (1/4, 1/2, 1/4); rows still sum to 1."""
    result = probabilities * 0.5
    weights = np.full(len(times), 0.5)
    near = np.diff(times) <= BREAK_STEPS * step_s
    for here, there in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        result[here] += 0.25 * near[:, None] * probabilities[there]
        weights[here] += 0.25 * near
    return np.asarray(result / weights[:, None], np.float32)


def stretches(probabilities: NDArray[np.float32], times: Sequence[float], step_s: float) -> list[Stretch]:
    """The stretches of one track in order of time; they cover every row exactly once.

    Args:
        probabilities: (n, classes), smoothed.
        times: n times in seconds, ascending.
        step_s: time between two sampled frames, in seconds.
    """
    least = max(MIN_FRAMES, math.ceil(MIN_S / step_s - 1e-6)) if step_s > 0 else 1
    runs = [run for part in _parts(times, step_s) for run in _runs(probabilities, part, least)]
    return [_with_apex(probabilities, first, last, kind) for first, last, kind in runs]


def _parts(times: Sequence[float], step_s: float) -> list[tuple[int, int]]:
    """Rows [first, last] without a gap in time."""
    ends = [row for row in range(1, len(times)) if times[row] - times[row - 1] > BREAK_STEPS * step_s]
    return [(first, last - 1) for first, last in zip([0, *ends], [*ends, len(times)], strict=True) if last > first]


def _runs(probabilities: NDArray[np.float32], part: tuple[int, int], least: int) -> list[tuple[int, int, int]]:
    """(first, last, class) of equal leading classes, the short ones given to the neighbour that fits them better."""
    first, last = part
    leaders = probabilities[first : last + 1].argmax(axis=1)
    edges = [first, *(first + row for row in range(1, len(leaders)) if leaders[row] != leaders[row - 1]), last + 1]
    runs = [(a, b - 1, int(leaders[a - first])) for a, b in pairwise(edges)]
    while len(runs) > 1:
        shortest = min(range(len(runs)), key=lambda index: (runs[index][1] - runs[index][0], index))
        if runs[shortest][1] - runs[shortest][0] + 1 >= least:
            break
        runs = _absorbed(probabilities, runs, shortest)
    return runs


def _absorbed(
    probabilities: NDArray[np.float32], runs: Sequence[tuple[int, int, int]], index: int
) -> list[tuple[int, int, int]]:
    """The runs, the one at `index` given to the neighbour that fits it better; equal neighbours are joined."""
    first, last, _ = runs[index]
    mean = probabilities[first : last + 1].mean(axis=0)
    sides = [side for side in (index - 1, index + 1) if 0 <= side < len(runs)]
    taker = max(sides, key=lambda side: (mean[runs[side][2]], -side))
    relabelled = [(a, b, runs[taker][2] if row == index else kind) for row, (a, b, kind) in enumerate(runs)]
    joined: list[tuple[int, int, int]] = []
    for a, b, kind in relabelled:
        if joined and joined[-1][2] == kind:
            joined[-1] = (joined[-1][0], b, kind)
        else:
            joined.append((a, b, kind))
    return joined


def _with_apex(probabilities: NDArray[np.float32], first: int, last: int, kind: int) -> Stretch:
    return Stretch(first, last, first + int(probabilities[first : last + 1, kind].argmax()), kind)
