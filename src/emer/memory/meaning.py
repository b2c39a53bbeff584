"""What words mean together: a point in VAD space and weights over the 28 states; and how far two meanings lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from emer.memory.states import STATES, VAD, state_vad
from emer.memory.words import EmotionWord


@dataclass(frozen=True)
class Meaning:
    """A point in VAD space and weights over `STATES` that sum to 1."""

    vad: VAD
    states: Mapping[str, float]


def word_meaning(word: EmotionWord) -> Meaning:
    """Return the meaning of one word."""
    return Meaning(word.vad, dict(word.states))


def states_meaning(states: Mapping[str, float]) -> Meaning:
    """Return the meaning of state weights, which need not sum to 1 but must not all be 0."""
    total = sum(states.values())
    return blend(
        (Meaning(state_vad(state), {state: 1.0}), weight / total) for state, weight in states.items() if weight
    )


def blend(parts: Iterable[tuple[Meaning, float]]) -> Meaning:
    """Return the weighted mean of meanings; the weights must sum to 1."""
    numbers, states = [0.0, 0.0, 0.0], dict.fromkeys(STATES, 0.0)
    for meaning, weight in parts:
        for axis in range(3):
            numbers[axis] += weight * meaning.vad[axis]
        for state, share in meaning.states.items():
            states[state] += weight * share
    return Meaning(VAD(*numbers), {state: share for state, share in states.items() if share})


_FAMILIES = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": ("joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism", "relief", "pride",
            "admiration", "desire", "caring"),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
    "neutral": ("neutral",),
}  # fmt: skip
"""The states by Ekman's six (Demszky et al. 2020, section 5.1: the mapping that they publish with the data)."""
FAMILY_OF = {state: family for family, states in _FAMILIES.items() for state in states}


def distance(one: Meaning, other: Meaning) -> float:
    """Return how far two meanings lie apart, 0 the same .. 1 nothing in common.

    A quarter each is the share of state weight and of family weight that they do not have in common (total
    variation), half is the Euclidean distance in VAD space in units of 2, the distance of the ends of one axis.
    """
    apart = math.dist(one.vad, other.vad)
    in_states, in_families = _shared(one.states, other.states), _shared(_families(one), _families(other))
    return 0.25 * (1.0 - in_states) + 0.25 * (1.0 - in_families) + 0.5 * min(1.0, apart / 2.0)


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return min(1.0, sum(min(share, other.get(name, 0.0)) for name, share in one.items()))


def _families(meaning: Meaning) -> dict[str, float]:
    found: dict[str, float] = {}
    for state, share in meaning.states.items():
        found[FAMILY_OF[state]] = found.get(FAMILY_OF[state], 0.0) + share
    return found
