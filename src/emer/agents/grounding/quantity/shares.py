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
_CLASSES = {
    "happy": "happy cheerful joyful glad pleased merry",
    "sad": "sad unhappy sorrowful miserable downcast",
    "angry": "angry furious cross mad irate",
    "fearful": "afraid fearful scared frightened",
    "surprised": "surprised astonished amazed startled",
    "disgusted": "disgusted revolted",
    "neutral": "neutral expressionless",
}
_CLASS_OF = {word: name for name, told in _CLASSES.items() for word in told.split()}
"""The class of a face that a word names."""
_TOLD_CLASS = re.compile(
    rf"\b(?:raters?\b(?:(?!\bnot\b|n't|\bhardly\b|\bnever\b|\bno\b)[^.;,]){{0,60}}?|(?:classed|classified|rated|labell?ed|filed)"
    rf" (?:as |under )?)\b(?P<word>{'|'.join(_CLASS_OF)})\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\braters would call this face ([a-z]+)(?:[^;]*?(?:second|then|,) ([a-z]+) \()?", re.IGNORECASE)


def wrong_class(claim: Claim) -> str | None:
    """What raters are told to call a face where every cited cue says that they call it otherwise."""
    told = _TOLD_CLASS.search(claim.bare)
    called = [word for cue in claim.cited for found in _CALLED.findall(cue.text) for word in found if word]
    if told is None or not called or told["word"].lower() in " ".join(called).lower():
        return None
    classes = {_CLASS_OF.get(word.lower(), _SAME.get(word.lower(), word.lower())) for word in called}
    if _CLASS_OF[told["word"].lower()] in classes:
        return None
    return f"tells that raters call it {told['word'].lower()}, where the cited cues have {' and '.join(called)}"


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
