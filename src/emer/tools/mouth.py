"""How much a mouth moved between two sampled frames, the movement of the head taken out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.head_motion import Box

Picture = NDArray[np.uint8]

SIDE = 64
"""Pixels to which a face is brought before it is compared."""
REACH = 12
"""Pixels of those by which the head may have moved, found by laying the eyes on each other."""
UPPER, LOWER = (slice(10, 34), slice(10, 54)), (slice(40, 62), slice(14, 50))
"""Rows and columns of the eyes and of the mouth in a detector's box, from the proportions of a face (ours)."""
CALM = 4.0
"""Grey levels added to the contrast, so that noise in a flat patch is no movement."""


class Mouth(NamedTuple):
    """One face's mouth: at `t_s[k]` it had moved by `motion[k]` since the frame before."""

    t_s: tuple[float, ...]
    motion: tuple[float, ...]


def mouth_motion(before: Picture, after: Picture, box: Box) -> float | None:
    """Change of the mouth from one RGB picture to the next, over that of the eyes; None near the picture's edge.

    The mean absolute difference of greys, each patch less its mean, over the face's contrast: 0 still, about 0.1 to 1
    in talk. Both patches are compared where the eyes fit best, so that a moving head is not taken for a moving mouth.
    """
    import cv2

    was, is_now = _patch(before, box, margin=0), _patch(after, box, margin=REACH)
    if was is None or is_now is None:
        return None
    rows, columns = UPPER
    around = is_now[rows.start : rows.stop + 2 * REACH, columns.start : columns.stop + 2 * REACH]
    misfit = cv2.matchTemplate(around, was[UPPER], cv2.TM_SQDIFF)
    _, _, (right, down), _ = cv2.minMaxLoc(misfit)
    moved = is_now[down : down + SIDE, right : right + SIDE]
    contrast = float(was.std()) + CALM
    return max(_change(was[LOWER], moved[LOWER]) - _change(was[UPPER], moved[UPPER]), 0.0) / contrast


def _change(was: NDArray[np.float32], is_now: NDArray[np.float32]) -> float:
    return float(np.abs((was - was.mean()) - (is_now - is_now.mean())).mean())


def _patch(picture: Picture, box: Box, *, margin: int) -> NDArray[np.float32] | None:
    """The grey face at `SIDE` pixels with `margin` more on each side, or None where the picture ends before."""
    import cv2

    reach = margin / SIDE
    left, top = round(box.x - reach * box.width), round(box.y - reach * box.height)
    width, height = round(box.width * (1 + 2 * reach)), round(box.height * (1 + 2 * reach))
    is_inside = min(left, top) >= 0 and left + width <= picture.shape[1] and top + height <= picture.shape[0]
    if not is_inside or min(width, height) < 8:
        return None
    grey = cv2.cvtColor(np.ascontiguousarray(picture[top : top + height, left : left + width]), cv2.COLOR_RGB2GRAY)
    size = SIDE + 2 * margin
    return np.asarray(cv2.resize(grey, (size, size), interpolation=cv2.INTER_AREA), np.float32)
