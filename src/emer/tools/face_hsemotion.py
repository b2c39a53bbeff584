"""HSEmotion's EfficientNets straight on onnxruntime: eight classes, and valence and arousal where the file has them.

Source: A. Savchenko (2021), Facial expression and attributes recognition based on multi-task learning of lightweight
neural networks, and its `hsemotion-onnx`, whose preparation of a face this follows: RGB, 224 pixels for B0 and 260 for
B2, ImageNet's mean and standard deviation. Trained on AffectNet, whose raters saw photographs from the web.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emer.errors import ToolError
from emer.tools.face_expression import CLASSES as FER_CLASSES
from emer.tools.face_expression import class_points
from emer.tools.face_reading import Crop, FaceReading, Picture, ReaderCard, softmax
from emer.tools.pulled import needed, open_network, pull_command

BACKEND = "hsemotion"
EIGHT = ("angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise")
SEVEN = tuple(name for name in EIGHT if name != "contempt")
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet, RGB
_CONTEMPT = (-0.45, 0.25)
"""Valence and arousal of contempt where the file measures neither: between anger and disgust, milder (ours)."""
_BATCH = 8


def weights(weights_dir: Path) -> Path:
    """The file to read with, one that measures valence and arousal (`…_mtl`) first.

    Raises:
        SetupError: there is none.
    """
    return needed(weights_dir, BACKEND, "*_mtl*.onnx", "*.onnx")


class HSEmotionReader:
    """Reads faces with one HSEmotion file; whether it has contempt, valence and arousal is told by its output."""

    def __init__(self, path: Path) -> None:
        """Opens the network.

        Raises:
            ToolError: the file is unreadable or no HSEmotion network.
        """
        self._network = open_network(path, BACKEND)
        side = self._network.session.get_inputs()[0].shape[-1]
        self._side = side if isinstance(side, int) else 260 if "_b2_" in path.stem else 224
        n_outputs = np.ravel(self._network.run(np.zeros((1, 3, self._side, self._side), np.float32))).size
        layouts = {7: (SEVEN, False), 8: (EIGHT, False), 9: (SEVEN, True), 10: (EIGHT, True)}
        if n_outputs not in layouts:
            raise ToolError(
                f"{str(path)!r} answers {n_outputs} numbers a face; an HSEmotion network answers 7 or 8 classes, with "
                f"or without valence and arousal; run {pull_command(BACKEND)}"
            )
        classes, self._has_point = layouts[n_outputs]
        version = f"{path.stem}@{self._network.digest}"
        self.card = ReaderCard(BACKEND, version, "AffectNet", classes, Crop(self._side, 0.0, is_grey=False))

    def read(self, faces: Sequence[Picture]) -> FaceReading:
        """The reading of RGB face crops."""
        n_classes = len(self.card.classes)
        rows = [np.zeros((0, n_classes + 2 * self._has_point), np.float32)]
        for start in range(0, len(faces), _BATCH):
            stack = np.stack([_prepared(face, self._side) for face in faces[start : start + _BATCH]])
            rows.append(np.asarray(self._network.run(stack), np.float32).reshape(len(stack), -1))
        table = np.concatenate(rows)
        probabilities = softmax(table[:, :n_classes])
        derived = probabilities @ _points(self.card.classes)
        points = np.clip(table[:, n_classes:], -1, 1) if self._has_point else derived
        return FaceReading(probabilities, points[:, 0], points[:, 1])


def _prepared(face: Picture, side: int) -> NDArray[np.float32]:
    import cv2

    small = cv2.resize(face, (side, side), interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255
    return np.asarray(((small - np.array(_MEAN)) / np.array(_STD)).transpose(2, 0, 1), np.float32)


def _points(classes: Sequence[str]) -> NDArray[np.float32]:
    """(classes, 2) valence and arousal of each class."""
    known = dict(zip(FER_CLASSES, class_points().tolist(), strict=True)) | {"contempt": _CONTEMPT}
    return np.array([known[name] for name in classes], np.float32)
