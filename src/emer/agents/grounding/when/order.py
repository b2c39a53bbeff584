"""Which comes first: what a claim tells to be before, after or during something must lie so in time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from emer.agents.fusion.moments import Span
from emer.agents.grounding.record import Claim
from emer.agents.grounding.when.alignment import Pair, n_told, paired
from emer.agents.grounding.when.parts import Part, parts
from emer.agents.grounding.when.relations import LINKS, OVER, is_after, is_before, is_together, is_well_after, relation
from emer.agents.grounding.when.successions import POINTED, Told, by_verb, plain
from emer.agents.grounding.when.turns import wrong_turn
from emer.agents.grounding.words.wording import shown
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
    r"\b(?:afterwards?|subsequently|thereafter|thereupon|(?<!what )(?:only|comes?|follows?) (?:much )?later|after that"
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
_SUBJECT = re.compile(
    r"^(?:p\d|s?he|they|the|her|his|their|its|an?|any\w+|every\w+|no\w+|each|both|what|one|all|those|\w+'s|\w+ing|had"
    r"|has|have|just|\w+ed|\w+en)\b|^[“\"]",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"\b(?<!-)(?<!\bthe )(?:week|month|year|day|winter|summer|spring|autumn|hour|minute|night|decade"
    r"|morning|evening)s?\b",
    re.IGNORECASE,
)
_IF = re.compile(r"^(?:even )?if\b", re.IGNORECASE)
_TAKES = re.compile(r"\b(?:takes?|lasts?|needs?)\b", re.IGNORECASE)
_ALREADY_DOING = re.compile(r"^(?:already|still) \w+ing\b", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"\b(?:as soon as|no sooner|the (?:moment|instant|second)|immediately|at once|instantly|straight|directly|right"
    r"|(?:on|upon) the heels)\b",
    re.IGNORECASE,
)
"""Where nothing else is said between two events."""
_MEETS_S = 0.1
_GONE_FIRST = re.compile(
    r"^first (?=\w)(?! (?:time|second|half|word))|\b(?:is|was|were|are|comes?|came|goes|there) first$", re.IGNORECASE
)
_BETWEEN_TWO = re.compile(r"\bbetween (?:the|her|his|p\d's|“)[^,;]*$", re.IGNORECASE)
_THEN = re.compile(r",? (?:and )?(?:then|afterwards)\b|, turning into\b|, followed by\b")
_LISTED = ("comma", "and")


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
    return wrong_turn(claim)


def _against(told: Told, claim: Claim) -> Pair | None:
    spans = claim.record.spans
    is_close = _AT_ONCE.search(told.how) is not None
    return paired(
        claim,
        told.one,
        told.other,
        lambda a, b: (
            told.fits(spans[a.id], spans[b.id]) and not (is_close and _is_parted(claim, spans[a.id], spans[b.id]))
        ),
    )


def _is_parted(claim: Claim, one: Span, other: Span) -> bool:
    """Whether something is said between two spans, from beginning to end."""
    begin, end = min(one.end, other.end) - _MEETS_S, max(one.start, other.start) + _MEETS_S
    return any(
        said.start_s is not None and said.end_s is not None and begin <= said.start_s and said.end_s <= end
        for said in claim.record.utterances.values()
    )


def _turned_within(told: Told, claim: Claim) -> Cue | None:
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


def _told(found: Sequence[Part]) -> Iterator[Told]:
    for place, part in enumerate(found):
        if part.link in LINKS:
            yield from _hung(found, place)
        elif (
            part.link == "then" and place and found[place - 1].link != "asif" and not _IF.search(_before(found, place))
        ):
            yield Told(_before(found, place), part.text, is_before, part.said)
        if place and part.link in (*_LISTED, "stop", "so", "while") and _MEANWHILE.search(plain(part.text)):
            yield Told(found[place - 1].text, part.text, is_together, "meanwhile")
        is_cut = _BETWEEN_TWO.search(part.text) and place + 1 < len(found) and found[place + 1].link == "and"
        text = _together(found[place : place + 2]) if is_cut else part.text
        yield from by_verb(text, _before(found, place), found[place - 1].text) if place else by_verb(text, "", "")
    if len(found) > 1 and found[1].link == "comma" and _ALREADY_DOING.search(found[0].text):
        yield Told(found[0].text, found[1].text, is_before, "already")
    yield from _in_turn(found)


def _hung(found: Sequence[Part], place: int) -> Iterator[Told]:
    """A part that hangs on another by "before", "when" and the like, in front of it or behind it."""
    part = found[place]
    end = place + 1
    while end < len(found) and found[end].link == "and":
        end += 1
    how = f"{part.mood} {part.said}".strip().lower()
    pointed = POINTED.search(part.text)
    if pointed:
        is_turned = not pointed["rest"] and end < len(found) and found[end].link in ("comma", "turned")
        rest = found[end].text if is_turned else pointed["rest"]
        if place > 1 and part.link in ("after", "before") and not rest:
            yield Told(
                found[place - 1].text, _before(found, place - 1), is_after if part.link == "after" else is_before, how
            )
        elif place > 1 and part.link in ("once", "after") and not is_turned and OVER.search(rest):
            yield Told(found[place - 1].text, _before(found, place - 1), is_well_after, how)
        elif place and part.link in ("after", "before") and (is_turned or _SUBJECT.search(rest)):
            yield Told(_before(found, place), rest, is_before if part.link == "after" else is_after, how)
        return
    if (part.link != "having" and not _SUBJECT.search(part.text)) or _CALENDAR.search(plain(part.text)):
        return
    if part.is_apart and end < len(found) and found[end].link in ("comma", "turned"):
        sub = " and ".join(one.text for one in found[place:end])
        mains = [found[end].text, _behind(found, end)]
    elif place:
        sub = part.text
        mains = [found[place - 1].text, _before(found, place)]
        if place > 1 and (found[place - 1].link in LINKS or (POINTED.search(mains[0]) and not _TAKES.search(mains[0]))):
            mains.append(_before(found, place - 1))
    else:
        return
    for main in dict.fromkeys(mains):
        fits = relation(part.link, plain(main), plain(sub), part.mood, part.said)
        if fits is not None:
            yield Told(main, sub, fits, how)


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


def _in_turn(found: Sequence[Part]) -> Iterator[Told]:
    """What is told first lies first, of "first" and "afterwards", and of "afterwards" and what stands before it."""
    first: int | None = None
    for place, part in enumerate(found):
        told = plain(part.text)
        if _NO_LATER.search(told):
            continue
        is_later = _LATER.search(told)
        if first is not None and is_later:
            start = place
            while start > first + 1 and found[start].link in _LISTED:
                start -= 1
            yield Told(_before(found, first + 1), part.text, is_before, "first … later")
            yield Told(found[first].text, _together(found[start : place + 1]), is_before, "first … later")
        elif (
            place
            and first == place - 1
            and part.link in ("and", "stop")
            and _GONE_FIRST.search(plain(found[first].text))
            and _SUBJECT.search(told)
        ):
            yield Told(found[first].text, part.text, is_before, "first … and")
        elif (
            place
            and part.link in (*_LISTED, "stop", "so")
            and _LATER_ALONE.search(told)
            and not found[place - 1].text.endswith(" with")
        ):
            yield Told(found[place - 1].text, part.text, is_before, "afterwards")
        if place and part.link in (*_LISTED, "stop") and _EARLIER.search(told):
            yield Told(found[place - 1].text, part.text, is_after, "earlier")
        if _FIRST.search(told) and not _OWN_FIRST.search(told):
            first = place
