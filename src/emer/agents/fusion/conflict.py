"""Where modalities disagree: shown with their distance and with hypotheses that always include measurement error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Instruments, activations, channels, named
from emer.agents.fusion.moments import Span
from emer.memory.ontology import FACE_STATES, STATES, VAD, state_vad
from emer.schemas import Conflict, Cue, Hypothesis

Kind = Literal["incongruent", "mixed", "sequential"]

_DIAGONAL = 2 * math.sqrt(2)
"""Longest distance in the valence-arousal square of side 2: distances are given as shares of it."""


class Side(NamedTuple):
    """What one modality shows: its valence-arousal point, its clearest cue and how far it can be trusted."""

    modality: str
    valence: float
    arousal: float
    cue: Cue
    trust: float


def conflicts(
    cues: Sequence[Cue], spans: Mapping[str, Span], instruments: Instruments, *, mixed: bool
) -> list[Conflict]:
    """Every pair of modalities further apart than `CONFLICT_DISTANCE`, by opposite valence or by their arousal.

    Args:
        mixed: whether the verdict names both a pleasant and an unpleasant emotion.
    """
    found = []
    for one, other in combinations(sides(cues, instruments), 2):
        distance = _distance(one, other)
        if distance >= tables.CONFLICT_DISTANCE and (_opposite(one, other) or _uneven(one, other)):
            between = [one.cue.id, other.cue.id]
            kind = _kind(one, other, spans, mixed=mixed)
            found.append(Conflict(between=between, kind=kind, distance=distance, hypotheses=_why(one, other, cues)))
    return found


def sides(cues: Sequence[Cue], instruments: Instruments) -> list[Side]:
    """What each modality shows, in alphabetical order; the strength-weighted mean of its cues' points."""
    found = []
    for modality in sorted({cue.modality for cue in cues}):
        points = [(cue, apparent(cue)) for cue in cues if cue.modality == modality and cue.strength > 0]
        seen = [(cue, point) for cue, point in points if point is not None]
        if seen:
            found.append(_side(modality, seen, instruments))
    return found


def apparent(cue: Cue) -> tuple[float, float] | None:
    """Where a cue alone would put the person in the valence-arousal plane, -1..1 each; None where it does not say.

    It is what the cue shows, not what it is worth: nothing is discounted for validity.
    """
    values = {name: float(value) for name, value in cue.source.values.items() if isinstance(value, int | float)}
    states = {state: values[f"go.{state}"] for state in STATES if f"go.{state}" in values}
    faces = {name: values.get(f"fer.{name}", 0.0) for name in FACE_STATES}
    if not states and (sum(faces.values()) > 0 or any(name.startswith("au.") for name in values)):
        shown = faces if sum(faces.values()) > 0 else activations(values)
        for name, share in shown.items():
            for state, weight in FACE_STATES[name].items():
                states[state] = states.get(state, 0.0) + share * weight
    if states:
        return _mean([(state_vad(state), weight) for state, weight in states.items()])
    if cue.valence is not None or cue.arousal is not None:
        return cue.valence or 0.0, cue.arousal or 0.0
    return _mean([(one.word.vad, -0.5 if one.negated else 1.0) for one in named(cue)])


def _mean(points: Sequence[tuple[VAD, float]]) -> tuple[float, float] | None:
    total = sum(abs(weight) for _, weight in points)
    if total <= 0:
        return None
    valence, arousal = (sum(vad[axis] * weight for vad, weight in points) / total for axis in (0, 1))
    return valence, arousal


def _side(modality: str, seen: Sequence[tuple[Cue, tuple[float, float]]], instruments: Instruments) -> Side:
    weight = sum(cue.strength for cue, _ in seen)
    valence = sum(cue.strength * point[0] for cue, point in seen) / weight
    arousal = sum(cue.strength * point[1] for cue, point in seen) / weight
    clearest, _ = min(seen, key=lambda one: (-round(one[0].strength * one[1][0] * valence, 9), one[0].id))
    trust = max(tables.VALIDITY[ratio.channel].rho for ratio in channels(clearest, instruments)) * clearest.quality
    return Side(modality, valence, arousal, clearest, trust)


def _distance(one: Side, other: Side) -> float:
    return min(1.0, math.hypot(one.valence - other.valence, one.arousal - other.arousal) / _DIAGONAL)


def _opposite(one: Side, other: Side) -> bool:
    return one.valence * other.valence < 0 and min(abs(one.valence), abs(other.valence)) >= tables.CONFLICT_VALENCE


def _uneven(one: Side, other: Side) -> bool:
    return abs(one.arousal - other.arousal) >= tables.CONFLICT_AROUSAL


def _kind(one: Side, other: Side, spans: Mapping[str, Span], *, mixed: bool) -> Kind:
    here, there = spans.get(one.cue.id), spans.get(other.cue.id)
    if here and there and (here.end < there.start or there.end < here.start):
        return "sequential"
    return "mixed" if mixed else "incongruent"


def _why(one: Side, other: Side, cues: Sequence[Cue]) -> list[Hypothesis]:
    """Reasons that could explain the disagreement, likeliest first; each rests on cues."""
    between = [one.cue.id, other.cue.id]
    # the chance that at least the weaker side has nothing to do with it
    error = 1 - min(one.trust, other.trust)
    found = [Hypothesis(kind="measurement_error", confidence=min(error, 1.0), evidence=between)]
    pleasant, unpleasant = (one, other) if one.valence > 0 else (other, one)
    signs = _signs(cues)
    if not _opposite(one, other):
        found.append(_hypothesis("suppression", 0.25, between, []))
        return found
    if pleasant.modality == "transcript":
        found.append(_hypothesis("irony", 0.5 if signs["irony"] else 0.2, between, signs["irony"]))
        if signs["politeness"]:
            found.append(_hypothesis("politeness", 0.4, between, signs["politeness"]))
    if pleasant.modality in ("face", "transcript"):  # a smile over bitter words, "I'm fine" through clenched teeth
        found.append(_hypothesis("masking", 0.3 if pleasant.modality == "face" else 0.25, between, []))
    if unpleasant.modality == "transcript" and pleasant.modality != "transcript" and signs["irony"]:
        found.append(_hypothesis("irony", 0.3, between, signs["irony"]))
    return sorted(found, key=lambda hypothesis: (-hypothesis.confidence, hypothesis.kind))


def _hypothesis(kind: str, confidence: float, between: list[str], signs: list[str]) -> Hypothesis:
    return Hypothesis.model_validate({"kind": kind, "confidence": confidence, "evidence": [*between, *signs]})


def _signs(cues: Sequence[Cue]) -> dict[str, list[str]]:
    """Ids of cues whose kind or values mark irony or politeness."""

    def marked(cue: Cue, *names: str) -> bool:
        return any(name in cue.kind or any(name in key for key in cue.source.values) for name in names)

    return {
        "irony": [cue.id for cue in cues if marked(cue, "irony", "sarcas")],
        "politeness": [cue.id for cue in cues if marked(cue, "polite", "hedg")],
    }
