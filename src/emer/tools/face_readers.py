"""Which reader of faces is used: the embedded network, or one whose weights the user has pulled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from emer.errors import SetupError
from emer.tools.face_expression import CLASSES, CROP_MARGIN, MODEL_NAME, MODEL_VERSION, read_expressions
from emer.tools.face_reading import Crop, FaceReader, FaceReading, Picture, ReaderCard


class EmbeddedReader:
    """The network that ships with emer (`face_expression`)."""

    # 96 pixels are twice what the network reads; it looks at the face a little closer as well
    card = ReaderCard(MODEL_NAME, MODEL_VERSION, "FER2013", CLASSES, Crop(96, CROP_MARGIN, is_grey=True))

    def read(self, faces: Sequence[Picture]) -> FaceReading:
        """The reading of grey face crops."""
        reading = read_expressions(faces)
        return FaceReading(reading.probabilities, reading.valence, reading.arousal)


EMBEDDED = EmbeddedReader()


def open_reader(name: str, weights_dir: Path) -> FaceReader:
    """The reader called `name`, one of auto, embedded, hsemotion, deepface.

    `auto` is hsemotion where its weights lie, else the embedded network. Never deepface: its author gives 57 % on
    FER2013 for it, the embedded network reaches 68.8 % (`training/face/README.md`).

    Raises:
        SetupError: its package or weights are not here, with the command that brings them.
        ToolError: its weights are unreadable.
    """
    from emer.tools import face_deepface, face_hsemotion

    if name == "deepface":
        return face_deepface.DeepFaceReader(face_deepface.weights(weights_dir))
    if name == "embedded":
        return EMBEDDED
    try:
        path = face_hsemotion.weights(weights_dir)
    except SetupError:
        if name == "auto":
            return EMBEDDED
        raise
    return face_hsemotion.HSEmotionReader(path)
