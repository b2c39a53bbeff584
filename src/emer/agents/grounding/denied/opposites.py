"""States that either are or are not: a smile, wet eyes, a still head, a word of thanks; and the words for both."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from emer.agents.grounding.words.forms import pattern, sections


class Facet(NamedTuple):
    """How a claim and a cue say that something is so (`shown`) and that it is not (`absent`)."""

    name: str
    modality: frozenset[str]
    """The senses of the cues that it is read from."""
    shares: bool
    """Whether the clause and the cue must name a thing in common."""
    shown: re.Pattern[str]
    absent: re.Pattern[str]
    cue_shown: re.Pattern[str]
    cue_absent: re.Pattern[str]


@cache
def facets() -> tuple[Facet, ...]:
    """All facets, in the order in which they are asked."""
    return tuple(_facet(head, lines) for head, lines in sections("opposites").items())


def _facet(head: str, lines: tuple[str, ...]) -> Facet:
    name, _, of = head.partition(":")
    signs: dict[str, list[str]] = {"+": [], "-": [], "c+": [], "c-": []}
    for line in lines:
        sign, form = line.split(" ", 1)
        signs[sign].append(form)
    of_claim = (signs["+"], signs["-"])
    of_cue = (signs["c+"], signs["c-"]) if signs["c+"] or signs["c-"] else of_claim
    senses = frozenset(of.split())
    return Facet(name, senses - {"shares"}, "shares" in senses, *_patterns(*of_claim), *_patterns(*of_cue))


def _patterns(shown: list[str], absent: list[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What says that something is so and that it is not; a denial in a gap of the latter would turn it round."""
    return pattern(shown), pattern(absent, between="and|not|never|no|hardly")
