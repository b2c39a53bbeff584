"""Locks between processes, on files; the kernel lets a lock go when its holder dies.

Whoever holds a lock may remove its file as the last thing that is done under it: who waited for the removed file, or
opened it just before, notices that another (or none) stands under its name, and begins again with that one.

On Windows there is no `fcntl`: there a memory folder works for one process at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock on a file, once whoever has it lets go.

    Raises:
        OSError: the lock file can neither be made nor opened.
    """
    while True:
        with path.open("a") as file:
            _take(file.fileno(), is_patient=True)
            if _stands(path, file.fileno()):
                yield
                return


@contextmanager
def try_locked(path: Path) -> Iterator[bool]:
    """Hold the exclusive lock on a file if nobody has it; yields whether it is held. Never waits, never raises."""
    while True:
        try:
            file = path.open("a")
        except OSError:  # nothing can be written there
            yield False
            return
        with file:
            is_held = _take(file.fileno(), is_patient=False)
            if not is_held or _stands(path, file.fileno()):
                yield is_held
                return


def discard(path: Path) -> None:
    """Remove the file of a lock, unless somebody has the lock: then that is left to whoever has it."""
    if not path.exists():
        return
    with try_locked(path) as is_held:
        if is_held:
            remove_held(path)


def remove_held(path: Path) -> None:
    """Remove the file of a lock that is held; nothing that it guards may be done afterwards."""
    with suppress(OSError):  # on Windows an open file stays
        path.unlink()


def _take(descriptor: int, *, is_patient: bool) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if is_patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stands(path: Path, descriptor: int) -> bool:
    """Return whether the opened file is the one that stands under its name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
