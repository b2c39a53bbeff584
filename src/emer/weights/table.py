"""The table of weights that `emer models pull` knows: back end, files, where from, licence, size, published hash.

A SHA-256 stands here only where a source says it: OpenAI's package whisper (its addresses hold the hash and it checks
it), and OpenCV Zoo's own LFS pointer for YuNet. Of a hub repository the hub says the hashes of large files when it is
asked. Everything else is unpinned: the first pull records the hash, later ones must match it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.errors import InputError
from emer.installation import command


class File(NamedTuple):
    """One file: its address, its name in the folder, the SHA-256 that its source states, or None."""

    url: str
    name: str
    sha256: str | None = None


class Weights(NamedTuple):
    """What one name brings. `repo` is a hub repository whose list of files is asked for; else `files` are given."""

    name: str
    folder: str
    purpose: str
    licence: str
    size_mb: float | None
    files: tuple[File, ...] = ()
    repo: str | None = None

    @property
    def back_end(self) -> str:
        """The back end that uses them."""
        return self.name.partition(":")[0]

    @property
    def source(self) -> str:
        """Where they come from, for reading."""
        return f"{HUB}/{self.repo}" if self.repo else self.files[0].url


HUB = "https://huggingface.co"
_OPENAI = "https://openaipublic.azureedge.net/main/whisper/models"
_MIT_OPENAI = "MIT (OpenAI, code and weights)"
_WHISPER = {
    "tiny": (76, "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9"),
    "base": (145, "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e"),
    "small": (484, "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794"),
    "medium": (1530, "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1"),
    "large-v3": (3090, "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb"),
    "large-v3-turbo": (1620, "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a"),
}
"""Megabytes (about) and hash of each size; source: `_MODELS` in openai-whisper 20250625."""
_FASTER = {"tiny": 78, "base": 148, "small": 486, "medium": 1530, "large-v3": 3090}
"""Megabytes (about) of each size that Systran publishes for CTranslate2; source: `_MODELS` in faster-whisper 1.2.1."""
_DEFAULT = {"whisper": "base", "faster-whisper": "base"}
_REPO = re.compile(r"[\w.-]+/[\w.-]+")


def _whisper(size: str, size_mb: int, sha256: str) -> Weights:
    file = File(f"{_OPENAI}/{sha256}/{size}.pt", f"{size}.pt", sha256)
    return Weights(f"whisper:{size}", "whisper", "speech to text", _MIT_OPENAI, size_mb, (file,))


def _faster(size: str, size_mb: int) -> Weights:
    return Weights(
        f"faster-whisper:{size}", f"faster-whisper/{size}", "speech to text without torch",
        "MIT (OpenAI; converted by Systran)", size_mb, repo=f"Systran/faster-whisper-{size}",
    )  # fmt: skip


def _one(name: str, purpose: str, licence: str, *, size_mb: float | None, file: File) -> Weights:
    return Weights(name, name, purpose, licence, size_mb, (file,))


_GITHUB = "https://github.com"
_SINGLE = (
    _one(
        "yunet", "finds turned, small and half-hidden faces", "MIT (OpenCV Zoo)", size_mb=0.23,
        file=File(
            f"{_GITHUB}/opencv/opencv_zoo/raw/main/models/face_detection_yunet/face_detection_yunet_2023mar.onnx",
            "face_detection_yunet_2023mar.onnx", "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
        ),
    ),
    _one(
        "hsemotion", "eight expressions, valence and arousal of a face",
        "Apache-2.0 (HSEmotion's code; trained on AffectNet, whose pictures are for research)", size_mb=16,
        file=File(
            f"{_GITHUB}/av-savchenko/face-emotion-recognition/raw/main/models/affectnet_emotions/onnx/"
            "enet_b0_8_va_mtl.onnx",
            "enet_b0_8_va_mtl.onnx",
        ),
    ),
    _one(
        "deepface", "seven expressions of a face",
        "MIT (DeepFace's code; its README lists whose models it converted)", size_mb=6,
        file=File(
            f"{_GITHUB}/serengil/deepface_models/releases/download/v1.0/facial_expression_model_weights.onnx",
            "facial_expression_model_weights.onnx",
        ),
    ),
    _one(
        "retinaface", "finds faces, surely and slowly", "MIT (retina-face's code)", size_mb=None,
        file=File(f"{_GITHUB}/serengil/deepface_models/releases/download/v1.0/retinaface.onnx", "retinaface.onnx"),
    ),
    _one(
        "mediapipe", "face landmarks, of which action units are made", "Apache-2.0 (Google)", size_mb=3.8,
        file=File(
            "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/"
            "face_landmarker.task",
            "face_landmarker.task",
        ),
    ),
    _one(
        "silero-vad", "when somebody speaks; this version does not use it yet", "MIT (Silero Team)", size_mb=2.3,
        file=File(
            f"{_GITHUB}/snakers4/silero-vad/raw/bfdc0193023f121ea5b3cc7b176dbed570a68a59/"
            "src/silero_vad/data/silero_vad.onnx",
            "silero_vad.onnx",
        ),
    ),
)  # fmt: skip
WEIGHTS: dict[str, Weights] = {
    one.name: one
    for one in (
        *(_whisper(size, *facts) for size, facts in _WHISPER.items()),
        *(_faster(size, size_mb) for size, size_mb in _FASTER.items()),
        *_SINGLE,
    )
}


def find(name: str) -> Weights:
    """The weights called `name`: a line of the table, a back end alone (its usual size), or `hf:ORGANISATION/NAME`.

    Raises:
        InputError: there are none of that name; the message lists the known.
    """
    door, _, repo = name.partition(":")
    if door == "hf":
        if not _REPO.fullmatch(repo) or ".." in repo:
            raise InputError(f"{name!r} is no repository of the hub; expected hf:ORGANISATION/NAME")
        return Weights(name, f"hf/{repo}", "any transformers model", "as the hub states it", None, repo=repo)
    full = f"{name}:{_DEFAULT[name]}" if name in _DEFAULT else name
    if full not in WEIGHTS:
        known = ", ".join([*_DEFAULT, *WEIGHTS])
        raise InputError(
            f"there are no weights called {name!r}; there are {known}, and any hf:ORGANISATION/NAME. "
            f"`{command()} models list` says more"
        )
    return WEIGHTS[full]
