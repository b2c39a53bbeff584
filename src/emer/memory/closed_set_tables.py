"""The built-in closed sets: which share of a word each class takes, and which word each class goes back to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from emer.memory.words import EmotionWord, read_table, words

Shares = Callable[[EmotionWord], Mapping[str, float]]


@dataclass(frozen=True)
class ClosedSet:
    """A closed set.

    Attributes:
        name: as it is given to `--labels`.
        source: where its classes come from.
        anchors: each class with the label of the word that it goes back to, in the order of the source.
        shares: the share of a word that each class takes; what is left of 1 is `none`.
    """

    name: str
    source: str
    anchors: Mapping[str, str]
    shares: Shares

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of the source, without `none`."""
        return tuple(self.anchors)


@cache
def closed_sets() -> Mapping[str, ClosedSet]:
    """Return the built-in sets by name."""
    return MappingProxyType({each.name: each for each in (*_flat_sets(), *_tiers(), _emonet())})


_SIX = {
    "anger": "angry", "disgust": "disgusted", "fear": "afraid", "joy": "joyful", "sadness": "sad",
    "surprise": "surprised",
}  # fmt: skip
_PLUTCHIK = {
    "joy": "joyful", "trust": "trusting", "fear": "afraid", "surprise": "surprised",
    "sadness": "sad", "disgust": "disgusted", "anger": "angry", "anticipation": "anticipating",
}  # fmt: skip
_STATES = {
    "admiration": "admiring", "amusement": "amused", "anger": "angry", "annoyance": "annoyed",
    "approval": "approving", "caring": "caring", "confusion": "confused", "curiosity": "curious", "desire": "desirous",
    "disappointment": "disappointed", "disapproval": "disapproving", "disgust": "disgusted",
    "embarrassment": "embarrassed", "excitement": "excited", "fear": "afraid", "gratitude": "grateful",
    "grief": "grieving", "joy": "joyful", "love": "loving", "nervousness": "nervous", "optimism": "optimistic",
    "pride": "proud", "realization": "realizing", "relief": "relieved", "remorse": "remorseful", "sadness": "sad",
    "surprise": "surprised", "neutral": "neutral",
}  # fmt: skip
_PRIMARY = {
    "love": "loving", "joy": "joyful", "surprise": "surprised", "anger": "angry", "sadness": "sad", "fear": "afraid",
}  # fmt: skip
_SECONDARY = {
    "affection": "affectionate", "lust": "lustful", "longing": "longing", "cheerfulness": "cheerful",
    "zest": "enthusiastic", "contentment": "content", "pride": "proud", "optimism": "optimistic",
    "enthrallment": "enthralled", "relief": "relieved", "surprise": "surprised", "irritation": "irritated",
    "exasperation": "exasperated", "rage": "enraged", "disgust": "disgusted", "envy": "envious",
    "torment": "tormented", "suffering": "suffering", "sadness": "sad", "disappointment": "disappointed",
    "shame": "ashamed", "neglect": "neglected", "sympathy": "sympathetic", "horror": "horrified",
    "nervousness": "nervous",
}  # fmt: skip


def _flat_sets() -> Iterator[ClosedSet]:
    yield ClosedSet("ekman", "Ekman 1992, Cognition and Emotion 6, 169-200: the six", _SIX, _ekman)
    yield ClosedSet("meld7", "Poria et al. 2019, ACL, section 3", {**_SIX, "neutral": "neutral"}, _meld)
    yield ClosedSet("plutchik8", "Plutchik 2001, American Scientist 89, 344-350: the wheel", _PLUTCHIK, _sectors)
    yield ClosedSet("goemotions28", "Demszky et al. 2020, ACL, table 1", _STATES, lambda word: dict(word.states))
    three = {"positive": "pleased", "negative": "unhappy", "neutral": "neutral"}
    yield ClosedSet("sentiment", "the sign of valence, the middle fifth of the axis neutral (ours)", three, _sentiment)


def _ekman(word: EmotionWord) -> Mapping[str, float]:
    return {word.ekman: 1.0} if word.ekman else {}


def _meld(word: EmotionWord) -> Mapping[str, float]:
    return _ekman(word) or {"neutral": dict(word.states).get("neutral", 0.0)}


def _sectors(word: EmotionWord) -> Mapping[str, float]:
    return {sector: 1.0 / len(word.plutchik) for sector in word.plutchik}


def _sentiment(word: EmotionWord) -> Mapping[str, float]:
    valence = word.vad.valence
    return {"positive" if valence > 0.2 else "negative" if valence < -0.2 else "neutral": 1.0}


def _tiers() -> Iterator[ClosedSet]:
    """Yield Parrott's three tiers, which are TONE's (Gupta et al. 2024, arXiv 2401.06810)."""
    source = "Parrott 2001 after Shaver et al. 1987, fig. 1; as in TONE (Gupta et al. 2024, arXiv 2401.06810), tier"
    anchors = {"tone1": _PRIMARY, "tone2": _SECONDARY, "tone3": _tertiary()}
    for depth, name in enumerate(anchors):
        yield ClosedSet(name, f"{source} {depth + 1}", anchors[name], _at_depth(depth))
    yield ClosedSet("parrott", f"{source} 1", _PRIMARY, _at_depth(0))


def _at_depth(depth: int) -> Shares:
    return lambda word: {word.parrott[depth]: 1.0} if len(word.parrott) > depth else {}


def _tertiary() -> Mapping[str, str]:
    """Return each tertiary emotion with the word whose noun it is; the tiers name emotions by their nouns."""
    anchors: dict[str, str] = {}
    for word in words().values():
        if len(word.parrott) == 3:
            is_noun = word.parrott[2] in (*word.inflections, word.label)
            if is_noun or word.parrott[2] not in anchors:
                anchors[word.parrott[2]] = word.label
    return dict(sorted(anchors.items()))


def _emonet() -> ClosedSet:
    rows = list(read_table("emonet40.tsv"))
    home = {label: row["class"] for row in rows for label in row["words"].split(",")}
    return ClosedSet(
        "emonet40",
        "EmoNet-Face, Schuhmann et al. 2025, arXiv 2505.20033: the 40 categories; which word goes where is ours",
        {row["class"]: row["anchor"] for row in rows},
        lambda word: {home[word.label]: 1.0} if word.label in home else {},
    )
