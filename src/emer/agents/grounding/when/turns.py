"""Who lets whom finish: what a claim tells of two turns at speaking must be so in their times."""

from __future__ import annotations

import re
from itertools import permutations

from emer.agents.fusion.moments import Span
from emer.agents.grounding.record import Claim
from emer.agents.grounding.when.parts import parts
from emer.agents.grounding.words.wording import QUOTE
from emer.schemas import Cue

_CUT_S, _OVERLAP_S = 0.6, 0.15
"""After how long a silence nobody "cuts in" any more, and how far turns overlap where nobody lets the other finish."""
_DONE = (
    r"(?:finish|end|conclude|complete|have (?:his|her|their) say|(?:speak|talk) (?:out|to the end)"
    r"|get to the end|be done)"
)
_LETS = re.compile(
    rf"\b(?:let(?:s|ting)? (?!go)(?:\w+ ){{1,3}}?{_DONE}\b|wait(?:s|ing|ed)? (?:for (?:\w+ ){{1,3}}?to {_DONE}\b"
    r"|(?:until|till) (?:\w+ ){1,4}?(?:is|are|has|have) (?:\w+ )?(?:finished|done|through|ended))"
    r"|hear(?:s|ing)? (?:\w+ ){1,3}?out\b|allow(?:s|ing)? (?:\w+ ){1,3}?to " + _DONE + r"\b)",
    re.IGNORECASE,
)
_CUTS = re.compile(
    r"\b(?:interrupt(?:s|ing|ed)?|cut(?:s|ting)? (?:in\b(?! (?:half|two))|(?:p\d|him|her|them|the \w+) (?:off|short))"
    r"|break(?:s|ing)? in (?:on|upon|with)|butt(?:s|ing)? in|barg(?:es|ing) in|talk(?:s|ing)? (?:right )?over"
    r"|speak(?:s|ing)? (?:right )?over|fall(?:s|ing)? into (?:p\d's|his|her|the \w+'s) (?:word|sentence)s?"
    r"|in mid-?sentence|over (?:p\d's|his|her|the \w+'s) (?:words|voice|sentence|last words?))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|without|nor|no|neither|instead of|rather than)\b|n't\b)[^,;:]*$", re.IGNORECASE
)
_BROKEN_OFF = re.compile(r"(?:…|\.\.\.|[–—-])\W*$")


def wrong_turn(claim: Claim) -> str | None:
    """That somebody lets another finish where they overlap, or cuts in where there is a silence between them."""
    turns = _turns(claim)
    pairs = [(one, other) for one, other in permutations(turns, 2) if one[0].person != other[0].person]
    if not pairs:
        return None
    for part in parts(claim.step.claim):
        told = QUOTE.sub("“”", part.text)
        lets, cuts = _LETS.search(told), _CUTS.search(told)
        if (
            lets
            and not _DENIED.search(f"{part.mood} {told[: lets.start()]}")
            and all(_overlap(*pair) for pair in pairs)
        ):
            return f"tells “{lets.group()}” of turns that overlap"
        if (
            cuts
            and not _DENIED.search(f"{part.mood} {told[: cuts.start()]}")
            and not any(_cuts(*pair) for pair in pairs)
        ):
            return f"tells “{cuts.group()}” of turns that do not meet"
    return None


def _turns(claim: Claim) -> list[tuple[Cue, Span]]:
    spans = claim.record.spans
    return [
        (cue, spans[cue.id])
        for cue in claim.cited
        if cue.modality == "transcript" and cue.id in spans and cue.person is not None
    ]


def _overlap(one: tuple[Cue, Span], other: tuple[Cue, Span]) -> bool:
    return min(one[1].end, other[1].end) - max(one[1].start, other[1].start) >= _OVERLAP_S


def _cuts(one: tuple[Cue, Span], other: tuple[Cue, Span]) -> bool:
    """Whether the second may cut in on the first."""
    quoted = ["".join(groups) for groups in QUOTE.findall(one[0].text)]
    is_broken = any(_BROKEN_OFF.search(said) for said in quoted)
    return one[1].start < other[1].start <= one[1].end + (2 * _CUT_S if is_broken else _CUT_S)
