"""What a head does over time: goes up and down, from side to side, comes nearer, tilts, keeps still.

A gesture is made of swings: movements in one direction between two turning points. Sizes are in face widths, so that
they do not depend on how large the face is. The least sizes are chosen by us, above what the flow shows on still heads.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.head_motion import Motion

GestureKind = Literal[
    "nod", "shake", "nearer", "away", "tilt_left", "tilt_right", "up", "down", "left", "right", "still"
]

SWING = 0.06
"""Face widths; the least swing of a nod or a shake."""
SWING_S = 1.0
"""Seconds; the longest swing of a nod or a shake."""
N_SWINGS = 3
"""Swings in a row that make a nod or a shake: down, up, down."""
SHIFT = 0.4
"""Face widths; the least single movement that is told."""
GROWTH = 0.15
"""Log ratio of sizes; the least approach or retreat that is told."""
TILT_DEG = 10.0
"""Degrees; the least tilt that is told."""
SINGLE_S = 1.5
"""Seconds; the longest single movement, approach or tilt."""
STILL = (0.06, 0.06, 4.0)
"""Face widths, log ratio of sizes and degrees a second below which a head keeps still."""
STILL_S = 2.0
"""Seconds; the least stillness that is told."""


class Gesture(NamedTuple):
    """One gesture: `size` in face widths, log ratio or degrees (`still`: face widths a second); `n` swings."""

    kind: GestureKind
    start_s: float
    end_s: float
    size: float
    n: int


class _Swing(NamedTuple):
    first: int
    last: int
    size: float


def gestures(times: Sequence[float], motions: Sequence[Motion | None], step_s: float) -> list[Gesture]:
    """The gestures of one head in order of time; none where movement was not measured.

    Args:
        times: n times in seconds, ascending.
        motions: n movements, each since the time before; None where it was not measured.
        step_s: time between two sampled frames; a longer gap ends whatever was going on.
    """
    parts = _parts(times, motions, step_s)
    found = [gesture for first, last in parts for gesture in _part(times, motions, first, last)]
    return sorted(found, key=lambda gesture: (gesture.start_s, gesture.kind))


def _parts(times: Sequence[float], motions: Sequence[Motion | None], step_s: float) -> list[tuple[int, int]]:
    """Rows [first, last] between which every movement was measured; `first` is where it starts from."""
    parts, first = [], 0
    for row in range(1, len(times) + 1):
        ends = row == len(times) or motions[row] is None or times[row] - times[row - 1] > 1.5 * step_s
        if ends and row - 1 > first:
            parts.append((first, row - 1))
        if ends:
            first = row
    return parts


def _part(times: Sequence[float], motions: Sequence[Motion | None], first: int, last: int) -> list[Gesture]:
    moves = np.array([motion for motion in motions[first + 1 : last + 1] if motion is not None])
    path = np.vstack([np.zeros(4), moves.cumsum(axis=0)])
    at = times[first : last + 1]
    nods = _oscillations(path[:, 1], path[:, 0], at, "nod")
    shakes = _oscillations(path[:, 0], path[:, 1], at, "shake")
    single = _singles(path[:, 0], at, SHIFT, ("left", "right")) + _singles(path[:, 1], at, SHIFT, ("up", "down"))
    rhythmic = nods + shakes
    single = [move for move in single if not any(_within(move, gesture) for gesture in rhythmic)]
    size = _singles(path[:, 2], at, GROWTH, ("away", "nearer"))
    tilt = _singles(path[:, 3], at, TILT_DEG, ("tilt_left", "tilt_right"))
    return rhythmic + single + size + tilt + _still(moves, at)


def _within(move: Gesture, gesture: Gesture) -> bool:
    return move.start_s < gesture.end_s and gesture.start_s < move.end_s


def _swings(path: NDArray[np.float64], least: float) -> list[_Swing]:
    """Movements between turning points, each at least `least` long; smaller wobbles belong to the swing around them."""
    turns, low, high, direction = [0], 0, 0, 0
    for row in range(1, len(path)):
        low = row if path[row] < path[low] else low
        high = row if path[row] > path[high] else high
        if direction >= 0 and path[high] - path[row] >= least:
            turns += [high] if high != turns[-1] else []
            direction, low, high = -1, row, row
        elif direction <= 0 and path[row] - path[low] >= least:
            turns += [low] if low != turns[-1] else []
            direction, low, high = 1, row, row
    turns.append(high if direction > 0 else low)
    swings = [_Swing(a, b, float(path[b] - path[a])) for a, b in pairwise(turns) if b > a]
    return [swing for swing in swings if abs(swing.size) >= least]


def _oscillations(
    along: NDArray[np.float64], across: NDArray[np.float64], at: Sequence[float], kind: GestureKind
) -> list[Gesture]:
    """At least `N_SWINGS` quick swings in a row, and at least 1.5 times as much movement along as across."""
    rows: list[list[_Swing]] = [[]]
    for swing in _swings(along, SWING):
        quick = at[swing.last] - at[swing.first] <= SWING_S
        if not quick or (rows[-1] and rows[-1][-1].last != swing.first):
            rows.append([])
        if quick:
            rows[-1].append(swing)
    found = []
    for row in rows:
        if len(row) < N_SWINGS:
            continue
        span = slice(row[0].first, row[-1].last + 1)
        path = float(np.abs(np.diff(along[span])).sum())
        if path >= 1.5 * float(np.abs(np.diff(across[span])).sum()):
            size = float(np.mean([abs(swing.size) for swing in row]))
            found.append(Gesture(kind, at[row[0].first], at[row[-1].last], size, len(row)))
    return found


def _singles(
    path: NDArray[np.float64], at: Sequence[float], least: float, kinds: tuple[GestureKind, GestureKind]
) -> list[Gesture]:
    """The largest movements of at most `SINGLE_S` that do not overlap; `kinds` names the falling and the rising ones.

    The flow drifts over many seconds, so that slow movements are not told.
    """
    moves = [
        (abs(path[last] - path[first]), first, last)
        for last in range(len(at))
        for first in range(bisect_left(at, at[last] - SINGLE_S), last)
    ]
    chosen: list[tuple[int, int]] = []
    for size, first, last in sorted(moves, key=lambda move: (-round(move[0], 6), move[2] - move[1], move[1])):
        if size < least:
            break
        if all(last <= start or end <= first for start, end in chosen):
            chosen.append((first, last))
    sizes = [(first, last, float(path[last] - path[first])) for first, last in chosen]
    return [Gesture(kinds[size > 0], at[first], at[last], abs(size), 1) for first, last, size in sizes]


def _still(moves: NDArray[np.float64], at: Sequence[float]) -> list[Gesture]:
    """The longest time without movement."""
    seconds = np.diff(at)
    speeds = np.column_stack([np.hypot(moves[:, 0], moves[:, 1]), np.abs(moves[:, 2:])]) / seconds[:, None]
    slow = [all(speed < least for speed, least in zip(row, STILL, strict=True)) for row in speeds.tolist()]
    best, start = (0, 0), 0
    for row in range(len(slow) + 1):
        if row == len(slow) or not slow[row]:
            best = max(best, (start, row), key=lambda span: (at[span[1]] - at[span[0]], -span[0]))
            start = row + 1
    first, last = best
    if at[last] - at[first] < STILL_S:
        return []
    way = float(np.hypot(moves[first:last, 0], moves[first:last, 1]).sum())
    return [Gesture("still", at[first], at[last], way / (at[last] - at[first]), 1)]
