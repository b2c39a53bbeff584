"""What a conclusion rests on: exact leave-one-out, in nats of the log probability of the states concluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Vector
from emer.agents.fusion.votes import Ballot, posterior

_REDUNDANT = 0.1
"""Nats: a cue that agrees but says what others say already may cost that much and still be cited."""


@dataclass(frozen=True)
class Weighed:
    """One cue or case: what it says itself, `own` (28,), what each state loses without it, `delta` (28,); nats."""

    id: str
    modality: str
    own: Vector
    delta: Vector

    def for_state(self, state: int) -> float:
        """How much a state's log probability rests on it; above 0 it speaks for the state."""
        return float(self.delta[state])

    def speaks_for(self, state: int) -> bool:
        """Whether it agrees with the state and the state does not lose by its being there.

        Leave-one-out alone would call a light smile beside a broad one counter-evidence, because it dilutes the mean.
        """
        return bool(self.own[state] > tables.MIN_DELTA and self.delta[state] > -_REDUNDANT)

    def speaks_against(self, state: int) -> bool:
        """Whether it contradicts the state and the state would gain by its going."""
        return bool(self.own[state] < -tables.MIN_DELTA and self.delta[state] < -tables.MIN_DELTA)


def weigh(cast: Sequence[Ballot], prior: Vector) -> list[Weighed]:
    """Every cue and case of the ballots with its exact leave-one-out difference."""
    votes = {ballot.modality: ballot.vote() for ballot in cast}
    full = posterior(prior, votes.values())
    found = []
    for ballot in cast:
        for one, own, left in zip(ballot.ids, ballot.logs, ballot.votes_without_each(), strict=True):
            delta = full - posterior(prior, (votes | {ballot.modality: left}).values())
            found.append(Weighed(one, ballot.modality, np.asarray(own), delta))
    return found


def supporting(weighed: Sequence[Weighed], state: int) -> list[Weighed]:
    """What speaks for a state, strongest first."""
    found = [one for one in weighed if one.speaks_for(state)]
    return sorted(found, key=lambda one: (-round(one.for_state(state), 9), -round(float(one.own[state]), 9), one.id))


def opposing(weighed: Sequence[Weighed], state: int) -> list[Weighed]:
    """What speaks against a state, strongest first."""
    found = [one for one in weighed if one.speaks_against(state)]
    return sorted(found, key=lambda one: (round(one.for_state(state), 9), one.id))


def deciding(weighed: Sequence[Weighed], winner: int, rival: int) -> list[Weighed]:
    """What tells the winner from its rival, strongest first: the difference of their leave-one-out differences."""
    found = [one for one in weighed if one.delta[winner] - one.delta[rival] > tables.MIN_DELTA]
    return sorted(found, key=lambda one: (-round(float(one.delta[winner] - one.delta[rival]), 9), one.id))
