"""Keeps what was measured on disk, so that a second look at the same thing costs milliseconds.

An entry is a file of its own, written beside its place and moved there in one step, so any number of processes may read
and write without a lock: the worst that two of them do is measure the same thing twice. An entry that is damaged is
dropped. The folder stays near a size: the entries that were not read for the longest time go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from emer.files import write_atomically

_SUFFIX = ".entry"
_LOOK_EVERY_S = 60.0
"""How often, at most, the folder is measured by all processes together; what comes in between may exceed the size."""
_SHARE = 0.9
"""What is left of the allowed size after making room, so that not every entry makes room again."""
_ABANDONED_S = 3600.0
"""Age from which a half-written file was left by a process that died."""


class MeasurementCache:
    """Bytes by key in a folder of at most about `max_mb` megabytes."""

    def __init__(self, folder: Path, *, max_mb: float):
        self.folder = folder
        self.max_bytes = int(max_mb * 1e6)
        self._n_written = 0

    def get(self, key: str) -> bytes | None:
        """What was kept under `key` (64 hexadecimal digits); None if there is nothing sound."""
        path = self._path(key)
        try:
            raw = path.read_bytes()
            os.utime(path)  # last read: who is read stays
        except OSError:
            return None
        digest, body = raw[:32], raw[32:]
        if hashlib.sha256(body).digest() == digest:
            return body
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def put(self, key: str, body: bytes) -> bool:
        """Whether `body` was kept. A folder that cannot be written is no reason to end a run."""
        path = self._path(key)
        try:
            write_atomically(path, hashlib.sha256(body).digest() + body)
        except OSError:
            return False
        self._n_written += len(body)
        if self._is_due():
            self.make_room()
        return True

    def make_room(self) -> None:
        """Removes the entries that were not read for the longest time until the folder fits."""
        now = time.time()
        entries = sorted(_entries(self.folder), key=lambda entry: entry.used_at)
        n_bytes = sum(entry.n_bytes for entry in entries)
        must_shrink = n_bytes > self.max_bytes
        for entry in entries:
            is_whole = entry.path.endswith(_SUFFIX)  # else somebody is writing it now, or died while writing
            has_no_room = must_shrink and n_bytes > _SHARE * self.max_bytes
            if has_no_room if is_whole else now - entry.used_at > _ABANDONED_S:
                n_bytes -= entry.n_bytes
                with contextlib.suppress(OSError):  # another process was quicker
                    Path(entry.path).unlink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / (key + _SUFFIX)

    def _is_due(self) -> bool:
        """Whether it is this process's turn to look at the folder's size."""
        if self._n_written > self.max_bytes * (1 - _SHARE):
            self._n_written = 0
            return True
        stamp = self.folder / "looked"
        with contextlib.suppress(OSError):
            if stamp.exists() and time.time() - stamp.stat().st_mtime < _LOOK_EVERY_S:
                return False
            stamp.touch()
        return True


class _Entry(NamedTuple):
    path: str
    n_bytes: int
    used_at: float


def _entries(folder: Path) -> Iterator[_Entry]:
    for child in folder.glob("??"):
        try:
            with os.scandir(child) as found:
                for one in found:
                    with contextlib.suppress(OSError):
                        stat = one.stat()
                        yield _Entry(one.path, stat.st_size, stat.st_mtime)
        except OSError:
            continue
