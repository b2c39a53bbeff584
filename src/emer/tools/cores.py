"""How many processors this process may count on."""

from __future__ import annotations

import os

_share: int | None = None


def share_cores(n: int) -> None:
    """Lets this process count on `n` cores only, because others like it work on other clips beside it."""
    global _share
    _share = n


def usable_cores() -> int:
    """Processors that this process may count on: its share, else those that the system lets it use."""
    if _share is not None:
        return _share
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
