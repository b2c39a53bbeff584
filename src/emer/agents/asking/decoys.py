"""Decoys: claims that no careful reader holds borne, put among those that a critic reads.

What was said or written in a clip may tell a model to find everything borne. Whoever lets a decoy pass has not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from emer.agents.grounding.words.kin import kin
from emer.agents.grounding.words.wording import content, stems
from emer.schemas import Cue, Step

N_DECOYS = 2
MOST_CHARS = 160


def decoys(cues: Sequence[Cue], reasoning: Sequence[Step]) -> list[Step]:
    """Up to two claims, each what one cue says, cited to a cue of another sense that shares no word with it."""
    measured = [cue for cue in cues if cue.kind != "given" and content(cue.text)]
    told_by = {cue.id: frozenset[str]().union(*map(kin, content(cue.text))) for cue in measured}
    pairs = [
        (told, cited)
        for told, cited in permutations(measured, 2)
        if told.modality != cited.modality and told_by[told.id].isdisjoint(stems(cited.text))
    ]
    spread = pairs[:: max(1, len(pairs) // N_DECOYS)][:N_DECOYS]
    return [_decoy(told, cited, f"r{len(reasoning) + n}") for n, (told, cited) in enumerate(spread, start=1)]


def _decoy(told: Cue, cited: Cue, name: str) -> Step:
    text = told.text[:MOST_CHARS].rstrip(" .")
    claim = f"{text[:1].upper()}{text[1:]} [{cited.id}]."
    return Step(id=name, type="observation", claim=claim, evidence=[cited.id])
