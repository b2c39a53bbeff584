"""Locks between processes, on files; the kernel lets a lock go when its holder dies.

On Windows there is no `fcntl`: there a memory folder works for one process at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock on a file, once whoever has it lets go.

    Raises:
        OSError: the lock file can neither be made nor opened.
    """
    with path.open("a") as file:
        _take(file.fileno(), is_patient=True)
        yield


@contextmanager
def try_locked(path: Path) -> Iterator[bool]:
    """Hold the exclusive lock on a file if nobody has it; yields whether it is held. Never waits, never raises."""
    try:
        file = path.open("a")
    except OSError:  # nothing can be written there
        yield False
        return
    with file:
        yield _take(file.fileno(), is_patient=False)


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
