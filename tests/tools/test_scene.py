from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from emer.tools.scene import read_scene

Image = NDArray[np.uint8]


def plain(red: int, green: int, blue: int) -> Image:
    return np.full((36, 64, 3), (red, green, blue), dtype=np.uint8)


def clip(*images: Image) -> list[tuple[float, Image]]:
    return [(n / 4, image) for n, image in enumerate(images)]


def test_brightness_is_the_weighted_sum_of_the_colours() -> None:
    # ITU-R BT.601: 0.299 * 1 + 0.587 * 0 + 0.114 * 1
    assert read_scene(clip(plain(255, 0, 255))).luma == pytest.approx(0.413, abs=1e-3)
    assert read_scene(clip(plain(0, 0, 0), plain(255, 255, 255))).luma == pytest.approx(0.5, abs=1e-3)


def test_grey_has_no_colour_and_pure_yellow_has_by_the_formula() -> None:
    assert read_scene(clip(plain(90, 90, 90))).colour == pytest.approx(0.0, abs=1e-6)
    # one flat colour has no spread; 0.3 * hypot(R - G, (R + G) / 2 - B) = 0.3 * hypot(0, 1)
    assert read_scene(clip(plain(255, 255, 0))).colour == pytest.approx(0.3, abs=1e-3)


def test_motion_is_the_median_change_of_brightness() -> None:
    assert read_scene(clip(*[plain(100, 100, 100)] * 4)).motion == 0.0
    steps = [plain(v, v, v) for v in (51, 102, 51, 102)]  # 51 / 255 = .2 each time
    assert read_scene(clip(*steps)).motion == pytest.approx(0.2, abs=1e-3)


def test_a_cut_is_found_at_the_first_frame_after_it_and_is_no_motion() -> None:
    scene = read_scene(clip(*[plain(20, 20, 60)] * 4, *[plain(220, 200, 40)] * 4))
    assert scene.cuts_s == (1.0,)
    assert scene.motion == 0.0


def test_a_slow_change_of_light_is_no_cut() -> None:
    assert read_scene(clip(*[plain(v, v, v) for v in range(20, 240, 8)])).cuts_s == ()


def test_shaking_is_no_row_of_cuts() -> None:
    rng = np.random.default_rng(1)
    frames = [rng.integers(0, 255, (36, 64, 3), dtype=np.uint8) for _ in range(12)]
    assert read_scene(clip(*frames)).cuts_s == ()


def test_one_picture_has_light_and_no_motion_and_nothing_has_nothing() -> None:
    still, empty = read_scene(clip(plain(10, 10, 10))), read_scene([])
    assert still.n_frames == 1
    assert math.isnan(still.motion)
    assert empty.n_frames == 0
    assert math.isnan(empty.luma)
    assert empty.cuts_s == ()


def test_size_changes_little() -> None:
    rng = np.random.default_rng(2)
    small = rng.integers(0, 255, (45, 60, 3), dtype=np.uint8)
    large = small.repeat(8, axis=0).repeat(8, axis=1)
    assert read_scene(clip(large)).luma == pytest.approx(read_scene(clip(small)).luma, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))), min_size=1, max_size=5
    )
)
def test_any_pictures_give_numbers_in_range(images: list[Image]) -> None:
    scene = read_scene(clip(*images))
    assert scene.n_frames == len(images)
    for look in scene.looks:
        assert 0 <= look.luma <= 1.0001
        assert look.colour >= 0
        assert math.isnan(look.change) or 0 <= look.change <= 1.0001
