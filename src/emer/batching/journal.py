"""The files of a run: lines that are appended whole, mended after a crash and read back.

A line is one `write` under a lock that all processes heed, so that two shards may share a file and no reader ever sees
half a line of a living writer. What was written survives the death of the process at once. It is flushed to the disk
(`fsync`) at most once a second and when the file is closed: a power cut may lose the last second, which is done again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from emer.errors import InputError
from emer.memory.file_lock import discard, locked

FSYNC_EVERY_S = 1.0
_BLOCK = 65_536


class Journal:
    """A JSONL file that grows by whole lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path.with_name(path.name + ".lock")
        self._synced_at = 0.0

    def append(self, line: str) -> None:
        """Adds one line; when this returns it outlives this process.

        Raises:
            InputError: the file cannot be written; a part of the line that was is taken out again.
        """
        raw = line.encode("utf-8", "replace") + b"\n"
        try:
            with locked(self._lock):
                self._write(raw)
        except OSError as error:
            raise InputError(f"{str(self.path)!r} cannot be written: {error.strerror}") from error

    def mend(self) -> int:
        """Cuts a half-written last line off; how many bytes it had.

        Raises:
            InputError: the file cannot be written.
        """
        if not self.path.exists():
            return 0
        try:
            with locked(self._lock), self.path.open("r+b") as file:
                return _cut_half_line(file.fileno())
        except OSError as error:
            raise InputError(f"{str(self.path)!r} cannot be mended: {error.strerror}") from error

    def begins_with(self, mark: bytes) -> bool:
        """Whether the file is empty or not there, or begins with `mark` or, half-written, with a part of it."""
        if not self.path.exists():
            return True
        with self.path.open("rb") as file:
            head = file.read(len(mark))
        return mark.startswith(head)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each object in the file; a line that is none is passed over."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for raw in file:
                with suppress(ValueError):
                    entry = json.loads(raw)
                    if isinstance(entry, dict):
                        yield entry

    def keep(self, is_kept: Callable[[dict[str, Any]], bool]) -> None:
        """Leaves only the lines that `is_kept` says, in one step that no crash can halve."""
        if not self.path.exists():
            return
        with locked(self._lock):
            kept = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in self.lines() if is_kept(entry)]
            replace_text(self.path, "".join(kept))

    def close(self) -> None:
        """Flushes the file to the disk and removes the file of its lock, unless another run is writing."""
        if self.path.exists():
            with self.path.open("rb") as file:
                os.fsync(file.fileno())
        discard(self._lock)

    def _write(self, raw: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            begun = os.fstat(descriptor).st_size
            n_written = os.write(descriptor, raw)
            if n_written < len(raw):  # the disk is full: no half line may stay
                os.ftruncate(descriptor, begun)
                raise OSError(28, "no space left on the disk")
            if time.monotonic() - self._synced_at > FSYNC_EVERY_S:
                os.fsync(descriptor)
                self._synced_at = time.monotonic()
        finally:
            os.close(descriptor)


def rewrite(path: Path, lines: Iterable[str]) -> None:
    """The file at `path` with these lines instead of its own, in one step, while nobody appends to it.

    Raises:
        InputError: the file cannot be written; then it is as it was.
    """
    half, lock = path.with_name(f"{path.name}.{os.getpid()}.half"), path.with_name(path.name + ".lock")
    try:
        with locked(lock), half.open("w", encoding="utf-8", errors="replace") as file:
            for line in lines:
                file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
            half.replace(path)
        discard(lock)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """The file at `path` with `text` in it, in one step and on the disk."""
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    with half.open("w", encoding="utf-8", errors="replace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _cut_half_line(descriptor: int) -> int:
    size = os.fstat(descriptor).st_size
    end = size
    while end > 0:
        begin = max(0, end - _BLOCK)
        block = os.pread(descriptor, end - begin, begin)
        at = block.rfind(b"\n")
        if at >= 0:
            end = begin + at + 1
            break
        end = begin
    if end < size:
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
    return size - end
