"""What a reader's class probabilities say, in words: a resemblance with its number and its raters, never an emotion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from emer.agents.seen.numbers import short
from emer.tools.face_reading import ReaderCard

CLEAR, CLEAR_LEAD = 0.4, 0.1
"""Least mean probability of a class, and least lead over the next, to be told as what raters would say."""
WORDS: Mapping[str, str] = {
    "angry": "angry", "contempt": "contemptuous", "disgust": "disgusted", "fear": "afraid", "happy": "happy",
    "sad": "sad", "surprise": "surprised", "neutral": "neutral",
}  # fmt: skip


def looks_like(mean: NDArray[np.float32], kind: int, card: ReaderCard) -> str:
    """What the raters whom the reader copies would call a face with these mean probabilities (classes,)."""
    names = [WORDS[name] for name in card.classes]
    if mean[kind] >= CLEAR and mean[kind] - np.delete(mean, kind).max() >= CLEAR_LEAD:
        return f"raters would call this face {names[kind]} ({short(mean[kind])}, {card.origin})"
    first, second = np.argsort(-mean, kind="stable")[:2]
    either = f"{names[first]} ({short(mean[first])}) or {names[second]} ({short(mean[second])})"
    return f"raters would not agree on this face: {either}, {card.origin}"


def class_values(mean: NDArray[np.float32], classes: Sequence[str]) -> dict[str, float | str | None]:
    """The probabilities as a cue's values, `fer.<class>`."""
    return {f"fer.{name}": float(p) for name, p in zip(classes, mean, strict=True)}
