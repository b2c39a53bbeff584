"""Which way a text says that something goes: every direction that it tells, of what it tells it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from emer.agents.grounding.ways import ATTRIBUTE, COMPARED, LEVEL, PLAIN, SUBJECTS, UNIT, UNITS, WAYS, Subject, Way
from emer.agents.grounding.wording import DENIALS, words

_PHRASE = re.compile(
    r"\s*(?:,(?! (?:which|that|who)\b)|[;:()–—]|(?<!\d)\.(?!\d)|\b(?:but|while|whereas|although|though|then"
    r"|before|until)\b)\s*"
)
_APART = re.compile(
    r"\b(?:and|or|with|as|when|by|in|of|for|on|from|at|to|after|over|under|is|are|was|than|which|that|p\d+(?!')"
    r"|he|she|they|it|who)\b"
)
"""What parts a direction from what stands behind it."""
_BEFORE = 3
_NO_WAY = re.compile(
    r"\b(?:rather than|instead of|no longer|far from|expect\w*|stops? (?:short )?of|fails? to|as if"
    r"|more than an?)(?: \w+){0,2} ?$",
    re.IGNORECASE,
)
_BEGINS = {"starts", "begins", "starting", "beginning", "started", "began", "once", "otherwise", "normally", "usually"}
"""What stands before a direction that is left again: "starts softer than it ends"."""
_OPEN = re.compile(r"\s*(?:open|slack|ajar|silent|asleep|apart)\b", re.IGNORECASE)
_OBJECT = re.compile(r"\s+(?:the|an?|her|his|their|its|my|your|this|that|out|to|on|into|upon)\b", re.IGNORECASE)
_MOVES_ANY = re.compile(
    r"(?:drop|los|rais|lift|lower|sink|low|pull|tuck|hang|bow|gain|gather|add|spread|return|shoot)\w*", re.IGNORECASE
)
_THING = re.compile(r"\s+(?:the|an?|her|his|their|its) (?!little\b|bit\b|good\b|full\b|lot\b|touch\b)", re.IGNORECASE)
_ADVERB = re.compile(r"(?:up|down)ward|higher|lower|deeper|rising|falling|climbing|sinking|dropping", re.IGNORECASE)
_BARE = re.compile(r"high|low|deep", re.IGNORECASE)
_IS = re.compile(
    r"\b(?:is|are|lies?|stays?|goes|gets?|sounds?|turns?|sits?|comes?|held|keeps?|kept)(?: \w+ly"
    r"| very| so| quite)? $",
    re.IGNORECASE,
)
_AT_END = re.compile(
    r"\b(?:at|towards?|on|near) (?:the|its|his|her|their) (?:very )?(?:end|close|last|final)\b", re.IGNORECASE
)
_LINES = 28
"""Letters within which a unit stands before the direction that it measures."""


class Move(NamedTuple):
    """A direction: of which dimensions it may be, its sign, and the words that tell it."""

    dimensions: tuple[str, ...]
    sign: int
    text: str
    start: int = 0
    is_compared: bool = False
    """Whether it is told against the rest, and not as a movement."""


@lru_cache(maxsize=2048)
def moves(text: str) -> tuple[Move, ...]:
    """The directions that a text without quotations tells; a denied one is none."""
    return tuple(
        move._replace(start=start + move.start) for start, end in phrases(text) for move in _of_phrase(text[start:end])
    )


def phrases(text: str) -> list[tuple[int, int]]:
    """Where the phrases of a text begin and end."""
    edges = [(0, 0), *(edge.span() for edge in _PHRASE.finditer(text)), (len(text), len(text))]
    return [(one[1], other[0]) for one, other in itertools.pairwise(edges)]


def levels(text: str) -> set[str]:
    """The dimensions of a voice that a cue says goes neither way."""
    found = LEVEL.search(text)
    if found is None:
        return set()
    return {"pitch", "level"} if found["both"] else {"pitch"} if found["pitch"] else {"level"}


def _of_phrase(phrase: str) -> Iterator[Move]:
    taken: list[tuple[int, int]] = []
    for plain in PLAIN:
        for found in plain.words.finditer(phrase):
            taken.append(found.span())
            sign = -plain.sign if re.search(r"\bless $", phrase[: found.start()]) else plain.sign
            if not _is_denied(phrase, found.start()) and not DENIALS & set(words(found.group())):
                yield Move((plain.dimension,), sign, found.group(), found.start())
    for way in WAYS:
        for found in way.words.finditer(phrase):
            if any(a < found.end() and found.start() < b for a, b in taken) or _is_denied(phrase, found.start()):
                continue
            dimensions = _dimensions(phrase, found, way)
            if dimensions:
                is_compared = way.kind == "rest" or bool(COMPARED.fullmatch(found.group()))
                yield Move(dimensions, way.sign, found.group(), found.start(), is_compared)


def _is_denied(phrase: str, start: int) -> bool:
    before = phrase[:start]
    near = set(words(before)[-_BEFORE:])
    return bool(near & (DENIALS | _BEGINS)) or bool(_NO_WAY.search(before))


def _dimensions(phrase: str, found: re.Match[str], way: Way) -> tuple[str, ...]:
    unit = list(UNIT.finditer(phrase[max(0, found.start() - _LINES) : found.start()]))
    if unit and way.kind in ("height", "rest"):
        return (UNITS[unit[-1][1].lower()],)
    if _OPEN.match(phrase, found.end()):
        return ()
    subject = _subject(phrase, found, way.kind)
    if subject is not None and way.kind in ("size", "height") and _has_object(phrase, found):
        return ()
    if subject is not None:
        return subject.dimensions.get(way.kind, ())
    if way.kind == "height" and _is_of_quote(phrase, found):
        return ("pitch", "level")
    if way.kind == "height" and (_AT_END.match(phrase[found.end() :].lstrip()) or COMPARED.fullmatch(found.group())):
        return ("pitch",) if not COMPARED.fullmatch(found.group()) else ("pitch", "level")
    return ()


def _is_of_quote(phrase: str, found: re.Match[str]) -> bool:
    """Whether something quoted is what goes up or down: no more than a few words before, and nothing is moved by it."""
    _, is_there, between = phrase[: found.start()].rpartition("”")
    is_moved = _OBJECT.match(phrase, found.end()) or (
        ATTRIBUTE.fullmatch(found.group()) and not _ADVERB.fullmatch(found.group())
    )
    return bool(is_there) and len(between.split()) <= _BEFORE and not is_moved


def _has_object(phrase: str, found: re.Match[str]) -> bool:
    """Whether a verb moves some other thing: "with a smile she drops the fine"."""
    behind = phrase[found.end() :]
    if not _MOVES_ANY.fullmatch(found.group()) or not _THING.match(behind):
        return False
    right = _nearest(behind, is_first=True)
    return right is None or len(behind[: right[0]].split()) > _BEFORE + 1


def _subject(phrase: str, found: re.Match[str], kind: str) -> Subject | None:
    """What a direction is told of: the noun right behind an attribute or a verb, or else the nearest before it."""
    behind = phrase[found.end() :]
    right = _nearest(behind, is_first=True)
    is_bare = bool(_BARE.fullmatch(found.group())) and not _IS.search(phrase[: found.start()])
    left = _nearest(phrase[: found.start()], is_first=False)
    is_near = False
    if right is not None:
        between = behind[: right[0]]
        is_near = len(between.split()) <= 2 and not _APART.search(between)
        if is_near and (left is None or bool(ATTRIBUTE.fullmatch(found.group())) or right[0] <= _LINES // 2):
            return right[1]
    if left is not None and not is_bare:
        return left[1]
    return right[1] if right is not None and ((kind != "size" and not is_bare) or is_near) else None


def _nearest(text: str, *, is_first: bool) -> tuple[int, Subject] | None:
    found = [(one.start(), subject) for subject in SUBJECTS for one in subject.words.finditer(text)]
    if not found:
        return None
    return min(found, key=lambda one: one[0]) if is_first else max(found, key=lambda one: one[0])
