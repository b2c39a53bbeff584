"""What the memory tests share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emer.schemas import Case


class LetterEmbedder:
    """Counts letters; hashes make versions differ. Fast, deterministic, and every call is counted."""

    def __init__(self, name: str = "letters", version: str = "1") -> None:
        self.name, self.version = name, version
        self.n_embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.n_embedded += len(texts)
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for char in text.lower() or " ":
                row[hashlib.sha256(f"{self.version}{char}".encode()).digest()[0] % 32] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_case(id_: str, said: str = "hello there", label: str = "happy", **fields: object) -> Case:
    return Case.model_validate(
        {"id": id_, "labels": [label], "why": "because", "provenance": "user", "cues": {"transcript": said}, **fields}
    )
