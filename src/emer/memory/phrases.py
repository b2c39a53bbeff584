"""Emotion words and idioms in running text: where they stand, whether they are denied, how strongly they are put.

One pass over the tokens, the longest form first. Idioms (`data/idioms.tsv`) are forms too; some of them say that a
phrase is no mention at all ("hate speech", "happy birthday", "I'm afraid we").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from emer.memory.guards import word_list
from emer.memory.modifiers import EXTREME, Token, degree_before, modified, tokens_of
from emer.memory.words import EmotionWord, read_table, surfaces, words


class Mention(NamedTuple):
    """One emotion word in a text.

    Attributes:
        start: its first character in the text.
        end: the character after its last.
        surface: the text between them.
        word: the emotion word that it is a form of.
        negated: an odd number of negations reach it.
        degree: .33 slight, .66 clear (also when nothing is said), 1 extreme; of a denied word, how much is denied.
    """

    start: int
    end: int
    surface: str
    word: EmotionWord
    negated: bool
    degree: float


class _Form(NamedTuple):
    tokens: tuple[frozenset[str], ...]
    word: EmotionWord | None  # None: the phrase is no mention
    degree: float | None


def mentions(text: str) -> list[Mention]:
    """Return the emotion words of a text in the order in which they stand, none overlapping.

    >>> [(m.word.label, m.negated, m.degree) for m in mentions("I'm not happy, just a little hurt.")]
    [('happy', True, 0.66), ('hurt', False, 0.33)]
    """
    tokens = tokens_of(text)
    found = []
    i = 0
    while i < len(tokens):
        form = _form_at(tokens, i)
        if form is not None and form.word is not None:
            start, end = tokens[i].start, tokens[i + len(form.tokens) - 1].end
            negated, degree = modified(tokens, i, own=_own_degree(form, tokens[i].text))
            found.append(Mention(start, end, text[start:end], form.word, negated, degree))
        i += len(form.tokens) if form is not None else 1
    return found


def _own_degree(form: _Form, token: str) -> float | None:
    is_superlative = (
        len(form.tokens) == 1 and token.endswith("est") and form.word is not None and token != form.word.label
    )
    return EXTREME if is_superlative else form.degree


def _form_at(tokens: Sequence[Token], i: int) -> _Form | None:
    for form in _forms().get(tokens[i].text, ()):
        n = len(form.tokens)
        fits = i + n <= len(tokens) and all(tokens[i + k].text in form.tokens[k] for k in range(1, n))
        if fits and (n > 1 or tokens[i].text not in word_list("in_state_only") or _in_state_frame(tokens, i)):
            return form
    return None


def _in_state_frame(tokens: Sequence[Token], i: int) -> bool:
    after = tokens[i + 1].text if i + 1 < len(tokens) else "."
    if after not in word_list("after_state") and after not in word_list("clause_ends"):
        return False
    k = i - 1 - degree_before(tokens, i)[0]
    while k >= 0 and tokens[k].text in word_list("negators"):
        k -= 1
    follows_a_state = k > 0 and tokens[k].text in ("and", "or", "but") and tokens[k - 1].text in _forms()
    return k < 0 or follows_a_state or tokens[k].text in word_list("state_verbs")


@cache
def _forms() -> Mapping[str, tuple[_Form, ...]]:
    """Return every form by its first token, the longest first."""
    by_first: dict[str, list[_Form]] = {}
    for form in _all_forms():
        for first in sorted(form.tokens[0]):
            by_first.setdefault(first, []).append(form)
    return {first: tuple(sorted(forms, key=lambda form: -len(form.tokens))) for first, forms in by_first.items()}


def _all_forms() -> Iterator[_Form]:
    for row in read_table("idioms.tsv"):
        word = None if row["word"] == "-" else words()[row["word"]]
        yield _Form(_pattern(row["phrase"]), word, float(row["degree"]) if word else None)
    for surface, (word, _) in surfaces().items():
        if surface not in word_list("not_in_text"):
            yield _Form(tuple(frozenset((token.text,)) for token in tokens_of(surface)), word, None)


def _pattern(phrase: str) -> tuple[frozenset[str], ...]:
    """Return the alternatives of each token: "made POSS day", "lose/lost POSS temper"."""
    return tuple(
        word_list("possessives") if part == "POSS" else frozenset(part.lower().split("/")) for part in phrase.split()
    )
