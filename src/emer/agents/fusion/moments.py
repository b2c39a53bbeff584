"""Where in time a person's evidence changes clearly: the stretches between which one emotion gives way to another.

Binary segmentation (Scott and Knott 1974): the boundary that separates the two most different readings is taken first,
then each side is looked at in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Instruments, Vector, channels, contaminated
from emer.agents.fusion.votes import posterior
from emer.schemas import Cue, Utterance

_WHOLE = 0.9
"""A cue that covers at least this share of the clip belongs to every stretch of it."""


class Span(NamedTuple):
    """Where a cue lies on the clip's time line, in seconds (or in turns, where nothing is timed)."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """The instant half way."""
        return (self.start + self.end) / 2


class _Timed(NamedTuple):
    cue: Cue
    at: float
    log: Vector


def split(cues: Sequence[Cue], utterances: Sequence[Utterance], instruments: Instruments) -> list[list[Cue]]:
    """The cues of one person in stretches of time, in order; cues of no time or of the whole time are in each."""
    spans = locate(cues, utterances)
    timed, everywhere = _apart(cues, spans, instruments)
    stretches = _segments(timed, instruments)
    if len(stretches) < 2:
        return [list(cues)]
    silent = [cue for cue in cues if cue not in everywhere and all(cue is not one.cue for one in timed)]
    ends = [part[-1].at for part in stretches[:-1]]
    parts: list[list[Cue]] = [[one.cue for one in part] for part in stretches]
    for cue in silent:
        parts[int(np.searchsorted(ends, spans[cue.id].middle))].append(cue)
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
    in_turns = {cue.id: Span(turns[said], turns[said]) for cue in cues if (said := cue.anchor.utterance) in turns}
    return clock(cues, utterances) or in_turns


def _clock(cue: Cue, utterances: Mapping[str, Utterance]) -> Span | None:
    said = utterances.get(cue.anchor.utterance or "")
    if said is not None and said.start_s is not None:
        return Span(said.start_s, said.end_s if said.end_s is not None else said.start_s)
    anchor = cue.anchor
    if anchor.start_s is not None:
        return Span(anchor.start_s, anchor.end_s if anchor.end_s is not None else anchor.start_s)
    return Span(anchor.t_s, anchor.t_s) if anchor.t_s is not None else None


def _apart(cues: Sequence[Cue], spans: Mapping[str, Span], instruments: Instruments) -> tuple[list[_Timed], list[Cue]]:
    """The cues that speak and have a moment, in order of time, and those that belong to the whole clip."""
    length = max((s.end for s in spans.values()), default=0.0) - min((s.start for s in spans.values()), default=0.0)
    timed, everywhere = [], []
    for cue in sorted(cues, key=lambda one: one.id):
        span = spans.get(cue.id)
        if span is None or (length > 0 and span.end - span.start >= _WHOLE * length):
            everywhere.append(cue)
            continue
        ratios = channels(cue, instruments)
        if ratios and cue.strength > 0:
            shown = contaminated(np.mean([r.values for r in ratios], axis=0), tables.SHOWN_TRUST * cue.quality)
            timed.append(_Timed(cue, span.middle, np.log(shown)))
    return sorted(timed, key=lambda one: one.at), everywhere


def _segments(timed: Sequence[_Timed], instruments: Instruments) -> list[Sequence[_Timed]]:
    segments: list[Sequence[_Timed]] = [timed]
    while len(segments) < tables.MAX_MOMENTS:
        cuts = [_best_cut(part, instruments) for part in segments]
        best = max(range(len(cuts)), key=lambda number: (cuts[number][0], -number))
        distance, at = cuts[best]
        if distance < tables.CHANGE_DISTANCE:
            break
        part = segments[best]
        segments[best : best + 1] = [part[:at], part[at:]]
    return segments


def _best_cut(part: Sequence[_Timed], instruments: Instruments) -> tuple[float, int]:
    """The total variation between the readings on the two sides of the best boundary, 0..1, and where it is."""
    best = (0.0, 0)
    places = [n for n in range(1, len(part)) if part[n].at > part[n - 1].at]
    if not places:
        return best
    before, after = _sums(part), _sums(part[::-1])
    for place in places:
        left = posterior(instruments.prior, (total[place] for total in before))
        right = posterior(instruments.prior, (total[len(part) - place] for total in after))
        distance = round(float(np.abs(np.exp(left) - np.exp(right)).sum() / 2), 9)
        best = max(best, (distance, place), key=lambda one: (one[0], -one[1]))
    return best


def _sums(part: Sequence[_Timed]) -> list[Vector]:
    """For each modality the votes of the first n cues, (len(part) + 1, 28): strength-weighted means, zeros for none."""
    votes = []
    for modality in sorted({one.cue.modality for one in part}):
        weights = np.array([one.cue.strength if one.cue.modality == modality else 0.0 for one in part])
        rows = np.cumsum(weights[:, None] * np.array([one.log for one in part]), axis=0)
        total = np.maximum(np.cumsum(weights), 1e-12)[:, None]
        votes.append(np.vstack([np.zeros(rows.shape[1]), rows / total]))
    return votes
