"""How texts become vectors: one Protocol, so that the store never embeds by itself, and our own encoder behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

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


AFFECT_WEIGHT = 0.7
"""Length of the affect part beside the embedding's 1: chosen on GoEmotions dev, which would have more of it, and on the
seed cases among themselves, which would have less (docs/recall.md)."""


@runtime_checkable
class Steerable(Protocol):
    """An embedder whose vectors have a part for affect that can be set from outside."""

    def steered(self, vectors: NDArray[np.float32], states: Mapping[str, float]) -> NDArray[np.float32]:
        """Return vectors as `embed` makes them, of the same content and the affect of these state weights."""
        ...


@dataclass(frozen=True)
class EncoderEmbedder:
    """The text encoder that is embedded in emer: what a text is about and how it strikes, 412 numbers, no download.

    The first 384 are the encoder's embedding, the last 28 the square roots of its label probabilities over their base
    rates, scaled to sum to 1 (so that their products are Bhattacharyya coefficients), at length `AFFECT_WEIGHT`.
    """

    name: str = f"{ENCODER_NAME}+affect"
    version: str = field(default_factory=lambda: f"{ENCODER_VERSION}+{_fingerprint()}+{AFFECT_WEIGHT}")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n, 412), each row of length 1.

        Raises:
            SetupError: the encoder's files are missing from this installation.
        """
        import numpy as np

        from emer.tools.text_encoder import LABELS, base_rates, encode

        read = encode(texts)
        rates = base_rates()
        lifted = read.probabilities / np.array([rates[label] for label in LABELS])
        return _joined(read.embedding, lifted)

    def steered(self, vectors: NDArray[np.float32], states: Mapping[str, float]) -> NDArray[np.float32]:
        """Return vectors of the same content and the affect of state weights, which must not all be 0."""
        import numpy as np

        from emer.tools.text_encoder import LABELS

        wanted = np.array([[states.get(label, 0.0) for label in LABELS]])
        content = vectors[:, : -len(LABELS)]
        length = np.linalg.norm(content, axis=1, keepdims=True)
        unit = np.asarray(content / np.where(length > 0, length, 1.0), dtype=np.float32)
        return _joined(unit, np.repeat(wanted, len(vectors), axis=0))


def _joined(content: NDArray[np.float32], affect: NDArray[Any]) -> NDArray[np.float32]:
    """Return content (n, 384) of length 1 and affect weights (n, 28) as rows of length 1."""
    import numpy as np

    roots = AFFECT_WEIGHT * np.sqrt(affect / affect.sum(axis=1, keepdims=True)) if len(affect) else affect
    return np.asarray(np.concatenate([content, roots], axis=1) / np.hypot(1.0, AFFECT_WEIGHT), dtype=np.float32)
