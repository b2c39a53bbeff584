"""When: the times that a claim names must be those of its cues."""

from __future__ import annotations

import re

from emer.agents.grounding.lists import listed
from emer.agents.grounding.numbers import NUMBERS, number
from emer.agents.grounding.record import Claim
from emer.agents.grounding.wording import words

TIME_SLACK_S = 0.3
"""How far a claimed time may lie outside the cited cues: about one sampled frame at 4 per second."""
CALENDAR = listed("calendar")
_FIRST = re.compile(r"\bfirst (?:half )?second\b", re.IGNORECASE)
_EDGE = re.compile(
    rf"\b(?P<edge>first|opening|initial|last|final|closing) (?P<n>\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) seconds\b",
    re.IGNORECASE,
)
"""So many seconds at the beginning or the end of a clip."""
_START = re.compile(
    r"\bat the (?:very )?(?:start|beginning|outset)\b(?! of)|\bin the beginning\b|\bright at the (?:start|outset)\b"
    r"|\bbefore any(?:one|body) (?:speaks|says)",
    re.IGNORECASE,
)
_CLOSE = re.compile(r"\b(?:at|in|towards?) the (?:very )?end\b(?! of)", re.IGNORECASE)
"""The beginning and the end of a clip, told in words."""
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)?\s*(?:-|–|to|and)\s*(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)", re.IGNORECASE
)
_INSTANT = re.compile(
    r"\b(?:at|by|around|after|from|until)\s+(?:about\s+|around\s+|roughly\s+)?(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)",
    re.IGNORECASE,
)
_INTO = re.compile(rf"\b(\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) seconds in(?:to)?\b", re.IGNORECASE)
"""So long after the beginning: "ten seconds in"."""


def wrong_time(claim: Claim) -> str | None:
    """A time that lies outside the cited cues."""
    dated = sorted(CALENDAR & set(words(claim.bare)) - set(words(claim.said)))
    if dated:
        return f"names a time ({dated[0]}) that no cited cue names"
    claimed = [span for span in _spans(claim.bare) if not _is_told(span, claim)]
    if claim.step.start_s is not None:
        claimed.append((claim.step.start_s, claim.step.end_s or claim.step.start_s))
    edge = _EDGE.search(claim.bare)
    far = _far_off(claim)
    if far is not None or (not claimed and not edge and not _FIRST.search(claim.bare)):
        return far
    spans = [claim.record.spans[cue.id] for cue in claim.cited if cue.id in claim.record.spans]
    if not spans:
        return "names a time, but the cues cited have none"
    first, last = min(span.start for span in spans) - TIME_SLACK_S, max(span.end for span in spans) + TIME_SLACK_S
    if _FIRST.search(claim.bare) and first > 1.0:
        return "names the first second, in which none of the cues cited lies"
    if edge is not None and _is_off_edge(edge, claim, first, last):
        return f"names the {edge.group()}, in which none of the cues cited lies"
    outside = [span for span in claimed if span[0] < first or span[1] > last]
    return f"names a time ({outside[0][0]:g} s) outside the cues that it cites" if outside else None


def _far_off(claim: Claim) -> str | None:
    """A beginning or an end told in words of cues that all lie in the other half of the clip."""
    spans = [claim.record.spans[cue.id] for cue in claim.cited if cue.id in claim.record.spans]
    if not spans:
        return None
    everything = claim.record.spans.values()
    middle = (min(span.start for span in everything) + max(span.end for span in everything)) / 2
    told = _START.search(claim.bare)
    if told and min(span.start for span in spans) > middle:
        return f"says “{told.group().lower()}” of cues that come later"
    told = _CLOSE.search(claim.bare)
    if told and max(span.end for span in spans) < middle and not _CLOSE.search(claim.said):
        return f"says “{told.group().lower()}” of cues that come earlier"
    return None


def _is_off_edge(found: re.Match[str], claim: Claim, first: float, last: float) -> bool:
    seconds = number(found["n"])
    if found["edge"].lower() in ("first", "opening", "initial"):
        return first > seconds
    return last < max(span.end for span in claim.record.spans.values()) - seconds


def _spans(text: str) -> list[tuple[float, float]]:
    found = [(float(a), float(b)) for a, b in _SPAN.findall(text)]
    found += [(number(t), number(t)) for t in _INTO.findall(text)]
    return found + [(float(t), float(t)) for t in _INSTANT.findall(_SPAN.sub(" ", text))]


def _is_told(span: tuple[float, float], claim: Claim) -> bool:
    """Whether the cues name these very times in their words."""
    return span[0] != span[1] and f"{span[0]:.1f}–{span[1]:.1f}" in claim.said
