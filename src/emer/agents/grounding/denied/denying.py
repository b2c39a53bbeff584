"""What a text says is not so: by "not" and its like, and by words that deny without it ("fails to", "stays away")."""

from __future__ import annotations

import re
from functools import lru_cache

from emer.agents.grounding.words.wording import DENIALS, NO_DENIAL

_WORDS = "|".join(sorted(map(re.escape, DENIALS), key=len, reverse=True))
LEXICAL = (
    r"fail(?:s|ed|ing)? to|refus(?:es?|ed|ing|al) to|unwilling(?:ness)? to|unable to|omit(?:s|ted|ting)?(?: to)?"
    r"|neglect(?:s|ed|ing)? to|declin(?:es?|ed|ing) to|avoid(?:s|ed|ing)?|refrain(?:s|ed|ing)? from"
    r"|abstain(?:s|ed|ing)? from|desist(?:s|ed|ing)? from|(?:keep|hold|stop)(?:s|ing)? (?:him|her|it|them)sel(?:f|ves)"
    r" (?:back )?from|(?:stops?|stopped|stopping) short of|hold(?:s|ing)? back from|shrink(?:s|ing)? from"
    r"|withh(?:old|olds|eld|olding)|forgo(?:es|ing)?|dispens(?:es?|ing) with|lack(?:s|ed|ing)?(?: of)?"
    r"|(?:absence|want) of|in place of|instead of|far from"
    r"|(?:free|clear|void|innocent|clean) (?:of|from)|devoid of|bare of|empty of"
    r"|anything but|(?:has|have) yet to|(?:is|are) yet to|not so much as|do(?:es|ing)? without|scarcely|rarely|seldom"
    r"|spar(?:es|ing) (?:him|her|them|us|p\d+)(?:self|selves)? (?:the|a|any)"
    r"|(?:stays?|steers?|keeps?) clear of|skips?"
    r"|cannot bring \w+ to|without so much as|dodg(?:es?|ed|ing)|evad(?:es?|ed|ing)"
    r"|eschew(?:s|ed|ing)?|(?:short|bereft|destitute) of|stint(?:s|ing)? on|holds? off|leav(?:es?|ing) out|passes over"
    r"|(?:goes|going|gets|getting) by without|begrudg(?:es?|ing)"
    r"|den(?:ies|ying) (?:p\d|him|her|them) (?:a|an|the|any|his|her)"
)
_NO_DENIAL_HERE = re.compile(
    r"\b(?:were it|if it were|had it|if) not\b",
    re.IGNORECASE,
)
"""A denial in a condition."""
_TRIGGER = re.compile(rf"\b(?:nowhere|{LEXICAL}|{_WORDS})(?!\w)", re.IGNORECASE)
LEXICALLY = re.compile(rf"\b(?!instead|in place|far from)(?:{LEXICAL})\b", re.IGNORECASE)
"""Words that deny without a "not", but for those that say in what follows what is the case instead."""
END = re.compile(
    r"[,;:.–]|\b(?:and|but|when|while|as|before|after|until|because|since|though|although|yet(?= \w)|which|who"
    r"|whose)\b",
    re.IGNORECASE,
)
"""Where what is denied ends."""
_TURNS = re.compile(
    r"\b(?:stop|ceas|los|drop|hid|conceal|suppress|restrain|end|interrupt|break|lift|tak|let|need|mean|prevent|keep"
    r"|mind|only|just|mere|alone|because|even|backing|support|reason|contradict|expla|account|match|fit|mean|prov|surpris|suggest|indicat)"
    r"\w*\b|(?<!of )\bthe (?!slightest|least|faintest|smallest|tiniest|merest|any)(?:\w+ )?$",
    re.IGNORECASE,
)
"""What between a denial and a word leaves open whether the word is denied: "does not stop smiling"."""
_AFTER = re.compile(
    r"^(?:\W+(?!and\b|but\b|then\b)[a-z]+){0,2}?\W+(?:(?:is|are|was|remains?|stays?) (?:\w+ )?"
    r"(?:absent|missing|lacking|withheld|wanting"
    r"|nowhere|not (?:to be )?(?:seen|heard|there|forthcoming|visible)|omitted)"
    r"|fails? to (?:appear|come|show|follow)|(?:does|do) not (?:come|appear|follow|arrive|show|materialise)"
    r"|never (?:comes|appears|arrives|follows)|fails to materialise)\b",
    re.IGNORECASE,
)
_NO_OBJECT = re.compile(
    r"^\W*(?:none of|nothing|nobody|no one|not (?:a|one)\b|(?:only )?(?:rarely|seldom)\b)", re.IGNORECASE
)
"""What is denied of what is done to something: "takes back none of it"."""
_SUBJECT = re.compile(
    r"\b(?:he|she|they|(?:his|her|their|the|an?|any) \w+ (?:the|p\d+|his|her)"
    r"|(?:him|her|it|them|up|down|away) (?:the|p\d+))\b",
    re.IGNORECASE,
)
"""A new subject, behind what is denied in front of it: "without raising his eyes the man says"."""
_KEEPS = re.compile(r"\bke(?:ep|eps|pt|eping) (?:any|every|all|the) (?:\w+ )?$", re.IGNORECASE)
_SUPPRESSES = re.compile(
    r"\b(?:suppress|stifl|swallow|avoid|spar)\w* (?:any|every|all) (?:\w+ (?:of )?)?$", re.IGNORECASE
)
_IF = re.compile(
    r"\b(?:if|whether|would|could|should|might|may|must|need|as though|as if|expect\w*|tr(?:y|ies|ying)|want\w*"
    r"|wish\w*|about to|almost|nearly|hop\w+|fear\w*)\b[^.;:]*$",
    re.IGNORECASE,
)
"""What before a word says that it is thought, and not that it is."""
_LATER = re.compile(r"\b(?:yet|until|no longer|any ?more|at first|initially|to begin with|only)\b", re.IGNORECASE)
"""What ties a denial to a part of the time."""


