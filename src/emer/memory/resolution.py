"""From any open label to words that we know: exact, inflected, compound, graded, denied, idiom or merely alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from emer.memory.embedder import Embedder
from emer.memory.guards import word_list
from emer.memory.meaning import Meaning, blend, word_meaning
from emer.memory.modifiers import CLEAR, SLIGHT
from emer.memory.phrases import Mention, mentions
from emer.memory.states import VAD
from emer.memory.words import EmotionWord, surfaces, words

How = Literal["exact", "inflection", "synonym", "idiom", "compound", "embedding", "none"]

_CONFIDENCE: Mapping[str, float] = {"exact": 1.0, "inflection": 0.97, "synonym": 0.9, "idiom": 0.85}
_TINT = 0.3  # "bitterly amused": the adverb's share
_DENIAL_CONFIDENCE = 0.5  # "not happy" says what is absent; what is there instead is a guess
_LEAST_SIMILAR = 0.55  # character similarity from which an unknown word is read as a known one
_LEAST_COSINE = 0.5

# What denying a word of a sector most often leaves, by Parrott's primary emotion or Plutchik's first sector (ours).
_DENIED: Mapping[str, tuple[tuple[str, float], ...]] = {
    "joy": (("unhappy", 0.5), ("neutral", 0.5)),
    "love": (("indifferent", 0.6), ("disapproving", 0.4)),
    "trust": (("disapproving", 0.5), ("neutral", 0.5)),
    "anticipation": (("indifferent", 0.7), ("neutral", 0.3)),
    "surprise": (("neutral", 0.8), ("indifferent", 0.2)),
    "sadness": (("calm", 0.5), ("neutral", 0.3), ("content", 0.2)),
    "anger": (("calm", 0.6), ("neutral", 0.4)),
    "fear": (("calm", 0.6), ("confident", 0.4)),
    "disgust": (("neutral", 0.7), ("approving", 0.3)),
    "none": (("neutral", 1.0),),
}


@dataclass(frozen=True)
class Resolution:
    """How an open label is read.

    Attributes:
        label: the label as it was given.
        words: known words with weights that sum to 1; empty when nothing is known (`how` is "none").
        degree: .33 slight, .66 clear, 1 extreme.
        polarity: 1, or -1 when the label denies its word; `words` then holds what the denial most often leaves.
        vad: where the label lies; 0, 0, 0 when nothing is known.
        confidence: the probability that a reader would call this the label's meaning (ours, not calibrated).
        how: by which rule it was found.
    """

    label: str
    words: tuple[tuple[EmotionWord, float], ...]
    degree: float
    polarity: int
    vad: VAD
    confidence: float
    how: How

    @property
    def states(self) -> dict[str, float]:
        """Weights over the 28 states that sum to 1; empty when nothing is known."""
        return dict(self.meaning.states) if self.words else {}

    @property
    def meaning(self) -> Meaning:
        """The blended meaning of the words."""
        return blend((word_meaning(word), weight) for word, weight in self.words)


def resolve(label: str, embedder: Embedder | None = None) -> Resolution:
    """Return how an open label is read; never raises, an unreadable label has no words and confidence 0.

    With an embedder, an unknown word is read as its nearest known words; without one, as the word that is written
    most alike, with little confidence.

    >>> [(word.label, weight) for word, weight in resolve("bitterly amused").words]
    [('amused', 0.7), ('bitter', 0.3)]
    """
    text = " ".join(label.lower().replace("_", " ").replace("’", "'").split()).strip(" .!?\"'")
    if text in surfaces():
        word, how = surfaces()[text]
        return _resolution(label, [(word, 1.0)], confidence=_CONFIDENCE[how], how=_how(how))
    found = mentions(_framed(text))
    if found:
        return _compound(label, text, found)
    return _similar(label, text, embedder)


def _how(how: str) -> How:
    return "exact" if how == "exact" else "inflection" if how == "inflection" else "synonym"


def _framed(text: str) -> str:
    """Return the label so that each part can be read as a state: separators become "and", "/" too."""
    return re.sub(r"\s*[/,;+&|]\s*|\s*-\s+", " and ", text)


def _compound(label: str, text: str, found: list[Mention]) -> Resolution:
    merged: dict[str, float] = {}
    for mention, weight in _weighted(found):
        for name, share in _denied(mention.word) if mention.negated else ((mention.word.label, 1.0),):
            merged[name] = merged.get(name, 0.0) + weight * share
    polarity = -1 if found[-1].negated else 1
    parts = [(words()[name], weight) for name, weight in sorted(merged.items(), key=lambda item: (-item[1], item[0]))]
    whole = len(found) == 1 and found[0].surface == text and not found[0].negated
    confidence = _CONFIDENCE["idiom"] if whole else 0.9 * _known_share(text, found)
    confidence *= _DENIAL_CONFIDENCE if polarity < 0 else 1.0
    degree = max(mention.degree for mention in found)
    return _resolution(
        label, parts, confidence=confidence, how="idiom" if whole else "compound", degree=degree, polarity=polarity
    )


def _weighted(found: list[Mention]) -> list[tuple[Mention, float]]:
    """Return each mention's share: an adverb or a slight one tints, the others share equally."""
    tints = [m.surface.endswith("ly") or m.degree <= SLIGHT for m in found]
    if all(tints) or not any(tints):
        return [(mention, 1.0 / len(found)) for mention in found]
    heads = tints.count(False)
    return [
        (mention, _TINT / tints.count(True) if tint else (1.0 - _TINT) / heads)
        for mention, tint in zip(found, tints, strict=True)
    ]


