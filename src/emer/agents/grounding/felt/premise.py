"""Feelings as evidence: a claim may end in a feeling, it must not start from one that no cited cue names."""

from __future__ import annotations

import re

from emer.agents.grounding.felt.feelings import feelings, frames_of_mind, is_named
from emer.agents.grounding.felt.stance import is_adjective, stance
from emer.agents.grounding.record import Claim
from emer.memory.ontology import Mention

_REPORTED = re.compile(
    r"\b(?:says?|tells?|asks?|admits?|announces?|claims?|insists?|denies|explains?|reports?|writes?|calls?"
    r"|speaks?|talks?|mentions?"
    r"|confess\w*|assur\w+|promis\w+|wonders?|recalls?|recounts?|describes?|wish\w*|reads?|word|words|“)\b[^,;.]*"
    r"\b(?:that|whether|if|how|why|of|about|being|to|p\d|him|her|them|it|as|having)\b[^,;.]*$"
    r"|\b(?:describes?|mentions?|recalls?|recounts?|admits?|confess\w*|denies|names?"
    r"|announces?)\b(?!.*\b(?:with|in|out of) )[^,;.]*$",
    re.IGNORECASE,
)
"""What stands before a feeling that somebody speaks of, which is not told as hers."""
_OPEN = re.compile(
    r"\b(?:raters?|rated|readers?|class\w*|tool|label\w*|as (?:if|though)|like|would|not|no|never"
    r"|nothing(?! but)|without|neither|nor"
    r"|hardly(?! (?:hides?|contains?|conceals?|suppress\w*|keeps?|holds?|masks?))|question|whether|if|nobody"
    r"|instead|rather|than|calls?|resembl\w+)\b",
    re.IGNORECASE,
)
"""What leaves a feeling open even in an observation, which is to guess none."""
_OF_A_THING = re.compile(r"\b(?:for|about|on|to|into|from) (?:the|an?|his|her|their|this|that) $", re.IGNORECASE)
_HIDDEN = re.compile(r"\b(?:hides?|contains?|conceals?|suppress\w*|keeps?|holds?|masks?|but)\b[^,;.]*$", re.IGNORECASE)
"""What is said of a feeling that is there in spite of a "hardly" or "nothing": "can hardly hide his delight"."""


def put_as_evidence(claim: Claim) -> str | None:
    """An objection to a feeling that the claim takes for granted, or tells as seen or heard; else None."""
    text = " ".join(claim.bare.split())
    proper = feelings(text)
    for word in frames_of_mind(text):
        put = stance(text, word, is_feeling=word in proper)
        if put in ("premise", "seen") and not is_named(word, claim, by_raters=put == "seen"):
            how = "takes “{}” for granted" if put == "premise" else "tells “{}” as if it were seen or heard"
            return how.format(word.surface)
        is_observed = claim.step.type == "observation" and word in proper and _is_observed(text, word)
        if is_observed and not is_named(word, claim, by_raters=True):
            return f"tells “{word.surface}” as if it were seen or heard"
    return None


def _is_observed(text: str, word: Mention) -> bool:
    """Whether an observation says a feeling of somebody."""
    before = re.split(r"[.;:,]\s", text[: word.start])[-1]
    if _OF_A_THING.search(before) and is_adjective(word) and re.match(r" [a-z]+(?:[,.;]|$)", text[word.end :]):
        return False
    is_denied = word.negated and not _HIDDEN.search(before)
    return not is_denied and not _OPEN.search(before) and not _REPORTED.search(before)
