"""The case journal: append-only JSON lines with a checksum each, the truth from which the index can always be rebuilt.

A line is `{"op": "add", "case": {…}, "sum": "<16 hex>"}`. Appends happen under an exclusive file lock, one `fsync` a
batch; a line that a killed writer left half written was never acknowledged, is skipped by readers and cut off by the
next writer. On Windows there is no `fcntl`: there the journal works for one process at a time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from emer.errors import InputError, ToolError
from emer.schemas import Case


@dataclass(frozen=True)
class JournalState:
    """What stood in the journal when it was read.

    Attributes:
        cases: the good cases in the order in which they were added, no id twice.
        digest: hex sha256 of the cases' checksums, the same however the file came about.
        damaged: line numbers from 1 that could not be read, a torn last line not among them.
    """

    cases: tuple[Case, ...]
    digest: str
    damaged: tuple[int, ...]


@dataclass(frozen=True)
class Journal:
    """The journal file of one memory folder; it need not exist yet."""

    path: Path

    def read(self) -> JournalState:
        """Return all good cases. A missing file is an empty journal.

        Raises:
            ToolError: the file is there and cannot be read.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raw = b""
        except OSError as error:
            raise ToolError(f"the case journal {str(self.path)!r} cannot be read: {error.strerror}") from error
        return _state(raw)

    def append(self, cases: Sequence[Case]) -> int:
        """Return how many of the cases were new; when this returns they are on disk.

        Raises:
            InputError: a case has the id of another case that says something else.
            ToolError: the file cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_suffix(".lock")), self.path.open("a+b") as file:
                file.seek(0)
                raw = file.read()
                known = {case.id: case for case in _state(raw).cases}
                new = list(_unknown(cases, known))
                _cut_torn_line(file, raw)
                file.write(b"".join(_line(case) for case in new))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ToolError(f"the case journal {str(self.path)!r} cannot be written: {error.strerror}") from error
        return len(new)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file between processes; the kernel lets it go when the holder dies."""
    with path.open("w") as file:
        try:
            import fcntl
        except ImportError:  # Windows: one process at a time, as the module says
            yield
            return
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def checksum(case: Case) -> str:
    """Return 16 hex digits of the sha256 of a case's JSON."""
    return hashlib.sha256(case.model_dump_json().encode()).hexdigest()[:16]


def digest_of(cases: Iterable[Case]) -> str:
    """Return the hex sha256 over the checksums of cases, in their order."""
    return hashlib.sha256("".join(checksum(case) for case in cases).encode()).hexdigest()


def _line(case: Case) -> bytes:
    entry = {"op": "add", "case": case.model_dump(mode="json"), "sum": checksum(case)}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _state(raw: bytes) -> JournalState:
    cases: dict[str, Case] = {}
    damaged = []
    lines = raw.split(b"\n")
    for number, line in enumerate(lines[:-1], start=1):  # what follows the last newline is torn or empty
        case = _case(line)
        if case is None:
            damaged.append(number)
        else:
            cases.setdefault(case.id, case)
    kept = tuple(cases.values())
    return JournalState(kept, digest_of(kept), tuple(damaged))


def _case(line: bytes) -> Case | None:
    try:
        entry: dict[str, Any] = json.loads(line)
        case = Case.model_validate(entry["case"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return None
    return case if entry.get("op") == "add" and entry.get("sum") == checksum(case) else None


def _unknown(cases: Sequence[Case], known: dict[str, Case]) -> Iterator[Case]:
    for case in cases:
        if case.id not in known:
            known[case.id] = case
            yield case
        elif known[case.id] != case:
            raise InputError(f"case id {case.id!r} is taken by another case; give this one an id of its own")


def _cut_torn_line(file: Any, raw: bytes) -> None:
    if raw and not raw.endswith(b"\n"):
        file.truncate(raw.rfind(b"\n") + 1)
