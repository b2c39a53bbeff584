"""Which way a text says that something goes: every direction that it tells, of what it tells it."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import NamedTuple

from emer.agents.grounding.direction.ways import (
    ATTRIBUTE,
    COMPARED,
    LEVEL,
    PLAIN,
    SUBJECTS,
    UNIT,
    UNITS,
    WAYS,
    Plain,
    Subject,
    Way,
)
from emer.agents.grounding.words.wording import DENIALS, words

_PHRASE = re.compile(
    r"\s*(?:,(?! (?:which|that|who)\b)|[;:()–—]|(?<!\d)\.(?!\d)|\b(?:but|while|whereas|although|though|then"
    r"|before|until)\b)\s*"
)
_APART = re.compile(
    r"\b(?:and|or|with|as|when|by|in|of|for|on|from|at|to|after|over|under|is|are|was|than|which|that|p\d+(?!')"
    r"|he|she|they|it|who)\b"
)
"""What parts a direction from what stands behind it."""
_BEFORE, _NEAR = 3, 2
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
_PARTICLE = re.compile(r"up(?:ward)?s?|down(?:ward)?s?|back|forwards?", re.IGNORECASE)
_VERB = re.compile(r"\b([a-z]+(?:s|ed|ing|en|wn|ken|ght|ot|et|ut|ld|nd)) $")
_GOES = re.compile(
    r"(?:go|turn|pull|curl|mov|shoot|shot|fl[iy]|look|com|lift|rais|draw|drew|drawn|tilt|drift|swing|swung|jump|creep|crept"
    r"|climb|slid|edg|push|inch|point|tip|tug|sweep|swept|snap|dart|jerk|wander|glanc|gaz|star|peer|cast|bend|bent|lean"
    r"|sit|sat|hunch|tuck|screw|twitch|flick|dip|drop|fall|sag|slop|bow|hang|hung|low|sink|glid|slip|roll|cock|arch|pop"
    r"|perk|bob|nod|stretch|spring|sprang|leap|hik|stray|travel|trail|run|head|throw|thrown|held|hold|stay|keep|kept|step|get"
    r"|put|set|thrust|settl|bring|carri|lev|tend|swoop|swerv|skip|work|way|quirk|crook|quiver|send|sent|kick|round|open"
    r"|brow|corner|lip|eye|eyebrow|semitone|lid|mouth|shoulder|head|chin|cheek|arm|hand|palm|thumb|note|end|side|pitch|voice)"
    r"(?:e?s|i?ed|ing|ping|ging|ting|ning|ming|bing|king|en|d|p?ped|t?ted|g?ged)?",
    re.IGNORECASE,
)
"""What may go up or down, and the verbs for going: behind any other verb a particle is no direction, "tangled up"."""
_AS_SUBJECT = re.compile(
    r"\s+(?:gets?|got|will|would|is|was|does|did|has|had|brings?|leads?|helps?|works?|won't|never|alone|or|no longer)\b"
)
_LINES = 28
"""Letters within which a unit stands before the direction that it measures."""


class Move(NamedTuple):
    """A direction: of which dimensions it may be, its sign, and the words that tell it."""

    dimensions: tuple[str, ...]
    sign: int
    text: str
    start: int = 0


@lru_cache(maxsize=2048)
def moves(text: str) -> tuple[Move, ...]:
    """The directions that a text without quotations tells; a denied one is none."""
    small = text.lower()
    found = [(plain.words.finditer(small), plain) for plain in PLAIN]
    spans = phrases(small)
    taken = [(one, plain) for hits, plain in found for one in hits]
    told = [move for one, plain in taken if (move := _plain(small, spans, one, plain)) is not None]
    for way in WAYS:
        for one in way.words.finditer(small):
            if not any(other.start() < one.end() and one.start() < other.end() for other, _ in taken):
                told += _told(small, spans, one, way)
    return tuple(told)


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


def _plain(text: str, spans: list[tuple[int, int]], found: re.Match[str], plain: Plain) -> Move | None:
    before = text[_begin(spans, found.start()) : found.start()]
    if _is_denied(before) or DENIALS & set(words(found.group())) or _is_matter(found, text):
        return None
    sign = -plain.sign if before.endswith("less ") else plain.sign
    return Move((plain.dimension,), sign, found.group(), found.start())


def _told(text: str, spans: list[tuple[int, int]], found: re.Match[str], way: Way) -> list[Move]:
    begin = _begin(spans, found.start())
    end = next((end for start, end in spans if start <= found.start() < end), len(text))
    before, behind = text[begin : found.start()], text[found.end() : end]
    if _is_denied(before) or _is_particle(found.group(), before):
        return []
    dimensions = _dimensions(before, found.group(), behind, way.kind)
    return [Move(dimensions, way.sign, found.group(), found.start())] if dimensions else []


def _is_particle(told: str, before: str) -> bool:
    """Whether a word of direction only completes a verb that is none of going: "gets tangled up"."""
    verb = _VERB.search(before)
    return bool(_PARTICLE.fullmatch(told)) and verb is not None and not _GOES.fullmatch(verb[1])


def _is_matter(found: re.Match[str], text: str) -> bool:
    """Whether a verb is what a clause is about, and not what somebody does in it: "shouting gets him nowhere"."""
    return found.group().endswith("ing") and bool(_AS_SUBJECT.match(text[found.end() :]))


def _begin(spans: list[tuple[int, int]], at: int) -> int:
    return max((start for start, _ in spans if start <= at), default=0)


def _is_denied(before: str) -> bool:
    near = set(words(before)[-_BEFORE:])
    return bool(near & (DENIALS | _BEGINS)) or bool(_NO_WAY.search(before))


def _dimensions(before: str, told: str, behind: str, kind: str) -> tuple[str, ...]:
    unit = list(UNIT.finditer(before[-_LINES:]))
    if unit and kind in ("height", "rest"):
        return (UNITS[unit[-1][1]],)
    if _OPEN.match(behind):
        return ()
    subject = _subject(before, told, behind, kind)
    if subject is not None and kind in ("size", "height") and _has_object(told, behind):
        return ()
    if subject is not None:
        return subject.dimensions.get(kind, ())
    if kind == "height" and _is_of_quote(before, told, behind):
        return ("pitch", "level")
    if kind == "height" and COMPARED.fullmatch(told):
        return ("pitch", "level")
    return ("pitch",) if kind == "height" and _AT_END.match(behind.lstrip()) else ()


def _is_of_quote(before: str, told: str, behind: str) -> bool:
    """Whether something quoted is what goes up or down: no more than a few words before, and nothing is moved by it."""
    _, is_there, between = before.rpartition("”")
    is_attribute = bool(ATTRIBUTE.fullmatch(told)) and not _ADVERB.fullmatch(told)
    return bool(is_there) and len(between.split()) <= _BEFORE and not _OBJECT.match(behind) and not is_attribute


def _has_object(told: str, behind: str) -> bool:
    """Whether a verb moves some other thing: "with a smile she drops the fine"."""
    if not _MOVES_ANY.fullmatch(told) or not _THING.match(behind):
        return False
    right = _nearest(behind, is_first=True)
    return right is None or len(behind[: right[0]].split()) > _BEFORE + 1


def _subject(before: str, told: str, behind: str, kind: str) -> Subject | None:
    """What a direction is told of: the noun right behind an attribute or a verb, or else the nearest before it."""
    right, left = _nearest(behind, is_first=True), _nearest(before, is_first=False)
    is_bare = bool(_BARE.fullmatch(told)) and not _IS.search(before)
    is_near = False
    if right is not None:
        between = behind[: right[0]]
        is_near = len(between.split()) <= _NEAR and not _APART.search(between)
        if is_near and (left is None or bool(ATTRIBUTE.fullmatch(told)) or right[0] <= _LINES // 2):
            return right[1]
    if left is not None and not is_bare:
        return left[1]
    return right[1] if right is not None and ((kind != "size" and not is_bare) or is_near) else None


def _nearest(text: str, *, is_first: bool) -> tuple[int, Subject] | None:
    found = [(one.start(), subject) for subject in SUBJECTS for one in subject.words.finditer(text)]
    if not found:
        return None
    return min(found, key=lambda one: one[0]) if is_first else max(found, key=lambda one: one[0])