@lru_cache(maxsize=4096)
def triggers(text: str) -> tuple[tuple[int, int], ...]:
    """Where denials stand in a text; "nothing but" is none."""
    plain = text
    for aside in (NO_DENIAL, _NO_DENIAL_HERE):
        plain = aside.sub(lambda found: " " * len(found.group()), plain)
    return tuple((found.start(), found.end()) for found in _TRIGGER.finditer(plain))


def is_denied(text: str, start: int, end: int, *, within: bool = True) -> bool | None:
    """Whether the words from `start` to `end` are denied before or after them, or `within`; None where it is open."""
    if _AFTER.match(text[end:]) or _NO_OBJECT.match(text[end:]) or _is_kept_out(text, start, end):
        return True
    before = [
        span for span in triggers(text) if span[1] <= (end if within else start) and not _is_ended(text, span[1], start)
    ]
    if not before:
        return False
    return None if _TURNS.search(text, before[-1][1], max(before[-1][1], start)) else len(before) % 2 == 1


def _is_kept_out(text: str, start: int, end: int) -> bool:
    """Whether something is kept out: "keeps any trembling out of the voice", "suppresses any sigh"."""
    before = text[:start]
    is_out = re.match(r"(?: \w+)? (?:out of|away from|from) ", text[end:]) is not None
    return bool(_SUPPRESSES.search(before)) or (is_out and bool(_KEEPS.search(before)))


def _is_ended(text: str, start: int, end: int) -> bool:
    return any(pattern.search(text, start, max(start, end)) for pattern in (END, _SUBJECT))


def is_open(text: str) -> bool:
    """Whether what follows a denial leaves open what is denied: "(not) stop smiling", "(not) because"."""
    return bool(_TURNS.search(text))


def is_thought(text: str, start: int) -> bool:
    """Whether what begins at `start` is only thought, wished or tried: "would smile", "about to smile"."""
    clause = re.split(r"[,;:.–]", text[:start])[-1]
    return bool(_IF.search(clause))


def is_partly(text: str) -> bool:
    """Whether a text speaks of a part of the time: "does not smile until", "no longer smiles"."""
    return bool(_LATER.search(text))
