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
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._closing = weakref.finalize(self, os.close, descriptor)
        self._file = open(descriptor, "rb", buffering=0, closefd=False)  # noqa: SIM115  # closed by `_closing`
        self._inode = os.fstat(descriptor).st_ino

    @property
    def n_bytes(self) -> int:
        """How long the file is now."""
        return os.fstat(self._file.fileno()).st_size

    @property
    def is_current(self) -> bool:
        """Whether the file under this name is still the one that was opened."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def read(self, start: int, n: int) -> bytes:
        """Return n bytes from a place on, fewer at the end of the file."""
        self._file.seek(start)
        found = self._file.read(n)
        while found and len(found) < n and (more := self._file.read(n - len(found))):
            found += more
        return found

    def close(self) -> None:
        """Let the file go."""
        self._closing()
