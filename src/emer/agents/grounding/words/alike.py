"""How near a claim is to a cue in meaning, by the text encoder: asked only where words alone find nothing in common."""

from __future__ import annotations

import re

from emer.tools.text_encoder import encode

_WHO = re.compile(r"\bp\d+(?:'s)?\b")


def nearness(claim: str, cue: str) -> float:
    """The cosine of two texts, -1..1, whoever they are about: a shared "p1" would make any two of them alike."""
    one, other = encode([_WHO.sub("", text).strip() for text in (claim, cue)]).embedding
    return float(one @ other)
