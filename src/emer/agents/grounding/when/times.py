"""When: the times that a claim names must be those of its cues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from emer.agents.fusion.moments import Span
from emer.agents.grounding.quantity.amounts import NUMBERS, ORDINALS, number
from emer.agents.grounding.record import Claim
from emer.agents.grounding.when.alignment import aligned
from emer.agents.grounding.when.parts import parts
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import words

TIME_SLACK_S = 0.3
"""How far a claimed time may lie outside the cited cues: about one sampled frame at 4 per second."""
ROUND_SLACK_S = 0.6
"""The same of a time told in words, as a whole second, or of one of several cues."""
CALENDAR = listed("calendar")
_SEASONS = {
    "winter": {"december", "january", "february", "christmas"},
    "spring": {"march", "april", "may", "easter"},
    "summer": {"june", "july", "august"},
    "autumn": {"september", "october", "november"},
}
_FIRST = re.compile(r"\bfirst (?:half )?second\b", re.IGNORECASE)
_EDGE = re.compile(
    rf"\b(?P<edge>first|opening|initial|last|final|closing) (?P<n>\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) seconds\b",
    re.IGNORECASE,
)
"""So many seconds at the beginning or the end of a clip."""
_START = re.compile(
    r"\b(?:right |already )?(?:at the (?:very )?(?:start|beginning|outset)|from the (?:very )?(?:start|beginning))\b"
    r"(?! of)"
    r"|\bin the (?:very )?beginning\b"
    r"|\bbefore (?:any(?:one|body) (?:speaks|says)|a(?:ny)? (?:single )?word (?:is|has been|falls))"
    r"|\bas the (?:clip|scene|recording|video) (?:opens|starts|begins)\b"
    r"|\b(?:clip|scene|recording|video) (?:opens|starts|begins) (?:with|on|by)\b"
    r"|\bin the (?:opening|first|initial) (?:seconds|moments|half)\b",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    r"\b(?:at|in|by|near|towards?) the (?:very )?(?:end|close)\b(?! of)"
    r"|\b(?:clip|scene|recording|video) (?:ends|closes|finishes|concludes) (?:with|on|by|in)\b"
    r"|\bas the (?:clip|scene|recording|video) (?:ends|closes)\b"
    r"|\bin the (?:closing|final|last) (?:seconds|moments|half)\b",
    re.IGNORECASE,
)
"""The beginning and the end of a clip, told in words."""
_WHOLE = re.compile(
    r"\b(?:throughout|the (?:whole|entire) time|all the time"
    r"|from (?:the )?(?:start|beginning|first) to (?:the )?(?:end|finish|last)"
    r"|(?:over|for|through|throughout|during) the (?:whole|entire|full) (?:clip|recording|scene|video|exchange)"
    r"|from beginning to end)(?=\s*(?:[,.;:]|$|\[|and\b|but\b|with\b|so\b|while\b))",
    re.IGNORECASE,
)
_PART = 0.5
"""Share of a clip that cues of what lasts "throughout" must cover."""
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)?\s*(?:-|–|to|and)\s*(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)", re.IGNORECASE
)
_INSTANT = re.compile(
    r"\b(?:at|by|around|after|from|until)\s+(?:about\s+|around\s+|roughly\s+)?(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)"
    r"(?!\s+(?:of|later|earlier|after|before)\b)",
    re.IGNORECASE,
)
_WORDED = re.compile(
    rf"\b(?:(?:at|by|from|until|up to) (?:about |around |roughly |some )?({'|'.join(NUMBERS)}) seconds"
    rf"(?! (?:of|later|earlier|after|before|long)\b)|second ({'|'.join(NUMBERS)}|\d+)\b)",
    re.IGNORECASE,
)
"""A time told in words: "from around six seconds", "second five"."""
_ORDINAL = re.compile(
    rf"\b(past |after |beyond |from )?the (second|third|{'|'.join(ORDINALS)}) second\b", re.IGNORECASE
)
_INTO = re.compile(rf"\b(\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) seconds in(?:to)?\b", re.IGNORECASE)
"""So long after the beginning: "ten seconds in"."""
_WHEN = re.compile(
    r"\b(?P<how>at|around|from|after|until|by|before|up to)\s+(?:about\s+|around\s+|roughly\s+)?"
    r"(?P<t>\d+(?:\.\d+)?)(?:\s*(?:s\b|seconds?))?(?:\s*(?:-|–|to|and)\s*(?P<end>\d+(?:\.\d+)?))?\s*(?:s\b|seconds?)"
    r"(?!\s+(?:of|later|earlier|after|before)\b)",
    re.IGNORECASE,
)

_CHANGE = re.compile(r"\b(?:giv\w+ way|chang\w+|shift\w*|turn\w*|switch\w*|becom\w+|follow\w*)\b", re.IGNORECASE)
"""Words for what passes from one cue to the next."""


class _Time(NamedTuple):
    """A time that a claim names, and how far it may lie outside."""

    start: float
    end: float
    slack: float = TIME_SLACK_S


def wrong_time(claim: Claim) -> str | None:
    """A time that lies outside the cited cues."""
    there = set(words(claim.said))
    there |= {season for season, months in _SEASONS.items() if months & there}
    dated = sorted(CALENDAR & set(words(claim.bare)) - there)
    if dated:
        return f"names a time ({dated[0]}) that no cited cue names"
    claimed = [one for one in _times(claim.bare) if not _is_told(one, claim)]
    if claim.step.start_s is not None:
        claimed.append(_Time(claim.step.start_s, claim.step.end_s or claim.step.start_s))
    edge = _EDGE.search(claim.bare)
    far = _far_off(claim)
    if far is not None or (not claimed and not edge and not _FIRST.search(claim.bare)):
        return far
    spans = _cited(claim)
    if not spans:
        return "names a time, but the cues cited have none"
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    if _FIRST.search(claim.bare) and first - TIME_SLACK_S > 1.0:
        return "names the first second, in which none of the cues cited lies"
    if edge is not None and _is_off_edge(edge, claim, first - TIME_SLACK_S, last + TIME_SLACK_S):
        return f"names the {edge.group()}, in which none of the cues cited lies"
    outside = [one for one in claimed if one.start < first - one.slack or one.end > last + one.slack]
    return f"names a time ({outside[0].start:g} s) outside the cues that it cites" if outside else _misplaced(claim)


def _cited(claim: Claim) -> list[Span]:
    return [claim.record.spans[cue.id] for cue in claim.cited if cue.id in claim.record.spans]


def _far_off(claim: Claim) -> str | None:
    """A beginning or an end told in words of cues that all lie in the other half of the clip, or "throughout"."""
    spans = _cited(claim)
    if not spans:
        return None
    everything = claim.record.spans.values()
    begin, end = min(span.start for span in everything), max(span.end for span in everything)
    middle = (begin + end) / 2
    told = _START.search(claim.bare)
    if told and min(span.start for span in spans) > middle:
        return f"says “{told.group().lower()}” of cues that come later"
    told = _CLOSE.search(claim.bare)
    if told and max(span.end for span in spans) < middle and not _CLOSE.search(claim.said):
        return f"says “{told.group().lower()}” of cues that come earlier"
    told = _WHOLE.search(claim.bare)
    covered = max(span.end for span in spans) - min(span.start for span in spans)
    if told and covered < _PART * (end - begin):
        return f"says “{told.group().lower()}” of cues that last {covered:.1f} s"
    return None


def _misplaced(claim: Claim) -> str | None:
    """A time that lies within the cited cues, but not in the one that the same part of the claim tells of."""
    if len(_cited(claim)) < 2:
        return None
    for part in parts(claim.step.claim):
        found = _WHEN.search(part.text)
        cue = aligned(claim, part.text) if found else None
        if found is None or cue is None or _CHANGE.search(part.text):
            continue
        begin, end = float(found["t"]), float(found["end"] or found["t"])
        if _is_told(_Time(begin, end), claim):
            continue
        span, how = claim.record.spans[cue.id], found["how"].lower()
        is_late = end > span.end + ROUND_SLACK_S and how not in ("until", "before", "by", "up to")
        if is_late or (begin < span.start - ROUND_SLACK_S and how not in ("after", "from")):
            return f"names a time ({begin:g} s) outside {cue.id}, of which it tells"
    return None


def _is_off_edge(found: re.Match[str], claim: Claim, first: float, last: float) -> bool:
    seconds = number(found["n"])
    if found["edge"].lower() in ("first", "opening", "initial"):
        return first > seconds
    return last < max(span.end for span in claim.record.spans.values()) - seconds


def _times(text: str) -> Iterator[_Time]:
    for a, b in _SPAN.findall(text):
        yield _Time(float(a), float(b))
    for found in _INTO.findall(text):
        yield _Time(number(found), number(found))
    for found in _INSTANT.findall(_SPAN.sub(" ", text)):
        yield _Time(float(found), float(found))
    for of_unit, bare in _WORDED.findall(text):
        yield _Time(number(of_unit or bare), number(of_unit or bare), ROUND_SLACK_S)
    for past, nth in _ORDINAL.findall(text):
        n = {"second": 2, "third": 3}.get(nth.lower()) or ORDINALS[nth.lower()]
        yield _Time(n, n, ROUND_SLACK_S) if past else _Time(n - 0.5, n - 0.5, ROUND_SLACK_S)


def _is_told(one: _Time, claim: Claim) -> bool:
    """Whether the cues name these very times in their words, or a pause as long as this."""
    if one.start != one.end:
        return f"{one.start:.1f}–{one.end:.1f}" in claim.said
    return (
        re.search(rf"\b(?:of|for) (?:about )?0?{re.escape(f'{one.start:g}'.removeprefix('0'))} s\b", claim.said)
        is not None
    )
