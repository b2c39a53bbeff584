"""Numbers: every quantity that a claim names must be one of its cues, within rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from emer.agents.grounding.record import Claim

NEAR = 0.15
"""Share by which a told quantity may be off: "about six" for 6.1, "40 %" for 41 %."""
NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1000,
    "dozen": 12,
}  # fmt: skip
ORDINALS = {
    "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12,
}  # fmt: skip
_ORDINAL = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.0, "year": 8766.0, "decade": 87660.0}
"""The long units of time, in hours: a time may be told in another of them than in the cues."""
_ONE = re.compile(
    rf"\b(?P<half>half )?(?:an?|one)(?: \w+)? (?P<unit>{'|'.join(_HOURS)})\b",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?P<half>half )?(?:an?|one)(?: (?:good|full|whole|mere|brief|long))? second\b"
    r"(?(half)|(?= (?:of|pass|go|lie|elaps|before)))",
    re.IGNORECASE,
)
"""One or half of a unit of time, told without a number."""
_UNITS = {
    "db": r"dB|decibels?", "st": r"semitones?", "t": rf"(?:{'|'.join(_HOURS)})s?", "syl": r"syllables?",
    "pct": r"%|percent|per cent", "s": r"s|seconds?",
}  # fmt: skip
_BOUND = re.compile(r"\b(more|less|over|under|at least|at most|nearly|almost|up to|than)\b[^.\d]{0,12}$", re.IGNORECASE)
_QUANTITY = re.compile(
    rf"(?<![\w.–-])(?P<number>\d*\.?\d+|(?:{'|'.join(NUMBERS)})\b)\s*-?\s*(?:(?P<unit>%|(?:{'|'.join(_UNITS.values())})\b))?",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\bp\d+\b")
_HELD = re.compile(
    r"\s*(?:(?:minute|hour|day|week|month|year|semitone)s|seconds(?! (?:later|earlier|after|before)))\b", re.IGNORECASE
)
"""What "two" must stand before to be held to the cues: of persons, cues and words it is no measure."""
_SIGN = re.compile(r"(?<=[\s(])[-+−](?=\d)|\b(?:the|all) three\b")
_CLASS = re.compile(r"\b(?P<word>[a-z]+) \((?P<p>0?\.\d+|1\.0+)(?:; 0?\.\d+ is usual)?\)")
_TIMED = re.compile(
    r"\d+(?:\.\d+)?\s*(?:-|–|to|and)\s*\d+(?:\.\d+)?\s*(?:s\b|seconds?)"
    r"|\b(?:at|from|until|after|by|around) (?:about |around |roughly )?\d+(?:\.\d+)? s\b"
    rf"|\b(?:\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) seconds in(?:to)?\b"
    rf"|\b(?:first|opening|initial|last|final|closing) (?:\d+|{'|'.join(NUMBERS)}) seconds\b"
    rf"|\b(?:at|by|from|until|up to) (?:about |around |roughly |some )?(?:{'|'.join(NUMBERS)}) seconds"
    r"(?! (?:of|later|earlier|after|before|long)\b)"
    rf"|\bsecond (?:{'|'.join(NUMBERS)}|\d+)\b|\bthe (?:{'|'.join(ORDINALS)}) second\b",
    re.IGNORECASE,
)


class _Quantity(NamedTuple):
    value: float
    unit: str | None
    is_bound: bool
    text: str
    length: float = 1.0
    """Hours of the unit, of long units of time."""


def number(text: str) -> float:
    """The value of a number in digits or in one of the words."""
    return float(NUMBERS[text.lower()]) if text.lower() in NUMBERS else float(text)


def wrong_number(claim: Claim) -> str | None:
    """A quantity that is in no cited cue."""
    told = claim.step.claim
    if _CLASS.search(told):
        return _wrong_share(claim)
    there = [*_quantities(claim.said, is_cue=True), *_implied(claim)]
    for one in _quantities(_TIMED.sub(" ", claim.bare)):
        known = [other.value for other in there if other.unit == one.unit]
        if one.unit is None:
            known = [other.value for other in there]
        elif one.unit == "t":
            known += [other.value / 3600 for other in there if other.unit == "s"]
            plain = there if not any(other.unit == "t" for other in there) else _implied(claim)
            known += [other.value * one.length for other in plain if other.unit is None]
        if not any(_fits(one, abs(value)) for value in known):
            return f"tells a number ({one.text}) that no cited cue has"
    return None


def _wrong_share(claim: Claim) -> str | None:
    """A share of raters that no cited cue has for that label: "choose fear (0.49)"."""
    shares: dict[str, float] = {}
    for cue in claim.cited:
        shares |= {name: float(v) for name, v in cue.source.values.items() if isinstance(v, int | float)}
    if not any(name.startswith("go.") for name in shares):
        return "tells what readers of words choose, but cites no words"
    for found in _CLASS.finditer(claim.step.claim):
        value = shares.get(f"go.{found['word']}")
        if value is not None and abs(value - float(found["p"])) > 0.011:
            return f"tells a share of {found['word']} ({found['p']}) that no cited cue has"
    return None


def _quantities(text: str, *, is_cue: bool = False) -> Iterator[_Quantity]:
    plain = _SIGN.sub("", _PERSON.sub(" ", text))
    for found in _QUANTITY.finditer(plain):
        if found["number"].lower() == "two" and not _HELD.match(plain[found.start("number") + 3 :]):
            continue
        value = number(found["number"])
        length = _HOURS.get((found["unit"] or "").lower().removesuffix("s"))
        if length is not None:
            is_bound = bool(_BOUND.search(plain[: found.start()]))
            yield _Quantity(value * length, "t", is_bound, found.group().strip(), length)
            if is_cue:
                yield _Quantity(value, None, False, found.group().strip())
            continue
        unit = next((name for name, form in _UNITS.items() if re.fullmatch(form, found["unit"] or "", re.I)), None)
        yield _Quantity(value, unit, bool(_BOUND.search(plain[: found.start()])), found.group().strip())
    for found in _ORDINAL.finditer(plain):
        yield _Quantity(float(ORDINALS[found.group().lower()]), "th", False, found.group())
    for found in _SECOND.finditer(plain):
        yield _Quantity(0.5 if found["half"] else 1.0, "s", True, found.group())
    for found in _ONE.finditer(plain):
        if is_cue or found["half"]:
            length = _HOURS[found["unit"].lower()]
            yield _Quantity(length * (0.5 if found["half"] else 1.0), "t", False, found.group(), length)


def _implied(claim: Claim) -> Iterator[_Quantity]:
    """What the cited cues hold without saying it: durations, counts of cues and people, numbers among their values."""
    for cue in claim.cited:
        span = claim.record.spans.get(cue.id)
        if span is not None:
            yield _Quantity(span.end - span.start, "s", False, "duration")
        for name, value in cue.source.values.items():
            if isinstance(value, int | float):
                yield _Quantity(float(value), _unit_of(name), False, name)
    yield _Quantity(float(len(claim.cited)), None, False, "cues")
    yield _Quantity(float(len({cue.person for cue in claim.cited if cue.person})), None, False, "people")


def _unit_of(name: str) -> str | None:
    return next((unit for unit in ("db", "st", "s") if name.endswith(f"_{unit}")), None)


def _fits(told: _Quantity, value: float) -> bool:
    if told.unit == "t":
        return abs(value - told.value) <= (0.7 if told.is_bound else NEAR) * told.value
    if told.is_bound:
        return abs(value - told.value) <= 0.7 * max(told.value, 1.0)
    return abs(value - told.value) <= max(NEAR * told.value, 0.05)
