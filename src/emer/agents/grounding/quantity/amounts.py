"""The amounts that a text names, with their units and with what is told of them: "almost nine", "half a dozen"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from emer.agents.grounding.words.wording import PERSON_ID

NEAR = 0.15
"""Share by which a told quantity may be off: "about six" for 6.1, "40 %" for 41 %."""
NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
ORDINALS = {
    "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12,
}  # fmt: skip
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10,
          "hundredth": 100}  # fmt: skip
HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "fortnight": 336.0, "month": 730.0, "year": 8766.0,
         "decade": 87660.0}  # fmt: skip
"""The long units of time, in hours: a time may be told in another of them than in the cues."""
_WORDS = "|".join(NUMBERS)
_ORDINAL = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b(?! second\b)", re.IGNORECASE)
_DOZEN = re.compile(rf"\b(?:(?P<half>half a)|an?|(?P<n>{_WORDS}))? ?dozens?\b", re.IGNORECASE)
_PART = re.compile(
    rf"\b(?:(?:an?|one)(?: (?:mere|bare|good|full))?|(?P<n>\d+|{_WORDS}))[ -](?P<part>{'|'.join(_PARTS)}"
    rf"|halve)s? of (?:an?|one|the) (?P<unit>[a-z]+)\b",
    re.IGNORECASE,
)
"""So many parts of something: "a fifth of a face width", "three tenths of a second"."""
_AND_HALF = re.compile(
    rf"\b(?:(?P<n>\d+|one|{_WORDS}) and a half (?P<unit>[a-z]+)|an? (?P<alone>second|semitone|minute|hour"
    rf"|year) and a half)\b",
    re.IGNORECASE,
)
_ONE = re.compile(rf"\b(?P<half>half )?(?:an?|one)(?: \w+)? (?P<unit>{'|'.join(HOURS)})\b", re.IGNORECASE)
_JUST_ONE = re.compile(r"one |an? (?:single|mere|full|whole|bare)\b", re.IGNORECASE)
_JUST = re.compile(r"\b(?:just|only|barely|hardly|scarcely|merely) $", re.IGNORECASE)
_SECOND = re.compile(
    r"\b(?P<half>half )?(?:an?|one)(?: (?:good|full|whole|mere|brief|long|single))? second\b"
    r"(?(half)|(?= (?:of|pass(?:es)?|go(?:es)?|lies?|elaps\w+|before)\b))",
    re.IGNORECASE,
)
"""One or half of a unit of time, told without a number."""
_SINGLE = re.compile(
    r"\b(?:an?|one)(?: (?:single|mere|full|whole|bare))? (?P<unit>semitone|decibel|dB)\b", re.IGNORECASE
)
_UNITS = {
    "db": r"dB|decibels?", "st": r"semitones?", "t": rf"(?:{'|'.join(HOURS)})s?", "syl": r"syllables?",
    "pct": r"%|percent|per cent", "s": r"s|seconds?",
}  # fmt: skip
_QUANTITY = re.compile(
    rf"(?<![\w.–-])(?P<number>\d*\.?\d+|(?:{_WORDS})\b)\s*-?\s*"
    r"(?:(?:whole|full|long|short|mere|solid|entire|good|further|more|other|brief|bare|clear|silent) )?"
    rf"(?:(?P<unit>%|(?:{'|'.join(_UNITS.values())})\b))?",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\s*(?:(?:whole|full|long|short|mere|good|entire) )?"
    r"(?:(?:minute|hour|day|week|fortnight|month|year|semitone|decibel|syllable)s|seconds(?! (?:later|earlier"
    r"|after|before)))\b",
    re.IGNORECASE,
)
"""What "two" must stand before to be held to the cues: of persons, cues and words it is no measure."""
_SIGN = re.compile(
    r"(?<=[\s(])[-+−](?=[\d.])|\b(?:the|all) three\b(?! (?:\w+ )?(?:seconds|minutes|hours|days"
    r"|weeks|months|years|semitones|times))"
)
_CHANGE = re.compile(r"\b(?P<unit>semitone|syllable|decibel|dB)s?[^()]*?, [-+−](?P<n>\d*\.?\d+)\)")
"""What a cue adds behind a measure: by how much it is off the rest."""
_BOUNDS = (
    ("nearly", re.compile(r"\b(?:nearly|almost|close to|close on|just (?:under|short of|below)|not quite|barely"
                          r"|scarcely"
                          r"|hardly|the best part of|getting on for)(?: an?| the| some)?(?: \w+)? $", re.I)),
    ("less", re.compile(r"\b(?:less than|fewer than|under|below|within|no more than|not more than"
                        r"|at (?:the )?most|short of"
                        r"|not even|up to|a maximum of)(?: an?| the| some)?(?: \w+)? $", re.I)),
    ("more", re.compile(r"\b(?:more than|over|above|at least|upwards of|exceed\w*|beyond|no (?:less|fewer) than"
                        r"|a minimum of|a good|in excess of)(?: an?| the| some)?(?: \w+)? $", re.I)),
)  # fmt: skip
_WITHIN = {"nearly": (0.75, 1.08), "less": (0.35, 1.07), "more": (0.96, 1.75), "one": (0.6, 1.4), "length": (0.8, 1.25)}
"""Between which shares of what is told the quantity of a cue may lie."""

_BY = re.compile(r"\bby (?:(?:about|some|around|roughly|nearly|almost|over|more than|a) )?$", re.IGNORECASE)
_OFF = re.compile(
    r"(?: (?:a|per) second)? (?:slower|faster|quicker|below|above|under|over|more|less|up|down"
    r"|off)\b",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """A value in its unit, what bounds it, and the words that tell it."""

    value: float
    unit: str | None
    text: str
    bound: str | None = None
    length: float = 1.0
    """Hours of the unit, of long units of time."""
    is_change: bool = False
    """Whether it is by how much something is off the rest."""


def number(text: str) -> float:
    """The value of a number in digits or in one of the words."""
    return float(NUMBERS[text.lower()]) if text.lower() in NUMBERS else float(text)


def amounts(text: str, *, is_cue: bool = False) -> Iterator[Amount]:
    """The amounts in a text; of a cue also those that only stand behind others."""
    if is_cue:
        for found in _CHANGE.finditer(text):
            yield Amount(float(found["n"]), _unit(found["unit"]), found.group(), is_change=True)
    plain = _SIGN.sub("", PERSON_ID.sub(" ", text))
    for pattern, read in ((_PART, _part), (_AND_HALF, _and_half), (_DOZEN, _dozen)):
        for found in pattern.finditer(plain):
            yield read(found)._replace(bound=_bound(plain, found))
        plain = pattern.sub(lambda found: " " * len(found.group()), plain)
    yield from _plain(plain, is_cue=is_cue)
    for found in _ORDINAL.finditer(plain):
        yield Amount(float(ORDINALS[found.group().lower()]), "th", found.group())
    for found in _SECOND.finditer(plain):
        yield Amount(0.5 if found["half"] else 1.0, "s", found.group(), _bound(plain, found) or "one")
    for found in _SINGLE.finditer(plain):
        yield Amount(1.0, _unit(found["unit"]), found.group(), _bound(plain, found) or "one")
    for found in _ONE.finditer(plain):
        is_held = found["half"] or found["unit"].lower() == "fortnight" or _JUST_ONE.match(found.group())
        if is_cue or is_held or _JUST.search(plain[: found.start()]):
            length = HOURS[found["unit"].lower()]
            yield Amount(length * (0.5 if found["half"] else 1.0), "t", found.group(), _bound(plain, found), length)


def fits(told: Amount, value: float) -> bool:
    """Whether a quantity may be what is told."""
    if told.bound is not None:
        low, high = _WITHIN[told.bound]
        return low * told.value <= value <= high * told.value
    return abs(value - told.value) <= (NEAR * told.value if told.unit == "t" else max(NEAR * told.value, 0.05))


def _plain(text: str, *, is_cue: bool) -> Iterator[Amount]:
    for found in _QUANTITY.finditer(text):
        if found["number"].lower() == "two" and not is_cue and not _HELD.match(text[found.start("number") + 3 :]):
            continue
        value, unit = number(found["number"]), _unit(found["unit"] or "")
        length = HOURS.get((found["unit"] or "").lower().removesuffix("s"), 1.0)
        said = found.group().strip()
        is_change = bool(_BY.search(text[: found.start()]) or _OFF.match(text, found.end()))
        value_in = value * (length if unit == "t" else 1.0)
        yield Amount(value_in, unit, said, _bound(text, found), length, is_change)
        if unit == "t" and is_cue:
            yield Amount(value, None, said)


def _part(found: re.Match[str]) -> Amount:
    n, part, unit = found["n"], found["part"].lower(), found["unit"].lower()
    value = (number(n) if n else 1.0) / _PARTS["half" if part == "halve" else part]
    length = HOURS.get(unit, 1.0)
    return Amount(value * length, _unit(unit), found.group(), length=length)


def _and_half(found: re.Match[str]) -> Amount:
    unit = (found["alone"] or found["unit"]).lower()
    n = found["n"]
    value = 1.5 if not n or n.lower() == "one" else number(n) + 0.5
    length = HOURS.get(unit.removesuffix("s"), 1.0)
    return Amount(value * length, _unit(unit), found.group(), length=length)


def _dozen(found: re.Match[str]) -> Amount:
    times = 0.5 if found["half"] else number(found["n"]) if found["n"] else 1.0
    return Amount(12.0 * times, None, found.group())


def _unit(text: str) -> str | None:
    return next((name for name, form in _UNITS.items() if re.fullmatch(form, text, re.IGNORECASE)), None)


def _bound(text: str, found: re.Match[str]) -> str | None:
    before = text[: found.start()]
    before = before if before.endswith(" ") else f"{before} "
    return next((name for name, pattern in _BOUNDS if pattern.search(before)), None)
