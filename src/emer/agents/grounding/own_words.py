"""The offline judge's own fixed sentences, held to what they say word by word: each names the sense that it weighs."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.wording import ID, QUOTE, sentences

_SENSES = {"situation": "context", "words": "transcript", "face": "face", "movement": "face", "voice": "voice"}
_PART = re.compile(r",\s*(?=although\b)|;\s*")
_SUBJECT = re.compile(
    r"(?:^|\bbecause |\balthough |\bthat )(?:(?:readers of )?such (?P<words>words)"
    r"|(?:the|a) (?P<sense>situation|words|face|voice|movement))\b(?: and the (?P<other>situation|words|face|voice))?"
    r"(?:,[^,]*,| without a marked movement| often read as \w+)? (?:mostly |do not |does not )?"
    r"(?:fits?|points?|disagrees?|raises?|chooses?|is (?:subdued|lively|pleasant|unpleasant))\b",
    re.IGNORECASE,
)
"""What a fixed sentence weighs, at its beginning or behind "because" and "although"."""
_NOT_CHOSEN = re.compile(r"\breaders of such words (?:mostly )?do not choose\b", re.IGNORECASE)
_NO_CONFLICT = re.compile(r"\bdo not disagree\b.*\bwhich could be (?:measurement error|masking|suppression|irony)\b")


def misworded(claim: Claim) -> str | None:
    """A sense that a fixed sentence weighs and does not cite, or what it denies and cites all the same."""
    told = claim.step.claim
    if _NOT_CHOSEN.search(told) and claim.step.type == "inference":
        return "denies that readers choose what the cited words' shares show"
    if _NO_CONFLICT.search(told):
        return "explains a conflict that it denies"
    for sentence in sentences(told):
        for part in _PART.split(sentence):
            why = _uncited(part, claim)
            if why is not None:
                return why
    return None


def _uncited(part: str, claim: Claim) -> str | None:
    ids = ID.findall(part)
    found = _SUBJECT.search(QUOTE.sub(" ", part))
    if found is None or not ids:
        return None
    named = [found["sense"] or found["words"], found["other"]]
    there = {claim.record.cues[name].modality for name in ids if name in claim.record.cues}
    for name in named:
        if name and (sense := _SENSES[name.lower()]) not in there:
            return f"speaks of the {name.lower()}, but cites no {sense} cue there"
    return None
