"""The results of a batch as rows to look through: one Report a line, read again when its row is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from emer.errors import InputError
from emer.report import wording
from emer.schemas import Report


class Row(NamedTuple):
    """One Report of a batch: where its line begins in the file, its clip, its emotions and what is missing."""

    at: int
    clip: str
    emotions: str
    missing: str


def rows(path: Path) -> list[Row]:
    """One row for each Report in a file of JSON lines.

    Raises:
        InputError: the file cannot be read, or a line is no Report.
    """
    found = []
    try:
        with path.open("rb") as file:
            at = 0
            for number, line in enumerate(file, start=1):
                if line.strip():
                    found.append(_row(at, _report(line, path, number)))
                at += len(line)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}; give the results of `emer batch`") from error
    return found


def report_at(path: Path, row: Row) -> Report:
    """The Report of a row."""
    with path.open("rb") as file:
        file.seek(row.at)
        return _report(file.readline(), path, 0)


def _row(at: int, report: Report) -> Row:
    emotions = [f"{one.label} {wording.number(one.confidence)}" for one in report.emotions]
    return Row(at, report.clip.source, ", ".join(emotions) or "–", ", ".join(one.modality for one in report.missing))


def _report(line: bytes, path: Path, number: int) -> Report:
    try:
        return Report.model_validate_json(line)
    except ValidationError as error:
        where = f"line {number} of {str(path)!r}" if number else f"a line of {str(path)!r}"
        raise InputError(
            f"{where} is no Report: {error.errors()[0]['msg']}; give the results of `emer batch`"
        ) from error
