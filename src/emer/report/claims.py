"""Sentences of a Report apart from the cue ids that they cite, so that a view can show each as it likes."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_CITED = re.compile(r" ?\[([a-z][a-z0-9_]*-\d+)\]")


class Piece(NamedTuple):
    """Some words, or the id of a cue that is cited there."""

    text: str
    cue: str | None = None


class Sentence(NamedTuple):
    """One sentence in pieces, and the cues that it cites, each once."""

    pieces: tuple[Piece, ...]
    cues: tuple[str, ...]


def sentence(text: str, known: Collection[str]) -> Sentence:
    """The sentence in pieces; what looks like a citation of no known cue stays words."""
    pieces: list[Piece] = []
    at = 0
    for found in _CITED.finditer(text):
        if found[1] in known:
            pieces += [Piece(text[at : found.start()])] if found.start() > at else []
            pieces.append(Piece(found[1], found[1]))
            at = found.end()
    pieces += [Piece(text[at:])] if at < len(text) else []
    return Sentence(tuple(pieces), tuple(dict.fromkeys(piece.cue for piece in pieces if piece.cue)))


def sentences(text: str, known: Collection[str]) -> list[Sentence]:
    """The sentences of a text, each in pieces."""
    return [sentence(one, known) for one in _split(text)]


def _split(text: str) -> list[str]:
    """Sentences end at `.`, `!` or `?` outside quotation marks, where the next begins with a capital."""
    parts, begin, is_quoted = [], 0, False
    for index, char in enumerate(text):
        is_quoted = char == "“" or (is_quoted and char != "”")
        ends = char in ".!?" and not is_quoted and re.match(r"\s+[A-Z“]", text[index + 1 :])
        if ends:
            parts.append(text[begin : index + 1].strip())
            begin = index + 1
    return [part for part in [*parts, text[begin:].strip()] if part]