def _denied(word: EmotionWord) -> tuple[tuple[str, float], ...]:
    key = word.parrott[0] if word.parrott else word.plutchik[0] if word.plutchik else "none"
    return _DENIED[key]


def _known_share(text: str, found: list[Mention]) -> float:
    tokens = [t for t in re.findall(r"[a-z']+", text) if t not in word_list("label_filler")]
    known = {t for mention in found for t in re.findall(r"[a-z']+", mention.surface.lower())}
    return sum(t in known for t in tokens) / len(tokens) if tokens else 1.0


def _similar(label: str, text: str, embedder: Embedder | None) -> Resolution:
    if not re.search(r"[a-z]{3}", text):
        return _resolution(label, [], confidence=0.0, how="none")
    if embedder is not None:
        return _embedded(label, text, embedder)
    score, name = max((_likeness(text, surface), surface) for surface in surfaces())
    if score < _LEAST_SIMILAR:
        return _resolution(label, [], confidence=0.0, how="none")
    return _resolution(label, [(surfaces()[name][0], 1.0)], confidence=0.5 * score, how="embedding")


def _likeness(one: str, other: str) -> float:
    """Return the Dice coefficient of the two strings' letter pairs with word edges, 0..1."""
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b))


@cache
def _pairs(text: str) -> frozenset[str]:
    edged = f"^{text}$"
    return frozenset(edged[k : k + 2] for k in range(len(edged) - 1))


def _embedded(label: str, text: str, embedder: Embedder) -> Resolution:
    names = tuple(words())
    cosines = _word_vectors(embedder, names) @ embedder.embed([text])[0]
    best = sorted(((float(c), name) for c, name in zip(cosines, names, strict=True)), reverse=True)[:3]
    near = [(cosine, name) for cosine, name in best if cosine >= _LEAST_COSINE and cosine >= best[0][0] - 0.1]
    if not near:
        return _resolution(label, [], confidence=0.0, how="none")
    total = sum(cosine for cosine, _ in near)
    parts = [(words()[name], cosine / total) for cosine, name in near]
    return _resolution(label, parts, confidence=0.7 * best[0][0], how="embedding")


_VECTORS: dict[tuple[str, str], object] = {}


def _word_vectors(embedder: Embedder, names: tuple[str, ...]):  # type: ignore[no-untyped-def]
    key = (embedder.name, embedder.version)
    if key not in _VECTORS:
        _VECTORS[key] = embedder.embed([f"{name}: {words()[name].gloss}" for name in names])
    return _VECTORS[key]


def _resolution(
    label: str,
    parts: list[tuple[EmotionWord, float]],
    *,
    confidence: float,
    how: How,
    degree: float = CLEAR,
    polarity: int = 1,
) -> Resolution:
    vad = blend((word_meaning(word), weight) for word, weight in parts).vad
    return Resolution(label, tuple(parts), degree, polarity, vad, confidence, how)
