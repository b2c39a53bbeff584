"""One reading: what the cues of one person in one stretch of time say together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from emer.agents.fusion import evidence as weighing
from emer.agents.fusion import tables
from emer.agents.fusion.classes import class_probabilities, home
from emer.agents.fusion.evidence import Weighed
from emer.agents.fusion.likelihood import Instruments, Vector, channels, quoted
from emer.agents.fusion.votes import CASES, WORDS, Ballot, ballots, posterior
from emer.agents.fusion.words import (
    NEUTRAL,
    Borne,
    Label,
    Leading,
    acceptance,
    best_word,
    choose,
    leading,
    vad_distance,
)
from emer.memory.ontology import STATES, mentions, state_vad
from emer.schemas import Cue, RecalledCase

_RIVAL_DISTANCE = 0.35
"""VAD distance from which a state is another reading rather than another shade of the same one."""


@dataclass(frozen=True)
class Reading:
    """The evidence of one person and moment, and what it comes to.

    `log_p` and `total` are (28,) in nats: log probabilities, and the sum of the votes. `labels` is empty where
    `why_not` says why nothing is concluded. `kinds` are the probabilities of Ekman's six and of neutral where nothing
    was said.
    """

    person: str | None
    cues: tuple[Cue, ...]
    log_p: Vector
    total: Vector
    weighed: tuple[Weighed, ...]
    intensity: float
    labels: tuple[Label, ...]
    why_not: str | None
    channels: frozenset[str]
    kinds: Mapping[str, float] | None

    @cached_property
    def by_id(self) -> Mapping[str, Cue]:
        """The cues by their ids."""
        return {cue.id: cue for cue in self.cues}

    def acceptance(self, state: int) -> float:
        """How likely an annotator accepts a word for a state, 0..1, before calibration.

        Without words a label stands for its kind: how valid faces and voices are is published by kind only.
        """
        return self.kinds[home(state)] if self.kinds else acceptance(self.log_p, state)

    def supporting(self, state: int) -> list[Weighed]:
        """Cues (no cases) that speak for a state, strongest first."""
        return [one for one in weighing.supporting(self.weighed, state) if one.modality != CASES]

    def opposing(self, state: int) -> list[Weighed]:
        """Cues (no cases) that speak against a state, strongest first."""
        return [one for one in weighing.opposing(self.weighed, state) if one.modality != CASES]

    def deciding(self, winner: int, rival: int) -> list[Weighed]:
        """Cues (no cases) that tell a state from its rival, strongest first."""
        return [one for one in weighing.deciding(self.weighed, winner, rival) if one.modality != CASES]

    def cases_for(self, state: int) -> list[str]:
        """Ids of the checked cases that speak for a state, strongest first."""
        return [one.id for one in weighing.supporting(self.weighed, state) if one.modality == CASES]

    def rivals(self) -> list[Label]:
        """The best words of the next states that would be another reading, most probable first, at most two."""
        taken = [label.state for label in self.labels]
        order = sorted(range(len(STATES)), key=lambda state: (-self._plausible(state), state))
        far = [state for state in order if state not in taken and self._is_other(state)]
        if self.log_p[NEUTRAL] < self.labels[0].log_p - math.log(
            2
        ):  # "nothing" is no interesting rival of a clear reading
            far = [state for state in far if state != NEUTRAL]
        return [best_word(self.log_p, [state], used=(), intensity=self.intensity) for state in far[:2]]

    def _plausible(self, state: int) -> float:
        """Log probability; of what the evidence speaks against, the nearer and commoner is the better rival."""
        if self.total[state] > 0:
            return round(float(self.log_p[state]), 9)
        distance = vad_distance(state_vad(STATES[self.labels[0].state]), state_vad(STATES[state]))
        rarity = math.log(tables.GO_COUNTS[STATES[state]] / tables.GO_ROWS)
        return round(float(self.log_p[state]) + 0.5 * rarity - 2 * distance, 9)

    def _is_other(self, state: int) -> bool:
        first = state_vad(STATES[self.labels[0].state])
        return vad_distance(first, state_vad(STATES[state])) >= _RIVAL_DISTANCE


def read(person: str | None, cues: Sequence[Cue], cases: Sequence[RecalledCase], instruments: Instruments) -> Reading:
    """The reading of one person's cues in one stretch of time; their order changes nothing."""
    ordered = tuple(sorted(cues, key=lambda cue: (cue.modality, int(cue.id.rpartition("-")[2]), cue.id)))
    cast = ballots(ordered, cases, instruments)
    votes = [ballot.vote() for ballot in cast]
    log_p = posterior(instruments.prior, votes)
    total = np.asarray(sum(votes, np.zeros(len(STATES))))
    weighed = tuple(weighing.weigh(cast, instruments.prior))
    spoke = [cue for cue in ordered if any(cue.id in ballot.ids for ballot in cast)]
    voting = {ballot.modality for ballot in cast} - {CASES}
    kinds = class_probabilities(log_p, instruments, neutral="neutral") if voting and WORDS not in voting else None
    found = _borne(leading(log_p, total, kinds), weighed)
    intensity = _intensity(spoke, weighed, found.states[:1])
    borne = {state: _borne_by(state, total, weighed) for state in (*found.states, *found.others)}
    labels = _labels(log_p, found, spoke, intensity=intensity, borne=borne)
    return Reading(
        person, ordered, log_p, total, weighed, intensity, labels,
        why_not=_why_not(cast, found.why_none),
        channels=frozenset(ratio.channel for cue in spoke for ratio in channels(cue, instruments)),
        kinds=kinds,
    )  # fmt: skip


