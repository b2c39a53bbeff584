"""The sheet that a reviewer fills in: a CSV with one line for each label and sentence, or blind, for each person."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from emer.errors import InputError
from emer.report.reading import name_of
from emer.schemas import Emotion, Report

WHAT = ("clip", "id", "key", "item", "kind", "person", "start_s", "end_s", "words", "emer_says", "evidence")
TO_FILL = ("verdict", "label", "intensity", "text")
COLUMNS = (*WHAT, *TO_FILL)
EVERYBODY = "clip"
"""The item of a blind line that is about the clip as a whole, where nobody in it is told apart."""

Line = dict[str, str]


def write_sheet(reports: Iterable[Report], path: Path, *, is_blind: bool) -> int:
    """How many lines were written.

    Blind, nothing that emer concluded is in the sheet, only the clip, its words and who is in it.

    Args:
        reports: whose labels and sentences are to be judged.
        path: the CSV; it may be there only if it is not filled in.
        is_blind: whether the reviewer gives labels before seeing any.

    Raises:
        InputError: the file cannot be written, or somebody's verdicts are in it.
    """
    _keep_verdicts(path)
    lines = [line for report in reports for line in (_blind(report) if is_blind else _seen(report))]
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark makes Excel read UTF-8
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows({name: _harmless(line.get(name, "")) for name in COLUMNS} for line in lines)
    except OSError as error:
        raise InputError(f"the sheet cannot be written to {str(path)!r}: {error.strerror}") from error
    return len(lines)


def read_sheet(path: Path) -> list[Line]:
    """The lines of a sheet in which something was filled in.

    Raises:
        InputError: it cannot be read, or it is no sheet of ours.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            separator = ";" if head.count(";") > head.count(",") else ","  # what spreadsheets of some languages save
            lines = list(csv.DictReader(file, delimiter=separator))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the sheet {str(path)!r} cannot be read: {error}") from error
    if lines and not set(COLUMNS) - {"text"} <= set(lines[0]):
        raise InputError(f"{str(path)!r} is no sheet for reviews; expected the columns {', '.join(COLUMNS)}")
    return [line for line in lines if any((line.get(name) or "").strip() for name in TO_FILL)]


def _keep_verdicts(path: Path) -> None:
    if path.exists() and read_sheet(path):
        raise InputError(f"{str(path)!r} holds verdicts already; name another file, or move it away")


def _seen(report: Report) -> Iterator[Line]:
    texts = {cue.id: f"{cue.text} [{cue.id}]" for cue in report.cues}
    for emotion in report.emotions:
        says, cited = f"{emotion.label} ({emotion.intensity:.2f})", _cited(emotion.evidence, texts)
        yield {**_about(report, emotion), "kind": "label", "emer_says": says, "evidence": cited}
    for step in report.reasoning:
        cited = _cited(step.evidence, texts)
        yield {**_clip(report), "item": step.id, "kind": "sentence", "emer_says": step.claim, "evidence": cited}


def _blind(report: Report) -> Iterator[Line]:
    people = [person.id for person in report.people]
    for person in people or [EVERYBODY]:
        said = " / ".join(one.text for one in report.utterances if one.person in (person, None) or not people)
        known = {"item": person, "kind": "blind", "person": person if people else "", "words": said}
        yield {**_clip(report), **known}


def _about(report: Report, emotion: Emotion) -> Line:
    spoken = {one.id: one.text for one in report.utterances}
    return {
        **_clip(report),
        "item": emotion.id,
        "person": emotion.person or "",
        "start_s": _number(emotion.start_s),
        "end_s": _number(emotion.end_s),
        "words": spoken.get(emotion.utterance or "", ""),
    }


def _clip(report: Report) -> Line:
    return {"clip": report.clip.source, "id": name_of(report), "key": key_of(report)}


def key_of(report: Report) -> str:
    """What tells one Report from another: its key in a batch, else the clip's digest."""
    return report.row.key if report.row is not None else report.clip.id


def _cited(ids: Sequence[str], texts: dict[str, str]) -> str:
    return "; ".join(texts[id_] for id_ in ids if id_ in texts)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _harmless(text: str) -> str:
    """The text, so that no spreadsheet takes words from a clip for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
