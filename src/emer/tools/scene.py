"""What the picture as a whole is like: brightness, colour, motion and cuts, from small copies of the sampled frames.

Memory does not grow with the length of the clip but for three numbers per frame. Nothing is looked at but the whole
picture: no face, no body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SCENE_VERSION = "1"
_WIDTH = 64
"""Small copies are at most this wide: noise averages out, and 4 a second cost next to nothing."""
_CUT_CHANGE = 0.12
"""Mean change of luma (0..1) between successive frames from which a cut is possible."""
_CUT_OVERLAP = 0.6
"""Overlap of the colour histograms (0..1, intersection) below which it is one (Swain and Ballard 1991)."""
_CUT_MARK = 3.0
"""How many times the clip's median change a cut must be, so that a shaken camera is not cut at every frame."""
_LEVELS = 4


class Look(NamedTuple):
    """One frame.

    Attributes:
        t_s: its time in seconds.
        luma: mean brightness, 0 black .. 1 white.
        colour: colourfulness, 0 grey .. about 1 vivid.
        change: mean absolute change of luma to the frame before, 0..1; NaN where there is none of the same size.
    """

    t_s: float
    luma: float
    colour: float
    change: float


@dataclass(frozen=True)
class Scene:
    """The picture over a clip.

    Attributes:
        looks: one per frame, in order of time.
        cuts_s: times of cuts in seconds; the first frame after each.
        n_frames: how many frames were looked at.
    """

    looks: tuple[Look, ...]
    cuts_s: tuple[float, ...]

    @property
    def n_frames(self) -> int:
        """How many frames were looked at."""
        return len(self.looks)

    @property
    def luma(self) -> float:
        """Mean brightness, 0 black .. 1 white; NaN without frames."""
        return float(np.mean([look.luma for look in self.looks])) if self.looks else float("nan")

    @property
    def colour(self) -> float:
        """Mean colourfulness, 0 grey .. about 1 vivid; NaN without frames."""
        return float(np.mean([look.colour for look in self.looks])) if self.looks else float("nan")

    @property
    def motion(self) -> float:
        """Median change of luma per frame between cuts, 0..1; NaN with fewer than two frames."""
        changes = [look.change for look in self.looks if look.change == look.change and look.t_s not in self.cuts_s]
        return float(np.median(changes)) if changes else float("nan")


def read_scene(frames: Iterable[tuple[float, NDArray[np.uint8]]]) -> Scene:
    """The picture over frames in order of time; no frames give an empty Scene.

    Args:
        frames: time in seconds and uint8 RGB (h, w, 3) of each.
    """
    looks: list[Look] = []
    overlaps: list[float] = []
    before: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None
    for t_s, image in frames:
        small = _small(image)
        grey, histogram = _luma(small), _histogram(small)
        change, overlap = float("nan"), 1.0
        if before is not None and before[0].shape == grey.shape:
            change = float(np.mean(np.abs(grey - before[0])))
            overlap = float(np.minimum(histogram, before[1]).sum())
        looks.append(Look(float(t_s), float(grey.mean()), _colourfulness(small), change))
        overlaps.append(overlap)
        before = (grey, histogram)
    return Scene(tuple(looks), _cuts(looks, overlaps))


def _cuts(looks: list[Look], overlaps: list[float]) -> tuple[float, ...]:
    changes = [look.change for look in looks if look.change == look.change]
    usual = float(np.median(changes)) if changes else 0.0
    return tuple(
        look.t_s
        for look, overlap in zip(looks, overlaps, strict=True)
        if look.change == look.change and overlap < _CUT_OVERLAP and look.change > max(_CUT_CHANGE, _CUT_MARK * usual)
    )


def _small(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, _WIDTH / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32) / np.float32(255.0)


def _luma(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601, section 2.5.1
    return np.asarray(rgb @ weights, dtype=np.float32)


def _colourfulness(rgb: NDArray[np.float32]) -> float:
    """Spread and distance from grey in an opponent space (Hasler and Suesstrunk 2003, SPIE 5007, section 5)."""
    red_green = rgb[..., 0] - rgb[..., 1]
    yellow_blue = 0.5 * (rgb[..., 0] + rgb[..., 1]) - rgb[..., 2]
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def _histogram(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share of the picture in each of 64 colours, (64,), summing to 1."""
    steps = np.minimum((rgb * _LEVELS).astype(np.int64), _LEVELS - 1)
    codes = (steps[..., 0] * _LEVELS + steps[..., 1]) * _LEVELS + steps[..., 2]
    counts = np.bincount(codes.ravel(), minlength=_LEVELS**3)
    return np.asarray(counts / counts.sum(), dtype=np.float32)
