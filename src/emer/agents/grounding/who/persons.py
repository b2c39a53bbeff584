"""Who: the persons that a claim names or means must be those of its cues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emer.agents.grounding.record import Claim
from emer.agents.grounding.who.mentions import mentions_of, names_of
from emer.agents.grounding.who.subjects import ADDRESSED, BEHIND, OBJECT
from emer.agents.grounding.words.wording import PERSON_ID
from emer.schemas import Cue

_TARGET = re.compile(
    r"\b(?:with|to|at|towards?|about|than|behind|beside|near|unlike|off|around|against|to [a-z]+"
    r"|(?:in front|ahead|instead|because|in place|at the sight|in view) of)\s+$"
)
"""What stands before one who is not the first person of a claim, who may own what it is about ("the pitch of p1")."""
_AIMED = re.compile(r"\b(?:at|to|towards?|past|from)\s+(?:the\s+)?$")
"""What stands before one whom somebody else looks or turns to."""
_GOAL = re.compile(
    r"\b(?:aimed|directed|meant|addressed|turned|turns?|goes|points?|pointed|said|spoken|thrown|given|offered)"
    r" (?:at|to|for|towards?|only at|only to) $"
)
"""What stands before one whom something that goes unowned is aimed at: "the stressed word is aimed at p2"."""
_BEARS = re.compile(
    r"\s+(?:[a-z-]+ ){0,2}?(?:words?|voice|pitch|tone|speech|face|eyes?|mouth|lips?|brows?|hands?|gaze|head)\b"
)
"""What follows a person whom her own cues must bear; not "anger at p1's question"."""
_DONE_TO = re.compile(r"\b[a-z]{3,}s\s+$")
"""A verb right before whom something is done to."""
_PRONOUN = re.compile(r"\b(?:s?he|they)\b", re.IGNORECASE)
_FEELS = re.compile(r"\b(p\d+)\s+(?:appears?|seems?|feels?|looks?|sounds?|comes? across|reads?)\b")
"""Of whom a conclusion says what she feels."""
_NEXT_S = 0.5
"""How near a silence must be to what somebody says for it to be a pause of hers."""


def wrong_person(claim: Claim) -> str | None:
    """A person of whom the cited cues do not speak.

    Whom a claim begins with, or names as its field, must be a person of the cues; others whom it names, for
    instance as a target, must be in the clip.
    """
    there = _there(claim, claim.cited)
    if claim.step.person is not None and claim.step.person not in there:
        return _strange_person(claim.step.person, there)
    everybody = there | set(claim.record.people) | {cue.person for cue in claim.record.cues.values() if cue.person}
    named = list(PERSON_ID.finditer(claim.by_id))
    for place, found in enumerate(named):
        before = claim.by_id[: found.start()]
        form = OBJECT if place or _PRONOUN.search(before) else _TARGET
        is_subject = not form.search(before) and not BEHIND.search(before)
        is_subject = is_subject and not ADDRESSED.match(claim.by_id[found.end() :])
        if found.group() not in (there if is_subject else everybody):
            return _strange_person(found.group(), there)
    return None


def nobody_there(claim: Claim) -> str | None:
    """A claim that mentions persons, in whatever way, of whom none is a person of its cues.

    Whom somebody else who goes unnamed does something to is not held to the cues: "she no longer faces p2".
    """
    mentions = mentions_of(claim)
    there = _there(claim, claim.cited) | _told_of(claim)
    if mentions and not {one.person for one in mentions} & there:
        for one in mentions:
            before = claim.bare[: one.start]
            told_after = _PRONOUN.search(claim.bare if _AIMED.search(before) else before)
            is_other = bool(told_after and OBJECT.search(before)) or bool(_DONE_TO.search(before))
            is_other = is_other or bool(_GOAL.search(before))
            is_other = is_other or bool(one.owns and OBJECT.search(before) and not _BEARS.match(claim.bare[one.end :]))
            if not is_other and not ADDRESSED.match(claim.bare[one.end :]):
                return _strange_person(one.person, there)
    return None


def wrong_bearer(claim: Claim) -> str | None:
    """A conclusion on what somebody feels that supports an emotion of somebody else."""
    if claim.step.type != "conclusion" or claim.about is None:
        return None
    feeling = _FEELS.findall(claim.by_id)
    if not feeling or claim.about in feeling:
        return None
    return f"concludes about {feeling[0]}, but the emotion that it supports is of {claim.about}"


def wrong_side(claim: Claim) -> str | None:
    """A rival that begins with somebody of whom only the cues against it are."""
    mentions = mentions_of(claim)
    if claim.step.type != "rival" or not claim.step.counter or not mentions or mentions[0].owns:
        return None
    there = _there(claim, claim.evidence)
    is_plain = any(cue.person for cue in claim.evidence) and not OBJECT.search(claim.bare[: mentions[0].start])
    return _strange_person(mentions[0].person, there) if is_plain and mentions[0].person not in there else None


def _there(claim: Claim, cues: Sequence[Cue]) -> set[str]:
    """The persons of cues; of a cue of nobody whom its text names, who speaks beside it, and whom the claim is of."""
    there = {cue.person for cue in cues if cue.person}
    for cue in cues:
        if cue.person is None:
            there |= {*PERSON_ID.findall(claim.record.said(cue)), *_beside(cue, claim)}
            there |= {claim.about} if claim.about else set()
    return there


def _told_of(claim: Claim) -> set[str]:
    """Of whom the texts of the cited cues tell, by id or by what they are called."""
    by_name = {who for noun, who in names_of(claim.record).items() if re.search(rf"\b{re.escape(noun)}\b", claim.said)}
    return by_name | set(PERSON_ID.findall(claim.said))


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
