"""What happens when in a clip: words, emotions and cues as named spans, in tiers in which no two overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from emer.reviewing.labels import settled_emotions
from emer.schemas import Report

LEAST_S = 0.05
"""Shorter spans are lengthened to this, so that an annotator can see them and no file has one of no length."""


class Span(NamedTuple):
    """A text from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    text: str


class Tier(NamedTuple):
    """Spans in order of time of which no two overlap, under one name."""

    name: str
    spans: Sequence[Span]


def length_s(report: Report) -> float:
    """How long the clip is, or until when something is known to happen."""
    ends = [span.end_s for tier in tiers(report, to_end=False) for span in tier.spans]
    return max([report.clip.duration_s or 0.0, *ends])


def emotion_spans(report: Report) -> list[tuple[str, Span]]:
    """Each emotion with a time as reviewed, with who has it."""
    return [
        (emotion.person or emotion.holder, Span(emotion.start_s, max(emotion.end_s, emotion.start_s), emotion.label))
        for emotion in settled_emotions(report)
        if emotion.start_s is not None and emotion.end_s is not None
    ]


def tiers(report: Report, *, to_end: bool = True) -> list[Tier]:
    """The words, the emotions and the cues of each person; what overlaps goes to a further tier of that name.

    Args:
        report: of a clip with times.
        to_end: spans are cut at the clip's length, where it is known.
    """
    named: dict[str, list[Span]] = {}
    for utterance in report.utterances:
        if utterance.start_s is not None and utterance.end_s is not None:
            span = Span(utterance.start_s, utterance.end_s, utterance.text)
            named.setdefault(f"words {utterance.person or ''}".strip(), []).append(span)
    for who, span in emotion_spans(report):
        named.setdefault(f"emotion {who}", []).append(span)
    for cue in report.cues:
        if cue.anchor.start_s is not None and cue.anchor.end_s is not None and cue.modality != "transcript":
            span = Span(cue.anchor.start_s, cue.anchor.end_s, cue.text)
            named.setdefault(f"{cue.modality} {cue.person or ''}".strip(), []).append(span)
    limit_s = report.clip.duration_s if to_end else None
    return [tier for name, spans in named.items() for tier in _apart(name, spans, limit_s)]


def _apart(name: str, spans: Iterable[Span], limit_s: float | None) -> list[Tier]:
    rows: list[list[Span]] = []
    for span in sorted(_whole(spans, limit_s)):
        free = next((row for row in rows if row[-1].end_s <= span.start_s), None)
        if free is None:
            rows.append([span])
        else:
            free.append(span)
    return [Tier(name if n == 1 else f"{name} ({n})", row) for n, row in enumerate(rows, start=1)]


def _whole(spans: Iterable[Span], limit_s: float | None) -> list[Span]:
    """The spans, none of no length and none beyond the clip's end."""
    whole = []
    for span in spans:
        end_s = max(span.end_s, span.start_s + LEAST_S)
        if limit_s is not None and limit_s > LEAST_S:
            end_s = min(end_s, limit_s)
        whole.append(Span(min(span.start_s, end_s - LEAST_S), end_s, " ".join(span.text.split())))
    return whole
