"""How often, and on how many sides: "nods once", "a single shake of the head", "with both hands"."""

from __future__ import annotations

import re
from collections import Counter

from emer.agents.grounding.quantity.amounts import NUMBERS, number
from emer.agents.grounding.quantity.shares import without_odds
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.wording import QUOTE, shown, words

_N = rf"\d+|{'|'.join(NUMBERS)}"
_ACT = (
    r"nod|shake|blink|clap|tap|knock|wink|shrug|glance|swallow|sigh|laugh|breath|pause|cough|sob|sniff|wave|step|jump"
    r"|look|gulp|roll|rub|scratch|kiss|hit|kick|slap|punch|bow|hop|bounce|tug|pat|stroke|thump|bang"
    r"|question mark|flutter|twitch|exclamation mark|change|restart|repetition|tear"
)
_HALF_DOZEN = re.compile(r"\bhalf a dozen\b|\ba half-dozen\b", re.IGNORECASE)
_TIMES = re.compile(
    rf"\b(?:(?P<pair>a (?:couple|pair) of (?:{_ACT})s)|(?P<times>{_N}) (?:\w+ )?times"
    rf"|(?P<acts>{_N}) (?:[a-z-]+ )?(?:{_ACT})s|(?P<twice>twice)|(?P<thrice>thrice)"
    r"|(?P<fold>three|four|five|six|two)-?fold"
    rf"|(?P<single>(?:just |only |but )?(?:one single|a single|a solitary|a lone|one|just an?"
    rf"|only an?) (?:[a-z-]+ )?(?:{_ACT})\b|(?:{_ACT}), (?:just |only )?(?:a single one|one only|just one|one)\b"
    rf"|(?:{_ACT})s?(?: (?:the|her|his|their) head)?(?: \w+ly)?,? (?:just |only |but "
    rf"|exactly )?once\b(?! (?:more|again|p\d|the|she|he))))",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\bonce\b(?=\s*(?:[,;.(]|$))", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"\b(?P<n>{_N}) (?:(?!more\b|other\b)[a-z]+ )?(?:people|persons|speakers|voices|participants|parties)\b",
    re.IGNORECASE,
)
_MANY = "hundred|thousand|dozen"
_COUNTED = re.compile(
    rf"(?<![\d.])\b(?P<n>(?!(?:{_MANY})\b)(?:{_N})) (?:(?!(?:more|other|of|the|her|his|their|{_MANY})\b)[a-z-]+ )?"
    r"(?P<noun>[a-z]{3,}s)\b",
    re.IGNORECASE,
)
_NOT_COUNTED = frozenset(
    words("seconds semitones syllables times minutes hours days weeks months years cues words turns sentences senses")
    + words("signs things beats moments was has this")
)
"""Units, which `amounts` knows, and nouns for what a claim counts of its own."""
_SMALL = frozenset(words("a an the i you he she it we they is are was to of in on at and or that this my your"))
"""Words that are said often anyway."""
_PAIRED = ("hand", "arm", "palm", "fist", "thumb", "eyebrow", "brow", "shoulder", "corner", "eye", "knee", "foot|feet")
_ONE = (
    r"(?:one|a single|only one|just one|(?:the|her|his|their) (?:left|right))(?: \w+)? (?:{0})\b"
    r"|\b(?:{0})s? on one side"
)
_BOTH = r"(?:both|two)(?: of)?(?: the| her| his| their)?(?: \w+)? (?:{0})s?\b"
_PAIRS = tuple(
    (re.compile(rf"\b{_ONE.format(noun)}", re.IGNORECASE), re.compile(rf"\b{_BOTH.format(noun)}", re.IGNORECASE))
    for noun in _PAIRED
)


def wrong_count(claim: Claim) -> str | None:
    """A number of times that the cited cues tell otherwise, or one hand where they have both."""
    there = [n for cue in claim.cited for n in _times(f"{shown(cue.text)} {_once(cue.text)}")]
    there = there or [n for cue in claim.cited for n in _said_times(cue.text)]
    if there:
        told = QUOTE.sub("“”", without_odds(claim.bare))
        for n in _times(told):
            if n not in there and not is_repeated(claim, n) and not _is_each(claim, n):
                return f"tells a number ({n} times) that no cited cue has"
    return _wrong_people(claim) or _otherwise_counted(claim) or _wrong_side(claim)


def _otherwise_counted(claim: Claim) -> str | None:
    """Another number of the very things that a cited cue counts: "two lines" of "6 lines in red"."""
    there = _counted(" ".join(shown(cue.text) for cue in claim.cited))
    for noun, told in _counted(QUOTE.sub(" ", without_odds(claim.bare))).items():
        if noun in there and not told & there[noun]:
            return f"counts {min(told)} {noun} where the cited cues have {min(there[noun])}"
    return None


def _counted(text: str) -> dict[str, set[int]]:
    """How many there are of what is counted, by noun."""
    found: dict[str, set[int]] = {}
    for one in _COUNTED.finditer(text):
        noun = one["noun"].lower()
        if noun not in _NOT_COUNTED:
            found.setdefault(noun, set()).add(int(number(one["n"])))
    return found


def _wrong_people(claim: Claim) -> str | None:
    """More people than the cited cues count."""
    there = [int(number(found["n"])) for found in _PEOPLE.finditer(claim.shown)]
    told = _PEOPLE.search(QUOTE.sub(" ", claim.bare)) if there else None
    if told is not None and int(number(told["n"])) > max(there):
        return f"tells of “{told.group()}” where the cited cues have {max(there)}"
    return None


def _once(text: str) -> str:
    """A single nod where a cue ends with "once", whatever it tells of."""
    return "one nod" if _ONCE.search(shown(text)) else ""


def _said_times(text: str) -> list[int]:
    """How often what is quoted tells that something was done."""
    return [n for groups in QUOTE.findall(text) for n in _times("".join(groups))]


def _times(text: str) -> list[int]:
    found = []
    for one in _TIMES.finditer(_HALF_DOZEN.sub("six", text)):
        if one["times"] or one["acts"] or one["fold"]:
            found.append(int(number(one["times"] or one["acts"] or one["fold"])))
        else:
            found.append(2 if one["twice"] or one["pair"] else 3 if one["thrice"] else 1)
    return found


def _is_each(claim: Claim, n: int) -> bool:
    """Whether so many cues of one sense and person are cited: each is one time."""
    return n > 1 and n in Counter((cue.modality, cue.person) for cue in claim.cited).values()


def is_repeated(claim: Claim, n: int) -> bool:
    """Whether some telling word is said so often: "calls hello twice"."""
    quoted = " ".join(said for cue in claim.cited for groups in QUOTE.findall(cue.text) for said in groups)
    counts = [Counter(words(text)) for text in (quoted, " ".join(set(claim.spoken)))]
    return n > 1 and any(count[word] == n for count in counts for word in count if word not in _SMALL)


def _wrong_side(claim: Claim) -> str | None:
    shown_there = claim.shown
    for one, both in _PAIRS:
        told_one, told_both = one.search(claim.bare), both.search(claim.bare)
        if told_one and not told_both and both.search(shown_there) and not one.search(shown_there):
            return f"tells of “{told_one.group().lower()}” where the cited cues have both"
        if told_both and not told_one and one.search(shown_there) and not both.search(shown_there):
            return f"tells of “{told_both.group().lower()}” where the cited cues have one"
    return None
