from __future__ import annotations

import numpy as np
import pytest
from drawn_faces import ANNA, BEN, Placed, scene

from emer.tools.head_motion import Box, Flow, Motion

FACE = Placed(ANNA, 240, 120, 80)


def box(placed: Placed) -> Box:
    return Box(placed.x - 0.6 * placed.side, placed.y - 0.6 * placed.side, 1.2 * placed.side, 1.2 * placed.side)


def measured(after: Placed, camera: tuple[float, float] = (0, 0)) -> Motion:
    picture = scene([after], camera=camera)
    shifted = after._replace(x=after.x + camera[0], y=after.y + camera[1])
    motion = Flow(scene([FACE]), picture).heads([(box(FACE), box(shifted))])[0]
    assert motion is not None
    return motion


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (FACE, (0, 0, 0, 0)),
        (FACE._replace(x=248), (8 / 96, 0, 0, 0)),  # the box is 96 pixels wide
        (FACE._replace(y=112), (0, -8 / 96, 0, 0)),
        (FACE._replace(side=88), (0, 0, np.log(1.1), 0)),
        (FACE._replace(roll_deg=8), (0, 0, 0, 8)),
        (FACE._replace(roll_deg=-8), (0, 0, 0, -8)),
    ],
    ids=["still", "right", "up", "nearer", "clockwise", "anticlockwise"],
)
def test_a_head_moves_by_what_it_was_moved(after: Placed, expected: tuple[float, float, float, float]) -> None:
    motion = measured(after)
    assert motion[:3] == pytest.approx(expected[:3], abs=0.015)
    assert motion.roll_deg == pytest.approx(expected[3], abs=1.2)


def test_a_moving_camera_is_no_moving_head() -> None:
    assert measured(FACE, camera=(10, 6))[:2] == pytest.approx((0, 0), abs=0.01)
    assert measured(FACE._replace(x=248), camera=(-10, 6))[:2] == pytest.approx((8 / 96, 0), abs=0.015)


def test_each_head_has_its_own_movement() -> None:
    ben = Placed(BEN, 380, 110, 60)
    anna = Placed(ANNA, 120, 110, 60)
    moved = anna._replace(y=116)
    first, second = Flow(scene([anna, ben]), scene([moved, ben])).heads([(box(anna), box(moved)), (box(ben), box(ben))])
    assert first is not None and first.down == pytest.approx(6 / 72, abs=0.015)
    assert second is not None and second[:2] == pytest.approx((0, 0), abs=0.005)


def test_a_flat_face_has_no_measured_movement() -> None:
    flat = np.full((270, 480, 3), 120, np.uint8)
    assert Flow(flat, flat).heads([(box(FACE), box(FACE))]) == [None]
