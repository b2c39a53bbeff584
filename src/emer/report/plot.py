"""The timeline of a Report as a picture for a paper, SVG or PNG: who, what, when, without the words of why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath

from emer.errors import InputError
from emer.report import wording
from emer.report.shapes import Path, Rect, Shape, Words, as_png, as_svg, fitted
from emer.report.timeline import LEAST_SHARE, Bar, Lane, Line, Timeline, lay_out
from emer.schemas import Report

WIDTH, GUTTER, RIGHT, TOP = 1000.0, 92.0, 12.0, 10.0
ROW, CHART, GAP, TITLE, FOOT = 20.0, 64.0, 6.0, 24.0, 40.0
INK, SOFT, FAINT, PAPER = "#1d2126", "#5a626c", "#d5d3ce", "#ffffff"
COLOURS = {"face": "#0072b2", "voice": "#d55e00", "transcript": "#009e73", "context": "#cc79a7"}
"""Of Okabe and Ito's eight (2008, *Color universal design*), which people with any colour vision tell apart."""
TINTS = {"face": "#d9eaf4", "voice": "#f9e5d9", "transcript": "#d9f1ea", "context": "#f7eaf2"}
OTHER, OTHER_TINT = "#7a7a7a", "#ececec"
DASHES = {"voice": 6.0, "context": 2.0}


def write_plot(report: Report, target: FilePath) -> None:
    """Writes the picture to `target`, which ends in `.svg` or `.png`.

    Raises:
        InputError: nothing in the Report has a time, or the picture cannot be written.
    """
    shapes, height = _sheet(_timeline(report))
    is_png = target.suffix.lower() == ".png"
    told = f"Timeline of {FilePath(report.clip.source).name}: {', '.join(one.label for one in report.emotions)}"
    content = as_png(shapes, WIDTH, height) if is_png else as_svg(shapes, WIDTH, height, told).encode()
    try:
        target.write_bytes(content)
    except OSError as error:
        raise InputError(f"the picture cannot be written to {str(target)!r}: {error.strerror}") from error


def _timeline(report: Report) -> Timeline:
    timeline = lay_out(report)
    if timeline is None:
        raise InputError("nothing in this Report has a time, so there is no timeline to draw; leave out --plot")
    return timeline


def _sheet(timeline: Timeline) -> tuple[list[Shape], float]:
    """All shapes, and the height that they take."""
    shapes: list[Shape] = []
    y = TOP
    for strip in timeline.strips:
        shapes.append(Words(GUTTER, y + 14, fitted(strip.title, WIDTH - GUTTER, 13), 13, is_bold=True))
        y += TITLE
        for lane in strip.lanes:
            shapes.append(Path(((0, y), (WIDTH - RIGHT, y)), FAINT))
            shapes += _lane(lane, y + GAP / 2, timeline.duration_s)
            y += _height(lane) + GAP
        y += GAP
    shapes = [*_axis(timeline, y), *shapes]
    shapes += _key(timeline, y)
    return shapes, y + FOOT


def _height(lane: Lane) -> float:
    return CHART if lane.kind == "chart" else ROW * lane.n_rows


def _x(t_s: float, duration_s: float) -> float:
    return GUTTER + (WIDTH - GUTTER - RIGHT) * min(max(t_s / duration_s, 0.0), 1.0)


def _axis(timeline: Timeline, bottom: float) -> Iterator[Shape]:
    for tick in timeline.ticks:
        x = _x(tick, timeline.duration_s)
        yield Path(((x, TOP + TITLE), (x, bottom)), "#eceae6")
        yield Words(x, bottom + 14, f"{tick:g} s" if tick == 0 else f"{tick:g}", 11, SOFT)


def _key(timeline: Timeline, bottom: float) -> Iterator[Shape]:
    drawn = [line.modality for strip in timeline.strips for lane in strip.lanes for line in lane.lines]
    x = GUTTER
    for modality in dict.fromkeys(drawn):
        ends = ((x, bottom + 28), (x + 26, bottom + 28))
        yield Path(ends, COLOURS.get(modality, OTHER), _weight(modality), DASHES.get(modality, 0.0))
        yield Words(x + 32, bottom + 32, wording.MODALITIES.get(modality, modality), 11, SOFT)
        x += 100


def _lane(lane: Lane, top: float, duration_s: float) -> Iterator[Shape]:
    if lane.kind == "chart":
        yield from _chart(lane, top, duration_s)
        return
    yield Words(GUTTER - 10, top + 14, lane.title, 12, SOFT, "end")
    for bar in lane.bars:
        yield from _bar(lane, bar, top + ROW * bar.row, duration_s)


def _bar(lane: Lane, bar: Bar, top: float, duration_s: float) -> Iterator[Shape]:
    x, end = _x(bar.start_s, duration_s), _x(bar.end_s, duration_s)
    width = max(end - x, LEAST_SHARE * (WIDTH - GUTTER - RIGHT)) - 1
    x = min(x, WIDTH - RIGHT - width)
    hue, tint = COLOURS.get(lane.modality or "", OTHER), TINTS.get(lane.modality or "", OTHER_TINT)
    if lane.kind == "cue":
        yield Rect(x, top, width, ROW - 3, tint)
        yield Rect(x, top, 3, ROW - 3, hue)
    else:
        is_solid = lane.kind == "emotion"
        yield Rect(x, top, width, ROW - 3, INK if is_solid else PAPER, None if is_solid else SOFT)
    colour = PAPER if lane.kind == "emotion" else INK
    yield Words(x + 7, top + 12.5, fitted(bar.label, width - 9, 11), 11, colour, is_bold=lane.kind == "emotion")


def _chart(lane: Lane, top: float, duration_s: float) -> Iterator[Shape]:
    yield Words(GUTTER - 10, top + CHART / 2 + 4, lane.title, 12, SOFT, "end")
    yield Words(GUTTER - 10, top + 10, "1", 10, SOFT, "end")
    yield Words(GUTTER - 10, top + CHART, "-1", 10, SOFT, "end")
    yield Path(((GUTTER, top + CHART / 2), (WIDTH - RIGHT, top + CHART / 2)), FAINT)
    for line in lane.lines:
        yield from _curve(line, top, duration_s)


def _curve(line: Line, top: float, duration_s: float) -> Iterator[Shape]:
    for run in line.runs:
        points = tuple((_x(t_s, duration_s), top + (1 - value) / 2 * CHART) for t_s, value in run)
        shown = points if len(points) > 1 else (points[0], (points[0][0] + 0.5, points[0][1]))
        yield Path(shown, COLOURS.get(line.modality, OTHER), _weight(line.modality), DASHES.get(line.modality, 0.0))


def _weight(modality: str) -> float:
    return 3.5 if modality == "transcript" else 2.0
