from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emer.tools.face_stretches import Stretch, smooth, stretches

STEP_S = 0.25


def rows(*kinds: int, peak: float = 0.8) -> np.ndarray:
    """One row per kind: `peak` for it, the rest shared by the two others."""
    table = np.full((len(kinds), 3), (1 - peak) / 2, np.float32)
    table[np.arange(len(kinds)), list(kinds)] = peak
    return table


def at(n: int) -> list[float]:
    return [row * STEP_S for row in range(n)]


def test_smoothing_weighs_the_neighbours_by_half() -> None:
    table = np.array([[1, 0], [0, 1], [0, 1], [0, 1]], np.float32)
    result = smooth(table, at(4), STEP_S)
    assert result[:, 0] == pytest.approx([0.5 / 0.75, 0.25, 0, 0])
    # a neighbour that was seen long before does not count
    assert smooth(table, [0, 5, 5.25, 5.5], STEP_S)[:, 0] == pytest.approx([1, 0, 0, 0])


def test_equal_leaders_are_one_stretch_with_its_apex() -> None:
    table = rows(0, 0, 0, 1, 1)
    table[1] = [0.9, 0.05, 0.05]
    assert stretches(table, at(5), STEP_S) == [Stretch(0, 2, 1, 0), Stretch(3, 4, 3, 1)]


def test_a_single_frame_joins_the_neighbour_that_fits_it_better() -> None:
    table = rows(0, 0, 2, 1, 1)
    table[2] = [0.1, 0.3, 0.6]
    assert [(s.first, s.last, s.kind) for s in stretches(table, at(5), STEP_S)] == [(0, 1, 0), (2, 4, 1)]
    assert [(s.first, s.last, s.kind) for s in stretches(rows(0, 0, 1, 0, 0), at(5), STEP_S)] == [(0, 4, 0)]


def test_more_frames_a_second_do_not_make_shorter_stretches() -> None:
    dense = rows(0, 0, 0, 0, 1, 1, 0, 0, 0, 0)
    assert len(stretches(dense, [row * 0.1 for row in range(10)], 0.1)) == 1  # .2 s are too short
    assert len(stretches(dense, at(10), STEP_S)) == 3


def test_out_of_view_ends_a_stretch() -> None:
    times = [0, 0.25, 0.5, 2.0, 2.25]
    assert [(s.first, s.last) for s in stretches(rows(0, 0, 0, 0, 0), times, STEP_S)] == [(0, 2), (3, 4)]


def test_one_frame_and_none() -> None:
    assert stretches(rows(2), [0.0], 0.0) == [Stretch(0, 0, 0, 2)]
    assert stretches(rows(2), [7.0], STEP_S) == [Stretch(0, 0, 0, 2)]
    assert stretches(np.zeros((0, 3), np.float32), [], STEP_S) == []


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.4, 1), st.booleans()), min_size=1, max_size=40))
def test_stretches_cover_every_frame_once_and_shift_with_the_clip(frames: list[tuple[int, float, bool]]) -> None:
    table = np.vstack([rows(kind, peak=peak) for kind, peak, _ in frames])
    times = np.cumsum([1.0 if gap else STEP_S for *_, gap in frames])
    smoothed = smooth(table, list(times), STEP_S)
    assert smoothed.sum(axis=1) == pytest.approx(np.ones(len(frames)), abs=1e-5)
    found = stretches(smoothed, list(times), STEP_S)
    assert [row for s in found for row in range(s.first, s.last + 1)] == list(range(len(frames)))
    assert all(s.first <= s.apex <= s.last for s in found)
    assert stretches(smoothed, list(times + 64), STEP_S) == found
