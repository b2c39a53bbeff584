"""Which detector finds the faces: OpenCV's cascades, or a network whose weights the user has pulled."""

from __future__ import annotations

from pathlib import Path

from emer.errors import SetupError
from emer.tools.face import CascadeDetector, FaceDetector, YuNetDetector
from emer.tools.pulled import needed

YUNET = "yunet"


def open_detector(name: str, weights_dir: Path) -> FaceDetector:
    """The detector called `name`, one of auto, haar, yunet, retinaface.

    `auto` is the first of yunet, retinaface and haar that is present; YuNet goes before RetinaFace because it searches
    every sampled frame at a small part of the cost.

    Raises:
        SetupError: its package or weights are not here, with the command that brings them.
        ToolError: its weights are unreadable.
    """
    from emer.tools import face_retina

    if name == "haar":
        return CascadeDetector()
    if name == "yunet":
        return YuNetDetector(needed(weights_dir, YUNET, "*yunet*.onnx", "*.onnx"))
    if name == "retinaface":
        return face_retina.RetinaFaceDetector(face_retina.weights(weights_dir))
    for one in ("yunet", "retinaface"):
        try:
            return open_detector(one, weights_dir)
        except SetupError:
            continue
    return CascadeDetector()
