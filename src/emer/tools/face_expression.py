"""How raters would call a face: probabilities of seven expression classes, and valence and arousal derived from them.

The network was trained on FER2013 alone (`training/face/README.md` is its model card). Its classes are what raters
of posed and web faces would say of a still picture, not what the person feels.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from emer.tools.shipped import WEIGHTS, shipped_file, shipped_network

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime as ort
    from numpy.typing import NDArray

CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
MODEL_NAME = "emer-face-expression"
MODEL_VERSION = "2"
INPUT_SIZE = 48
"""Pixels; the side of the grey square that the network reads."""
CROP_MARGIN = 0.0
"""Share of a Haar box's side to add on each side: none. FER2013's crops are such boxes (the median Haar box found in
one is .98 of it, centred: training/face/margin.py); from +.05 on two of nine faces turned to "sad". Boxes of
another detector should first be made what Haar would give: square, about from mid-forehead to chin."""
MIN_CONTRAST = 0.04
"""Floor of a face's standard deviation, in 0..1 grey: a flat crop must not become amplified noise."""
BATCH = 16
"""Faces per run of the network: the fastest on one core (activations stay in cache), and memory stays bounded."""

_WEIGHTS = WEIGHTS


class ExpressionReading(NamedTuple):
    """What raters would call n faces.

    `probabilities` (n, 7) float32, rows sum to 1, columns in the order of `CLASSES`, calibrated by temperature.
    `valence` and `arousal` (n,) float32 in -1..1: their expectation over the classes' points, so they never leave
    the hull of those points (valence -.64 to .81, arousal -.27 to .67) and are no separate measurement.
    """

    probabilities: NDArray[np.float32]
    valence: NDArray[np.float32]
    arousal: NDArray[np.float32]


def read_expressions(faces: Sequence[NDArray[np.uint8]]) -> ExpressionReading:
    """Class probabilities, valence and arousal of face crops.

    Args:
        faces: crops of any size, grey (h, w) or RGB (h, w, 3), values 0-255; upright, about square, the detected
            box grown by `CROP_MARGIN`. None gives arrays of length 0.

    A face's numbers do not depend on the others.

    Raises:
        ToolError: a crop is empty, or neither grey nor RGB bytes.
    """
    import numpy as np

    rows = [_logits(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
    scores = np.concatenate([np.zeros((0, len(CLASSES)), np.float32), *rows]) / _card().temperature
    # softmax; the maximum is taken off first so that exp cannot overflow
    weights = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-1e9))
    probabilities = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    valence, arousal = (probabilities @ _card().points).T
    return ExpressionReading(probabilities, valence, arousal)


def confusion() -> NDArray[np.float32]:
    """(7, 7) P(predicted class | class given by the raters), rows sum to 1, on the held-back tenth of FER2013 train."""
    return _card().confusion.copy()


def class_shares() -> NDArray[np.float32]:
    """(7,) share of each class among the training faces, sums to 1: the prior that the probabilities contain."""
    return _card().class_shares.copy()


def class_points() -> NDArray[np.float32]:
    """(7, 2) valence and arousal of each class, -1..1."""
    return _card().points.copy()


def prepare(face: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(48, 48) grey, zero mean and unit variance, which takes brightness and contrast out, as in training."""
    import numpy as np

    grey = _resize(_grey(face)).astype(np.float32) / 255
    return np.asarray((grey - grey.mean()) / max(float(grey.std()), MIN_CONTRAST), np.float32)


def _grey(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    from emer.errors import ToolError

    if face.dtype != np.uint8 or face.size == 0 or not (face.ndim == 2 or (face.ndim == 3 and face.shape[2] == 3)):
        raise ToolError(f"a face crop is {face.dtype} {face.shape}; expected uint8 (h, w) grey or (h, w, 3) RGB")
    return face if face.ndim == 2 else np.asarray(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), np.uint8)


def _resize(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    # area averages when shrinking (no aliasing); it would repeat pixels when growing
    shrinks = min(grey.shape) >= INPUT_SIZE
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (INPUT_SIZE, INPUT_SIZE), interpolation=method), np.uint8)


def _logits(faces: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    import numpy as np

    views = np.stack([prepare(face) for face in faces])[:, None]
    return np.asarray(_session().run(None, {"faces": views})[0], np.float32)


@cache
def _session() -> ort.InferenceSession:
    """The network, one per process, on one thread: a face takes about two milliseconds."""
    return shipped_network("face_expression.onnx", _WEIGHTS)


@dataclass(frozen=True)
class _Card:
    temperature: float
    points: NDArray[np.float32]
    confusion: NDArray[np.float32]
    class_shares: NDArray[np.float32]


@cache
def _card() -> _Card:
    """What the weights' metadata file says; its numbers are made by training/face/export.py."""
    import numpy as np

    text = json.loads(shipped_file("face_expression.json", _WEIGHTS).read_text(encoding="utf-8"))
    return _Card(
        temperature=float(text["temperature"]),
        points=np.array([text["vad"][name]["point"][:2] for name in CLASSES], np.float32),
        confusion=np.array(text["confusion"], np.float32),
        class_shares=np.array([text["class_shares"][name] for name in CLASSES], np.float32),
    )
