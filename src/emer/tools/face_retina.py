"""RetinaFace (Deng et al. 2020) through the package that deepface brings, with weights that lie on disk.

It finds turned, small and half-hidden faces, at many times the cost of YuNet.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from emer.errors import SetupError
from emer.installation import extra_command, is_installed
from emer.tools.face import THOROUGH_SIDE, Face, Picture, distinct, square
from emer.tools.pulled import needed, open_network
from emer.tools.resizing import shrunk

BACKEND = "retinaface"
MIN_SCORE = 0.6
_ENGINE = "DEEPFACE_BACKEND_ENGINE"


def weights(weights_dir: Path) -> Path:
    """The file to detect with.

    Raises:
        SetupError: the package or the file is not here.
    """
    if not is_installed(BACKEND):
        raise SetupError(f"retina-face is not installed; run {extra_command('deepface')}")
    return needed(weights_dir, BACKEND, "retinaface*.onnx")


class RetinaFaceDetector:
    """Finds faces with the RetinaFace network of one file; the quick and the thorough search are the same."""

    def __init__(self, path: Path) -> None:
        """Opens the network.

        Raises:
            ToolError: the file is unreadable.
            SetupError: retina-face was imported before for another engine.
        """
        self._network = open_network(path, BACKEND)
        self._package = _package()

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        """The faces of an RGB picture, best first."""
        small, zoom = shrunk(picture, THOROUGH_SIDE)
        found = self._package.detect_faces(
            np.ascontiguousarray(small[..., ::-1]), threshold=MIN_SCORE, model=self._outputs, allow_upscaling=False
        )
        return distinct(
            square(np.array([left, top, right - left, bottom - top], np.float32) / zoom, float(one["score"]))
            for one in found.values()
            for left, top, right, bottom in [one["facial_area"]]
        )

    def _outputs(self, picture: Any) -> list[Any]:
        """What the package expects of its own model: all outputs for (1, height, width, 3) RGB."""
        return self._network.run_all(np.ascontiguousarray(picture, np.float32))


def _package() -> Any:
    before = os.environ.get(_ENGINE)
    os.environ[_ENGINE] = "onnx"  # read while the package is imported: else it would choose TensorFlow or torch
    try:
        with warnings.catch_warnings():  # importing it silences every warning of the process
            from retinaface import RetinaFace
            from retinaface.commons import backend_utils
    except (ImportError, ValueError) as error:
        raise SetupError(f"retina-face cannot be imported ({error}); run {extra_command('deepface')}") from error
    finally:
        if before is None:
            del os.environ[_ENGINE]
        else:
            os.environ[_ENGINE] = before
    if not backend_utils.is_onnx():
        raise SetupError(f"retina-face was imported for another engine; set {_ENGINE}=onnx before that, or restart")
    return RetinaFace
