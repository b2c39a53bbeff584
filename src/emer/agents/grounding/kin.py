"""Words that may stand for one another in what is seen, heard and said: a paraphrase of a cue is still the cue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from emer.agents.grounding.poles import is_said_otherwise
from emer.agents.grounding.wording import stem, stems


@cache
def _kin() -> Mapping[str, frozenset[str]]:
    """The stems that may stand for a stem, by the lines of the list; kin of kin are not kin."""
    text = (files("emer.agents.grounding") / "data" / "kin.txt").read_text(encoding="utf-8")
    found: dict[str, frozenset[str]] = {}
    for line in text.splitlines():
        group = frozenset(stem(form) for word in line.split() for form in (word, f"{word}er", f"{word}r"))
        for one in group:
            found[one] = found.get(one, frozenset()) | group
    return found


def kin(word: str) -> frozenset[str]:
    """The stem of a word and those that may stand for it."""
    own = stem(word)
    return _kin().get(own, frozenset()) | {own}


def is_there(word: str, text: str) -> bool:
    """Whether a text in small letters has a word, one of its kin, or another of the same pole."""
    return bool(kin(word) & stems(text)) or is_said_otherwise(word, text)
