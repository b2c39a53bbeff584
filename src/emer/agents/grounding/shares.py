"""Shares of raters: which class of a face or of words a claim gives how much of, held to the cues of the class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emer.agents.grounding.record import Claim
from emer.schemas import Cue

CLASS = re.compile(r"\b(?P<word>[a-z]+) \((?P<p>0?\.\d+|1\.0+)(?:; 0?\.\d+ is usual)?\)")
_OF_FACE = re.compile(r"\b([a-z]+)(?: second)? \((0?\.\d+|1\.0+)")
_OF_WORDS = re.compile(r"\breaders\b", re.IGNORECASE)
_ODDS = re.compile(
    r"\breaders of such words (?:mostly )?choose [a-z ]+?(?: \d+ times as often as usual)?"
    r" \((?:0?\.\d+|1\.0+)(?:; 0?\.\d+ is usual)?\)",
    re.IGNORECASE,
)
"""How the offline judge tells what readers choose."""
_OFF = 0.011
"""By how much a share may be off by rounding."""
_SAME = {"fear": "fearful", "afraid": "fearful", "scared": "fearful", "sadness": "sad", "happiness": "happy",
         "joy": "happy",
         "anger": "angry", "disgust": "disgusted", "surprise": "surprised", "calm": "neutral"}  # fmt: skip


def without_odds(text: str) -> str:
    """A text without what it tells of readers of words, which is held to the shares of the cited cues alone."""
    return _ODDS.sub(" ", text)


def wrong_share(claim: Claim) -> str | None:
    """A share of raters that no cited cue has for that label: "choose fear (0.49)"."""
    known = [pair for cue in claim.cited for pair in _shares(cue)]
    labels = {name for name, _ in known}
    if not any(name.startswith("go.") for cue in claim.cited for name in cue.source.values) and _OF_WORDS.search(
        claim.bare
    ):
        return "tells what readers of words choose, but cites no words"
    for found in CLASS.finditer(claim.step.claim):
        word, told = found["word"].lower(), float(found["p"])
        names = {word, _SAME.get(word, word)}
        if names & labels and not any(name in names and abs(value - told) <= _OFF for name, value in known):
            return f"tells a share of {word} ({found['p']}) that no cited cue has"
    return None


def _shares(cue: Cue) -> Iterator[tuple[str, float]]:
    for name, value in cue.source.values.items():
        kind, _, label = name.partition(".")
        if kind in ("go", "fer") and isinstance(value, int | float):
            yield label, float(value)
            yield _SAME.get(label, label), float(value)
    if cue.modality == "face":
        for label, value in _OF_FACE.findall(cue.text):
            yield label, float(value)
            yield _SAME.get(label, label), float(value)
