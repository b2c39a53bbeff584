"""Things: an object, place or role that a claim names must be in its cues, and most of what an observation says."""

from __future__ import annotations

from emer.agents.grounding.lists import listed
from emer.agents.grounding.poles import synonyms
from emer.agents.grounding.record import Claim
from emer.agents.grounding.wording import QUOTE, content, stem, stems
from emer.memory.ontology import mentions

COVERED = 0.3
"""Share of an observation's content words that the cited cues must contain."""
_KIN = (
    {"landlord", "owner"}, {"gift", "present", "parcel"}, {"movie", "film", "cinema"}, {"line", "queue"},
    {"lips", "mouth"}, {"pal", "friend"}, {"doctor", "physician"}, {"kid", "child", "children"},
    {"picture", "photo", "photograph"}, {"phone", "telephone", "call"},
)  # fmt: skip
_BODY = listed("body")
"""Parts of people belong to the senses, which are checked by themselves."""
SPEECH = listed("speech")
"""Verbs that say that something is said: every cue of words bears them."""
THINGS = listed("things") - _BODY
"""Words that name things, places, animals and roles, as the encoder sorts its vocabulary (training/grounding)."""


def strange_thing(claim: Claim) -> str | None:
    """A thing that no cue names; an observation must find it, and most of what it tells, in the cues that it cites."""
    there = stems(claim.said)
    if claim.step.type != "observation":
        there |= stems(" ".join(claim.record.said(cue) for cue in claim.record.cues.values()))
    feelings = {word for one in mentions(claim.bare) for word in one.surface.lower().split()}
    told = [word for word in content(claim.bare) if word not in feelings and word not in SPEECH]
    strange = [word for word in told if not _is_there(word, there)]
    named = [word for word in strange if word in THINGS or word.removesuffix("s") in THINGS]
    if named:
        return f"tells of “{named[0]}”, which is in no cited cue"
    if claim.step.type != "observation" or QUOTE.search(claim.step.claim):  # whoever quotes has been held to the words
        return None
    if told and 1 - len(strange) / len(told) < COVERED:
        return f"tells of “{strange[0]}”, which is in no cited cue"
    return None


def _is_there(word: str, there: set[str]) -> bool:
    alike = synonyms(word) | {stem(other) for kin in _KIN if word in kin for other in kin}
    return bool(alike & there)
