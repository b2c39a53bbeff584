"""Where the faces of one picture are.

The door is `FaceDetector`. `CascadeDetector` needs nothing but OpenCV's own Haar cascades and finds upright faces
that look roughly at the camera; `YuNetDetector` reads an ONNX file that the user has pulled, and so does that of
`face_retina`. Which one is used is said in `face_detectors`. How the cascades do on the pictures at hand is printed
by `tests/benchmarks/faces.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from emer.errors import ToolError
from emer.tools.pulled import pull_command
from emer.tools.resizing import shrunk

Picture = NDArray[np.uint8]

QUICK_SIDE, THOROUGH_SIDE = 320, 640
"""Pixels of the long side that a picture is searched at."""
SURE = 0.5
"""Score from which the quick search does not ask for a second opinion."""
OVERLAP = 0.3
"""Intersection over union from which two boxes are one face."""


class Face(NamedTuple):
    """A face's square box in pixels of its picture, and how sure the detector is (0..1, ordered, no probability)."""

    x: float
    y: float
    side: float
    score: float

    @property
    def centre(self) -> tuple[float, float]:
        """Centre of the box in pixels."""
        return self.x + self.side / 2, self.y + self.side / 2


class FaceDetector(Protocol):
    """Finds the faces of a picture."""

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        """The faces of an RGB picture (h, w, 3), best first; `thorough` may take several times as long."""
        ...


def overlap(one: Face, other: Face) -> float:
    """Intersection over union of two boxes, 0..1."""
    width = min(one.x + one.side, other.x + other.side) - max(one.x, other.x)
    height = min(one.y + one.side, other.y + other.side) - max(one.y, other.y)
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (one.side**2 + other.side**2 - shared)


def distinct(faces: Iterable[Face]) -> list[Face]:
    """The faces, best first, each once.

    Boxes that overlap, or lie around one centre, are one face: their mean weighted by score, so that the box does not
    jump when another search wins, with the score of either being right.
    """
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: (-face.score, face.x, face.y, face.side)):
        same = next((index for index, better in enumerate(kept) if _is_same(face, better)), None)
        if same is None:
            kept.append(face)
        else:
            kept[same] = _merged(kept[same], face)
    return sorted(kept, key=lambda face: (-face.score, face.x, face.y))


def _is_same(one: Face, other: Face) -> bool:
    distance = np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1])
    return overlap(one, other) > OVERLAP or bool(distance < 0.3 * max(one.side, other.side))


def _merged(one: Face, other: Face) -> Face:
    share = (other.score + 0.01) / (one.score + other.score + 0.02)
    x, y, side = ((1 - share) * a + share * b for a, b in zip(one[:3], other[:3], strict=True))
    return Face(x, y, side, 1 - (1 - one.score) * (1 - other.score))


class _Pass(NamedTuple):
    """One search: at which size, ratio of neighbouring sizes, hits that make a face, least side in its pixels."""

    long_side: int
    step: float
    min_hits: int
    min_side: int


_QUICK = _Pass(QUICK_SIDE, 1.2, 2, 24)
_THOROUGH = (_Pass(QUICK_SIDE, 1.1, 3, 20), _Pass(THOROUGH_SIDE, 1.1, 3, 20))
"""The quick pass finds faces from 1/13 of the long side on; the thorough ones from 1/32 on, in ten times the time."""


