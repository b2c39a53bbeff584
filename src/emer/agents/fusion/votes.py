"""One modality, one vote: the mean of its cues' log ratios by strength and trust, capped, never their sum.

A clip with forty face cues and one sentence must not be judged by the face alone, and forty frames of one smile are
not forty independent witnesses. A cue that is hardly to be trusted must not dilute one that is: weighed by strength
alone, three guesses of what a sentence may mean would take three quarters of the vote from one shout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Instruments, Vector, attachment_ratio, contaminated, cue_log, trust
from emer.agents.fusion.precedents import precedents
from emer.memory.ontology import STATES, state_vad
from emer.schemas import Cue, RecalledCase

CASES = "cases"
WORDS = "transcript"
IRONY = "irony"


@dataclass(frozen=True)
class Ballot:
    """The cues of one modality that have something to say: ids, weights (n,) above 0, log ratios (n, 28) in nats."""

    modality: str
    ids: tuple[str, ...]
    weights: Vector
    logs: Vector

    def vote(self) -> Vector:
        """The vote of the modality in nats, (28,)."""
        return _capped(np.average(self.logs, axis=0, weights=self.weights))

    def votes_without_each(self) -> Vector:
        """The vote that is left without each cue in turn, (n, 28); zeros where nothing is left."""
        if len(self.ids) == 1:
            return np.zeros_like(self.logs)
        parts = self.weights[:, None] * self.logs
        left = self.weights.sum() - self.weights
        return _capped((parts.sum(axis=0) - parts) / left[:, None])


def _capped(vote: Vector) -> Vector:
    return np.clip(vote, -tables.VOTE_CAP, tables.VOTE_CAP)


def ballots(cues: Sequence[Cue], cases: Sequence[RecalledCase], instruments: Instruments) -> list[Ballot]:
    """The ballots of a person's moment, by modality in alphabetical order; the checked cases are one more.

    Words without a mark say less where the person is also seen, heard or described (`tables.WORDS_OPEN`).
    """
    by_modality: dict[str, list[tuple[str, float, Vector]]] = {}
    read = {cue.anchor.utterance for cue in cues if cue.modality == WORDS and _has_words_model(cue)}
    ironic = {cue.anchor.utterance: cue.quality for cue in cues if cue.kind == IRONY}
    trusted = {cue.id: trust(cue, instruments) for cue in cues}
    is_shown = any(cue.modality != WORDS and cue.strength * trusted[cue.id] > 0 for cue in cues)
    unmarked = tables.WORDS_OPEN if is_shown else 0.0
    for cue in sorted(cues, key=lambda one: _by_number(one.id)):
        log = _log(cue, ironic, instruments, unmarked=unmarked)
        if log is not None and (weight := trusted[cue.id] * _weight(cue, read)) > 0:
            by_modality.setdefault(cue.modality, []).append((cue.id, weight, log))
    cast = [_ballot(name, rows) for name, rows in sorted(by_modality.items())]
    if cast and (rows := precedents(cases, instruments)):  # a case is never the only support
        cast.append(_ballot(CASES, rows))
    return cast


def posterior(prior: Vector, votes: Iterable[Vector]) -> Vector:
    """Log probabilities of the states, (28,) in nats: log prior plus the votes, normalised."""
    scores = np.log(prior) + sum(votes, np.zeros(len(prior)))
    return np.asarray(scores - np.logaddexp.reduce(scores), dtype=np.float64)


def _log(cue: Cue, ironic: Mapping[str | None, float], instruments: Instruments, *, unmarked: float) -> Vector | None:
    """What a cue says; signs of irony in its utterance may turn pleasant words into their contrary."""
    doubt = ironic.get(cue.anchor.utterance, 0.0) if cue.modality == WORDS else 0.0
    plain = cue_log(cue, instruments, unmarked=unmarked if cue.modality == WORDS else 0.0)
    if not doubt or plain is None or not _is_pleasant(plain, instruments):
        return plain
    meant = np.log(contaminated(attachment_ratio(tables.IRONY, instruments), tables.VALIDITY["mention"].rho))
    return np.asarray(np.log((1 - doubt) * np.exp(plain) + doubt * np.exp(meant)), dtype=np.float64)


def _is_pleasant(log: Vector, instruments: Instruments) -> bool:
    weights = instruments.prior * np.exp(log)
    valence = np.array([state_vad(state).valence for state in STATES])
    return bool(weights @ valence / weights.sum() > instruments.prior @ valence)


def _weight(cue: Cue, read: Collection[str | None]) -> float:
    """The cue's strength; less for a detail of words that the words model has read as a whole.

    An exclamation mark or an affect word is in the sentence that the model judged: told twice is not said twice.
    """
    is_detail = cue.modality == WORDS and cue.anchor.utterance in read and not _has_words_model(cue)
    return cue.strength * (tables.DETAIL_WEIGHT if is_detail else 1.0)


def _has_words_model(cue: Cue) -> bool:
    return any(name.startswith("go.") for name in cue.source.values)


def _ballot(modality: str, rows: Sequence[tuple[str, float, Vector]]) -> Ballot:
    ids, weights, logs = zip(*rows, strict=True)
    return Ballot(modality, ids, np.array(weights, dtype=float), np.array(logs, dtype=float))


def _by_number(cue_id: str) -> tuple[str, int]:
    prefix, _, number = cue_id.rpartition("-")
    return prefix, int(number)
