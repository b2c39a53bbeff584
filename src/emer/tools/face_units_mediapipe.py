"""Action units from MediaPipe's face landmarker, whose 52 blendshapes are named after single movements of the face.

Source: the ARKit blendshapes that they copy, each described by Apple by the movement that it is; the unit beside each
is the one whose FACS description (Ekman, Friesen and Hager 2002) is that movement. The table is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.errors import SetupError, ToolError
from emer.installation import is_installed
from emer.tools.face_reading import Picture
from emer.tools.face_units import UnitCard
from emer.tools.pulled import needed, pull_command

BACKEND = "mediapipe"
MOVEMENTS: Mapping[int, tuple[str, ...]] = {
    1: ("browInnerUp",), 2: ("browOuterUpLeft", "browOuterUpRight"), 4: ("browDownLeft", "browDownRight"),
    5: ("eyeWideLeft", "eyeWideRight"), 6: ("cheekSquintLeft", "cheekSquintRight"),
    7: ("eyeSquintLeft", "eyeSquintRight"), 9: ("noseSneerLeft", "noseSneerRight"),
    10: ("mouthUpperUpLeft", "mouthUpperUpRight"), 12: ("mouthSmileLeft", "mouthSmileRight"),
    14: ("mouthDimpleLeft", "mouthDimpleRight"), 15: ("mouthFrownLeft", "mouthFrownRight"),
    16: ("mouthLowerDownLeft", "mouthLowerDownRight"), 17: ("mouthShrugLower",), 18: ("mouthPucker",),
    20: ("mouthStretchLeft", "mouthStretchRight"), 22: ("mouthFunnel",), 24: ("mouthPressLeft", "mouthPressRight"),
    26: ("jawOpen",), 28: ("mouthRollLower", "mouthRollUpper"), 45: ("eyeBlinkLeft", "eyeBlinkRight"),
}  # fmt: skip
FULL = 5.0
"""Intensity of a blendshape of 1, the movement at its extreme."""


def weights(weights_dir: Path) -> Path:
    """The landmarker's file.

    Raises:
        SetupError: the package or the file is not here.
    """
    if not is_installed(BACKEND):
        raise SetupError("mediapipe is not installed; emer brings it in no extra: install it yourself beside emer")
    return needed(weights_dir, BACKEND, "face_landmarker*.task", "*.task")


class MediaPipeUnits:
    """Reads action units with the landmarker of one file."""

    def __init__(self, path: Path) -> None:
        """Opens the landmarker.

        Raises:
            ToolError: the file is unreadable.
            SetupError: mediapipe cannot be imported.
        """
        try:
            self._mediapipe: Any = import_module("mediapipe")
            tasks = import_module("mediapipe.tasks.python")
            vision = import_module("mediapipe.tasks.python.vision")
        except ImportError as error:
            raise SetupError(f"mediapipe cannot be imported: {error}") from error
        options = vision.FaceLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(path)), output_face_blendshapes=True, num_faces=1
        )
        try:
            self._landmarker = vision.FaceLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            raise ToolError(
                f"{str(path)!r} is no face landmarker ({error}); delete it and run {pull_command(BACKEND)}"
            ) from error
        self.card = UnitCard(BACKEND, _version(), tuple(MOVEMENTS), "blendshape 0-1, the stronger side, times 5")

    def read(self, faces: Sequence[Picture]) -> NDArray[np.float32]:
        """(n, units) intensities 0-5 of RGB face crops."""
        return np.array([self._row(face) for face in faces], np.float32).reshape(-1, len(MOVEMENTS))

    def _row(self, face: Picture) -> list[float]:
        image = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(face)
        )  # fmt: skip
        try:
            found = self._landmarker.detect(image).face_blendshapes
        except (RuntimeError, ValueError) as error:
            raise ToolError(f"mediapipe's face landmarker failed on a face: {error}") from error
        if not found:
            return [float("nan")] * len(MOVEMENTS)
        score = {one.category_name: float(one.score) for one in found[0]}
        return [FULL * max(score.get(name, 0.0) for name in names) for names in MOVEMENTS.values()]


def _version() -> str:
    try:
        return metadata.version(BACKEND)
    except metadata.PackageNotFoundError:
        return "unknown"