class CascadeDetector:
    """OpenCV's Haar cascades (Viola and Jones 2001; Lienhart and Maydt 2002), `default` and `alt2` together.

    Of the five frontal and profile cascades that ship these two miss the fewest faces, and each finds some that the
    other misses; the quick search asks the second one only where the first is not sure of any face.
    Histogram equalisation and CLAHE bring false faces and lose real ones. Figures: `tests/benchmarks/faces.py`.
    """

    def __init__(self) -> None:
        """Reads the cascades from the OpenCV wheel."""
        self._cascades = tuple((_cascade(name), low, high) for name, low, high in _CASCADES)

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        """The faces of an RGB picture, best first."""
        if thorough:
            passes = _THOROUGH if max(picture.shape[:2]) > QUICK_SIDE else _THOROUGH[:1]
            return distinct(face for one in passes for which in (0, 1) for face in self._search(picture, one, which))
        faces = self._search(picture, _QUICK, 0)
        if not any(face.score >= SURE for face in faces):
            faces += self._search(picture, _QUICK, 1)
        return distinct(faces)

    def _search(self, picture: Picture, one: _Pass, which: int) -> list[Face]:
        """What one of the cascades finds in one pass."""
        grey, zoom = _grey(picture, one.long_side)
        if min(grey.shape) < one.min_side:
            return []
        cascade, low, high = self._cascades[which]
        boxes, _, sums = cascade.detectMultiScale3(
            grey, scaleFactor=one.step, minNeighbors=one.min_hits, minSize=(one.min_side,) * 2, outputRejectLevels=True
        )
        scores = np.clip((np.ravel(sums) - low) / (high - low), 0.0, 1.0)
        return [
            Face(float(x) / zoom, float(y) / zoom, float(side) / zoom, float(score))
            for (x, y, side, _), score in zip(boxes, scores, strict=True)
        ]


_CASCADES = (
    ("haarcascade_frontalface_default.xml", 0.0, 8.0),
    ("haarcascade_frontalface_alt2.xml", 54.5, 58.0),  # its sums run over all stages
)
"""Each with the sums of its last stage that count as a score of 0 and of 1: the range seen on real faces."""


def _cascade(name: str) -> Any:
    import cv2

    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name))
    if cascade.empty():
        raise ToolError(f"OpenCV {cv2.__version__} has no {name!r}; expected opencv-contrib-python-headless below 5")
    return cascade


def _grey(picture: Picture, long_side: int) -> tuple[Picture, float]:
    """The grey picture shrunk to `long_side`, and how many of its pixels make one of the original's."""
    import cv2

    return shrunk(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8), long_side)


class YuNetDetector:
    """The YuNet network (Wu, Peng and Yu 2023) through OpenCV; finds turned, small and half-hidden faces too."""

    MIN_SCORE = 0.6

    def __init__(self, path: Path) -> None:
        """Reads the ONNX file.

        Raises:
            ToolError: it is missing or no YuNet network.
        """
        import cv2

        try:
            self._network = cv2.FaceDetectorYN.create(str(path), "", (QUICK_SIDE, QUICK_SIDE), self.MIN_SCORE)
        except cv2.error as error:
            raise ToolError(
                f"{str(path)!r} is no YuNet face detector; expected its ONNX file: delete it and run "
                f"{pull_command('yunet')}"
            ) from error

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        """The faces of an RGB picture, best first."""
        import cv2

        small, zoom = shrunk(picture, THOROUGH_SIDE if thorough else QUICK_SIDE)
        self._network.setInputSize((small.shape[1], small.shape[0]))
        _, rows = self._network.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        # a row is x, y, width, height, five landmarks and the score; the box is taller than wide
        return distinct(square(row[:4] / zoom, float(row[-1])) for row in (() if rows is None else rows))


CHIN_TO_MID_FOREHEAD = 5 / 6
"""Of a face's height: brow, nose and chin end its thirds (the canon, Farkas 1994); the first is the forehead."""


def square(box: NDArray[np.float32], score: float) -> Face:
    """The face in a network's box of x, y, width, height as a cascade would give it, which is what readers know.

    Networks learnt boxes from the hair line to the chin (WIDER FACE, Yang et al. 2016), cascades give squares from
    mid-forehead to chin. By proportions only: no network's weights were at hand to measure it.
    """
    x, y, width, height = (float(value) for value in box)
    side = max(width, CHIN_TO_MID_FOREHEAD * height)
    return Face(x + (width - side) / 2, y + height - side, side, min(max(score, 0.0), 1.0))
