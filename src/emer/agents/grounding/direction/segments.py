"""The parts of a claim that cite for themselves, and which of their cues a quotation or a person in them means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.wording import ID, QUOTE, folded
from emer.schemas import Cue

_PART = re.compile(r"(.*?)((?:\s*\[[a-z][a-z0-9_]*-\d+\])+|$)", re.DOTALL)


class Segment(NamedTuple):
    """A part of a claim up to the ids behind it: its words without quotations, these, and the cues that it cites."""

    bare: str
    quotes: tuple[str, ...]
    cues: tuple[Cue, ...]


def segments(claim: Claim) -> list[Segment]:
    """The parts of a claim in their order; one without ids of its own cites all that the claim cites."""
    found = []
    for text, ids in _PART.findall(claim.step.claim):
        if not text.strip(" .,;"):
            continue
        cues = tuple(claim.record.cues[name] for name in ID.findall(ids) if name in claim.record.cues)
        quotes = tuple("".join(groups) for groups in QUOTE.findall(text))
        found.append(Segment(QUOTE.sub("“”", text), quotes, cues or tuple(claim.cited)))
    return found


def meant(claim: Claim, quotes: Sequence[str], cues: Sequence[Cue]) -> list[Cue]:
    """Those of the cues that lie on what is quoted; all of them where none does."""
    said = [
        utterance
        for utterance in claim.record.utterances.values()
        if utterance.start_s is not None
        and utterance.end_s is not None
        and any(folded(quote) in folded(utterance.text) for quote in quotes if folded(quote))
    ]
    spans = claim.record.spans
    there = [
        cue
        for cue in cues
        if cue.id in spans
        and any(
            one.person == cue.person and spans[cue.id].start < one.end_s and one.start_s < spans[cue.id].end
            for one in said
            if one.start_s is not None and one.end_s is not None
        )
    ]
    return there or list(cues)
