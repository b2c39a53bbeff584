"""Who does it: whom a claim names behind "by", or means by "he" and "she", must be a person of its cues."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim
from emer.agents.grounding.who.mentions import mentions_of
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import words

_DONE = re.compile(
    r"\b(?:is|are|was|were|gets?|being|been)\s(?:[^,;:.]*?\s)?[a-z]+(?:ed|en|wn|id|ut|un|ng|ld|nt|ft|pt|de|ok|ght)\b"
    r"[^,;:.]{0,40}?\bby\s+$",
    re.IGNORECASE,
)
"""What stands before one by whom something is done."""
_AT = re.compile(
    r"\b(?:eyes?|gaze|looks?|looking|glanc\w+|star(?:es?|ing)|turns?|turning|smiles?|smiling|nods?|points?|pointing"
    r"|waves?)\b[^,;:.]{0,30}?\b(?:on|at|to|towards?)\s+$",
    re.IGNORECASE,
)
_TOWARDS = re.compile(r"\b(?:on|at|to|towards?) (p\d+)\b", re.IGNORECASE)
_MALE = listed("male")
_FEMALE = listed("female")
_HE, _SHE = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}


def wrong_agent(claim: Claim) -> str | None:
    """Somebody by whom something is done, at whom somebody looks, or who is "he" or "she", and whom no cue shows so."""
    there = {cue.person for cue in claim.cited}
    for one in mentions_of(claim):
        before = claim.bare[: one.start]
        if one.owns:
            continue
        if _DONE.search(before) and None not in there and one.person not in there:
            return (
                f"tells that {one.person} does it, but the cues cited are of {', '.join(sorted(filter(None, there)))}"
            )
        others = _TOWARDS.findall(claim.said)
        if (
            _AT.search(before)
            and others
            and not re.search(rf"\b{one.person}\b", claim.said)
            and one.person not in there
        ):
            return f"tells that it is to {one.person}, where the cited cues have {others[0]}"
    return _of_other_sex(claim)


def _of_other_sex(claim: Claim) -> str | None:
    """Where a claim that mentions nobody begins with "he" or "she": the sex of those whom its cues are of."""
    told = set(words(claim.bare)[:1])
    own, other = (_MALE, _FEMALE) if told & _HE else (_FEMALE, _MALE)
    cited = {cue.person for cue in claim.cited}
    if mentions_of(claim) or not told & (_HE | _SHE) or None in cited:
        return None
    sexes = [set(words(claim.record.people.get(who or "", ""))) for who in cited]
    if sexes and all(sex & other and not sex & own for sex in sexes):
        whose = ", ".join(sorted(filter(None, cited)))
        return f"speaks of {'him' if own is _MALE else 'her'}, but the cues cited are of {whose}"
    return None
