"""Closed label sets, and the way from open labels into them and back, with the meaning that is lost on the way.

A set is a list of classes, each with the word that stands for it and the words or wheel places that it takes in. What
no class takes in is `none`, so that a projection sums to 1 and never pretends.
"""

from __future__ import annotations

from collections.abc import Mapping

from emer.errors import InputError
from emer.memory.closed_set_tables import ClosedSet, closed_sets
from emer.memory.meaning import distance, word_meaning
from emer.memory.resolution import resolve
from emer.memory.words import EmotionWord, words

NONE = "none"
CLOSED_SETS: Mapping[str, ClosedSet] = closed_sets()
"""The built-in sets by name."""


def project(weights: Mapping[str, float], closed_set: str) -> dict[str, float]:
    """Return the share of each class and of `none`; the shares sum to 1. No weight at all is all `none`.

    Args:
        weights: open labels with weights >= 0 that need not sum to 1.
        closed_set: one of `CLOSED_SETS`.

    Raises:
        InputError: the set is unknown, or a weight is negative or not a number.

    >>> project({"relieved": 0.5, "amused": 0.5}, "ekman")["joy"]
    1.0
    """
    target = closed_set_of(closed_set)
    shares = dict.fromkeys((*target.classes, NONE), 0.0)
    total = _total(weights)
    for label, weight in weights.items():
        for name, share in _label_shares(label, target).items():
            shares[name] += share * weight / total if total else 0.0
    if not total:
        shares[NONE] = 1.0
    return shares


def back(closed_set: str, class_name: str) -> EmotionWord:
    """Return the word that a class goes back to.

    Raises:
        InputError: the set or the class is unknown.
    """
    target = closed_set_of(closed_set)
    if class_name not in target.anchors:
        raise InputError(f"{class_name!r} is no class of {closed_set!r}; its classes are {', '.join(target.classes)}")
    return words()[target.anchors[class_name]]


def loss(label: str, closed_set: str) -> float:
    """Return how much of a label's meaning is lost on the way into a set and back, 0 nothing .. 1 all of it.

    It is the expected distance (`meaning.distance`) between the label and the words that its classes go back to;
    `none` and an unknown label lose everything.
    """
    resolution = resolve(label)
    if not resolution.words:
        return 1.0
    shares = project({label: 1.0}, closed_set)
    lost = shares.pop(NONE)
    for name, share in shares.items():
        if share:
            lost += share * distance(resolution.meaning, word_meaning(back(closed_set, name)))
    return lost


def closed_set_of(name: str) -> ClosedSet:
    """Return a built-in set by name.

    Raises:
        InputError: there is none of that name; the message lists those that there are.
    """
    if name not in CLOSED_SETS:
        raise InputError(f"unknown label set {name!r}; built in are {', '.join(CLOSED_SETS)}")
    return CLOSED_SETS[name]


def _total(weights: Mapping[str, float]) -> float:
    for label, weight in weights.items():
        if not 0.0 <= weight < float("inf"):
            raise InputError(f"the weight of {label!r} is {weight!r}, expected a number from 0")
    return sum(weights.values())


def _label_shares(label: str, target: ClosedSet) -> dict[str, float]:
    shares: dict[str, float] = {}
    for word, weight in resolve(label).words:
        taken = target.shares(word)
        for name, share in taken.items():
            shares[name] = shares.get(name, 0.0) + weight * share
    rest = 1.0 - sum(shares.values())
    return {**shares, NONE: shares.get(NONE, 0.0) + max(0.0, rest)}
