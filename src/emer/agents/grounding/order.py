"""Which comes first: what a claim tells to be before, after or during something must lie so in time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from emer.agents.grounding.alignment import Pair, n_told, paired
from emer.agents.grounding.parts import Part, parts
from emer.agents.grounding.record import Claim
from emer.agents.grounding.relations import LINKS, NOT, Fits, is_after, is_before, is_together, relation
from emer.agents.grounding.wording import QUOTE, shown
from emer.schemas import Cue

_FIRST = re.compile(
    r"\b(?:comes?|came|is|are|was|goes|happens?|appears?) first\b|\bfirst$"
    r"|^(?:\W*|\S+ \S+ |\S+ )?(?:at |from the )?first\b(?! time)"
    r"|\b(?:p\d|s?he|they|and) first\b|\bfirst (?:reaction|response|thing|sign)\b"
    r"|\b(?:at first|to begin with|initially|in the beginning|first of all|to start with)\b"
    r"|\b(?:begins?|starts?|opens?|started|began)\b(?! to\b| \w+ing\b)",
    re.IGNORECASE,
)
_OWN_FIRST = re.compile(
    r"\b(?:the|his|her|their|its|p\d's|whose|very) (?:very )?first\b(?! (?:reaction|response|thing|sign))",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:afterwards?|later(?: on)?|subsequently|thereafter|thereupon|after that|next|follows?(?= |$)"
    r"|comes? (?:last|second)|second$|finally|in the end|in turn|eventually"
    r"|(?:ends?|closes?|concludes?) (?:in|with|by|up|on))\b",
    re.IGNORECASE,
)
_LATER_ALONE = re.compile(
    r"\b(?:afterwards?|subsequently|thereafter|thereupon|(?:only|comes?|follows?) (?:much )?later|after that"
    r"|that follows)\b|\bfollows?$|\bthen$|^(?:\S+ ){0,3}(?:seconds?|moments?|instant|while|bit) later\b",
    re.IGNORECASE,
)
_NO_LATER = re.compile(
    r"\b(?:next (?:to|one|week|year|month|time|door)|the next|(?:his|her|p\d's|the|a|two|an?|\w+'s) later)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\bhad\b.*\b(?:beforehand|earlier(?: on)?|previously)$", re.IGNORECASE)
_MEANWHILE = re.compile(
    r"\b(?:meanwhile|in the meantime|simultaneously|at the (?:very )?same (?:time|moment|instant))\b", re.IGNORECASE
)
_ADVERB = r"(?:(?:directly|shortly|immediately|clearly|just|well|only|soon|closely) )?"
_VERB = re.compile(
    rf"^(?P<one>.+?)\b{_ADVERB}(?:(?P<before>precedes?|preceded|(?:leads? over|g(?:ives?|ave) way|yields?) to"
    r"|opens? the way to"
    r"|runs? (?:straight |on )?into"
    r"|(?:is|are|was|were) (?:\w+ )?(?:followed|replaced|succeeded) (?:\w+ )?by|turns? into"
    r"|(?:prompts?|triggers?|provokes?|sets? off|elicits?)(?= (?:p\d|the|her|his|a|“))"
    r"|leads? (?:p\d|the \w+|her|him|them) to"
    r"|(?:causes|makes|moves|drives|gets|brings) (?:p\d|the \w+|her|him|them)"
    r"(?! (?:look|seem|sound|appear|come across)))"
    r"|(?P<after>(?:follows?|followed|succeeds?)(?: (?:hard|close|closely|quickly|straight|directly))?"
    r"(?: (?:on|upon|after|behind))?"
    r"|(?:is|are|was|were) (?:\w+ )?(?:preceded|prompted|triggered|provoked|set off|elicited) (?:\w+ )?by"
    r"|comes? (?:directly |straight |right )?upon|responds? to|reacts? to"
    r"|(?:is|was|comes as|seems|looks like) (?:\S+ ){0,3}(?:reply|answer|response|reaction) to)"
    r"|(?P<during>(?:is|are|was|were) accompanied by|accompan(?:y|ies)|coincides? with|falls? together with"
    r"|overlaps? with))\b (?P<other>.+)$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\b(?:goes|moves|passes|changes|shifts|switches|swings|turns|develops|travels|leads) from"
    r" (?P<one>[^\d,;]+?) (?:over |on )?"
    r"(?:in)?to (?P<other>[^\d]+)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b[Bb]etween (?P<one>(?:the|her|his|p\d's|“)[^,;]+?) and (?P<other>(?:the|her|his|p\d's|“).+)$")
_SUBJECT = re.compile(
    r"^(?:p\d|s?he|they|the|her|his|their|its|an?|any\w+|every\w+|no\w+|each|both|what|one|all|those|\w+'s|\w+ing|had"
    r"|has|have|just|\w+ed|\w+en)\b|^[“\"]",
    re.IGNORECASE,
)
_POINTED = re.compile(r"^(?:it|that|this|these|which|him|her(?= \w+s )|them)\b ?(?P<rest>.*)$", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:week|month|year|day|winter|summer|spring|autumn|hour|minute|night|decade|morning|evening)s?\b", re.IGNORECASE
)
_IF = re.compile(r"^(?:even )?if\b", re.IGNORECASE)
_TAKES = re.compile(r"\b(?:takes?|lasts?|needs?)\b", re.IGNORECASE)
_ALREADY_DOING = re.compile(r"^(?:already|still) \w+ing\b", re.IGNORECASE)
_THEN = re.compile(r",? (?:and )?(?:then|afterwards)\b|, turning into\b|, followed by\b")
_LISTED = ("comma", "and")


class _Told(NamedTuple):
    """Two parts, whether two spans may be so, and the words that tell it."""

    one: str
    other: str
    fits: Fits
    how: str


def wrong_order(claim: Claim) -> str | None:
    """Two events that a claim tells in an order in which their cues do not lie."""
    is_timed = len({cue.id for cue in claim.cited if cue.id in claim.record.spans}) > 1
    for told in _told(parts(claim.step.claim)):
        turned = _turned_within(told, claim)
        if turned is not None:
            return f"tells “{told.how}” of what {turned.id} has in another order"
        pair = _against(told, claim) if is_timed else None
        if pair is not None:
            one, other = (claim.record.spans[cue.id] for cue in pair)
            return (
                f"tells “{told.how}” of {pair.one.id} ({one.start:g}–{one.end:g} s)"
                f" and {pair.other.id} ({other.start:g}–{other.end:g} s)"
            )
    return None


def _against(told: _Told, claim: Claim) -> Pair | None:
    spans = claim.record.spans
    return paired(claim, told.one, told.other, lambda a, b: told.fits(spans[a.id], spans[b.id]))


def _turned_within(told: _Told, claim: Claim) -> Cue | None:
    """The cue that tells of both parts itself, in the other order: "brows go up, then the mouth opens"."""
    if told.fits not in (is_before, is_after):
        return None
    first, second = (told.one, told.other) if told.fits is is_before else (told.other, told.one)
    for cue in claim.cited:
        halves = _THEN.split(shown(cue.text), maxsplit=1)
        if len(halves) > 1:
            at_first, at_second = (n_told(part, halves[0]) - n_told(part, halves[1]) for part in (first, second))
            if at_first < 0 < at_second:
                return cue
    return None


def _told(found: Sequence[Part]) -> Iterator[_Told]:
    for place, part in enumerate(found):
        if part.link in LINKS:
            yield from _hung(found, place)
        elif (
            part.link == "then" and place and found[place - 1].link != "asif" and not _IF.search(_before(found, place))
        ):
            yield _Told(_before(found, place), part.text, is_before, part.said)
        if place and part.link in (*_LISTED, "stop", "so", "while") and _MEANWHILE.search(_plain(part.text)):
            yield _Told(found[place - 1].text, part.text, is_together, "meanwhile")
        yield from _by_verb(part.text, _before(found, place) if place else "")
    if len(found) > 1 and found[1].link == "comma" and _ALREADY_DOING.search(found[0].text):
        yield _Told(found[0].text, found[1].text, is_before, "already")
    yield from _in_turn(found)


def _by_verb(text: str, before: str) -> Iterator[_Told]:
    """What one part tells of two events: "the sigh precedes the smile"; an "it" is what was told before."""
    quotes = ["".join(groups) for groups in QUOTE.findall(text)]
    whole = _plain(text)
    for pattern in (_VERB, _FROM_TO, _BETWEEN):
        found = pattern.search(whole)
        if found is None or NOT.search(whole):
            continue
        rest, one, other = _requoted((whole[: found.start()], found["one"], found["other"]), quotes)
        other = before if _POINTED.fullmatch(other.strip()) else other
        if pattern is _BETWEEN and rest.strip():
            yield _Told(rest, one, is_after, "between")
            yield _Told(rest, other, is_before, "between")
        elif pattern is _FROM_TO:
            yield _Told(one, other, is_before, "from … to")
        elif pattern is _VERB:
            fits = is_before if found["before"] else is_after if found["after"] else is_together
            yield _Told(one, other, fits, found["before"] or found["after"] or found["during"])


def _requoted(texts: Sequence[str], quotes: Sequence[str]) -> list[str]:
    """Parts of a sentence in its order, with what it quotes put back."""
    put = iter(quotes)
    return [
        "".join(f"“{next(put, '')}”" if piece == "“”" else piece for piece in re.split("(“”)", text)) for text in texts
    ]


def _hung(found: Sequence[Part], place: int) -> Iterator[_Told]:
    """A part that hangs on another by "before", "when" and the like, in front of it or behind it."""
    part = found[place]
    end = place + 1
    while end < len(found) and found[end].link == "and":
        end += 1
    how = f"{part.mood} {part.said}".strip().lower()
    pointed = _POINTED.search(part.text)
    if pointed:
        is_turned = not pointed["rest"] and end < len(found) and found[end].link in ("comma", "turned")
        rest = found[end].text if is_turned else pointed["rest"]
        if place > 1 and part.link in ("after", "before") and not rest:
            yield _Told(
                found[place - 1].text, _before(found, place - 1), is_after if part.link == "after" else is_before, how
            )
        elif place and part.link in ("after", "before") and (is_turned or _SUBJECT.search(rest)):
            yield _Told(_before(found, place), rest, is_before if part.link == "after" else is_after, how)
        return
    if (part.link != "having" and not _SUBJECT.search(part.text)) or _CALENDAR.search(_plain(part.text)):
        return
    if part.is_apart and end < len(found) and found[end].link in ("comma", "turned"):
        sub = " and ".join(one.text for one in found[place:end])
        mains = [found[end].text, _behind(found, end)]
    elif place:
        sub = part.text
        mains = [found[place - 1].text, _before(found, place)]
        if place > 1 and (
            found[place - 1].link in LINKS or (_POINTED.search(mains[0]) and not _TAKES.search(mains[0]))
        ):
            mains.append(_before(found, place - 1))
    else:
        return
    for main in dict.fromkeys(mains):
        fits = relation(part.link, _plain(main), _plain(sub), part.mood, part.said)
        if fits is not None:
            yield _Told(main, sub, fits, how)


def _plain(text: str) -> str:
    return QUOTE.sub("“”", text)


def _before(found: Sequence[Part], place: int) -> str:
    """All that is told in one go before a part."""
    start = max(place - 1, 0)
    while start > 0 and found[start].link in _LISTED:
        start -= 1
    if found[start].link in LINKS and start < place - 1:
        start += 1
    return _together(found[start:place])


def _behind(found: Sequence[Part], place: int) -> str:
    end = place + 1
    while end < len(found) and found[end].link == "and":
        end += 1
    return _together(found[place:end])


def _together(found: Sequence[Part]) -> str:
    return " and ".join(part.text for part in found)


def _in_turn(found: Sequence[Part]) -> Iterator[_Told]:
    """What is told first lies first, of "first" and "afterwards", and of "afterwards" and what stands before it."""
    first: int | None = None
    for place, part in enumerate(found):
        told = _plain(part.text)
        if _NO_LATER.search(told):
            continue
        is_later = _LATER.search(told)
        if first is not None and is_later:
            start = place
            while start > first + 1 and found[start].link in _LISTED:
                start -= 1
            yield _Told(_before(found, first + 1), part.text, is_before, "first … later")
            yield _Told(found[first].text, _together(found[start : place + 1]), is_before, "first … later")
        elif place and part.link in (*_LISTED, "stop", "so") and _LATER_ALONE.search(told):
            yield _Told(found[place - 1].text, part.text, is_before, "afterwards")
        if place and part.link in (*_LISTED, "stop") and _EARLIER.search(told):
            yield _Told(found[place - 1].text, part.text, is_after, "earlier")
        if _FIRST.search(told) and not _OWN_FIRST.search(told):
            first = place
