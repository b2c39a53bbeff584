"""What stands before an emotion word and changes it: degree adverbs and negation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from emer.memory.guards import word_list
from emer.memory.words import read_table

SLIGHT, CLEAR, STRONG, EXTREME = 0.33, 0.66, 0.85, 1.0

_REACH = 4  # a negation reaches four words forward, adverbs not counted, and never over the end of a clause (ours)
_NEGATING_PAIRS = frozenset({("anything", "but"), ("far", "from"), ("no", "longer"), ("free", "of"), ("instead", "of")})
_NOT_DENYING = frozenset({"only", "just", "merely", "simply"})  # "not only happy but grateful" asserts both
_HEIGHTENED = frozenset({"so", "more", "this", "that", "such"})
_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+)*|[.!?;:,]", re.IGNORECASE)


class Token(NamedTuple):
    """One word or mark of punctuation: as it is compared, and characters [start, end) of the text."""

    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """Return words and clause marks, lower case, stretched letters cut back ("soooo" -> "so")."""
    plain = text.replace("’", "'").replace("‘", "'")
    return [Token(_squeezed(m.group().lower()), m.start(), m.end()) for m in _TOKEN.finditer(plain)]


def _squeezed(token: str) -> str:
    return re.sub(r"(.)\1{2,}", r"\1", token)


def modified(tokens: Sequence[Token], i: int, *, own: float | None) -> tuple[bool, float]:
    """Return whether the word at `i` is denied, and its degree; `own` is the degree that its form has by itself."""
    adverbs, degree = degree_before(tokens, i)
    denials = _denials_before(tokens, i)
    if denials and _is_heightening(tokens, i):
        return False, EXTREME
    if denials and denials % 2 == 0:
        return False, SLIGHT  # "not without fear" leaves a little
    if denials:
        return True, SLIGHT if adverbs and degree == STRONG else degree  # "not very happy" denies only the high degree
    return False, degree if adverbs or own is None else own


def degree_before(tokens: Sequence[Token], i: int) -> tuple[int, float]:
    """Return how many tokens before `i` are degree adverbs, and the degree that they give; 0 and clear without any."""
    degrees = _degrees()
    taken, degree = 0, CLEAR
    while taken < i:
        n = _adverb_length(tokens, i - taken)
        if not n:
            break
        found = degrees[" ".join(token.text for token in tokens[i - taken - n : i - taken])]
        degree = found if taken == 0 else max(degree, found)
        taken += n
    return taken, degree


def _adverb_length(tokens: Sequence[Token], end: int) -> int:
    for n in range(min(3, end), 0, -1):
        if tokens[end - 1].text in _adverb_tokens() and " ".join(t.text for t in tokens[end - n : end]) in _degrees():
            return n
    return 0


def _denials_before(tokens: Sequence[Token], i: int) -> int:
    denials = reached = 0
    k = i - 1
    while k >= 0 and reached < _REACH:
        token = tokens[k].text
        if k and (tokens[k - 1].text, token) in _NEGATING_PAIRS:
            denials += 1
            k -= 1
        elif token in word_list("clause_ends"):
            break
        elif (token in word_list("negators") or token.endswith("n't")) and tokens[k + 1].text not in _NOT_DENYING:
            denials += 1
        reached += token not in _adverb_tokens()
        k -= 1
    return denials


def _is_heightening(tokens: Sequence[Token], i: int) -> bool:
    """Whether the negation heightens: "never been so scared", "couldn't be happier", "couldn't be more proud"."""
    before = [token.text for token in tokens[max(0, i - 5) : i]]
    if "never" in before:
        return bool(_HEIGHTENED.intersection(before[before.index("never") :]))
    compared = tokens[i].text.endswith("er") or "more" in before[-1:]
    return compared and "be" in before and bool({"couldn't", "couldnt"}.intersection(before))


@cache
def _degrees() -> Mapping[str, float]:
    return {row["phrase"]: float(row["degree"]) for row in read_table("degrees.tsv")}


@cache
def _adverb_tokens() -> frozenset[str]:
    return frozenset(token for phrase in _degrees() for token in phrase.split())
