"""How texts become vectors: one Protocol, so that the store never embeds by itself, and our own encoder behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from emer.tools.text_encoder import ENCODER_NAME, ENCODER_VERSION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors. Two vectors may only meet when name and version are the same."""

    @property
    def name(self) -> str:
        """Which model it is."""
        ...

    @property
    def version(self) -> str:
        """Which version of the model: any change of a vector is a change of version."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n, d), each row of length 1; no texts give (0, d)."""
        ...


@cache
def _fingerprint() -> str:
    """Return what tells two sets of weights of one version apart: the index must not outlive the model that made it."""
    facts = files("emer.tools") / "weights" / "text_encoder.json"
    return hashlib.sha256(facts.read_bytes()).hexdigest()[:8] if facts.is_file() else "none"


@dataclass(frozen=True)
class EncoderEmbedder:
    """The text encoder that is embedded in emer: 384 numbers a text, no download."""

    name: str = ENCODER_NAME
    version: str = field(default_factory=lambda: f"{ENCODER_VERSION}+{_fingerprint()}")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n, 384), each row of length 1.

        Raises:
            SetupError: the encoder's files are missing from this installation.
        """
        from emer.tools.text_encoder import encode

        return encode(texts).embedding
