"""A file that stays open for reading, and lets go when nobody holds it any more."""

from __future__ import annotations

import os
import weakref
from pathlib import Path


class OpenedFile:
    """Reads anywhere in the file that was under this name when it was opened, whatever is under it now.

    Raises:
        OSError: the file is not there or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._closing = weakref.finalize(self, os.close, self._descriptor)
        self._inode = os.fstat(self._descriptor).st_ino

    @property
    def n_bytes(self) -> int:
        """How long the file is now."""
        return os.fstat(self._descriptor).st_size

    @property
    def is_current(self) -> bool:
        """Whether the file under this name is still the one that was opened."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def read(self, start: int, n: int) -> bytes:
        """Return n bytes from a place on, fewer at the end of the file."""
        found = self._read_at(start, n)
        while found and len(found) < n and (more := self._read_at(start + len(found), n - len(found))):
            found += more
        return found

    def _read_at(self, start: int, n: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, n, start)
        os.lseek(self._descriptor, start, os.SEEK_SET)  # Windows
        return os.read(self._descriptor, n)

    def close(self) -> None:
        """Let the file go."""
        self._closing()
        self._descriptor = -1  # the number may be another file's from now on
