"""Words that may stand for one another in what is seen, heard and said: a paraphrase of a cue is still the cue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from emer.agents.grounding.direction.poles import is_said_otherwise
from emer.agents.grounding.words.lists import lines_of, together
from emer.agents.grounding.words.wording import stem, stems


@cache
def _kin() -> Mapping[str, frozenset[str]]:
    """The stems that may stand for a stem, by the lines of the list; kin of kin are not kin."""
    return together(
        frozenset(stem(form) for word in line.split() for form in (word, f"{word}er", f"{word}r"))
        for line in lines_of("kin")
    )


def kin(word: str) -> frozenset[str]:
    """The stem of a word and those that may stand for it."""
    own = stem(word)
    return _kin().get(own, frozenset()) | {own}


def is_there(word: str, text: str) -> bool:
    """Whether a text in small letters has a word, one of its kin, or another of the same pole."""
    return bool(kin(word) & stems(text)) or is_said_otherwise(word, text)
