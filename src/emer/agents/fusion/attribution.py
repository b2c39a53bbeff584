"""Whose emotion it is and how it is there: expressed, reported in the person's own words, or told of somebody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from emer.agents.fusion.likelihood import quoted
from emer.memory.ontology import mentions
from emer.schemas import Cue

Perspective = Literal["expressed", "reported", "evoked", "depicted"]

_FIRST = re.compile(r"\b(i|i'm|im|i've|i'd|me|my|we|we're|us|our)\b", re.IGNORECASE)
_THIRD = re.compile(r"\b(he|she|they|him|her|them|his|their|who|somebody|someone)\b", re.IGNORECASE)


class Attribution(NamedTuple):
    """Who holds the emotion, in which perspective, and the words for both."""

    holder: str
    perspective: Perspective
    who: str
    verb: str


def attribute(person: str | None, evidence: Sequence[Cue], *, seen: Sequence[Cue]) -> Attribution:
    """The attribution of an emotion that rests on `evidence`, among all that was `seen` of the person.

    A face or a voice expresses. Words alone report when the person names her own emotion ("I am so disappointed"), and
    depict when an author without a voice or face here names somebody else's ("she was furious").
    """
    who = person or subject(seen)
    found = _perspective(person, evidence)
    if found == "reported":
        return Attribution(person or "author", found, who, "speaks of being")
    if found == "depicted":
        return Attribution("author", found, "the text", "tells of somebody who appears")
    return Attribution(person or "author", "expressed", who, "appears")


def subject(seen: Sequence[Cue]) -> str:
    """Whoever has no id: the writer of a text, the speaker of a clip, or the person of a picture or description."""
    there = {cue.modality for cue in seen}
    if not there & {"transcript", "voice"}:
        return "the person"
    return "the speaker" if there - {"transcript", "context"} else "the writer"


def _perspective(person: str | None, evidence: Sequence[Cue]) -> Perspective:
    if not evidence or any(cue.modality != "transcript" for cue in evidence):
        return "expressed"
    text = quoted(evidence[0].text).replace("’", "'")
    named = [one for one in mentions(text) if not one.negated]
    if not named:
        return "expressed"
    before = text[: named[0].start]
    if _FIRST.search(before) and not _THIRD.search(before):
        return "reported"
    return "depicted" if person is None and _THIRD.search(before) and not _FIRST.search(text) else "expressed"
