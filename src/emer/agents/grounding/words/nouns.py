"""Nouns of things, of WordNet: whether a word is one, and whether two of them may mean the same thing."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from emer.agents.grounding.words.lists import lines_of, listed

_IRREGULAR = {
    "children": "child", "mice": "mouse", "geese": "goose", "teeth": "tooth", "feet": "foot", "oxen": "ox",
    "loaves": "loaf", "leaves": "leaf", "lice": "louse", "people": "person", "dice": "die",
}  # fmt: skip
_PLURALS = (("ves", "f"), ("ves", "fe"), ("ies", "y"), ("es", ""), ("s", ""), ("men", "man"))


_SPARED = listed("nouns_spared")
"""Nouns that are said of anything, or in turns of speech as often as of things."""


class Noun(NamedTuple):
    """A noun: how it is marked in the list, its meanings, and what these are kinds of."""

    mark: str
    own: frozenset[str]
    above: frozenset[str]


@cache
def _nouns() -> dict[str, Noun]:
    found = {}
    for line in lines_of("nouns"):
        head, _, above = line.partition(" <")
        word, mark, *own = head.split()
        found[word] = Noun(mark, frozenset(own), frozenset(above.split()))
    return found


@lru_cache(maxsize=8192)
def singular(word: str) -> str | None:
    """The noun of a thing that a word is, or is the plural of; None where it is none."""
    nouns = _nouns()
    if word in nouns:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word] if _IRREGULAR[word] in nouns else None
    singulars = (
        word.removesuffix(end) + put for end, put in _PLURALS if word.endswith(end) and not word.endswith("ss")
    )
    return next((one for one in singulars if one in nouns), None)


@lru_cache(maxsize=8192)
def mark(word: str) -> str:
    """How a word is listed: "=" a thing, "~" mostly something else, "p" a person, "" not at all or not by itself."""
    one = singular(word)
    return "" if one is None or {word, one} & _SPARED else _nouns()[one].mark


@lru_cache(maxsize=8192)
def is_same(one: str, other: str) -> bool:
    """Whether two words may name the same thing: one is another word for the other, or a kind of it."""
    first, second = singular(one), singular(other)
    if first is None or second is None:
        return False
    a, b = _nouns()[first], _nouns()[second]
    if "p" in (a.mark, b.mark):
        return first == second or bool(a.own & b.own)
    return first == second or bool(a.own & b.own or a.own & b.above or a.above & b.own)
