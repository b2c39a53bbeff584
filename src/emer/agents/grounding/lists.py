"""The word lists of the checks, one file each under `data/`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list, in small letters."""
    return frozenset((files("emer.agents.grounding") / "data" / f"{name}.txt").read_text(encoding="utf-8").split())
