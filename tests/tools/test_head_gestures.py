from __future__ import annotations

import numpy as np
import pytest

from emer.tools.head_gestures import Gesture, gestures
from emer.tools.head_motion import Motion

STEP_S = 0.25
STILL = Motion(0, 0, 0, 0)


def told(moves: list[Motion | None], start_s: float = 0.0) -> list[Gesture]:
    """The gestures of a head that makes these moves, one a step, after a first frame without one."""
    times = [start_s + row * STEP_S for row in range(len(moves) + 1)]
    return gestures(times, [None, *moves], STEP_S)


def along(axis: str, sizes: list[float]) -> list[Motion | None]:
    return [STILL._replace(**{axis: size}) for size in sizes]


def test_three_swings_down_and_up_are_a_nod() -> None:
    # down .2 in two steps, up .2, down .2
    nod = told(along("down", [0.1, 0.1, -0.1, -0.1, 0.1, 0.1]))
    assert nod == [Gesture("nod", 0.0, 1.5, pytest.approx(0.2), 3)]


def test_three_swings_sideways_are_a_shake() -> None:
    assert [one.kind for one in told(along("right", [0.2, -0.2, 0.2, -0.2]))] == ["shake"]


@pytest.mark.parametrize(
    "sizes", [[0.1, 0.1, -0.1, -0.1], [0.02, -0.02] * 4, [0.05] * 5 + [-0.05] * 5 + [0.05] * 5],
    ids=["two swings", "small swings", "slow swings"],
)  # fmt: skip
def test_less_is_no_nod(sizes: list[float]) -> None:
    assert "nod" not in [one.kind for one in told(along("down", sizes))]


def test_circling_is_neither_nod_nor_shake() -> None:
    moves = [Motion(0.15 * np.cos(a), 0.15 * np.sin(a), 0, 0) for a in np.arange(0, 4 * np.pi, np.pi / 2)]
    assert not {"nod", "shake"} & {one.kind for one in told(list(moves))}


@pytest.mark.parametrize(
    ("axis", "size", "kind"),
    [("right", 0.25, "right"), ("right", -0.25, "left"), ("down", 0.25, "down"), ("down", -0.25, "up"),
     ("growth", 0.1, "nearer"), ("growth", -0.1, "away"), ("roll_deg", 8, "tilt_right"), ("roll_deg", -8, "tilt_left")],
)  # fmt: skip
def test_one_movement_is_told_with_its_size_and_time(axis: str, size: float, kind: str) -> None:
    moves = along(axis, [0, 0, size, size, 0, 0])
    assert told(moves) == [Gesture(kind, 0.5, 1.0, pytest.approx(2 * abs(size)), 1)]


def test_a_slow_drift_is_not_told() -> None:
    assert not told(along("roll_deg", [1.5] * 40)) and not told(along("growth", [0.02] * 40))


def test_only_the_longest_stillness_is_told() -> None:
    moves = along("right", [0.0] * 9 + [0.2, -0.2] + [0.0] * 12)
    still = [one for one in told(moves) if one.kind == "still"]
    assert still == [Gesture("still", 2.75, 5.75, pytest.approx(0.0), 1)]


def test_what_was_not_measured_ends_a_gesture() -> None:
    whole, broken = along("down", [0.2, -0.2, 0.2]), along("down", [0.2, -0.2])
    assert [one.kind for one in told(whole)] == ["nod"]
    assert not told([*broken, None, *along("down", [0.2])])
    times = [0.0, 0.25, 0.5, 3.0]  # out of view in between
    assert not gestures(times, [None, *whole], STEP_S)


def test_a_later_start_shifts_the_gestures_and_changes_nothing_else() -> None:
    moves = along("down", [0.1, 0.1, -0.1, -0.1, 0.1, 0.1]) + along("roll_deg", [6, 6, 0]) + along("right", [0] * 9)
    shifted = [one._replace(start_s=one.start_s - 8, end_s=one.end_s - 8) for one in told(moves, start_s=8.0)]
    assert shifted == told(moves) and len(shifted) >= 3


def test_nobody_seen_makes_no_gesture() -> None:
    assert gestures([], [], STEP_S) == [] and gestures([1.0], [None], STEP_S) == []
