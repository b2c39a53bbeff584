"""How a case, or a clip that asks, becomes one vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from emer.memory.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPOKEN = "transcript"
LAYOUT = "said+described"  # part of the index's identity, as the embedder is


def cues_vectors(all_cues: Sequence[Mapping[str, str]], embedder: Embedder) -> NDArray[np.float32]:
    """Return one vector for each set of cues by modality, float32 (n, 2 d), of length 1 (0 where there are no cues).

    The first half is what was said, the second what was described (all other modalities); each half has length 1
    before they are joined, so that the cosine of two vectors is the mean of the two likenesses, a missing one 0. In one
    text together the words drown the description, or the modality names do the matching.
    """
    import numpy as np

    said = [cues.get(SPOKEN, "").strip() for cues in all_cues]
    described = [_described(cues) for cues in all_cues]
    halves = embedder.embed([*said, *described])
    halves[[k for k, text in enumerate((*said, *described)) if not text]] = 0.0
    joined = np.concatenate([halves[: len(said)], halves[len(said) :]], axis=1)
    length = np.linalg.norm(joined, axis=1, keepdims=True)
    return np.asarray(joined / np.where(length > 0, length, 1.0), dtype=np.float32)


def _described(cues: Mapping[str, str]) -> str:
    return ". ".join(
        cues[modality].strip() for modality in sorted(cues) if modality != SPOKEN and cues[modality].strip()
    )
