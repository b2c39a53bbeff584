"""Forms of speech that the checks look for, by name: files under `data/` with a form a line, as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from emer.agents.grounding.words.lists import lines_of

_MY = r"(?:the|an?|his|her|their|its|both|p\d's|own)"
_BETWEEN = r"(?:\w+ ){"
"""Words that may stand between two others in a form."""
_NEVER = re.compile(r"(?!)")


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of a file by the heads, "[name]: more", that they stand under; a head comes back as "name: more"."""
    found: dict[str, list[str]] = {}
    head = ""
    for line in lines_of(name):
        if line.startswith("[") and "]" in line:
            head = line[1:].replace("]", "", 1)
            found[head] = []
        else:
            found[head].append(line)
    return {head: tuple(under) for head, under in found.items()}


def pattern(forms: Sequence[str], before: str = r"\b", after: str = r"\b", *, between: str = "and") -> re.Pattern[str]:
    """Any of some forms, as whole words; nothing where there are none. `MY` in a form is an article or a possessive.

    Args:
        forms: regular expressions.
        before: what stands before them.
        after: what stands behind them.
        between: words that do not stand in a gap of a form; behind an "and" something else begins.
    """
    if not forms:
        return _NEVER
    gap = rf"(?:(?!(?:{between})\b)\w+ ){{"
    either = "|".join(form.replace("MY", _MY).replace(_BETWEEN, gap) for form in forms)
    return re.compile(rf"{before}(?:{either}){after}", re.IGNORECASE)
