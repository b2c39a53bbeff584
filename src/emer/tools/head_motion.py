"""How a head moves between two sampled frames, and what such movements make over time.

Measured by optical flow of points inside the face, less the flow of the background, so that a moving camera is not
taken for a moving head. At four frames a second only slow movements (below 2 Hz) can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

FLOW_SIDE = 320
"""Pixels of the long side at which movement is measured."""
MIN_POINTS = 8
"""Points that must be found again, forwards and backwards, for a movement to count as measured."""


class Motion(NamedTuple):
    """A head's movement since the sampled frame before, camera taken out.

    `right` and `down` in face widths, `growth` as log ratio of size (0.1: ten per cent nearer), `roll_deg` clockwise
    in the picture.
    """

    right: float
    down: float
    growth: float
    roll_deg: float


class Box(NamedTuple):
    """A box in pixels."""

    x: float
    y: float
    width: float
    height: float


class Flow:
    """Compares each sampled frame with the one before."""

    def __init__(self, before: Picture, after: Picture) -> None:
        """Two RGB pictures of the same size."""
        self._zoom = min(1.0, FLOW_SIDE / max(before.shape[:2]))
        self._before, self._after = _small(before, self._zoom), _small(after, self._zoom)

    def heads(self, pairs: Sequence[tuple[Box, Box]]) -> list[Motion | None]:
        """The movement of each head, given its boxes before and after; None where too few points were found again."""
        camera = self._camera([box for pair in pairs for box in pair])
        return [self._head(before, after, camera) for before, after in pairs]

    def _camera(self, boxes: Sequence[Box]) -> NDArray[np.float32]:
        """(2,) median movement of the background in small pixels; zeros where it has too little texture."""
        mask = np.full(self._before.shape, 255, np.uint8)
        for box in boxes:
            x, y, w, h = (value * self._zoom for value in box)
            # hair, shoulders and hands move with the head, so the body's column is left out too
            mask[max(int(y - 0.4 * h), 0) :, max(int(x - 0.5 * w), 0) : max(int(x + 1.5 * w), 0)] = 0
        found = self._points(mask, np.zeros(2, np.float32), n=60)
        if found is None:
            return np.zeros(2, np.float32)
        return np.asarray(np.median(found[1] - found[0], axis=0), np.float32)

    def _head(self, before: Box, after: Box, camera: NDArray[np.float32]) -> Motion | None:
        import cv2

        x, y, w, h = (value * self._zoom for value in before)
        mask = np.zeros(self._before.shape, np.uint8)
        mask[max(int(y + 0.15 * h), 0) : int(y + 0.85 * h), max(int(x + 0.15 * w), 0) : int(x + 0.85 * w)] = 255
        shift = np.array([after.x - before.x + (after.width - before.width) / 2,
                          after.y - before.y + (after.height - before.height) / 2], np.float32)  # fmt: skip
        found = self._points(mask, shift * self._zoom, n=40)
        if found is None:
            return None
        matrix, inliers = cv2.estimateAffinePartial2D(found[0], found[1], ransacReprojThreshold=1.5)
        if matrix is None or int(inliers.sum()) < MIN_POINTS:
            return None
        centre = np.array([x + w / 2, y + h / 2])
        moved = matrix[:, :2] @ centre + matrix[:, 2] - centre - camera
        scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
        roll = float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
        return Motion(float(moved[0] / w), float(moved[1] / w), float(np.log(max(scale, 1e-6))), roll)

    def _points(self, mask: Picture, guess: NDArray[np.float32], *, n: int) -> tuple[Any, Any] | None:
        """Points before and after, (k, 2) each, that flow forwards and back to within a pixel; None of too few."""
        import cv2

        start = cv2.goodFeaturesToTrack(self._before, n, 0.01, 3, mask=mask)
        if start is None or len(start) < MIN_POINTS:
            return None
        options: Any = {"winSize": (15, 15), "maxLevel": 3, "flags": cv2.OPTFLOW_USE_INITIAL_FLOW}
        end, ok, _ = cv2.calcOpticalFlowPyrLK(self._before, self._after, start, start + guess, **options)
        back, ok_back, _ = cv2.calcOpticalFlowPyrLK(self._after, self._before, end, start.copy(), **options)
        returned = np.linalg.norm((back - start).reshape(-1, 2), axis=1) < 1.0
        good = (ok.ravel() == 1) & (ok_back.ravel() == 1) & returned
        if good.sum() < MIN_POINTS:
            return None
        return start.reshape(-1, 2)[good], end.reshape(-1, 2)[good]


def _small(picture: Picture, zoom: float) -> Picture:
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if zoom < 1:
        grey = cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.uint8)
