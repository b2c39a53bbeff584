"""Where in time a person's evidence changes clearly: the stretches between which one emotion gives way to another.

Binary segmentation (Scott and Knott 1974): the instant that separates the two most different readings is taken first,
then each side is looked at in the same way. An utterance is never cut, and a look that lasts over a boundary counts on
both sides of it, so that what is seen while something is said is read together with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Instruments, Vector, channels, contaminated
from emer.schemas import Cue, Utterance

_WHOLE = 0.9
"""A cue that covers at least this share of the clip belongs to every stretch of it."""
_REACH_S, _REACH_SHARE = 0.5, 0.3
"""A cue counts on a side of a boundary if it lies there for this long, or for this share of itself if that is less."""
_TOLERANCE_S = 0.05


class Span(NamedTuple):
    """Where a cue lies on the clip's time line, in seconds (or in turns, where nothing is timed)."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """The instant half way."""
        return (self.start + self.end) / 2


class _Timed(NamedTuple):
    """A cue that speaks: it counts left of what lies after `begin` and right of what lies before `end`."""

    cue: Cue
    span: Span
    begin: float
    end: float
    log: Vector


def split(cues: Sequence[Cue], utterances: Sequence[Utterance], instruments: Instruments) -> list[list[Cue]]:
    """The cues of one person in stretches of time, in order; cues of no time or of the whole time are in each."""
    spans = locate(cues, utterances)
    timed, everywhere = _apart(cues, spans, instruments)
    least = min(tables.LEAST_MOMENT_S, tables.LEAST_MOMENT_SHARE * _length(spans)) if clock(cues, utterances) else 0.0
    edges = _edges(timed, instruments, least=least)
    if not edges:
        return [list(cues)]
    known = {id(one.cue) for one in timed} | {id(cue) for cue in everywhere}
    silent = [cue for cue in cues if id(cue) not in known]
    parts = [
        [one.cue for one in timed if one.begin < right and one.end > left]
        for left, right in zip([-np.inf, *edges], [*edges, np.inf], strict=True)
    ]
    for cue in silent:
        parts[int(np.searchsorted(edges, spans[cue.id].middle))].append(cue)
    return [part + everywhere for part in parts]


def clock(cues: Sequence[Cue], utterances: Sequence[Utterance]) -> dict[str, Span]:
    """Where each cue lies in seconds, by cue id; cues without a time are left out.

    A cue in an utterance lies where the utterance lies, so that one sentence is never cut.
    """
    by_id = {utterance.id: utterance for utterance in utterances}
    found = {cue.id: _clock(cue, by_id) for cue in cues}
    return {name: span for name, span in found.items() if span is not None}


def locate(cues: Sequence[Cue], utterances: Sequence[Utterance]) -> dict[str, Span]:
    """As `clock`, but where nothing has a time, the order of the utterances is the time."""
    turns = {utterance.id: float(number) for number, utterance in enumerate(utterances)}
    in_turns = {cue.id: Span(turns[said], turns[said] + 1) for cue in cues if (said := cue.anchor.utterance) in turns}
    return clock(cues, utterances) or in_turns


def _clock(cue: Cue, utterances: Mapping[str, Utterance]) -> Span | None:
    said = utterances.get(cue.anchor.utterance or "")
    if said is not None and said.start_s is not None:
        return Span(said.start_s, said.end_s if said.end_s is not None else said.start_s)
    anchor = cue.anchor
    if anchor.start_s is not None:
        return Span(anchor.start_s, anchor.end_s if anchor.end_s is not None else anchor.start_s)
    return Span(anchor.t_s, anchor.t_s) if anchor.t_s is not None else None


def _length(spans: Mapping[str, Span]) -> float:
    return max((s.end for s in spans.values()), default=0.0) - min((s.start for s in spans.values()), default=0.0)


