"""Who: the persons that a claim names or means must be those of its cues."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim
from emer.schemas import Cue

_PERSON = re.compile(r"\bp\d+\b")
_OBJECT = re.compile(
    r"(?:\b(?:with|to|at|towards?|of|by|for|than|from|past|about|behind|beside|near|reminds?|asks?|tells?|answers?"
    r"|on|onto|off|around|against|over|unlike|like|once|until|(?:\w+n't|will|would|can|could|may|might|must|should|did"
    r"|does|do) [a-z]+"
    r"|thanks?|encourages?|between|and|pleases?|leaves?|[a-z]{3,}s|(?:not|to) [a-z]+|that"
    r"|how|why|whether|because|since|as|what|where)\s+)$"
)
"""What stands before a person who is not the one that the claim is about."""
_TARGET = re.compile(r"\b(?:with|to|at|towards?|about|than|behind|beside|near|unlike|off|around|against|to [a-z]+)\s+$")
"""The same for the first person of a claim, who may own what it is about ("the pitch of p1")."""
_PRONOUN = re.compile(r"\b(?:s?he|they)\b", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"\s+(?:is|was|gets|has been) (?:\w+ly )?"
    r"(?:told|asked|offered|reminded|invited|given|thanked|praised|urged|sent|shown|addressed|interrupted|called|handed)\b"
)
"""What stands behind a person to whom something is said or done, whose cue it need not be."""
_NEXT_S = 0.5
"""How near a silence must be to what somebody says for it to be a pause of hers."""


def wrong_person(claim: Claim) -> str | None:
    """A person of whom the cited cues do not speak.

    Whom a claim begins with, or names as its field, must be a person of the cues; others whom it names, for
    instance as a target, must be in the clip.
    """
    owners = {cue.person for cue in claim.cited if cue.person}
    there = owners | {
        name for cue in claim.cited if cue.person is None for name in _PERSON.findall(claim.record.said(cue))
    }
    there |= {person for cue in claim.cited if cue.person is None for person in _beside(cue, claim)}
    if claim.about and any(cue.person is None for cue in claim.cited):
        there.add(claim.about)
    if claim.step.person is not None and claim.step.person not in there:
        return _strange_person(claim.step.person, there)
    everybody = there | set(claim.record.people) | {cue.person for cue in claim.record.cues.values() if cue.person}
    named = list(_PERSON.finditer(claim.by_id))
    for place, found in enumerate(named):
        before = claim.by_id[: found.start()]
        is_subject = not (_OBJECT if place or _PRONOUN.search(before) else _TARGET).search(before)
        is_subject = is_subject and not _ADDRESSED.match(claim.by_id[found.end() :])
        if found.group() not in (there if is_subject else everybody):
            return _strange_person(found.group(), there)
    return None


def _beside(cue: Cue, claim: Claim) -> set[str]:
    """Who speaks right before or after a cue of nobody: whose silence a pause is."""
    span = claim.record.spans.get(cue.id)
    if span is None or cue.modality != "voice":
        return set()
    spoken = [
        (other.person, claim.record.spans[other.id])
        for other in claim.record.cues.values()
        if other.person and other.modality in ("voice", "transcript") and other.id in claim.record.spans
    ]
    return {
        person
        for person, said in spoken
        if person and min(abs(said.end - span.start), abs(said.start - span.end)) <= _NEXT_S
    }


def _strange_person(person: str, there: set[str]) -> str:
    return f"speaks of {person}, but the cues cited are of {', '.join(sorted(there)) or 'nobody'}"
