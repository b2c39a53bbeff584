"""How well a judge of explanations agrees with people about which of two is better (EmoPrefer), and what that is worth.

"Prefer the longer text" alone scores .80 on EmoPrefer, so a judge is always shown apart where the longer one is better
and where the shorter one is; and a judge that changes its mind when the two change places has none.
Source: EmoPrefer (Lian et al. 2025), two-class and three-class WAF and accuracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from emer.errors import InputError
from emer.evals.metrics.checks import same_length
from emer.evals.metrics.labels import accuracy, indicator, weighted_f1

Choice = Literal["first", "second", "same"]
_SWAPPED: dict[Choice, Choice] = {"first": "second", "second": "first", "same": "same"}


class Preference(NamedTuple):
    """Weighted F1 and accuracy, 0..1, over n pairs."""

    weighted_f1: float
    accuracy: float
    n: int


class ByLength(NamedTuple):
    """Accuracy, 0..1, where people prefer the longer text, where the shorter, the mean of both; how many of each."""

    longer_is_better: float
    shorter_is_better: float
    balanced: float
    n_longer: int
    n_shorter: int


def three_class(gold: Sequence[Choice], chosen: Sequence[Choice]) -> Preference:
    """The scores over first, second and same."""
    return _preference(gold, chosen, ("first", "second", "same"))


def two_class(gold: Sequence[Choice], chosen: Sequence[Choice]) -> Preference:
    """The scores over the pairs of which people prefer one; a judge that says "same" there is wrong."""
    same_length(gold, chosen)
    kept = [(g, c) for g, c in zip(gold, chosen, strict=True) if g != "same"]
    return _preference([g for g, _ in kept], [c for _, c in kept], ("first", "second"))


def swap_consistency(chosen: Sequence[Choice], chosen_swapped: Sequence[Choice]) -> float:
    """The share of pairs on which the judge prefers the same text, 0..1, when the two have changed places."""
    return accuracy([_SWAPPED[choice] for choice in chosen], list(chosen_swapped))


def agreed(chosen: Sequence[Choice], chosen_swapped: Sequence[Choice]) -> list[Choice]:
    """The judge's choice where both orders agree, "same" where they do not."""
    same_length(chosen, chosen_swapped)
    return [one if _SWAPPED[one] == other else "same" for one, other in zip(chosen, chosen_swapped, strict=True)]


def by_length(gold: Sequence[Choice], chosen: Sequence[Choice], lengths: Sequence[tuple[int, int]]) -> ByLength:
    """The accuracy apart by whether people prefer the longer text; ties in length or preference are left out.

    Args:
        gold: what people prefer.
        chosen: what the judge prefers.
        lengths: of the first and the second text, in one unit.

    Raises:
        InputError: one of the two kinds has no pair.
    """
    same_length(gold, chosen)
    same_length(gold, lengths)
    right: dict[bool, list[bool]] = {True: [], False: []}
    for g, c, (first, second) in zip(gold, chosen, lengths, strict=True):
        if g != "same" and first != second:
            right[(g == "first") == (first > second)].append(c == g)
    if not right[True] or not right[False]:
        raise InputError(
            f"{len(right[True])} pairs prefer the longer text and {len(right[False])} the shorter: both are needed"
        )
    longer, shorter = (float(np.mean(right[kind])) for kind in (True, False))
    return ByLength(longer, shorter, (longer + shorter) / 2, len(right[True]), len(right[False]))


def _preference(gold: Sequence[Choice], chosen: Sequence[Choice], classes: Sequence[Choice]) -> Preference:
    f1 = weighted_f1(indicator(gold, classes), indicator(chosen, classes))
    return Preference(f1, accuracy(gold, chosen), len(gold))
