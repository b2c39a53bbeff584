"""DeepFace's expression network through the package's own ONNX client, without TensorFlow and without its downloads.

Source: S. Serengil's `deepface`; seven classes, trained on FER2013. The package's loader would fetch weights that are
not there, so its client gets a network that is already open. It is imported by its ONNX module, which asks for no other
engine (TensorFlow would be preferred, and aborts beside triton).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from emer.errors import SetupError, ToolError
from emer.installation import extra_command, is_installed
from emer.tools.face_expression import CLASSES, class_points
from emer.tools.face_reading import Crop, FaceReading, Picture, ReaderCard
from emer.tools.pulled import Network, needed, open_network

BACKEND = "deepface"
FILE = "facial_expression_model_weights.onnx"
_SIDE = 224
"""Pixels that deepface gives its networks; this one shrinks them again, to 48 and grey."""


def weights(weights_dir: Path) -> Path:
    """The file to read with.

    Raises:
        SetupError: the package or the file is not here.
    """
    if not is_installed(BACKEND):
        raise SetupError(f"deepface is not installed; run {extra_command(BACKEND)}")
    return needed(weights_dir, BACKEND, FILE)


class DeepFaceReader:
    """Reads faces as `DeepFace.analyze(actions=['emotion'], detector_backend='skip')` does, many at once."""

    def __init__(self, path: Path) -> None:
        """Opens the network.

        Raises:
            ToolError: the file is unreadable or another network.
            SetupError: deepface cannot be used here.
        """
        network = open_network(path, BACKEND)
        self._client = _client(network)
        shape = network.run(np.zeros((1, 48, 48, 1), np.float32)).shape
        if shape != (1, len(CLASSES)):
            raise ToolError(f"{str(path)!r} answers {shape} to one face; deepface's network answers (1, 7)")
        version = f"{metadata.version(BACKEND)}@{network.digest}"
        self.card = ReaderCard(BACKEND, version, "FER2013", CLASSES, Crop(_SIDE, 0.0, is_grey=False))

    def read(self, faces: Sequence[Picture]) -> FaceReading:
        """The reading of RGB face crops."""
        from deepface.modules.preprocessing import resize_image

        rows = [np.zeros((0, len(CLASSES)), np.float32)]
        for face in faces:  # one by one, so that a face's numbers do not depend on the others
            bgr = resize_image(np.ascontiguousarray(face[..., ::-1]), (_SIDE, _SIDE))
            rows.append(np.asarray(self._client.predict(bgr), np.float32).reshape(1, -1))
        probabilities = np.concatenate(rows)
        points = probabilities @ class_points()
        return FaceReading(probabilities, points[:, 0], points[:, 1])


def _client(network: Network) -> Any:
    """Deepface's own client of the expression network, its ONNX one, around a network that is already open."""
    try:
        from deepface.models.demography.onnx.Emotion import EmotionClient, labels
    except ImportError as error:
        raise SetupError(f"deepface cannot be imported ({error}); run {extra_command(BACKEND)}") from error
    if tuple(labels) != CLASSES:
        raise ToolError(f"this deepface has the classes {labels!r}; expected {CLASSES!r}, as deepface 0.0.103 has")

    class Opened(EmotionClient):  # type: ignore[misc]  # deepface is not typed
        """The client without its loader."""

        def __init__(self) -> None:
            self.model_name, self.model = "Emotion", network.session

    return Opened()
