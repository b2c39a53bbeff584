"""Reading from standard input and files, writing Reports to standard output and files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from emer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emer.schemas import Report


def read_stdin() -> str:
    """The text on standard input; bytes that are not UTF-8 become U+FFFD."""
    if sys.stdin.isatty():
        typer.echo("Reading text from standard input; end with Ctrl-D.", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def read_text_file(path: Path) -> str:
    """The text of a UTF-8 file.

    Raises:
        InputError: missing, not a regular file, not readable or not UTF-8.
    """
    from emer.tools.content import check_file

    check_file(path)  # a pipe or a device would be waited for
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text; cues come as JSON or JSONL") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def show(
    reports: Iterable[Report], *, as_json: bool, output: Path | None, is_many: bool = False, is_seen: bool = False
) -> None:
    """The Reports on stdout and in the file: one as an object, many as one line each.

    Nothing is printed for reading where a file was asked for, or where a view of it is (`is_seen`).
    """
    written: list[str] = []
    for report in reports:
        text = report.to_json(indent=None if is_many else 2)
        written.append(text)
        if as_json:
            typer.echo(text)
        elif output is None and not is_seen:
            _print(report)
    if output is not None:
        _write(output, "\n".join(written) + "\n")
        typer.echo(f"Written to {output}", err=True)


def check_folder(output: Path | None) -> None:
    """Nothing, if the Report can be written there: told before the analysis, not after it."""
    if output is not None and not output.parent.is_dir():
        raise InputError(f"the Report cannot be written to {str(output)!r}: there is no such folder")


def _print(report: Report) -> None:
    from emer.report.terminal import render

    render(report)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"the Report cannot be written to {path}: {error.strerror}") from error