def _apart(cues: Sequence[Cue], spans: Mapping[str, Span], instruments: Instruments) -> tuple[list[_Timed], list[Cue]]:
    """The cues that speak and have a moment, in order of time, and those that belong to the whole clip."""
    length = _length(spans)
    timed, everywhere = [], []
    for cue in sorted(cues, key=lambda one: one.id):
        span = spans.get(cue.id)
        if span is None or (length > 0 and span.end - span.start >= _WHOLE * length):
            everywhere.append(cue)
            continue
        ratios = channels(cue, instruments)
        if ratios and cue.strength > 0:
            shown = contaminated(np.mean([r.values for r in ratios], axis=0), tables.SHOWN_TRUST * cue.quality)
            reach = min(_REACH_S, _REACH_SHARE * (span.end - span.start))
            timed.append(_Timed(cue, span, span.start + reach, span.end - reach, np.log(shown)))
    return sorted(timed, key=lambda one: one.span), everywhere


def _edges(timed: Sequence[_Timed], instruments: Instruments, *, least: float) -> list[float]:
    """The instants at which the evidence changes clearly, in order; no stretch is shorter than `least`."""
    if not timed:
        return []
    places = _places(timed)
    edges = [min(one.span.start for one in timed), max(one.span.end for one in timed)]
    while len(edges) <= tables.MAX_MOMENTS:
        cuts = [_best_cut(timed, places, instruments, left=left, right=right, least=least)
                for left, right in pairwise(edges)]  # fmt: skip
        distance, place = max(cuts, key=lambda cut: (cut[0], -cut[1]))
        if distance < tables.CHANGE_DISTANCE:
            break
        edges = sorted([*edges, place])
    return edges[1:-1]


def _places(timed: Sequence[_Timed]) -> Vector:
    """The instants where a cue begins or ends and no utterance goes on, in order."""
    places = np.unique([edge for one in timed for edge in one.span])
    said = sorted({one.span for one in timed if one.cue.anchor.utterance is not None})
    if not said:
        return places
    starts = np.array([span.start for span in said]) + _TOLERANCE_S
    ends = np.maximum.accumulate([span.end for span in said]) - _TOLERANCE_S
    before = np.searchsorted(starts, places)
    return np.asarray(places[(before == 0) | (places >= ends[before - 1])])


def _best_cut(
    timed: Sequence[_Timed], places: Vector, instruments: Instruments, *, left: float, right: float, least: float
) -> tuple[float, float]:
    """The total variation between the readings on the two sides of the best boundary, 0..1, and where it is."""
    at = places[(places - left >= max(least, _TOLERANCE_S)) & (right - places >= max(least, _TOLERANCE_S))]
    part = [one for one in timed if one.begin < right and one.end > left]
    if not len(at) or len(part) < 2:
        return 0.0, left
    log_prior = np.log(instruments.prior)
    before = _probabilities(log_prior + _votes(part, np.array([one.begin for one in part]), at))
    after = _probabilities(log_prior + _votes(part, -np.array([one.end for one in part]), -at))
    distances = np.round(np.abs(before - after).sum(axis=1) / 2, 9)
    best = int(np.argmax(distances))
    return float(distances[best]), float(at[best])


def _votes(part: Sequence[_Timed], entered: Vector, at: Vector) -> Vector:
    """The sum over modalities of the weighted mean of the cues that entered before each instant, (len(at), 28)."""
    total = np.zeros((len(at), len(part[0].log)))
    for modality in sorted({one.cue.modality for one in part}):
        rows = sorted((n for n, one in enumerate(part) if one.cue.modality == modality), key=lambda n: (entered[n], n))
        weights = np.array([part[n].cue.strength for n in rows])
        logs = np.array([part[n].log for n in rows])
        sums = np.vstack([np.zeros(logs.shape[1]), np.cumsum(weights[:, None] * logs, axis=0)])
        masses = np.maximum(np.concatenate([[0.0], np.cumsum(weights)]), 1e-12)
        so_far = np.searchsorted(entered[rows], at)
        total += sums[so_far] / masses[so_far][:, None]
    return total


def _probabilities(scores: Vector) -> Vector:
    """Rows of log scores as probabilities."""
    return np.asarray(np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)), dtype=np.float64)
