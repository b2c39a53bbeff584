"""Things: an object, place or role that a claim names must be in its cues."""

from __future__ import annotations

import re

from emer.agents.grounding.kin import is_there
from emer.agents.grounding.lists import listed
from emer.agents.grounding.record import Claim
from emer.agents.grounding.wording import SHORT, words

_BODY = listed("body")
"""Parts of people belong to the senses, which are checked by themselves."""
_PARTICLE = re.compile(
    r"(?:\band [a-z]+|(?<!\bthe )(?<!\ba )(?<!\bhis )(?<!\bher )(?<!\btheir )\b[a-z]+s)"
    r" (?=(?:off|out|away|up|down|back)\b)",
    re.IGNORECASE,
)
"""A verb before a particle: "rings out", "and trail off"; not "throws the keys away"."""
THINGS = (listed("things") | listed("everyday")) - _BODY
"""Words that name things, places, animals and roles, as the encoder sorts its vocabulary (training/grounding), and
those of every day that it does not know as words."""


def strange_thing(claim: Claim) -> str | None:
    """A thing that no cue names; an observation must find it in the cues that it cites.

    What the user told of the situation may be named by anybody: a "commentator" is one who was introduced as such.
    """
    is_observed = claim.step.type == "observation"
    is_said = any(cue.modality == "transcript" for cue in claim.cited)  # what is spoken of may have been named before
    known = [
        cue
        for cue in claim.record.cues.values()
        if not is_observed or cue.kind == "given" or (is_said and cue.modality == "transcript")
    ]
    around = " ".join([claim.said, *(claim.record.said(cue).lower() for cue in known), *claim.record.people.values()])
    for word in _nouns(claim):
        if _is_thing(word) and not is_there(word, around):
            return f"tells of “{word}”, which is in no cited cue"
    return None


def _nouns(claim: Claim) -> list[str]:
    """The words of the claim without those that stand as verbs: behind a person or "to", or before a particle."""
    names = "".join(f"|{name}" for name in (*claim.record.names, *_BODY))
    behind = re.compile(rf"\b(?:p\d|s?he|they|to{names}) [a-z]+\b", re.IGNORECASE)
    return words(_PARTICLE.sub(" ", behind.sub(" ", claim.bare)))


def _is_thing(word: str) -> bool:
    return len(word) >= SHORT and (word in THINGS or word.removesuffix("s") in THINGS)
