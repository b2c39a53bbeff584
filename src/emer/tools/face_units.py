"""Action units of a face with intensities, from packages that the user brings: py-feat, or MediaPipe's face landmarker.

Neither can be an extra of emer (py-feat brings 78 packages with CUDA's torch, mediapipe's bundled models an old
numpy), so they are used where they can be imported. Intensities are on FACS's scale of 0 (absent), 1 (A) .. 5 (E); how
a package's own numbers become that is in the card, and is no coding by a certified coder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from emer.errors import SetupError
from emer.installation import is_installed
from emer.tools.face_reading import Crop, Picture

CONTEXT_CROP = Crop(256, 0.4, is_grey=False)
"""Both packages look for the face again, so they need hair, chin and ears around it."""


@dataclass(frozen=True)
class UnitCard:
    """What made the intensities: tool, version, units by their FACS numbers, how its numbers became 0-5, its crop."""

    tool: str
    version: str
    units: tuple[int, ...]
    scale: str
    crop: Crop = CONTEXT_CROP


class UnitReader(Protocol):
    """Reads action units."""

    @property
    def card(self) -> UnitCard:
        """What made the intensities."""
        ...

    def read(self, faces: Sequence[Picture]) -> NDArray[np.float32]:
        """(n, units) intensities 0-5 of RGB face crops made after the card's `crop`; NaN where no face was found.

        Raises:
            ToolError: the package failed on them.
        """
        ...


def open_units(name: str, weights_dir: Path) -> UnitReader | None:
    """The reader called `name` (auto, none, py-feat, mediapipe); None where there is none.

    `auto` is py-feat where it can be imported, which was trained on FACS codings, else MediaPipe's face landmarker
    where it and its file are there, else none.

    Raises:
        SetupError: the one that was asked for is not here.
    """
    if name == "none":
        return None
    if name == "py-feat" or (name == "auto" and is_installed("feat")):
        from emer.tools.face_units_pyfeat import PyFeatUnits

        return PyFeatUnits()
    from emer.tools.face_units_mediapipe import MediaPipeUnits, weights

    if name == "auto":
        try:
            return MediaPipeUnits(weights(weights_dir))
        except SetupError:
            return None
    return MediaPipeUnits(weights(weights_dir))
