"""Several judges of one clip: which verdict is elected, and how many agree with each of its labels.

Two labels agree if they mean nearly the same (`memory.meaning.distance`), not only if they are spelt alike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from emer.agents.state import Verdict
from emer.memory.meaning import distance
from emer.memory.meaning_rows import meaning_of
from emer.schemas import Emotion

SAME = 0.25
"""Distance of two meanings up to which two judges are said to agree: as near as a supporting case must be."""


class Vote(NamedTuple):
    """One label that one judge gave to one person."""

    person: str | None
    label: str


Ballot = Sequence[Vote]


def ballot(verdict: Verdict) -> list[Vote]:
    """What one judge voted for."""
    return [Vote(one.person, one.label) for one in verdict.emotions]


def elected(verdicts: Sequence[Verdict]) -> int:
    """The place of the verdict that the others agree with most; the first of equals."""
    ballots = [ballot(one) for one in verdicts]
    scores = [_agreement_with(verdict, ballots) for verdict in verdicts]
    return scores.index(max(scores))


def with_agreement(verdict: Verdict, ballots: Sequence[Ballot]) -> Verdict:
    """The verdict, each label's confidence being the share of judges who gave it, or its like, to that person."""
    basis = f"agreement:{len(ballots)}"
    emotions = [
        one.model_copy(update={"confidence": share(Vote(one.person, one.label), ballots), "confidence_basis": basis})
        for one in verdict.emotions
    ]
    return dataclasses.replace(verdict, emotions=emotions)


def share(vote: Vote, ballots: Sequence[Ballot]) -> float:
    """The share of ballots with a vote of the same person and nearly the same meaning, 0..1."""
    agreeing = [b for b in ballots if any(vote.person == v.person and alike(vote.label, v.label) for v in b)]
    return len(agreeing) / len(ballots)


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> bool:
    """Whether two labels mean nearly the same; unknown words only if they are written alike."""
    if one.casefold() == other.casefold():
        return True
    meanings = meaning_of([one]), meaning_of([other])
    return meanings[0] is not None and meanings[1] is not None and distance(meanings[0], meanings[1]) <= SAME


def _agreement_with(verdict: Verdict, ballots: Sequence[Ballot]) -> float:
    """The mean agreement over the people of all ballots; a person without a label agrees with those who gave none."""
    people = list(dict.fromkeys(vote.person for one in ballots for vote in one))
    if not people:
        return 1.0
    return sum(_on_person(person, verdict.emotions, ballots) for person in people) / len(people)


def _on_person(person: str | None, emotions: Sequence[Emotion], ballots: Sequence[Ballot]) -> float:
    own = [Vote(one.person, one.label) for one in emotions if one.person == person]
    if not own:
        return sum(all(vote.person != person for vote in one) for one in ballots) / len(ballots)
    return sum(share(vote, ballots) for vote in own) / len(own)
