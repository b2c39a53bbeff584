"""Who does or has what: the parts of a claim that each tell something of one person."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from emer.agents.grounding.record import Claim
from emer.agents.grounding.who.mentions import Mention, mentions_of
from emer.agents.grounding.words.lists import listed

OBJECT = re.compile(
    r"(?:\b(?:with|to|at|towards?|of|by|for|than|from|past|about|behind|beside|near|reminds?|asks?|tells?|answers?"
    r"|on|onto|off|around|against|over|unlike|like|once|until|(?:\w+n't|will|would|can|could|may|might|must|should|did"
    r"|does|do) [a-z]+"
    r"|thanks?|encourages?|between|and|pleases?|leaves?|(?!(?:eyes|lips|brows|hands|arms|shoulders|fists|tears|cheeks|corners|words|seconds|semitones|fingers|knees|lids)\b)"
    r"[a-z]{3,}s|(?:not|to) [a-z]+|that"
    r"|how|why|whether|because|since|as|what|where|(?:it|this|that) (?:is|was)|(?:that|which|who) [a-z]+)\s+)$"
)
"""What stands before a person who is not the one that the claim is about."""
BEHIND = re.compile(
    r"\b(?:in|into|under|before|after|during|through|by|between|upon|within|across|toward|without|despite|on|onto"
    r"|over|[a-z]{3,}(?:ing|ed)|(?:that|which|who) [a-z]+)\s+$",
    re.IGNORECASE,
)
"""The same for a person within a part of a claim."""
ADDRESSED = re.compile(
    r"\s+(?:is|was|gets|has been) (?:\w+ly )?"
    r"(?:told|asked|offered|reminded|invited|given|thanked|praised|urged|sent|shown|addressed|interrupted|called|handed)\b"
)
"""What stands behind a person to whom something is said or done, whose cue it need not be."""
_ANSWERS = re.compile(
    r"\b(?:answer|repl|respond|react|take|pick|leave|let|meet|hear|repeat|echo|counter|refer|comment|correct|ignore|accept"
    r"|refuse|reject|return|contradict|accommodat|know|learn|see|notice|understand|want|wait|get|receive|listen|agree)"
    r"(?:s|es|ies|ed|ing)?\b|\b(?:met|took|left|heard|saw|knew|got|told|hears?|takes|gets)\b",
    re.IGNORECASE,
)
"""What somebody does to the words of another, whose cue then tells what they are about."""
_CUT = re.compile(
    r"[,;:.–—]|\b(?:and|but|although|though|while|when|as|because|since|so|which|who|that|yet|whereas|before|after|until"
    r"|once|whose|where|if|or|nor|with|without|than)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:(?:then|also|even|only|\w+ly)\s+)?(?!this\b|is\b|was\b|its\b)(?:[a-z]+s|[a-z]+ing|[a-z]+ly|his|her|their)\b",
    re.IGNORECASE,
)
"""How a part begins that goes on about the same person."""
_ASIDE = listed("asides")
_ASIDE_HEAD = re.compile(r"\s*(?:now|given|in|by|for|from|with|at|on|that)\b", re.IGNORECASE)
"""What makes a part an aside: what follows behind a comma need not be of the same person."""
_LINKS = {"and", ",", "but", "with", "–", "—"}


class Part(NamedTuple):
    """A stretch of a claim and the person whom it tells of."""

    person: str
    text: str


def parts(claim: Claim) -> list[Part]:
    """The parts of a claim of which it is plain whom they tell of, in order."""
    text, mentions = claim.bare, mentions_of(claim)
    cuts = [(0, 0), *((cut.start(), cut.end()) for cut in _CUT.finditer(text)), (len(text), len(text))]
    found: list[Part] = []
    subject: str | None = None
    is_aside = False
    for (cut, start), (end, _) in pairwise(cuts):
        part, link = text[start:end], text[cut:start].strip().lower()
        inside = [one for one in mentions if start <= one.start < end]
        acting = [one for one in inside if _acts(one, text[start : one.start], text[one.end :])]
        if acting:
            one = next((one for one in acting if not one.owns), acting[0])
            subject, part = one.person, part if one is inside[0] else text[one.start : end]
            is_aside = link in _ASIDE or _ASIDE_HEAD.match(part) is not None
        elif part.strip() and (
            inside or link not in _LINKS or not _GOES_ON.match(part) or (is_aside and link != "and")
        ):
            subject = None
        if subject is not None and part.strip() and not _ANSWERS.search(part):
            found.append(Part(subject, part))
    return found


def _acts(mention: Mention, before: str, behind: str) -> bool:
    if OBJECT.search(f" {before}") or BEHIND.search(f" {before}") or ADDRESSED.match(behind):
        return False
    return not mention.owns or re.match(r"\s(?!\s)[a-z]", behind) is not None
