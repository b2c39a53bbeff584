"""Which cue each part of a claim tells of.

`likeness` says how much a part tells of a cue; `paired` finds the two cues that two parts tell of, and says nothing
where another pair would do nearly as well; `aligned` does so for one part. All this is words, kin, quotations and
senses: no encoder is asked. The parts come from `parts.parts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from emer.agents.grounding.direction.poles import is_said_otherwise
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.kin import kin
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import DENIALS, LEFT_OUT, PERSON_ID, PLAIN, QUOTE, folded, stem, stems, words
from emer.schemas import Cue

QUOTED, PERSON, SENSE, SPOKEN, CITED = 2.0, 0.4, 0.5, 0.5, 0.8
"""What a quotation, a person, a word of the sense, a word for saying and a citation count beside a word (1)."""
SAME = 0.5
"""What it costs that two parts are of one cue, where another is cited beside it."""
LEAST, CLEAR, MARGIN = 0.5, 1.0, 0.45
"""What a part must have of a cue besides its person and citation, what the second part must have if the first has
nothing and only two cues are cited, and by how much a pair must beat every other."""
_COMMON = listed("common")
_PAUSE_BEFORE = re.compile(r"(?<=\bs) before\b[^,;“]*", re.IGNORECASE)
"""What a pause comes before is no part of it: "pause of 1.9 s before the answer"."""
SAYING = re.compile(
    r"\b(?:(?:say|ask|exclaim|call|shout|repl|answer|tell|announc|admi|mention|report|utter|voic|speak|plead|beg"
    r"|apologi|warn|thank|promis|word|question|sentence|remark|phrase|request|news|reproach|complain|excus|retort|claim"
    r"|concede|demand|offer|order|confess|quot|line|repeat|state|insist|explain|object|name|reveal|declar|suggest"
    r"|protest|compliment|insult|threat|lie|stor(?:y|ies)|critici|account|blurt|murmur|whisper|cry|cries|greet|joke|praise|invit|urge|remind|correct|joke|refus|deny|denie|stammer"
    r"|mutter|respond|retort|add|whine|sneer|scold|tease|mock|assur|vow|swear|swore|note|point(?:s|ed)? out|bid|bade)"
    r"\w*|said|told|spoke\w*|gets? (?:it )?out|brings? (?:\w+ ){0,3}up)\b",
    re.IGNORECASE,
)
_OF_SENSE = {
    "voice": re.compile(
        r"\b(?:voice|pitch|louder|loud\w*|volume|tone|sound\w*|laugh\w*|sigh\w*|pause|silence|whisper\w*|trembl\w*|softer"
        r"|softly|breath|tempo|pace|slow\w*|fast\w*|quick\w*|hoarse\w*|semitones?|audibl\w*|sob\w*|gasp\w*|groan\w*)\b",
        re.IGNORECASE,
    ),
    "face": re.compile(
        r"\b(?:fac(?:e|ial)|features|expression|smil\w*|frown\w*|brows?|eyebrows?|grin\w*|lips?|eyes?|cheeks?|jaw|chin"
        r"|mouth|gaze|looks?|glance\w*|blink\w*|nod\w*|head|raters|hands?|shoulders?|stare\w*|tears?)\b",
        re.IGNORECASE,
    ),
}


class Pair(NamedTuple):
    """The cues that two parts tell of."""

    one: Cue
    other: Cue


def likeness(text: str, cue: Cue, claim: Claim) -> float:
    """How much a part of a claim tells of a cue: words in common, rare ones more, quotations, sense and person."""
    told = told_of(text, cue, claim)
    persons = set(PERSON_ID.findall(text)) | _by_noun(text, claim)
    if cue.person is not None and persons:
        told += PERSON if cue.person in persons else -PERSON
    return told + (CITED if cue.id in {one.id for one in claim.cited} else 0.0)


def told_of(text: str, cue: Cue, claim: Claim) -> float:
    """The same without person and citation."""
    said = _PAUSE_BEFORE.sub(" ", claim.record.said(cue))
    quotes = ["".join(groups) for groups in QUOTE.findall(text)]
    score = sum(QUOTED for quote in quotes if all(folded(part) in folded(said) for part in LEFT_OUT.split(quote)))
    plain = QUOTE.sub(" ", text)
    everywhere = [claim.record.said(one).lower() for one in claim.record.cues.values()]
    for word in _telling(plain):
        if _has(word, said.lower()):
            score += 1 / max(1, sum(_has(word, other) for other in everywhere)) ** 0.5
    if cue.modality == "transcript" and SAYING.search(plain):
        score += SPOKEN
    sense = _OF_SENSE.get(cue.modality or "")
    return score + (SENSE if sense is not None and sense.search(plain) else 0.0)


def n_told(text: str, other: str) -> int:
    """How many telling words of a part another text has, or kin of them."""
    return sum(_has(word, other.lower()) for word in _telling(QUOTE.sub(" ", text)))


def paired(claim: Claim, one: str, other: str, fits: Callable[[Cue, Cue], bool]) -> Pair | None:
    """The two cited cues with a time that two parts tell of, if these do not fit, or None where that is unclear.

    Args:
        claim: whose parts they are.
        one: the first part.
        other: the second part.
        fits: whether two cues bear what the parts tell of them. Both parts may tell of one cue, which always fits.
    """
    cues = [cue for cue in claim.record.cues.values() if cue.id in claim.record.spans]
    left = {cue.id: likeness(one, cue, claim) for cue in cues}
    right = {cue.id: likeness(other, cue, claim) for cue in cues}
    ranked = sorted(((left[a.id] + right[b.id], a, b) for a in cues for b in cues), key=lambda row: -row[0])
    against = [(score, a, b) for score, a, b in ranked if a.id != b.id and not fits(a, b)]
    if not against:
        return None
    best, a, b = against[0]
    rival = max((score - SAME * (c.id == d.id) for score, c, d in ranked if c.id == d.id or fits(c, d)), default=0.0)
    cited = {cue.id for cue in claim.cited}
    told = [told_of(text, cue, claim) + _is_alone(text, cue, claim) for text, cue in ((one, a), (other, b))]
    n_timed = sum(cue.id in claim.record.spans for cue in claim.cited)
    is_told = min(told) >= LEAST or (
        n_timed == len(told) and told[1] >= CLEAR and len(_telling(QUOTE.sub(" ", one))) > 1
    )
    return Pair(a, b) if {a.id, b.id} <= cited and is_told and best - rival >= MARGIN else None


def _is_alone(text: str, cue: Cue, claim: Claim) -> bool:
    """Whether a part names a person of whom this is the only cited cue."""
    return cue.person in PERSON_ID.findall(text) and [one.person for one in claim.cited].count(cue.person) == 1


def aligned(claim: Claim, text: str) -> Cue | None:
    """The cited cue with a time that a part tells of, or None where another cue may be meant as well."""
    cues = [cue for cue in claim.record.cues.values() if cue.id in claim.record.spans]
    ranked = sorted(((likeness(text, cue, claim), cue) for cue in cues), key=lambda row: -row[0])
    if not ranked or ranked[0][1].id not in {cue.id for cue in claim.cited}:
        return None
    best, cue = ranked[0]
    rival = ranked[1][0] if len(ranked) > 1 else 0.0
    return cue if told_of(text, cue, claim) >= LEAST and best - rival >= MARGIN else None


def _by_noun(text: str, claim: Claim) -> set[str]:
    """The persons whom a part calls by what they alone are described as."""
    lower = text.lower()
    known = {**claim.record.relations, **claim.record.names}
    return {who for noun, who in known.items() if re.search(rf"\bthe {re.escape(noun)}\b", lower)}


@lru_cache(maxsize=2048)
def _telling(text: str) -> tuple[str, ...]:
    return tuple(
        word.removesuffix("'s")
        for word in dict.fromkeys(words(text))
        if len(word) > 2 and word not in PLAIN and word not in DENIALS and word not in _COMMON
    )


@lru_cache(maxsize=16384)
def _has(word: str, text: str) -> bool:
    there = stems(text)
    return stem(word) in there or bool(kin(word) & there) or is_said_otherwise(word, text)
