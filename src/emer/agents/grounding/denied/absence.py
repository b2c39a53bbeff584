"""What a "not" may tell of a cue that has none: silence is nobody speaking, a lowered gaze does not look up."""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.agents.grounding.direction.poles import is_of_other_pole
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import DENIALS, NO_DENIAL, stem, stems

COMMON = listed("common")


class _Absence(NamedTuple):
    """What is denied, what cues then show, and what they must not show."""

    denied: re.Pattern[str]
    shows: re.Pattern[str]
    unless: re.Pattern[str]


def _absence(denied: str, shows: str, unless: str = r"(?!)") -> _Absence:
    return _Absence(*(re.compile(rf"\b(?:{form})\b", re.IGNORECASE) for form in (denied, shows, unless)))


_ABSENCES = (
    _absence(r"speak\w*|say(?:s|ing)?|talk\w*|answer\w*|repl(?:y|ies|ying)|respon\w+|words?|sounds?|utter\w*",
             r"silen\w+|pauses?|without a word|falls silent"),
    _absence(r"look(?:s|ing)? (?:up|back|straight|at (?:p\d|the other|any\w+|him|her|them))|eye contact|meets?|faces?"
             r"|glances? (?:up|back)|(?:rais|lift)\w* (?:(?:the|their|his|her|an?|any) )?(?:eyes?|head|gaze|face)",
             r"avoids|away|down\w*|lowered|averted|floor|ground|shut|closed"
             r"|(?:gaze|eyes|looks)(?: (?:stays?|rests?|remains?|fixed|glued|kept|is|are|sticks?))?"
             r" (?:on|at|in|to|into) (?:the|a|his|her|one)",
             r"(?:eyes|gaze|looks|glances|stares) (?:on|at|up|to) p\d|looks up|eye contact"),
    _absence(r"smil(?:es?|ing)|grin\w*|laugh\w*",
             r"(?:smile|grin|laugh\w*) (?:fades|vanishes|drops|disappears|dies|stops)"),
    _absence(r"reach(?:es)?|eyes", r"mouth only|only the mouth|mouth alone|eyes (?:unchanged|unmoved|stay)"),
    _absence(r"melod\w*|variation|var(?:y|ies)|modulat\w*|intonation|inflection|colou?r|expressi\w+|emotion\w*",
             r"flat|monotone|narrow pitch|range \([0-2]\.\d|expressionless|blank"),
    _absence(r"loud\w*|rais\w+ (?:the|their|his|her) voice|shout\w*|above|audible|volume",
             r"soft\w*|quiet\w*|whisper\w*|low level|murmur\w*"),
    _absence(r"hurr\w+|rush\w*|fast|quick\w*|haste", r"slow\w*"),
    _absence(r"mov(?:es?|ing|ement)|stirs?|chang\w+|react\w*|gestur\w+",
             r"still|hardly|motionless|frozen|rigid|unchanged|blank"),
    _absence(r"falter\w*|paus\w+|hesita\w+|stumbl\w*|interrupt\w*", r"fluent\w*|without a pause|smooth\w*"),
    _absence(r"look\w* (?:away|off|aside)|tak\w+ (?:\w+ ){0,3}(?:eyes|gaze) off|avert\w*|turn\w* (?:\w+ ){0,2}away",
             r"(?:gaze|eyes|looks?|stares?|watches)\b[^,;.]{0,20}\b(?:on|at|fixed|stays?|remains?|into|held)",
             r"away|aside|averted"),
    _absence(r"straight face|serious", r"smil\w+|grin\w*|laugh\w*"),
    _absence(r"finish\w*|complet\w*|end(?:s|ed)?", r"trails off|breaks off|interrupted|unfinished"),
)  # fmt: skip
_DENIAL = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, DENIALS), key=len, reverse=True))})\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:if|whether)\b[^.;]*", re.IGNORECASE)
"""What somebody wants to know, or a condition: a "not" in there denies nothing."""
_END = re.compile(
    r"[,;:.–]|\b(?:and|but|when|while|as|before|after|until|because|since|though|although|yet|which|who|in|with)\b",
    re.IGNORECASE,
)
"""Where what a "not" denies ends."""
_TURNS_OVER = re.compile(
    r"^[^,;:]*\b(?:keep\w* [^,;:]*\b(?:still|open|up|calm|quiet|steady|straight)|let\w* go"
    r"|tak\w+ [^,;:]*\boff|stop\w*|fail\w*|miss\w*|los\w+|leav\w+|mind\w*"
    r"|hid\w+|let\w* up|refus\w+|resist\w*)\b",
    re.IGNORECASE,
)
"""Verbs that say that something is not done: who does not stop goes on, who lets nothing slip holds it."""
_TOLD = re.compile(r"p\d+|\b(?:up|down|away|off|back|out)\b|[a-z']{3,}")
"""The words that an act and what it is done to are told by: directions count, since who looks down looks too."""
_ANY = {"anything", "anybody", "anyone", "anywhere", "ever", "single", "slightest", "least", "whatever", "bit"}
_EMPTY = (COMMON | DENIALS | _ANY) - {"out"}
_SAYS = re.compile(r"(?:say|ask|tell|answer|speak|talk|repl(?:y|ie)|call|respond|mention|word)(?:s|ing|ed)?|said|told")
"""Words for saying something, which every cue of words bears."""
NO_LONGER = re.compile(
    r"\b(?:no longer|not [^,;:]*any ?more|no more|no [a-z]+ left)\b|n't [^,;:]*any ?more", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\b(?:relax|fad|disappear|vanish|drop|lower|loosen|smooth|dissolv|stop|sink|sank|soften|calm|slow|turn|then|goes"
    r"|gone|leav|open|releas|unfold|lift|ris|rais)\w*",
    re.IGNORECASE,
)


def is_absence(sentence: str, cues: str) -> bool:
    """Whether everything that a sentence denies is what the cues show to be absent."""
    parts = denied_parts(sentence)
    return bool(parts) and all(
        any(_fits(one, part, cues) for one in _ABSENCES) or is_of_other_pole(_scope(part), cues) for part in parts
    )


def denied_parts(sentence: str) -> list[str]:
    """What follows each denial of a sentence."""
    return _DENIAL.split(NO_DENIAL.sub(" ", _ASKED.sub(" ", sentence)))[1:]


def turns_over(text: str, cues: str) -> bool:
    """Whether a denial says that something goes on ("does not let go") or has ended ("no longer frowns")."""
    if NO_LONGER.search(text) and _CHANGES.search(cues):
        return True
    parts = [_TURNS_OVER.search(part) for part in denied_parts(text)]
    return bool(parts) and all(found and not stems(found.group()) & _verbs(cues) for found in parts)


def is_held(denied: str, cues: str, *, is_said: bool) -> bool:
    """Whether cues hold what is denied: the act, and where it is an act upon something, that thing too.

    Where something `is_said`, saying is an act that the cues hold.
    """
    if turns_over(f"not {denied}", cues):
        return False
    told = [word for word in _TOLD.findall(_scope(denied).lower()) if word not in _EMPTY]
    if not told:
        return False
    there = [_is_told(word, cues) or (is_said and _SAYS.fullmatch(word) is not None) for word in told]
    is_act = there[0] and (len(told) == 1 or any(there[1:]))
    return is_act or sum(there) > len(told) / 2


def _is_told(word: str, cues: str) -> bool:
    return is_there(word, cues) if word.isalpha() else word in cues.lower()


def _scope(denied: str) -> str:
    return _END.split(denied.strip(), maxsplit=1)[0]


def _verbs(cues: str) -> frozenset[str]:
    return stems(cues) - {stem(word) for word in COMMON}


def _fits(absence: _Absence, denied: str, cues: str) -> bool:
    return bool(absence.denied.search(denied) and absence.shows.search(cues) and not absence.unless.search(cues))
