"""The Report as one HTML file: no network, no other file but the clip, and nothing in it that a browser would obey.

Words of the clip are escaped by the template engine; besides, the page's own policy lets it run only its own script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from emer.report import wording
from emer.report.agreement import agreement
from emer.report.claims import sentence, sentences
from emer.report.timeline import LEAST_SHARE, Bar, Line, Timeline, cue_span, lay_out
from emer.schemas import Cue, Report, Utterance

if TYPE_CHECKING:
    import jinja2

CHART_WIDTH, CHART_HEIGHT = 1000, 100
"""Units of a chart's picture, which is stretched to its place."""
_MEDIA_SOURCES = "'self' data: file:"


@dataclass(frozen=True)
class ShownClip:
    """The clip as the page shows it: where a browser finds it (a relative or `data:` address) and a note, if any."""

    kind: Literal["video", "audio", "image"]
    url: str
    note: str = ""


def page(report: Report, clip: ShownClip | None = None) -> str:
    """The Report as the text of one HTML page, with the clip above its timeline where one is given."""
    timeline = lay_out(report)
    styles = _styles(report, timeline)
    script = _part("page.js")
    policy = (
        f"default-src 'none'; script-src {_hashed(script)}; style-src {_hashed(styles)}; img-src {_MEDIA_SOURCES}; "
        f"media-src {_MEDIA_SOURCES}; base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            name="Text" if report.clip.source == "-" else re.split(r"[/\\]", report.clip.source)[-1],
            clip=clip,
            timeline=timeline,
            rows=agreement(report),
            cues={cue.id: cue for cue in report.cues},
            people={person.id: f"{person.id}, {person.description}" for person in report.people},
            styles=styles,
            script=script,
            policy=policy,
        )
    )


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_part), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {
        "number": wording.number, "agree": wording.confidence, "strength": wording.strength,
        "provenance": wording.provenance, "holder": wording.holder, "curve": _curve, "told": _told,
        "plainly": printable,
    }  # fmt: skip
    environment.globals |= {
        "wording": wording, "span": wording.span, "cue_span": cue_span, "sentence": sentence, "sentences": sentences,
        "marked": marked,
    }  # fmt: skip
    return environment


def printable(value: float | str | None) -> str:
    """A measured value as it is read: four places at most, a dash where nothing was measured."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.4f}".rstrip("0").rstrip(".")


def marked(utterance: Utterance, report: Report) -> list[tuple[str, tuple[str, ...]]]:
    """The words of an utterance in pieces, each with the cues that point at those characters."""
    spans = [
        (*cue.anchor.chars, cue.id)
        for cue in report.cues
        if cue.anchor.utterance == utterance.id and cue.anchor.chars and _is_part(cue, utterance)
    ]
    n = len(utterance.text)
    edges = sorted({0, n, *(min(edge, n) for begin, end, _ in spans for edge in (begin, end))})
    return [
        (utterance.text[a:b], tuple(cue for begin, end, cue in spans if begin <= a and b <= end))
        for a, b in pairwise(edges)
    ]


def _is_part(cue: Cue, utterance: Utterance) -> bool:
    begin, end = cue.anchor.chars or (0, 0)
    return begin < end and end - begin < len(utterance.text)


def _told(line: Line) -> str:
    low, high = line.span
    return f"{wording.MODALITIES.get(line.modality, line.modality)} {wording.number(low)} to {wording.number(high)}"


def _curve(line: Line, duration_s: float) -> str:
    """The line as an SVG path; a run of one point is a dot, as a stroke with round ends draws a length of nothing."""

    def point(t_s: float, value: float) -> str:
        return f"{t_s / duration_s * CHART_WIDTH:.1f} {(1 - value) / 2 * CHART_HEIGHT:.1f}"

    runs = [run if len(run) > 1 else (*run, *run) for run in line.runs]
    return " ".join("M" + " L".join(point(*at) for at in run) for run in runs)


def _styles(report: Report, timeline: Timeline | None) -> str:
    """The style sheet with the place of every bar in it: a policy without inline styles allows no other way."""
    rules = [_part("page.css")]
    for strip in timeline.strips if timeline else ():
        rules += [_place(bar, timeline.duration_s) for lane in strip.lanes for bar in lane.bars if timeline]
    for at, tick in enumerate(timeline.ticks if timeline else ()):
        rules.append(f".t{at}{{left:{100 * tick / timeline.duration_s:.3f}%}}" if timeline else "")
    for at, emotion in enumerate(report.emotions):
        rules.append(f"#c-{at} .fill{{width:{100 * emotion.confidence:.0f}%}}")
    for cue in report.cues:
        if cue.anchor.bbox:
            left, top, width, height = (f"{100 * share:.2f}%" for share in cue.anchor.bbox)
            rules.append(f"#x-{cue.id}{{left:{left};top:{top};width:{width};height:{height}}}")
    return "\n".join(rules)


def _place(bar: Bar, duration_s: float) -> str:
    left = min(max(bar.start_s / duration_s, 0.0), 1 - LEAST_SHARE)
    width = min(max((bar.end_s - bar.start_s) / duration_s, LEAST_SHARE), 1 - left)
    return f"#b-{bar.id}{{left:{100 * left:.3f}%;width:{100 * width:.3f}%;top:calc({bar.row}*var(--row))}}"


def _part(name: str) -> str:
    return (files("emer") / "report" / "templates" / name).read_text(encoding="utf-8")


def _hashed(text: str) -> str:
    """The text as a policy names it (CSP level 3, hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
