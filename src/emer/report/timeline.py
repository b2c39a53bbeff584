"""The Report laid out over time, for every view that draws it: lanes of bars and lines, in seconds, without pixels."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from emer.report import wording
from emer.schemas import Cue, Report

LaneKind = Literal["emotion", "cue", "cause", "chart"]

DIMENSIONS = ("valence", "arousal")
N_TICKS = 8
"""Marks on the time axis, at most."""
LEAST_SHARE = 0.015
"""Of the whole time, what a bar takes at least, so that a moment can be seen and hit."""
_TIMES = re.compile(r",? \d+\.\d[–-]\d+\.\d s$")
_LEADS = ("raters would call this face ", "says ")


@dataclass(frozen=True)
class Bar:
    """One cue, emotion or cause over time, in one row of its lane.

    `id` is a cue's own, or the place of an emotion or a cause in its list: the ids of those may be any text. `cues` are
    the ids that it stands for or rests on.
    """

    id: str
    label: str
    told: str
    start_s: float
    end_s: float
    cues: tuple[str, ...]
    row: int = 0


@dataclass(frozen=True)
class Line:
    """One dimension of one modality, -1..1: runs of (t_s, value) between which nothing is known."""

    modality: str
    runs: tuple[tuple[tuple[float, float], ...], ...]

    @property
    def span(self) -> tuple[float, float]:
        """Least and greatest value."""
        values = [value for run in self.runs for _, value in run]
        return min(values), max(values)


@dataclass(frozen=True)
class Lane:
    """Bars of one sort, or the lines of one dimension."""

    title: str
    kind: LaneKind
    modality: str | None = None
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows that the bars take."""
        return 1 + max((bar.row for bar in self.bars), default=0)


@dataclass(frozen=True)
class Strip:
    """Everything about one person, or about nobody in particular."""

    person: str | None
    title: str
    lanes: tuple[Lane, ...]


@dataclass(frozen=True)
class Timeline:
    """All strips over one axis of `duration_s` seconds, with the seconds at which the axis is marked."""

    duration_s: float
    ticks: tuple[float, ...]
    strips: tuple[Strip, ...]


def lay_out(report: Report) -> Timeline | None:
    """The timeline of a Report; None where nothing in it has a time."""
    duration_s = report.clip.duration_s or _latest_s(report)
    if not duration_s:
        return None
    people = {person.id: f"{person.id}, {person.description}" for person in report.people}
    named = [*people, *(cue.person for cue in report.cues), *(emotion.person for emotion in report.emotions)]
    strips = []
    for person in dict.fromkeys([*named, None]):
        lanes = _lanes(report, person, duration_s)
        if lanes:
            title = people.get(person or "") or person or "The situation"
            strips.append(Strip(person, title, lanes))
    return Timeline(duration_s, ticks(duration_s), tuple(strips)) if strips else None


def ticks(duration_s: float) -> tuple[float, ...]:
    """At most eight round seconds from 0 on that mark an axis."""
    rough = duration_s / N_TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    steps = [unit * factor for factor in (1, 2, 5, 10)] if rough < 30 else [30, 60, 120, 300, 600, 1800, 3600, 7200]
    step = next((one for one in steps if one >= rough), 14400)
    return tuple(round(step * i, 6) for i in range(int(duration_s / step) + 1))


def short(text: str) -> str:
    """A cue's words as they fit on a bar: without its time, which the axis shows, and without the usual lead."""
    kept = _TIMES.sub("", text)
    for lead in _LEADS:
        kept = kept.removeprefix(lead)
    return kept


def _latest_s(report: Report) -> float:
    ends = [end for cue in report.cues for end in (cue.anchor.end_s, cue.anchor.t_s) if end is not None]
    ends += [emotion.end_s for emotion in report.emotions if emotion.end_s is not None]
    return max(ends, default=0.0)


