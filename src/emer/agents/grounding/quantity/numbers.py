"""Numbers: every quantity that a claim names must be one of its cues, within rounding and what bounds it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emer.agents.grounding.quantity.amounts import NUMBERS, Amount, amounts, fits
from emer.agents.grounding.quantity.counts import is_repeated, wrong_count
from emer.agents.grounding.quantity.shares import CLASS, without_odds, wrong_class, wrong_share
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.wording import QUOTE, words

_N = rf"(?:\d+(?:\.\d+)?|{'|'.join(NUMBERS)})"
_ABOUT = r"(?:about |around |roughly |some |approximately |nearly |almost )?"
_TIMED = re.compile(
    r"\d+(?:\.\d+)?\s*(?:-|–|to|and)\s*\d+(?:\.\d+)?\s*(?:s\b|seconds?)"
    r"|\b(?:at|from|until|after|before|by|around) (?:about |around |roughly )?\d+(?:\.\d+)? s\b"
    rf"|\b(?:from|until|till|by|at|past|towards?|near) {_ABOUT}{_N} seconds\b(?! of)"
    r"|(?<!lasts )(?<!takes )(?<!for )(?<!of )(?<!waits )(?<!needs )(?<!after )"
    rf"\baround {_ABOUT}{_N} seconds\b(?! (?:of|long|pass|go|elaps|later|after|before))"
    rf"|\b{_N} seconds (?:in(?:to)?|on(?:wards?)?)\b|\bbetween {_N} and {_N} seconds\b"
    rf"|\bseconds? {_N}\b|\b(?:\d+(?:st|nd|rd|th)|[a-z]+th) second\b"
    rf"|\b(?:first|opening|initial|last|final|closing) {_N} seconds\b",
    re.IGNORECASE,
)
"""Times in the clip, which `times` looks at."""
_SPANS = re.compile(r"\d+(?:\.\d+)?–\d+(?:\.\d+)? s\b")
"""When a cue was measured."""
_SILENCE = re.compile(
    r"\b(?:silen\w+|paus\w+|wait\w*|go(?:es)? by|pass(?:es)?|elaps\w+|nothing is said|nobody (?:says|speaks)|no word"
    r"|before (?:\w+ ){0,2}(?:answer|repl|speak|respon|react|say|said|admit|conced|continu|own|utter"
    r"|bring)\w*|delay\w*|gap|hesita\w+|takes?|needs?"
    r"|lets? \w+ go by)",
    re.IGNORECASE,
)
_BEFORE_THIS = re.compile(r"\s+(?:earlier|previous|prior|former|other|more)\b", re.IGNORECASE)
_OF_WORDS = re.compile(r"\s*-?(?:\w+ )?words?\b", re.IGNORECASE)
_TIMES = re.compile(r"\s+times\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:later|after\w*|before|earlier|apart|between|lag\w*|behind|until|since|pass\w*|follow\w*|within"
    r"|answers?|repl(?:y|ies)|responds?|reacts?)\b",
    re.IGNORECASE,
)
"""Where a time may be how far apart two cues lie."""
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$|”)")
_OF_THEM = re.compile(rf"\b{_N} of (?:the|these|those|them|all) (?:first |last )?$", re.IGNORECASE)
_FINE = 0.02
"""By how much a share of one, told in hundredths, may be off."""


def wrong_number(claim: Claim) -> str | None:
    """A quantity that is in no cited cue."""
    if CLASS.search(claim.step.claim) and (why := wrong_share(claim)) is not None:
        return why
    if (why := wrong_class(claim)) is not None:
        return why
    plain = _TIMED.sub(" ", CLASS.sub(" ", without_odds(claim.bare)))
    there = [*amounts(_SPANS.sub(" ", claim.said), is_cue=True)]
    for one in amounts(plain):
        if not _is_there(one, there, claim) and not _is_excused(one, plain, there, claim):
            return f"tells a number ({one.text}) that no cited cue has"
    return wrong_count(claim)


def _is_there(one: Amount, there: list[Amount], claim: Claim) -> bool:
    if one.unit is None and one.value < 1 and one.bound is None and one.text.startswith((".", "0.")):
        known = [*(other.value for other in there if other.unit is None), *_measured(claim, None)]
        return any(abs(one.value - abs(value)) <= _FINE for value in known)
    if any(fits(one, abs(value)) for value in _known(one, there, claim)):
        return True
    loose = one if one.bound else one._replace(bound="length")
    return one.unit == "s" and any(fits(loose, value) for value in _lengths(there, claim))


def _known(one: Amount, there: list[Amount], claim: Claim) -> Iterator[float]:
    """The values of the cited cues that a told amount may be of."""
    alike = [other for other in there if other.unit == one.unit]
    changes = [other for other in alike if other.is_change]
    if one.is_change and one.unit == "syl" and changes:
        yield from (other.value for other in changes)
        return
    yield from (other.value for other in alike)
    if one.unit == "t":
        yield from (other.value / 3600 for other in there if other.unit == "s")
        if not any(other.unit == "t" for other in there):
            yield from (other.value * one.length for other in there if other.unit is None)
    elif one.unit == "th":
        yield from (other.value for other in there if other.unit is None)
    elif one.unit is None:
        yield from (other.value for other in there)
        yield from _measured(claim, None)
        yield float(len(claim.cited))
        yield float(len({cue.person for cue in claim.cited if cue.person}))
    else:
        yield from _measured(claim, one.unit)


def _measured(claim: Claim, unit: str | None) -> Iterator[float]:
    """What the cited cues hold as values without saying it."""
    for cue in claim.cited:
        for name, value in cue.source.values.items():
            if (
                isinstance(value, int | float)
                and _unit_of(name) == unit
                and not name.startswith(("au.", "text_", "manner_"))
            ):
                yield float(value)


def _lengths(there: list[Amount], claim: Claim) -> Iterator[float]:
    """How long the cited cues last, and how far apart they begin and end; nothing where a silence was measured."""
    if any(other.unit == "s" for other in there) and _SILENCE.search(claim.bare) and _SILENCE.search(claim.shown):
        return
    spans = [claim.record.spans[cue.id] for cue in claim.cited if cue.id in claim.record.spans]
    yield from (span.end - span.start for span in spans)
    if _APART.search(claim.bare):
        edges = [{span.start, span.end} for span in spans]
        yield from (abs(a - b) for n, some in enumerate(edges) for more in edges[n + 1 :] for a in some for b in more)


def _unit_of(name: str) -> str | None:
    return next((unit for unit in ("db", "st", "s") if name.endswith(f"_{unit}")), None)


def _is_excused(one: Amount, text: str, there: list[Amount], claim: Claim) -> bool:
    """Whether a number counts what is quoted, or those before the one that the cues count: "three earlier calls"."""
    if re.fullmatch(r"an? [a-z ]+", one.text) and one.text.split(" ", 1)[1] in claim.said:
        return True
    behind = text[text.find(one.text) + len(one.text) :]
    if one.unit is None and _OF_WORDS.match(behind):
        quoted = [*("".join(groups) for groups in QUOTE.findall(claim.step.claim)), *_spoken(claim)]
        return any(len(words(said)) == one.value for said in quoted)
    if one.unit is None and _BEFORE_THIS.match(behind):
        return any(other.unit == "th" and other.value == one.value + 1 for other in there)
    if one.unit is None and _TIMES.match(behind) and is_repeated(claim, int(one.value)):
        return True
    if one.unit is None and _OF_THEM.search(text[: text.find(one.text)]):
        return True
    return one.unit is None and any(len(_SENTENCE_END.findall(said)) == one.value for said in _spoken(claim))


def _spoken(claim: Claim) -> list[str]:
    """What the cited cues quote, and what is said while they last."""
    return [*claim.spoken, *("".join(groups) for cue in claim.cited for groups in QUOTE.findall(cue.text))]
