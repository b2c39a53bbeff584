"""Acts: what an observation tells that somebody does must be in the cues that it cites."""

from __future__ import annotations

import re

from emer.agents.grounding.added.things import is_named, is_thing
from emer.agents.grounding.denied.absence import is_absence
from emer.agents.grounding.direction.poles import is_of_one_pole
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.alike import nearness
from emer.agents.grounding.words.figurative import AS_IF, FIGURES
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import DENIALS, ID, PLAIN, QUOTE, SHORT, stem, words

_UPON = frozenset(stem(word) for word in listed("acts"))
"""Stems of what somebody does to a thing."""
_ALONE = frozenset(stem(word) for word in listed("plain_acts"))
"""Stems of acts that are plain by themselves: who yawns is seen to."""
_EMPTY = (listed("common") | PLAIN | DENIALS) - {"down", "up", "off", "away"}
_BODY = listed("body")
_LIGHT = frozenset(
    stem(word)
    for word in (
        *("take", "pick", "bring", "give", "leave", "put", "place", "set", "lay", "get"),
        *("hold", "carry", "turn", "open", "close", "read", "offer", "raise", "lift", "lower"),
    )
)
"""Stems of verbs that are said of words and thoughts as often as of things."""
_PLACES = {"room", "house", "building", "sentence", "hall", "floor", "flat", "shop"}
"""What somebody may leave, enter or finish beside things."""
FAR, FAR_BODY, FAR_ALONE = 0.47, 0.4, 0.27
"""Cosine below which a part of a claim means nothing that a cited cue says, if something is done to a thing, to a part
of the body, and to neither (practice scenes)."""
_CUT = re.compile(
    r"[,;:.–—]|\b(?:and|but|although|though|while|when|as|because|since|so|which|who|that|yet|whereas|before|after|until"
    r"|once|whose|where|if|or|nor|with|without|than)\b",
    re.IGNORECASE,
)
_DOES_TO = re.compile(
    r"\b(?P<act>[a-z]+(?:s|ing|ed))\s+(?:(?:up|down|off|on|out|away|over|back|aside|at|into|onto|from|for)\s+)?"
    r"(?:the|an?|his|her|their|both|another|two|some)\s+(?P<first>[a-z-]+)(?:\s+(?P<second>[a-z-]+))?\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\b(?:p\d+|s?he|they|[a-z]+)\s+(?:[a-z]+ly\s+)?(?P<act>[a-z]+s)\b"
    r"(?! (?:the|an?|his|her|their) [a-z]+ (?:away|aside|off)\b)|^\s*(?P<also>[a-z]+(?:s|ing))\b"
)


def strange_act(claim: Claim) -> str | None:
    """An act that an observation tells of and no cue which it cites shows, by a word or in meaning.

    What other claims tell of may be in any cue; they put one in only by a plain act upon a thing.
    """
    if claim.step.type != "observation":
        return _put_in(claim)
    given = (claim.record.said(cue).lower() for cue in claim.record.cues.values() if cue.kind == "given")
    around = " ".join([claim.said, *given])
    text = FIGURES.sub("·", QUOTE.sub("“", ID.sub(" ", claim.step.claim)))
    for part in _CUT.split(text):
        found = None if "“" in part or is_of_one_pole(part, around) else _act(part, around)
        if found is not None and not is_absence(claim.bare, around):
            act, far = found
            if all(nearness(part, claim.record.said(cue)) < far for cue in claim.cited):
                return f"tells that somebody “{act}”, which no cited cue shows"
    return None


def _put_in(claim: Claim) -> str | None:
    everything = " ".join(claim.record.said(cue).lower() for cue in claim.record.cues.values())
    text = QUOTE.sub("“", ID.sub(" ", claim.step.claim))
    for form in (FIGURES, AS_IF):
        text = form.sub("·", text)
    for part in _CUT.split(text):
        for upon in _DOES_TO.finditer(part if not DENIALS & set(words(part)) else ""):
            act = upon["act"].lower()
            is_plain = stem(act) in _UPON - _LIGHT and bool(_things(upon))
            if is_plain and not is_there(act, everything):
                return f"tells that somebody “{act}” something, which no cue shows"
    return None


def _act(part: str, around: str) -> tuple[str, float] | None:
    """The act of a part that is not in the cues, nor what it is done to, and how near to one it may be in meaning."""
    told = [word for word in words(part) if len(word) >= SHORT and word not in _EMPTY]
    if any(word in DENIALS for word in words(part)):
        return None
    for upon in _DOES_TO.finditer(part):
        if stem(upon["act"].lower()) not in _UPON:
            continue
        things = _things(upon)
        if things and not any(is_named(thing, around) for thing in things):
            return upon["act"], FAR
        is_body = not {upon["first"].lower(), (upon["second"] or "").lower()}.isdisjoint(_BODY)
        if is_body and stem(upon["act"].lower()) not in _LIGHT and not any(is_there(one, around) for one in told):
            return upon["act"], FAR_BODY
    if any(is_there(word, around) for word in told):
        return None
    alone = _DOES.search(part)
    act = (alone["act"] or alone["also"]).lower() if alone is not None else ""
    return (act, FAR_ALONE) if stem(act) in _ALONE else None


def _things(upon: re.Match[str]) -> list[str]:
    """What something is done to: one of the two words behind the article, where it is a thing or a place."""
    names = [(upon[name] or "").lower() for name in ("first", "second")]
    return [name for name in names if name and (name in _PLACES or is_thing(name))]
