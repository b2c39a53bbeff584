"""Subtitles with emotions: SubRip (SRT) and WebVTT, one file for each clip."""

from __future__ import annotations

import html
from collections.abc import Sequence

from emer.exporting.spans import LEAST_S, Span, emotion_spans
from emer.schemas import Report


def to_srt(report: Report) -> str | None:
    """The clip's words and, in brackets, what is attributed to who says them; None where nothing has a time."""
    blocks = [
        f"{number}\n{_clock(span.start_s, ',')} --> {_clock(span.end_s, ',')}\n{span.text}\n"
        for number, span in enumerate(_captions(report), start=1)
    ]
    return "\n".join(blocks) if blocks else None


def to_vtt(report: Report) -> str | None:
    """The same as WebVTT."""
    blocks = [
        f"{_clock(span.start_s, '.')} --> {_clock(span.end_s, '.')}\n{html.escape(span.text, quote=False)}\n"
        for span in _captions(report)
    ]
    return "WEBVTT\n\n" + "\n".join(blocks) if blocks else None


def _captions(report: Report) -> Sequence[Span]:
    """One for each utterance with its speaker's emotions then, and one for each emotion that no utterance meets."""
    felt = emotion_spans(report)
    used: set[int] = set()
    captions = []
    for one in report.utterances:
        if one.start_s is None or one.end_s is None:
            continue
        said = Span(one.start_s, one.end_s, one.text)
        meets = [n for n, (who, span) in enumerate(felt) if who == one.person and _overlap(span, said)]
        used.update(meets)
        labels = ", ".join(dict.fromkeys(felt[n][1].text for n in meets))
        mark = f" [{labels}]" if labels else ""
        text = f"{one.person or ''}{mark}: {one.text}" if one.person or mark else one.text
        captions.append(Span(one.start_s, one.end_s, text.strip()))
    captions += [Span(*span[:2], f"{who} [{span.text}]") for n, (who, span) in enumerate(felt) if n not in used]
    return sorted(Span(start, max(end, start + LEAST_S), " ".join(text.split())) for start, end, text in captions)


def _overlap(one: Span, other: Span) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
