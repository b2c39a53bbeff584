"""Reads Reports back from disk: one as an object, many as one line each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from emer.errors import InputError
from emer.schemas import Report
from emer.tools.content import check_file


def read_reports(path: Path) -> Iterator[Report]:
    """Each Report of a file that `emer batch` or `emer analyze -o` wrote, one at a time.

    Raises:
        InputError: the file cannot be read, or holds something else, with the line.
    """
    check_file(path)
    try:
        with path.open(encoding="utf-8-sig") as file:
            head = file.readline()
            if head.strip() == "{":  # one Report over many lines
                yield _report(head + file.read(), f"{path}")
                return
            for number, line in enumerate(chain([head], file), start=1):
                if line.strip():
                    yield _report(line, f"{path}, line {number}")
    except UnicodeDecodeError as error:
        raise InputError(f"{str(path)!r} is not UTF-8, so it holds no Reports") from error
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def name_of(report: Report) -> str:
    """What a clip is called in tables: the id of its row in a batch, else where it came from."""
    return report.row.id if report.row is not None else report.clip.source


def _report(text: str, where: str) -> Report:
    try:
        return Report.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{where} is no Report ({place}: {first['msg']}); expected what emer batch wrote") from error