def _lanes(report: Report, person: str | None, duration_s: float) -> tuple[Lane, ...]:
    cues = [cue for cue in report.cues if cue.person == person]
    lanes = [Lane("emotions", "emotion", bars=_packed(_emotions(report, person), duration_s))]
    lanes += [Lane(one, "chart", lines=_lines(report, cues, person, one)) for one in DIMENSIONS]
    for modality in dict.fromkeys(cue.modality for cue in report.cues):
        bars = _packed((_cue_bar(cue) for cue in cues if cue.modality == modality and _has_time(cue)), duration_s)
        lanes.append(Lane(wording.MODALITIES.get(modality, modality), "cue", modality, bars))
    lanes.append(Lane("causes", "cause", bars=_packed(_causes(report, person), duration_s)))
    return tuple(lane for lane in lanes if lane.bars or lane.lines)


def _has_time(cue: Cue) -> bool:
    return cue.anchor.start_s is not None or cue.anchor.t_s is not None


def _cue_bar(cue: Cue) -> Bar:
    start_s, end_s = cue_span(cue)
    return Bar(cue.id, short(cue.text), f"{cue.id}: {cue.text}", start_s, end_s, (cue.id,))


def cue_span(cue: Cue) -> tuple[float, float]:
    """Start and end of a cue in seconds; a moment starts where it ends."""
    start_s = cue.anchor.start_s if cue.anchor.start_s is not None else cue.anchor.t_s or 0.0
    return start_s, start_s if cue.anchor.end_s is None else cue.anchor.end_s


def _emotions(report: Report, person: str | None) -> Iterable[Bar]:
    for at, one in enumerate(report.emotions):
        if one.person == person and one.start_s is not None:
            told = f"{one.label}: {wording.confidence(one.confidence)}, {wording.span(one.start_s, one.end_s)}"
            yield Bar(f"emotion{at}", one.label, told, one.start_s, one.end_s or one.start_s, tuple(one.evidence))


def _causes(report: Report, person: str | None) -> Iterable[Bar]:
    whose = {emotion.id: emotion.person for emotion in report.emotions}
    for at, one in enumerate(report.causes):
        owner = next((whose[emotion] for emotion in one.emotions if emotion in whose), None)
        if owner == person and one.start_s is not None:
            end_s = one.end_s or one.start_s
            yield Bar(f"cause{at}", one.text, f"cause: {one.text}", one.start_s, end_s, tuple(one.evidence))


def _lines(report: Report, cues: Sequence[Cue], person: str | None, dimension: str) -> tuple[Line, ...]:
    """The series of a dimension; a modality that has none, as words have, is drawn from what its cues say."""
    lines = [
        Line(one.modality, runs)
        for one in report.series
        if one.person == person and one.dimension == dimension and (runs := _runs(one.t0_s, one.step_s, one.values))
    ]
    drawn = {line.modality for line in lines}
    levels: dict[str, list[tuple[tuple[float, float], ...]]] = {}
    for cue in cues:
        value = cue.valence if dimension == "valence" else cue.arousal
        if cue.modality not in drawn and value is not None and _has_time(cue):
            start_s, end_s = cue_span(cue)
            levels.setdefault(cue.modality, []).append(((start_s, value), (end_s, value)))
    return (*lines, *(Line(modality, tuple(runs)) for modality, runs in levels.items()))


def _runs(t0_s: float, step_s: float, values: Sequence[float | None]) -> tuple[tuple[tuple[float, float], ...], ...]:
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((t0_s + index * step_s, max(-1.0, min(1.0, value))))
    return tuple(tuple(run) for run in runs if run)


def _packed(bars: Iterable[Bar], duration_s: float) -> tuple[Bar, ...]:
    """The bars in order of time, each in the first row where it covers no other."""
    ends: list[float] = []
    placed = []
    for bar in sorted(bars, key=lambda bar: (bar.start_s, -bar.end_s)):
        row = next((index for index, end_s in enumerate(ends) if end_s <= bar.start_s + 1e-6), len(ends))
        end_s = max(bar.end_s, bar.start_s + LEAST_SHARE * duration_s)
        ends[row : row + 1] = [end_s]
        placed.append(replace(bar, row=row))
    return tuple(placed)
