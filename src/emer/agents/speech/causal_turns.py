"""How likely one turn of a conversation is the cause of the emotion in another: a logistic rule of ten constants.

The constants were set on the training conversations of ECF (Wang et al. 2023; SemEval-2024 Task 3), by the command in
`training/cause/README.md`, and on nothing else. Three in five emotions are told to answer to the very turn in which
they show, two in five to somebody else's turn just before; a long turn tells more than a short one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

BACK = 4
"""How many turns back a cause is sought."""
ONWARD = 1
"""How many turns onward: people say after the outcry what it was about."""
LIKELY = 0.34
"""From this probability a turn is told as a cause: the best weighted F1 in five-fold validation on ECF train."""

_WORD = re.compile(r"[a-z']+")


class Turn(NamedTuple):
    """One turn: who speaks, the words, and the class of its emotion ("joy", "anger" …), None for none."""

    person: str | None
    text: str
    emotion: str | None


class Weights(NamedTuple):
    """Log odds: of any turn, and what each trait adds; lengths are log(1 + words), own_before 1 or 2 turns back."""

    any: float = -4.39
    itself: float = 2.49
    other_before: float = 2.75
    own_before: float = 1.05
    length: float = 1.01
    joy_itself: float = 0.94
    same_emotion: float = 1.06
    length_of_answer: float = -0.49
    next: float = -1.82


WEIGHTS = Weights()


def traits(turns: Sequence[Turn], at: int, cause: int) -> tuple[float, ...]:
    """The nine traits of a pair in the order of `Weights`, the first being 1."""
    here, there, back = turns[at], turns[cause], at - cause
    is_own = here.person == there.person
    return (
        1.0,
        float(back == 0),
        float(back == 1 and not is_own),
        float(back in (1, 2) and is_own),
        _length(there.text),
        float(back == 0 and here.emotion == "joy"),
        float(back != 0 and here.emotion is not None and here.emotion == there.emotion),
        _length(here.text) if back > 0 else 0.0,
        float(back == -1),
    )


def probability(turns: Sequence[Turn], at: int, cause: int) -> float:
    """The probability, 0..1, that turn `cause` is told as a cause of the emotion of turn `at`."""
    odds = sum(weight * trait for weight, trait in zip(WEIGHTS, traits(turns, at, cause), strict=True))
    return 1 / (1 + math.exp(-odds))


def candidates(n_turns: int, at: int) -> range:
    """The turns among which the causes of turn `at` are sought."""
    return range(max(0, at - BACK), min(n_turns, at + ONWARD + 1))


def causes_of(turns: Sequence[Turn], at: int) -> list[int]:
    """The turns that are likely causes of the emotion of turn `at`, in their order; the likeliest one at least."""
    scored = [(probability(turns, at, other), other) for other in candidates(len(turns), at)]
    likely = [other for p, other in scored if p >= LIKELY]
    return likely or [max(scored)[1]]


def _length(text: str) -> float:
    return math.log1p(len(_WORD.findall(text.lower())))
