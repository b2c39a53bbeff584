"""The memory as the commands of `emer memory` open it, and what they say on stderr while it works."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from emer.errors import InputError

if TYPE_CHECKING:
    from emer.memory.case_index import Told
    from emer.memory.importing import Skipped
    from emer.memory.store import CaseMemory

_TOLD_SKIPPED = 20


@contextmanager
def opened_memory() -> Iterator[CaseMemory]:
    """The memory that the settings name, for as long as a command takes."""
    from emer.config import load_settings
    from emer.memory.configured import configured_memory

    opened = configured_memory(load_settings())
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def skipped_records(path: Path | None) -> Iterator[Callable[[Skipped], None]]:
    """What tells skipped records: the first few on stderr, all in the file."""
    n = 0
    file = None
    try:
        file = path.open("w", encoding="utf-8") if path is not None else None
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}") from error

    def tell(one: Skipped) -> None:
        nonlocal n
        n += 1
        if n <= _TOLD_SKIPPED:
            from emer.report.wording import printable

            typer.echo(f"skipped {printable(one.where)}: {printable(one.why)}", err=True)
        if file is not None:
            file.write(json.dumps(one._asdict(), ensure_ascii=False) + "\n")

    try:
        yield tell
    finally:
        if file is not None:
            file.close()
        if n > _TOLD_SKIPPED:
            where = f"all are in {path}" if path is not None else "--skipped FILE writes them all"
            typer.echo(f"… and {n - _TOLD_SKIPPED} more; {where}", err=True)


def progress() -> Told:
    """What says on a terminal how far embedding and indexing have come."""
    done: dict[str, int] = {}

    def tell(what: str, n: int) -> None:
        done[what] = done.get(what, 0) + n
        if sys.stderr.isatty():
            typer.echo(f"\r{', '.join(f'{each} {count}' for each, count in done.items())} cases", err=True, nl=False)

    return tell


def warn(opened: CaseMemory) -> None:
    """Says on stderr what a user should know about the memory."""
    for warning in opened.warnings:
        typer.echo(f"emer: {warning}", err=True)
