"""What a "not" may tell of a cue that has none: silence is nobody speaking, a lowered gaze does not look up."""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.agents.grounding.wording import DENIALS


class _Absence(NamedTuple):
    """What is denied, what cues then show, and what they must not show."""

    denied: re.Pattern[str]
    shows: re.Pattern[str]
    unless: re.Pattern[str]


def _absence(denied: str, shows: str, unless: str = r"(?!)") -> _Absence:
    return _Absence(*(re.compile(rf"\b(?:{form})\b", re.IGNORECASE) for form in (denied, shows, unless)))


_ABSENCES = (
    _absence(r"speaks?|say(?:s|ing)?|talks?|answers?|repl(?:y|ies)|responds?|words?|sounds?|reply|response|utters?",
             r"silen\w+|pauses?|without a word|falls silent"),
    _absence(r"look(?:s|ing)? (?:up|back|straight|at (?:p\d|the other|any\w+|him|her|them))|eye contact|meets?|faces?"
             r"|glances? (?:up|back)|rais\w+ (?:the|their|his|her) (?:eyes|head|gaze)",
             r"avoids|away|down\w*|lowered|averted|floor|ground|shut|closed"
             r"|(?:gaze|eyes|looks) (?:on|at|into) (?:the|a)",
             r"(?:eyes|gaze|looks|glances|stares) (?:on|at|up|to) p\d|looks up|eye contact"),
    _absence(r"smil(?:es?|ing)|grin\w*|laugh\w*",
             r"(?:smile|grin|laugh\w*) (?:fades|vanishes|drops|disappears|dies|stops)"),
    _absence(r"reach(?:es)?|eyes", r"mouth only|only the mouth|mouth alone|eyes (?:unchanged|unmoved|stay)"),
    _absence(r"melod\w*|variation|var(?:y|ies)|modulat\w*|intonation|inflection|colou?r|expressi\w+",
             r"flat|monotone|narrow pitch|range \([0-2]\.\d"),
    _absence(r"loud\w*|rais\w+ (?:the|their|his|her) voice|shout\w*|above|audible|volume",
             r"soft\w*|quiet\w*|whisper\w*|low level|murmur\w*"),
    _absence(r"hurr\w+|rush\w*|fast|quick\w*|haste", r"slow\w*"),
    _absence(r"mov(?:es?|ing|ement)|stirs?|chang\w+|react\w*|gestur\w+",
             r"still|hardly|motionless|frozen|rigid|unchanged|blank"),
    _absence(r"falter\w*|paus\w+|hesita\w+|stumbl\w*|interrupt\w*", r"fluent\w*|without a pause|smooth\w*"),
    _absence(r"finish\w*|complet\w*|end(?:s|ed)?", r"trails off|breaks off|interrupted|unfinished"),
)  # fmt: skip
_DENIAL = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, DENIALS), key=len, reverse=True))})\b", re.IGNORECASE)


def is_absence(sentence: str, cues: str) -> bool:
    """Whether everything that a sentence denies is what the cues show to be absent."""
    parts = _DENIAL.split(sentence)[1:]
    return bool(parts) and all(any(_fits(one, part, cues) for one in _ABSENCES) for part in parts)


def _fits(absence: _Absence, denied: str, cues: str) -> bool:
    return bool(absence.denied.search(denied) and absence.shows.search(cues) and not absence.unless.search(cues))
