"""Which `Name:` at the start of a turn is a speaker, decided consistently over a whole transcript."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from emer.tools.word_lists import words

LABEL = re.compile(
    r"""^\s*(?:\[(?P<boxed>[^\[\]\n:]{1,30})\]|(?P<name>[^\W_][^\n:：<>{}\[\]()|/\\"“”?!;,]{0,39}?))
        \s*(?:[(\[](?P<note>[^()\[\]\n]{1,40})[)\]])?\s*(?:\*{0,2})[:：](?!//|\d)\*{0,2}\s*(?P<rest>\S.*)$""",
    re.VERBOSE | re.DOTALL,
)
_NOT_NAMES, _OFF_SCREEN, _TITLES = words("not_names"), words("off_screen"), words("titles")


class Label(NamedTuple):
    """A possible speaker label: the name as written, its key (case folded) and the words after it."""

    name: str
    key: str
    rest: str


def split_label(text: str) -> Label | None:
    """The possible speaker label at the start of a turn; a stage direction in it goes in front of the words."""
    match = LABEL.match(text)
    if match is None:
        return None
    name = " ".join((match["boxed"] or match["name"]).split()).strip(" *_#-")
    if not name or not _looks_like_a_name(name):
        return None
    note = match["note"]
    is_direction = note is not None and note.strip().lower() not in _OFF_SCREEN
    rest = match["rest"].strip()
    return Label(name, name.casefold(), f"({note.strip()}) {rest}" if note and is_direction else rest)


def known_speakers(texts: Sequence[str], *, is_timed: bool) -> dict[str, str]:
    """The names that are speakers in these turns, by their keys, as each was first written.

    A name in capitals counts at once. Another counts when it comes back, when half of the turns have such a label, or
    when nearly nothing else is there to compare with; so "Note: …" in the midst of prose makes nobody speak.
    """
    labels = [label for text in texts if (label := split_label(text)) is not None]
    seen = Counter(label.key for label in labels)
    is_dialogue = not is_timed and len(labels) >= 0.5 * len(texts)
    first: dict[str, str] = {}
    for label in labels:
        if is_dialogue or seen[label.key] > 1 or _is_upper(label.name):
            first.setdefault(label.key, label.name)
    return first


def _is_upper(name: str) -> bool:
    letters = [char for char in name if char.isalpha()]
    return len(letters) >= 2 and name.upper() == name and name.lower() != name


def _looks_like_a_name(name: str) -> bool:
    """Up to four words, each with a capital or a number, none of them a heading that prose puts before a colon."""
    parts = name.split()
    if len(parts) > 4 or name[0].isdigit():
        return False
    plain = [word.strip(".,'’#").lower() for word in parts]
    if any(word in _NOT_NAMES for word in plain) and not any(word in _TITLES for word in plain):
        return False
    if all(char.lower() == char.upper() for char in name if char.isalpha()):  # a script without capitals
        return len(name) <= 8 and any(char.isalpha() for char in name)
    return all(
        word[0].isupper() or word.lstrip("#")[:1].isdigit() or word in ("de", "van", "von", "of", "the")
        for word in parts
    )