def _borne(found: Leading, weighed: Sequence[Weighed]) -> Leading:
    """The leading states for which a cue speaks; a case is never the only support."""
    spoken_for = [
        state
        for state in (*found.states, *found.others)
        if any(one.modality != CASES for one in weighing.supporting(weighed, state))
    ]
    borne = [state for state in found.states if state in spoken_for]
    why = None if borne else found.why_none or "no cue speaks for one reading in particular"
    return Leading(borne, why, tuple(state for state in found.others if state in spoken_for))


def _borne_by(state: int, total: Vector, weighed: Sequence[Weighed]) -> Borne:
    ids = frozenset(one.id for one in weighing.supporting(weighed, state)[:2])
    return Borne(ids, bool(total[state] >= tables.MIN_SECOND_VOTE))


def _labels(
    log_p: Vector, found: Leading, cues: Sequence[Cue], *, intensity: float, borne: Mapping[int, Borne]
) -> tuple[Label, ...]:
    if not found.states:
        return ()
    said = [quoted(cue.text) for cue in cues if cue.modality == "transcript"]
    used = {one.word.label for text in said for one in mentions(text) if not one.negated}
    return tuple(choose(log_p, found, used=used, intensity=intensity, borne=borne))


def _intensity(cues: Sequence[Cue], weighed: Sequence[Weighed], states: Sequence[int]) -> float:
    """How strong the behaviour is, 0..1: the strength of the cues for the reading.

    A stirred voice or scene adds to it and a subdued one takes away. It does not know how sure the reading is.
    """
    if not states:
        return 0.0
    strength = {cue.id: cue.strength for cue in cues}
    found = [(strength[one.id], max(one.for_state(states[0]), tables.MIN_DELTA))
             for one in weighing.supporting(weighed, states[0]) if one.id in strength]  # fmt: skip
    if not found:
        return 0.5
    marked = sum(size * weight for size, weight in found) / sum(weight for _, weight in found)
    stirred = [cue.arousal for cue in cues if cue.arousal is not None and cue.modality != "transcript"]
    return min(1.0, max(0.1, marked + (0.2 * math.fsum(stirred) / len(stirred) if stirred else 0.0)))


def _why_not(cast: Sequence[Ballot], why_none: str | None) -> str | None:
    return why_none if cast else "nothing that was seen, heard or said bears on an emotion"
