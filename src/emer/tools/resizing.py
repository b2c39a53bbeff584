"""Pictures made smaller."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def shrunk(picture: Picture, long_side: int) -> tuple[Picture, float]:
    """The picture shrunk to `long_side`, and how many of its pixels make one of the original's; never enlarged."""
    import cv2

    zoom = min(1.0, long_side / max(picture.shape[:2]))
    if zoom < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), np.uint8)
    return picture, zoom
