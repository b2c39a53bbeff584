"""What the labels of somebody else's classifier mean: by the ontology, or as a sentiment; else nothing.

A label is how a model calls what it was shown. It becomes evidence here, weighed by the judge, and never the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from emer.memory.resolution import resolve
from emer.memory.states import STATES, VAD

_SENTIMENT = {"positive": 0.5, "pos": 0.5, "negative": -0.5, "neg": -0.5}
"""Valence of a sentiment, a clear one (ours): it says which side, not which state."""
_STARS = re.compile(r"([1-5])\s*(?:stars?|★)?")
_LEAST = 0.6
"""Confidence of the ontology from which a label counts as known; a likeness in spelling alone stays below."""
_NAMELESS = re.compile(r"label_\d+", re.IGNORECASE)


@dataclass(frozen=True)
class LabelMeaning:
    """One label: weights over the 28 states that sum to 1 (none for a sentiment), valence, arousal if any."""

    states: Mapping[str, float]
    valence: float
    arousal: float | None


@lru_cache(maxsize=2048)
def label_meaning(label: str) -> LabelMeaning | None:
    """What one label means; None where it is not known.

    >>> label_meaning("LABEL_3") is None
    True
    >>> label_meaning("POSITIVE").valence
    0.5
    """
    text = label.strip().lower()
    if text in _SENTIMENT:
        return LabelMeaning({}, _SENTIMENT[text], None)
    if stars := _STARS.fullmatch(text):
        return LabelMeaning({}, (int(stars.group(1)) - 3) / 4, None)
    found = resolve(text)
    if not found.words or found.confidence < _LEAST:
        return None
    vad: VAD = found.vad
    return LabelMeaning(found.states, vad.valence, vad.arousal)


def are_states(labels: Sequence[str]) -> bool:
    """Whether the labels are the 28 states themselves, as of a model trained on GoEmotions."""
    return {label.strip().lower() for label in labels} == set(STATES)


def are_nameless(labels: Sequence[str]) -> bool:
    """Whether the labels are mere numbers (`LABEL_0`), so that nobody can say what the model calls what."""
    return all(_NAMELESS.fullmatch(label.strip()) for label in labels)


def expected_point(shares: Mapping[str, float]) -> tuple[float | None, float | None]:
    """Valence and arousal, -1..1, that labels with these shares come to; None where no label has any.

    An unknown label has no place, so what it holds of the shares is left out.
    """
    known = [(meaning, share) for label, share in shares.items() if (meaning := label_meaning(label)) is not None]
    total = sum(share for _, share in known)
    if total <= 0:
        return None, None
    valence = sum(meaning.valence * share for meaning, share in known) / total
    stirred = [(meaning.arousal, share) for meaning, share in known if meaning.arousal is not None]
    weight = sum(share for _, share in stirred)
    return valence, sum(arousal * share for arousal, share in stirred) / weight if weight > 0 else None
