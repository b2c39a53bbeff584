"""From open labels to the labels of a user's codebook, by what both mean.

A codebook label is read by its name, else by the emotion words of its definition and examples, else by the text
encoder; how, and how sure that is, is part of the reading. `none` stands as a class at a fixed distance, so that what
no label of the codebook comes near to is not forced into one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from emer.errors import SetupError
from emer.memory.closed_sets import CLOSED_SETS, NONE, project
from emer.memory.meaning import Meaning, blend, distance, states_meaning, word_meaning
from emer.memory.phrases import mentions
from emer.memory.resolution import resolve
from emer.memory.states import STATES
from emer.schemas import Projection

if TYPE_CHECKING:
    from emer.memory.codebook import Codebook, CodebookLabel

_NONE_DISTANCE = 0.45  # two words of one family lie nearer, words of two families farther (ours)
_SHARPNESS = 0.07  # how fast a label's share falls with distance
_NO_EMOTION = frozenset({"none", "other", "unknown", "n/a", "na", "no emotion", "not listed", "cannot say", "unclear"})


@dataclass(frozen=True)
class LabelReading:
    """How a codebook label is understood: `how` is "name", "definition", "encoder", "residual" or "none".

    `confidence` is 0..1 and scales what the label can take; the rest goes to `none`.
    """

    label: str
    how: str
    confidence: float
    meaning: Meaning | None


def project_codebook(weights: Mapping[str, float], book: Codebook) -> list[Projection]:
    """Return the share of each label of a codebook, in its order, and of `none` last; they sum to 1.

    Args:
        weights: open labels with confidences >= 0, which need not sum to 1.
        book: the codebook; a built-in set is projected by its own table.
    """
    if book.name in CLOSED_SETS and tuple(each.label for each in book.labels) == CLOSED_SETS[book.name].classes:
        return _rounded(project(weights, book.name))
    understood = readings(book)
    shares = {reading.label: 0.0 for reading in understood}
    shares.setdefault(NONE, 0.0)
    total = sum(weights.values())
    for label, weight in weights.items():
        for name, share in _shares(label, understood).items():
            shares[name] += share * weight / total if total else 0.0
    if not total:
        shares[NONE] = 1.0
    return _rounded({**{name: p for name, p in shares.items() if name != NONE}, NONE: shares[NONE]})


@lru_cache(maxsize=32)
def readings(book: Codebook) -> tuple[LabelReading, ...]:
    """Return how each label of a codebook is understood, so that a user can see what was made of it."""
    return tuple(_reading(each) for each in book.labels)


def _reading(entry: CodebookLabel) -> LabelReading:
    if entry.label.casefold() in _NO_EMOTION:
        return LabelReading(entry.label, "residual", 1.0, None)
    named = resolve(entry.label)
    if named.words and named.how != "embedding":
        return LabelReading(entry.label, "name", named.confidence, named.meaning)
    told = ". ".join((entry.definition, *entry.examples)).strip(". ")
    asserted = [mention.word for mention in mentions(told) if not mention.negated]
    if asserted:
        meaning = blend((word_meaning(word), 1.0 / len(asserted)) for word in asserted)
        return LabelReading(entry.label, "definition", 0.7, meaning)
    return _encoded(entry.label, f"{entry.label}. {told}" if told else entry.label)


def _encoded(label: str, text: str) -> LabelReading:
    from emer.tools.text_encoder import encode

    try:
        chances = encode([text]).probabilities[0]
    except SetupError:
        return LabelReading(label, "none", 0.0, None)
    states = {state: float(p) for state, p in zip(STATES, chances, strict=True) if state != "neutral" and p >= 0.1}
    if not states:
        return LabelReading(label, "none", 0.0, None)
    return LabelReading(label, "encoder", 0.6 * max(states.values()), states_meaning(states))


def _shares(label: str, understood: tuple[LabelReading, ...]) -> dict[str, float]:
    """Return one open label's shares: all to the label of the same name, else by distance."""
    residual = next((reading.label for reading in understood if reading.how == "residual"), NONE)
    for reading in understood:
        if reading.label.casefold() == label.casefold():
            return {reading.label: 1.0}
    resolution = resolve(label)
    if not resolution.words:
        return {residual: 1.0}
    pulls = {NONE: math.exp(-_NONE_DISTANCE / _SHARPNESS)}
    for reading in understood:
        if reading.meaning is not None:
            apart = distance(resolution.meaning, reading.meaning)
            pulls[reading.label] = reading.confidence * math.exp(-apart / _SHARPNESS)
    total = sum(pulls.values())
    shares = {name: pull / total for name, pull in pulls.items()}
    left = shares.pop(NONE)
    return {**shares, residual: left}


def _rounded(shares: Mapping[str, float]) -> list[Projection]:
    """Return projections of four decimals whose sum stays 1: what rounding leaves over goes to the largest."""
    units = {name: round(share * 10_000) for name, share in shares.items()}
    largest = max(units, key=lambda name: units[name])
    units[largest] += 10_000 - sum(units.values())
    return [Projection(label=name, p=count / 10_000) for name, count in units.items()]
