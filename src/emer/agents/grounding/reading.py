"""What the claim reader makes of a claim beside the texts that it cites."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim, Record
from emer.agents.grounding.words.wording import ID
from emer.schemas import Cue
from emer.tools import claim_reader

SEEMS = {
    "person": "seems told of another person",
    "time": "seems to tell another time or order",
    "polarity": "seems to turn round what they show",
    "modality": "seems told of another sense",
    "negation": "seems to deny what they say, or to affirm what they deny",
    "cue": "seems not to be what they tell",
    "object": "seems to put in a thing, place or event",
    "number": "seems to tell another number",
    "quote": "seems to quote otherwise",
    "emotion": "seems to take a feeling as seen",
}
"""What the reader holds against a claim, beside the cues that it cites."""

_CITATION = re.compile(rf"\s*{ID.pattern}")
_SAYS_NOTHING = ("", "given")
SPAN = re.compile(r", \d+\.\d–\d+\.\d s$")
"""The time at the end of a measure's text, which its cue tells too."""


def unread(claim: Claim, check: str | None = None) -> str | None:
    """Why the claim reader does not take a claim for borne out, or None.

    Args:
        claim: what is read.
        check: the name of the check that objects to it, if any does; it weighs as often as it was right elsewhere.
    """
    found = claim_reader.read(premises(claim), hypothesis(claim), check)
    if found.borne >= claim_reader.threshold():
        return None
    return f"{SEEMS[found.wrong]} (borne out: {found.borne:.2f})"


def premises(claim: Claim) -> tuple[str, ...]:
    """Who is there, each cited cue, and what the persons of cited voices say meanwhile that no cited cue quotes."""
    people = "; ".join(f"{name} {text}" for name, text in claim.record.people.items() if text not in _SAYS_NOTHING)
    against = {*claim.step.counter} - {*claim.step.evidence}
    cues = [f"{'against: ' if cue.id in against else ''}{_told(cue, claim.record)}" for cue in claim.cited]
    quoted = " ".join(cue.text for cue in claim.cited)
    said = [text for text in claim.spoken if text not in quoted]
    return tuple(dict.fromkeys([*([people] if people else []), *cues, *(f"meanwhile said: “{text}”" for text in said)]))


def hypothesis(claim: Claim) -> str:
    """What kind of step the claim is, and its words without citations."""
    return f"{claim.step.type}: {_CITATION.sub('', claim.step.claim).strip()}"


def _told(cue: Cue, record: Record) -> str:
    """Sense, person, time and text."""
    span = record.spans.get(cue.id)
    when = f" {span.start:.1f}-{span.end:.1f}" if span else ""
    whose = f" {cue.person}" if cue.person else ""
    return f"{cue.modality}{whose}{when}: {SPAN.sub('', cue.text)}"
