"""What every reader of faces returns, whichever network is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


class Crop(NamedTuple):
    """How a reader wants a face: longest side in pixels, share of the box added on each side, grey or RGB."""

    side_px: int
    margin: float
    is_grey: bool


@dataclass(frozen=True)
class ReaderCard:
    """What made a reading: tool and version, the data whose raters it copies, its classes, how it wants a face."""

    tool: str
    version: str
    origin: str
    classes: tuple[str, ...]
    crop: Crop


class FaceReading(NamedTuple):
    """What raters would call n faces.

    `probabilities` (n, classes) float32, rows sum to 1, columns in the order of the card's classes. `valence` and
    `arousal` (n,) float32, -1..1.
    """

    probabilities: NDArray[np.float32]
    valence: NDArray[np.float32]
    arousal: NDArray[np.float32]


class FaceReader(Protocol):
    """Says what raters would call a face."""

    @property
    def card(self) -> ReaderCard:
        """What made the readings."""
        ...

    def read(self, faces: Sequence[Picture]) -> FaceReading:
        """The reading of face crops made after the card's `crop`; a face's numbers do not depend on the others.

        Raises:
            ToolError: the network failed on them.
        """
        ...


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, classes) probabilities of scores (n, classes); rows sum to 1."""
    # the maximum is taken off first so that exp cannot overflow
    weights = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-1e9))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
