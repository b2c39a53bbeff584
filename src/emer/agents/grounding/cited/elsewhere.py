"""What a claim tells that none of its cues tells, and that another cue of the scene does: a wrong citation.

An observation may tell what its cues say and nothing else; an inference may add what everybody knows. What it adds that
stands, of all things, in a cue that it does not cite was taken from there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.agents.grounding.cited.relevance import idle_everywhere, told_words, weight_of
from emer.agents.grounding.quantity.shares import without_odds
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.alike import nearness
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.wording import words
from emer.schemas import Cue

SURE, SURE_AROUND = 1.5, 2.0
"""Weight of the words told by another cue alone from which it is the one that should be cited; more where it tells of
the surroundings, which anybody may mention who adds to his cues (practice scenes)."""
DOUBTFUL, DOUBTFUL_IDLE = 1.0, 0.5
"""Weight from which the encoder is asked, and where a cited cue says nothing of the claim."""
NEARER = 0.17
"""By how much the encoder must find the other cue nearer to the claim than any that it cites (practice scenes)."""
_NAME = re.compile(r"(?<![.!?“\"] )(?<!^)\b[A-Z][a-z]+\b")


class _Other(NamedTuple):
    cue: Cue
    weight: float


def told_elsewhere(claim: Claim) -> str | None:
    """A cue that is not cited and tells what the claim tells and no cited cue does.

    A rival weighs and a conclusion sums up, both in words of their own.
    """
    if claim.step.type in ("rival", "conclusion"):
        return None
    other = _best_other(claim)
    if other is None or other.weight < DOUBTFUL_IDLE:
        return None
    is_doubtful = other.weight >= DOUBTFUL or bool(idle_everywhere(claim))
    is_around = other.cue.modality == "context" and other.cue.person is None and claim.step.type != "observation"
    is_sure = other.weight >= (SURE_AROUND if is_around else SURE)
    is_nearer = is_doubtful and not is_sure and _is_nearer(claim, other)
    return f"says what {other.cue.id} says, which it does not cite" if is_sure or is_nearer else None


def _best_other(claim: Claim) -> _Other | None:
    """The uncited cue that holds most of what no cited cue holds."""
    untold = [word for word in _told(claim) if not is_there(word, claim.said)]
    cited = {cue.id for cue in claim.cited}
    others = [
        _Other(cue, weight_of(untold, claim.record.said(cue).lower()))
        for cue in claim.record.cues.values()
        if cue.id not in cited
    ]
    return max(others, key=lambda other: other.weight, default=None)


def _told(claim: Claim) -> list[str]:
    """The words that a claim tells something by, each once, names of people and places with them."""
    names = [name.lower() for name in _NAME.findall(claim.bare)]
    held = set(words(without_odds(claim.bare)))
    return [word for word in dict.fromkeys([*told_words(claim), *names]) if word in held]


def _is_nearer(claim: Claim, other: _Other) -> bool:
    """Whether the encoder finds a cue clearly nearer to a claim than those that are cited, one by one and together.

    What may add to its cues and holds words that stand in the other cue almost surely must not be nearer to its own.
    """
    own = [claim.record.said(one) for one in claim.cited]
    margin = 0.0 if other.weight >= SURE else NEARER
    least = nearness(claim.bare, claim.record.said(other.cue)) - margin
    return all(nearness(claim.bare, text) <= least for text in dict.fromkeys([*own, " ".join(own)]))
