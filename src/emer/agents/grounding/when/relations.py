"""How two spans must lie for what a sentence tells of them: a test for each "before", "once", "while" and so on.

Slack is wide: a span is of what was measured, not of the deed, and who reacts may begin while the other still speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from emer.agents.fusion.moments import Span
from emer.agents.grounding.quantity.amounts import NUMBERS, number

SLACK_S = 0.3
"""About one sampled frame at 4 per second."""
LOOSE_S = 0.8
"""How far apart what is told with "as" may lie."""
REACTION_S = 2.0
"""How long after something "when it happens" may still be."""
LINGER_S = 1.5
"""How long what lasts "until" something may go on behind it."""
Fits = Callable[[Span, Span], bool]

NOT = re.compile(r"\b(?:not|never|no|nor|hardly|cannot|neither|nobody|nothing)\b|n't\b", re.IGNORECASE)
_ALREADY = re.compile(r"\b(?:already|by then|by now|still|long since)\b", re.IGNORECASE)
_PERFECT = re.compile(r"\b(?:has|have|had)\b(?! to\b)", re.IGNORECASE)
_YET = re.compile(
    r"\b(?:has|have|had|is|are|was) (?:still |yet )to\b|\b(?:not|n't|nothing|nobody|no \w+) (?:\w+ )?yet\b"
    r"|(?:\bnot|n't) [^,;]{0,40}\byet$|\byet to (?:come|begin|start)\b|\bstill (?:ahead|to come)\b",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(r"\bno longer\b|\bany ?more$|\bha(?:s|ve|d) (?:\w+ )?(?:stopped|ceased|ended|quit)\b", re.I)
OVER = re.compile(
    r"\b(?:over(?! (?:to|the|his|her|their|p\d|and)\b)|past|ended|finished|gone|vanished|faded|subsided"
    r"|died (?:away|down)|passed|disappeared|done|behind (?:her|him|them))\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:is|was|are|were|has been|have|has) (?:long |already |well |quite )?"
    r"(?:over|past|finished|done|out|through|complete)\b"
    r"|\b(?:finish|complet|conclud)\w*|\bgot(?:ten)? through\b|\bcome to an end\b|\bthe end of\b",
    re.IGNORECASE,
)
_WAITS = re.compile(r"\b(?:waits?|waited|waiting|holds? back|it takes?)\b", re.IGNORECASE)
_FAR = re.compile(r"\b(?:well|long)\b", re.IGNORECASE)
_FAR_END = re.compile(r"\b(?:well|long)$", re.IGNORECASE)


_SECONDS = re.compile(
    rf"\b(?:(?P<half>half an?)|(?P<n>an?|one|\d+(?:\.\d+)?|{'|'.join(NUMBERS)}))(?: (?:good|full|whole|brief|mere))?"
    r" seconds?\b",
    re.IGNORECASE,
)
_SOON = (
    (
        r"\b(?:no sooner|right|directly|immediately|straight|hard|at once|instantly|as soon as"
        r"|the (?:moment|instant|second)"
        r"|on the heels)\b",
        3.0,
    ),
    (r"\b(?:just|shortly|soon|a moment|moments)\b", 5.0),
)
"""Words for how soon one thing follows another, and the most seconds that they may stand for."""


def is_before(one: Span, other: Span) -> bool:
    """Whether what is told to come first may do so."""
    return one.start <= max(_middle(other), other.start + SLACK_S)


def is_after(one: Span, other: Span) -> bool:
    """Whether what is told to come later may do so: it begins later, or goes on for longer."""
    return one.start >= other.start - SLACK_S or max(_middle(one) - other.start, one.end - other.end) >= SLACK_S


def is_together(one: Span, other: Span) -> bool:
    """Whether two spans meet, or nearly."""
    return _within(LOOSE_S, LOOSE_S)(one, other)


def relation(link: str, main: str, sub: str, mood: str, said: str = "") -> Fits | None:
    """The test on the spans of a main part and of the part that hangs on it, or None where nothing is told of them."""
    fits = _RELATIONS[link](main, sub, mood)
    if fits is None or link not in ("before", "after", "once") or NOT.search(mood):
        return fits
    near = distance(f"{mood} {said}") or distance(" ".join(main.split()[-3:]))
    return (lambda one, other: fits(one, other) and near(one, other)) if near else fits


def distance(told: str) -> Fits | None:
    """The test on how far apart two spans lie, of words like "right", "shortly" and "two seconds", if there are any."""
    seconds = _SECONDS.search(told)
    if seconds:
        n = 0.5 if seconds["half"] else 1.0 if seconds["n"].lower() in ("a", "one") else number(seconds["n"])
        return lambda one, other: _gap(one, other) - 2 * SLACK_S <= n <= _reach(one, other) + 2 * SLACK_S
    most = next((most for pattern, most in _SOON if re.search(pattern, told, re.IGNORECASE)), None)
    return None if most is None else lambda one, other: _gap(one, other) <= most


def _gap(one: Span, other: Span) -> float:
    return max(0.0, one.start - other.end, other.start - one.end)


def _reach(one: Span, other: Span) -> float:
    return max(abs(one.start - other.start), abs(one.end - other.end))


def is_well_after(one: Span, other: Span) -> bool:
    """Whether one begins only when the other is over, or nearly."""
    return one.start >= other.end - 2 * SLACK_S


def _is_before_end(one: Span, other: Span) -> bool:
    return one.start <= other.end


def _is_past(one: Span, other: Span) -> bool:
    return one.end <= other.end + SLACK_S


def _is_past_or_after(one: Span, other: Span) -> bool:
    """Whether what is told to be over "once" or "when" something is so may lie before it, or end in answer to it."""
    return _is_past(one, other) or is_after(one, other)


def _within(slack: float, reaction: float) -> Fits:
    return lambda one, other: one.start - other.end <= reaction and other.start - one.end <= slack


def _middle(span: Span) -> float:
    return (span.start + span.end) / 2


def _of_before(main: str, sub: str, mood: str) -> Fits | None:
    if NOT.search(mood) or (NOT.search(main) and not _ALREADY.search(main)):
        return is_after
    return _is_before_end if _DONE.search(sub) else is_before


def _of_after(main: str, sub: str, mood: str) -> Fits | None:
    if NOT.search(mood):
        return None
    if OVER.search(main):
        return _is_past_or_after
    is_far = _FAR.search(mood) or _FAR_END.search(main) or _DONE.search(sub)
    return is_well_after if is_far else is_after


def _of_until(main: str, sub: str, mood: str) -> Fits | None:
    if _WAITS.search(main):
        return None
    if NOT.search(mood) or NOT.search(main):
        return _of_after("", sub, "")
    return lambda one, other: is_before(one, other) and one.end <= other.end + LINGER_S


def _of_time(main: str, sub: str, mood: str) -> Fits | None:
    """What is told with "by the time": something is there, or over."""
    if _YET.search(main) or NOT.search(main):
        return None
    return _is_past if OVER.search(main) else is_before


def _of_when(main: str, sub: str, mood: str) -> Fits | None:
    told = _by_aspect(main, sub) or (_is_past_or_after if OVER.search(main) else None)
    return told or (is_after if "only" in mood.lower() else _within(2 * SLACK_S, REACTION_S))


def _of_while(main: str, sub: str, mood: str) -> Fits | None:
    return _by_aspect(main, sub) if _YET.search(main) or _YET.search(sub) else _within(SLACK_S, SLACK_S)


def _of_throughout(main: str, sub: str, mood: str) -> Fits | None:
    return lambda one, other: (
        min(one.end, other.end) - max(one.start, other.start) >= (other.end - other.start) / 3 - SLACK_S
    )


def _of_as(main: str, sub: str, mood: str) -> Fits | None:
    return _by_aspect(main, sub) or _within(LOOSE_S, REACTION_S)


def _by_aspect(main: str, sub: str) -> Fits | None:
    """What "already", "not yet", "no longer" and a perfect tense tell of two events, in whichever part they stand."""
    for part, other, is_main in ((main, sub, True), (sub, main, False)):
        is_perfect = is_main and _PERFECT.search(part) and not _PERFECT.search(other)
        if _YET.search(part) or (is_perfect and NOT.search(part) and not _NO_LONGER.search(part)):
            return is_after if is_main else is_before
        if _ALREADY.search(part) or _NO_LONGER.search(part) or is_perfect:
            return is_before if is_main else lambda one, other: is_before(other, one)
    return None


def _of_from(main: str, sub: str, mood: str) -> Fits | None:
    return lambda one, other: one.end >= other.start + SLACK_S and one.start <= other.end + LINGER_S


_RELATIONS: dict[str, Callable[[str, str, str], Fits | None]] = {
    "before": _of_before,
    "after": _of_after,
    "once": _of_after,
    "having": _of_after,
    "preceded": _of_after,
    "until": _of_until,
    "bytime": _of_time,
    "when": _of_when,
    "while": _of_while,
    "throughout": _of_throughout,
    "as": _of_as,
    "from": _of_from,
}
LINKS = frozenset(_RELATIONS)
