"""How near a claim is to a cue in meaning, by the text encoder: asked only where words alone find nothing in common."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from emer.tools.text_encoder import encode

_WHO = re.compile(r"\bp\d+(?:'s)?\b")


def nearness(claim: str, cue: str) -> float:
    """The cosine of two texts, -1..1, whoever they are about: a shared "p1" would make any two of them alike."""
    return float(_vector(_WHO.sub("", claim).strip()) @ _vector(_WHO.sub("", cue).strip()))


@lru_cache(maxsize=512)
def _vector(text: str) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = encode([text]).embedding[0]
    return vector
