"""The tables of words and rules beside the tools (`data/*.tsv`), written by us and read once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a tab-separated table, by the names in its first line."""
    text = (files("emer.tools") / "data" / name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line]
    return tuple(MappingProxyType(row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def words(name: str) -> frozenset[str]:
    """A named set of words from `word_sets.tsv`.

    Raises:
        KeyError: there is no set of that name.
    """
    return frozenset({row["name"]: row["words"] for row in rows("word_sets.tsv")}[name].split())
