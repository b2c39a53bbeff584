"""Whose cue: what a claim tells of one person must not stand in a cited cue of another alone."""

from __future__ import annotations

import re

from emer.agents.grounding.cited.relevance import COMMON, SPEECH, weight_of
from emer.agents.grounding.record import Claim
from emer.agents.grounding.who.mentions import mentions_of, names_of
from emer.agents.grounding.who.subjects import Part, parts
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import DENIALS, PLAIN, SHORT, words
from emer.schemas import Cue

ENOUGH = 1.0
"""Weight of the words of another's cue from which a part was taken from it, where its own cues hold none of them."""
_EMPTY = COMMON | SPEECH | PLAIN | DENIALS | listed("short_words")
_SEEN = (
    r"face|eyes?|mouth|lips?|brows?|eyebrows?|cheeks?|chin|jaw|gaze|smile|head|hands?|shoulders?|arms?|grin|frown|nose"
)
_HEARD = r"voice|pitch|tone|loudness|volume|tempo|pace"
_OWN = re.compile(
    rf"(?:\bp\d+|\w)['’]s? (?:[a-z-]+ ){{0,2}}?(?:(?P<seen>{_SEEN})|(?P<heard>{_HEARD}))\b", re.IGNORECASE
)
"""A face or a voice that a person is told to have."""
_MANNER = re.compile(
    r"\b(?:loud|soft|quiet|slow|quick|hurried|hasty|hasti|rapid|hoarse|shaki|shaky|trembling|breath|flat|hush|mute|brisk)"
    r"(?:ly|ened|ed|y)?\b|\b(?:whisper|murmur|mutter|shout|yell|mumbl|stammer|stutter)\w*",
    re.IGNORECASE,
)
"""How somebody speaks."""
_OTHER = re.compile(r"\b(?:s?he|they)\b", re.IGNORECASE)
_HERS = re.compile(
    rf"\b(?:her|his|their) (?:[a-z-]+ ){{0,2}}?(?:(?P<seen>{_SEEN})|(?P<heard>{_HEARD}))\b", re.IGNORECASE
)


def of_another(claim: Claim) -> str | None:
    """A part that tells of one person what the cited cue of another holds, and no cited cue of hers."""
    found = parts(claim)
    for person in dict.fromkeys(part.person for part in found):
        hers = [cue for cue in claim.cited if _may_tell_of(person, cue, claim)]
        others = [cue for cue in claim.cited if cue not in hers]
        if not others:
            continue
        mine = [part for part in found if part.person == person]
        text = " ".join(claim.record.said(cue).lower() for cue in hers)
        strange = [part for part in mine if not any(is_there(word, text) for word in _told(part, claim))]
        told = [word for part in strange for word in _told(part, claim)]
        taken = max(others, key=lambda cue: weight_of(told, claim.record.said(cue).lower()))
        is_taken = weight_of(told, claim.record.said(taken).lower()) >= ENOUGH
        if is_taken or _has_none(mine, hers) or _has_its_manner(mine, text, others, claim):
            return f"speaks of {person}, but {taken.id} is of {taken.person}"
    whose = _is_anothers(claim)
    return f"speaks of {whose}, but the face or voice cited is of somebody else" if whose else None


def _may_tell_of(person: str, cue: Cue, claim: Claim) -> bool:
    """Whether a cue is of a person or of nobody, or names her."""
    return cue.person in (None, person) or re.search(rf"\b{person}\b", claim.record.said(cue)) is not None


def _has_its_manner(mine: list[Part], text: str, others: list[Cue], claim: Claim) -> bool:
    """Whether somebody is told to speak in a manner that the voice of another has, and nothing cited of her."""
    voices = " ".join(claim.record.said(cue).lower() for cue in others if cue.modality == "voice")
    told = [found.group().lower() for part in mine for found in _MANNER.finditer(part.text)]
    return any(is_there(word, voices) and not is_there(word, text) for word in told)


def _is_anothers(claim: Claim) -> str | None:
    """Whose face or voice "her face" is, where the claim names one person and no cue that it cites of her shows it."""
    mentions = mentions_of(claim)
    is_alone = len({one.person for one in mentions}) == 1
    if not is_alone or mentions[0].owns or _OTHER.search(claim.bare[: mentions[0].end + len(" she ")]):
        return None
    person = mentions[0].person
    hers = [cue for cue in claim.cited if _may_tell_of(person, cue, claim)]
    part = Part(person, claim.bare)
    is_of_others = any(cue not in hers for cue in claim.cited)
    return person if is_of_others and _has_none([part], hers, _HERS) else None


def _has_none(mine: list[Part], hers: list[Cue], form: re.Pattern[str] = _OWN) -> bool:
    """Whether somebody is told to have a face or a voice of which no cue of hers is."""
    senses = {cue.modality for cue in hers}
    for part in mine:
        own = form.search(part.text)
        if own is None:
            continue
        fit = {"face", "context"} if own["seen"] else {"voice", "context", "transcript"}
        if not senses & fit:
            return True
    return False


def _told(part: Part, claim: Claim) -> list[str]:
    names = {word for name in names_of(claim.record) for word in name.split()}
    plain = (word.removesuffix("'s") for word in words(part.text) if len(word) >= SHORT)
    return list(dict.fromkeys(word for word in plain if word not in _EMPTY and word not in names))
