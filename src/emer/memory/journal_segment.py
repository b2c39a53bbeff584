"""The files of the journal: `00000001.jsonl`, `00000002.jsonl` … in one folder; only the last of them grows."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from emer.memory.opened_file import OpenedFile


class NewLine(NamedTuple):
    """A whole line that was not read before: its number from 1, its first byte, and itself without the newline."""

    number: int
    start: int
    text: bytes


class Segment:
    """An opened file of the journal, read as far as its last whole line.

    It stays open: what was read can be read again at the same place, even when another process has put another file
    in its stead.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.number = path, int(path.stem)
        self.n_read = self._n_lines = 0
        self._file = OpenedFile(path)

    @property
    def is_current(self) -> bool:
        """Whether the file under this name is still the one that was opened."""
        return self._file.is_current

    def new_lines(self) -> Iterator[NewLine]:
        """Yield the whole lines that were written since the last time."""
        lines = self._file.read(self.n_read, self._file.n_bytes - self.n_read).split(b"\n")
        for line in lines[:-1]:  # what follows the last newline is torn, being written, or empty
            start = self.n_read
            self.n_read += len(line) + 1
            self._n_lines += 1
            yield NewLine(self._n_lines, start, line)

    def read(self, start: int, n_bytes: int) -> bytes:
        """Return bytes that were read before."""
        return self._file.read(start, n_bytes)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def opened_segments(folder: Path, known: Mapping[int, Segment]) -> dict[int, Segment] | None:
    """Return all segments in their order, those that are known as they are; None when a known one was replaced.

    Raises:
        OSError: the folder is there and cannot be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".jsonl" and path.stem.isdigit())
    except FileNotFoundError:
        paths = []
    numbers = {int(path.stem) for path in paths}
    if not all(number in numbers and segment.is_current for number, segment in known.items()):
        return None
    segments = {}
    for path in paths:
        with contextlib.suppress(FileNotFoundError):  # emptied and removed since it was listed
            segments[int(path.stem)] = known.get(int(path.stem)) or Segment(path)
    return segments


def write_at_end(folder: Path, number: int, lines: bytes) -> None:
    """Append whole lines to a segment, made if it is not there; when this returns they are on disk.

    A torn last line is cut off first; if writing fails, nothing of the lines stays behind.

    Raises:
        OSError: the file cannot be written.
    """
    path = folder / f"{number:08d}.jsonl"
    is_new = not path.exists()
    with path.open("a+b") as file:
        end = _whole(file)
        file.truncate(end)
        try:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(file.fileno(), end)
            raise
    if is_new:
        _sync_folder(folder)


def replace_lines(segment: Segment, dead: Collection[int]) -> None:
    """Write a segment anew without the lines that begin at these bytes, and put it in place by one rename.

    Raises:
        OSError: the file cannot be written.
    """
    making = segment.path.with_suffix(".making")
    whole, at = segment.read(0, segment.n_read), 0
    with making.open("wb") as file:
        for line in whole.splitlines(keepends=True):
            if at not in dead:
                file.write(line)
            at += len(line)
        file.flush()
        os.fsync(file.fileno())
    segment.close()  # Windows does not rename over an open file
    making.replace(segment.path)
    _sync_folder(segment.path.parent)


def _whole(file: BinaryIO, block: int = 1 << 16) -> int:
    """Return where the last whole line of a file ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - block)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk; where a folder cannot be opened (Windows) they are soon enough."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
