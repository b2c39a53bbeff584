"""What a single part of a sentence tells of the order of two events, by its verb: "the sigh precedes the smile".

The verbs come in families: what comes before something, after it or along with it; what one begins or ends something
with; what one answers to something; from something to something; between two things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from emer.agents.grounding.when.relations import NOT, Fits, is_after, is_before, is_together
from emer.agents.grounding.words.wording import QUOTE

_ADVERB = r"(?:(?:directly|shortly|immediately|clearly|just|well|only|soon|closely|promptly) )?"
_DOER = r"(?:p\d|the \w+|her|him|them)"
_THING = r"(?:p\d|the|her|his|their|an?|some|“)"
_NOUN = (
    r"(?:repl(?:y|ies)|answers?|responses?|reactions?|retorts?|rejoinders?|comebacks?|echo(?:es)?|sequels?"
    r"|aftermath|upshot|outcome|consequences?|results?|continuations?)"
)
_VERB = re.compile(
    rf"^(?P<one>.*?)\b{_ADVERB}(?:(?P<before>precedes?|preceded"
    r"|(?:leads? (?:over|up)|g(?:ives?|ave) (?:way|rise)|yields?|makes? way) (?:to|for)"
    r"|(?:opens?|paves?|clears?) the way (?:to|for)|ushers? in|heralds?|results? in|culminates? in"
    r"|runs? (?:straight |on )?into"
    r"|(?:is|are|was|were|gets|being) (?:\w+ )?(?:followed|replaced|succeeded|answered|met|rewarded|countered|returned"
    r"|greeted) (?:\w+ )?(?:by|with)|turns? into|changes? into|dissolves? into"
    rf"|(?:prompts?|triggers?|provokes?|sets? off|elicits?|evokes?|occasions?|brings? (?:on|about|forth)"
    rf"|calls? forth|draws?|earns?|wins?|leads? to|sparks?(?: off)?|touches off)(?= {_THING})"
    rf"|leads? {_DOER} to|(?:moves|drives|gets|brings|spurs|pushes|causes|prompts) {_DOER} (?:in)?to"
    rf"|(?<=\w )(?:causes|makes) {_DOER}(?! (?:look|seem|sound|appear|come across)))"
    r"|(?P<after>(?:follows?|followed|succeeds?)(?: (?:hard|close|closely|quickly|straight|directly))?"
    r"(?: (?:on|upon|after|behind|up on))?"
    r"|(?:is|are|was|were) (?:\w+ )?(?:preceded|prompted|triggered|provoked|set off|elicited|evoked|occasioned"
    r"|brought (?:on|about|forth)|called forth|sparked(?: off)?|caused|drawn) (?:\w+ )?by"
    r"|(?:results?|arises?|springs?|stems?) from"
    r"|comes? (?:directly |straight |right )?upon|(?:responds?|reacts?|repl(?:y|ies)) to"
    rf"|(?:is|was|comes as|seems|looks like|serves as|sounds like|forms|gives) (?:[^\s“]+ ){{0,3}}{_NOUN} (?:to|of))"
    r"|(?P<during>(?:is|are|was|were) accompanied by|accompan(?:y|ies)|coincides? with|falls? together with"
    r"|overlaps? with|goes hand in hand with))\b ?(?P<other>.+)$",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:(?P<last>rounds? off|closes?|ends?|concludes?|finish(?:es)?(?: off)?|caps?|tops? off|crowns?|seals?"
    r"|winds? up|wraps? up|follows? up|brings? to (?:an? )?(?:end|close)|answers?|meets?|counters?|greets?"
    r"|returns?|rewards?"
    r"|acknowledges?|receives?|repays?|(?:reacts?|responds?|repl(?:y|ies)) to)"
    r"|(?P<first>opens?|begins?|starts?(?: off)?|prefaces?|introduces?|leads? into|heralds?|announces?)) "
    r"(?P<one>(?:the|her|his|their|its|this|that|p\d's|“|an?)[^,;]*?),? (?:with|by)"
    r" (?P<other>(?:(?:the|an?|her|his|their|p\d's|\w+ing)\b|“).+)$",
    re.IGNORECASE,
)
"""What one begins, ends or answers something with."""
_TO = re.compile(
    r"^\W*to (?P<one>(?:the|her|his|their|this|p\d's|“)[^,;]*?),? (?P<other>(?:p\d|s?he|they|the \w+) "
    r"(?:\w+ )?(?:responds?|answers?|repl(?:y|ies)|reacts?|retorts?|rejoins?|counters?|returns?)\b.+)$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\b(?:goes|moves|passes|changes|shifts|switches|swings|turns|develops|travels|leads|progresses|proceeds|slides"
    r"|drifts|jumps|leaps|gets|wanders|slips) from (?P<one>[^\d,;]+?) (?:over |on )?(?:in)?to (?P<other>[^\d]+)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b[Bb]etween (?P<one>(?:the|her|his|p\d's|“)[^,;]+?) and (?P<other>(?:the|her|his|p\d's|“).+)$")
_MAIN = re.compile(r",? (?=(?:p\d|s?he|they|there)\b(?!'s))", re.IGNORECASE)
"""Where what a sentence tells begins behind what it lies between."""
POINTED = re.compile(r"^(?:it|that|this|these|which|him|her(?= \w+s )|them)\b ?(?P<rest>.*)$", re.IGNORECASE)
"""A part that begins with what was told before."""
_POINTER = re.compile(r"(?:it|that|this|these|which|him|them)(?: \w+)?", re.IGNORECASE)


class Told(NamedTuple):
    """Two parts, whether two spans may be so, and the words that tell it."""

    one: str
    other: str
    fits: Fits
    how: str


def plain(text: str) -> str:
    """A text with its quotations emptied."""
    return QUOTE.sub("“”", text)


def by_verb(text: str, before: str, last: str) -> Iterator[Told]:
    """What one part tells of two events; an "it" or "this shout" is what was told before, a "which" what was last."""
    quotes = ["".join(groups) for groups in QUOTE.findall(text)]
    whole = plain(text)
    for pattern, read in _READ:
        found = pattern.search(whole)
        if found is None or NOT.search(whole):
            continue
        rest, one, other = _requoted((whole[: found.start()], found["one"], found["other"]), quotes)
        told = read(
            found,
            rest,
            last if not one.strip() or _POINTER.fullmatch(one.strip()) else one,
            before if _POINTER.fullmatch(other.strip(" .")) else other,
        )
        yield from (pair for pair in told if pair.one.strip() and pair.other.strip())


def _of_verb(found: re.Match[str], rest: str, one: str, other: str) -> Iterator[Told]:
    fits = is_before if found["before"] else is_after if found["after"] else is_together
    yield Told(one, other, fits, found["before"] or found["after"] or found["during"])


def _of_with(found: re.Match[str], rest: str, one: str, other: str) -> Iterator[Told]:
    yield Told(one, other, is_before if found["last"] else is_after, f"{found['last'] or found['first']} … with")


def _of_to(found: re.Match[str], rest: str, one: str, other: str) -> Iterator[Told]:
    yield Told(one, other, is_before, "to")


def _of_from_to(found: re.Match[str], rest: str, one: str, other: str) -> Iterator[Told]:
    yield Told(one, other, is_before, "from … to")


def _of_between(found: re.Match[str], rest: str, one: str, other: str) -> Iterator[Told]:
    """What lies between two things, told in front of them or behind them."""
    if not rest.strip() and (cut := _MAIN.search(other)):
        rest, other = other[cut.end() :], other[: cut.start()]
    yield Told(rest, one, is_after, "between")
    yield Told(rest, other, is_before, "between")


_READ: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, str, str], Iterator[Told]]], ...] = (
    (_VERB, _of_verb),
    (_WITH, _of_with),
    (_TO, _of_to),
    (_FROM_TO, _of_from_to),
    (_BETWEEN, _of_between),
)


def _requoted(texts: Sequence[str], quotes: Sequence[str]) -> list[str]:
    """Parts of a sentence in its order, with what it quotes put back."""
    put = iter(quotes)
    return [
        "".join(f"“{next(put, '')}”" if piece == "“”" else piece for piece in re.split("(“”)", text)) for text in texts
    ]
