"""The word lists of the checks, one file each under `data/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list, in small letters."""
    return frozenset(_text(name).split())


def lines_of(name: str) -> list[str]:
    """The lines of one list, without empty ones and remarks."""
    return [line for line in _text(name).splitlines() if line.strip() and not line.startswith("#")]


def together(groups: Iterable[frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """What stands in a group with each word, itself among it; companions of companions are none."""
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for one in group:
            found[one] = found.get(one, frozenset()) | group
    return found


def _text(name: str) -> str:
    return (files("emer.agents.grounding") / "data" / f"{name}.txt").read_text(encoding="utf-8")
