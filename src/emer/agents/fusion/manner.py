"""Valence and arousal in how somebody else describes a voice, a body or a scene: "a raised voice", "slumped shoulders".

Each line is a pattern, a valence and an arousal in -1..1 (None: it says nothing of that axis). What a loud, high, fast
or slow voice goes with is after Juslin and Laukka (2003), Psychological Bulletin 129, table 7; postures after Wallbott
(1998), European Journal of Social Psychology 28; plain value words and the numbers are ours.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Manner(NamedTuple):
    """Where a description puts somebody, -1..1 each; None where it does not say."""

    valence: float | None
    arousal: float | None


_TONE: Final = "(?:tone|voice|mood|expression|manner|atmosphere|attitude)"
_LINES: Final = (
    (rf"{_TONE}\b[^.]{{0,25}}\bpositive|positive {_TONE}", .5, None),
    (rf"{_TONE}\b[^.]{{0,25}}\bnegative|negative {_TONE}", -.5, None),
    (rf"{_TONE}\b[^.]{{0,25}}\b(?:neutral|flat|even|matter-of-fact)|monotone|(?:neutral|flat) {_TONE}", .0, -.2),
    (r"laugh(?:s|ing|ed|ter)?|giggl\w+|chuckl\w+", .6, .5),
    (r"\b(?:sobs?|sobbing|crying|cries|weep\w*|tearful|in tears)\b", -.7, .2),
    (r"\bsigh(?:s|ing|ed)?\b", -.3, -.3),
    (r"\b(?:shout\w*|yell\w*|scream\w*|raised voice|rais(?:es|ing) (?:his|her|their) voice)\b", -.3, .8),
    (r"\bwhisper\w*|\bhushed\b", None, -.5),
    (r"\b(?:loud(?:er|ly)?|louder than)\b", None, .5),
    (r"\b(?:soft|quiet)(?:er|ly)?\b(?=[^.]{0,25}(?:voice|tone|speak|spoken))|speak\w* (?:soft|quiet)ly", None, -.4),
    (r"\b(?:high(?:er)?|raised|rising)[- ]?(?:in )?pitch(?:ed)?\b|pitch (?:is |was )?(?:high|rises|raised)", None, .4),
    (r"\blow(?:er)?[- ]?pitch(?:ed)?\b|pitch (?:is |was )?(?:low|falls|lowered)", None, -.3),
    (r"\b(?:fast|quick|rapid)(?:er|ly)?\b[^.]{0,20}(?:pace|speech|rate|speak)|speak\w*[^.]{0,15} fast", None, .4),
    (r"\bslow(?:er|ly)?\b[^.]{0,20}(?:pace|speech|rate|speak)|speak\w*[^.]{0,15} slow(?:ly)?", None, -.4),
    (r"\b(?:trembl\w+|shak(?:y|ing) voice|quaver\w*|voice breaks)\b", -.4, .4),
    (r"\b(?:hesita\w+|unsure|stammer\w*|stutter\w*|falter\w*)\b", -.2, None),
    (r"\b(?:energetic|animated|lively|enthusias\w+)\b", .4, .6),
    (r"\b(?:calm|relaxed|composed|at ease)\b", .2, -.5),
    (r"\b(?:tense|stiff|rigid|clenched|agitated|restless|pacing|fidget\w*)\b", -.4, .5),
    (r"\b(?:slump\w*|slouch\w*|head (?:is )?(?:down|lowered|bowed)|looks? down|downcast)\b", -.4, -.4),
    (r"\b(?:warm|friendly|playful|light-?hearted|cheerful|jovial|welcoming)\b", .5, .2),
    (r"\b(?:serious|stern|grave|sombre|somber|solemn)\b", -.3, -.1),
    (r"\b(?:harsh|sharp|cold|hostile|aggressive|confrontational)\b (?:tone|voice|manner|look|stare|words?)", -.6, .5),
    (r"\b(?:sarcas\w+|mock\w+|sneering)\b", -.4, .2),
    (r"\b(?:hug(?:s|ging)?|embrac\w+|applaud\w*|clapping|dancing|celebrat\w+)\b", .6, .4),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), Manner(v, a)) for pattern, v, a in _LINES)
_DENIED = re.compile(r"\b(?:no|not|never|without|any|n't)\b[^,;.]{0,30}$", re.IGNORECASE)


def manner(text: str) -> Manner | None:
    """The mean of what the table finds in a description, by axis; None where it finds nothing."""
    found = [
        place
        for pattern, place in _COMPILED
        if (hit := pattern.search(text)) and not _DENIED.search(text[: hit.start()])
    ]
    if not found:
        return None
    return Manner(_mean([m.valence for m in found]), _mean([m.arousal for m in found]))


def _mean(values: list[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None
