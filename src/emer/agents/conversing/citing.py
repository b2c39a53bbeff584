"""Sentences with their cues: the only way a fact enters a reply."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emer.agents.conversing.request import Fact
from emer.agents.fusion.phrases import clause
from emer.schemas import Cue, Emotion, Report

CITED = re.compile(r"\[([a-z][a-z0-9_]*-\d+)\]")
MAX_TOLD = 3
"""Cues named after a sentence: the strongest; more of them nobody reads."""


def fact(report: Report, text: str, cues: Sequence[str], *, cases: Sequence[str] = ()) -> list[Fact]:
    """The sentence with the ids that resolve and that it does not name yet at its end; none where nothing bears it."""
    known = {cue.id for cue in report.cues}
    named = [name for name in CITED.findall(text) if name in known]
    cited = list(dict.fromkeys([*named, *(name for name in cues if name in known)]))
    there = [case for case in cases if any(one.id == case for one in report.cases)]
    if not cited and not there:
        return []
    added = [name for name in cited if name not in named][: MAX_TOLD if not named else 0]
    marks = "".join(f" [{name}]" for name in (added or (() if named else there)))
    return [Fact(text=f"{text.rstrip().removesuffix('.')}{marks}.", cues=[*named, *added], cases=there)]


def who(report: Report, emotion: Emotion) -> str:
    """Whom a sentence about an emotion is about, with the verb of its perspective."""
    name = "the writer" if emotion.holder == "author" else emotion.person or emotion.holder
    verbs = {"expressed": "appears", "reported": "speaks of being", "depicted": "tells of somebody who appears"}
    if emotion.perspective == "evoked":
        return "the clip would strike a viewer as"
    return f"{name} {verbs[emotion.perspective]}"


def observed(cue: Cue) -> str:
    """A cue in its own words, with whoever speaks in it as the subject."""
    return clause(cue, subject=cue.person or "the speaker")


def listed(words: Sequence[str], *, word: str = "and") -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {word} {words[-1]}" if words else ""


def capital(text: str) -> str:
    """The text with a capital, but for ids such as p1."""
    return text if re.match(r"p\d", text) else text[:1].upper() + text[1:]


def number(value: float) -> str:
    """Two places without the leading zero, as the field prints probabilities."""
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
