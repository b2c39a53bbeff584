"""Things: an object, place or role that a claim names must be in its cues, and most of what an observation says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emer.agents.grounding.alike import nearness
from emer.agents.grounding.kin import kin
from emer.agents.grounding.lists import listed
from emer.agents.grounding.numbers import NUMBERS
from emer.agents.grounding.poles import is_of_one_pole, is_said_otherwise
from emer.agents.grounding.record import Claim
from emer.agents.grounding.senses import SENSES
from emer.agents.grounding.wording import QUOTE, content, shown, stem, stems, words
from emer.memory.ontology import mentions
from emer.schemas import Cue

COVERED = 0.1
"""Share of an observation's content words that its cues must contain: the least that still catches as much (tuning)."""
_BODY = listed("body")
"""Parts of people belong to the senses, which are checked by themselves."""
SPOKEN = re.compile(r"\b(?:sa(?:ys|id)|spoken|speaks|sentences?|silen\w+|pauses?|greeting|questions?)\b", re.IGNORECASE)
"""Words by which a claim speaks of how something is said."""
NEAR, NEAR_BESIDES = 0.35, 0.32
"""Cosine from which the encoder takes a claim for a paraphrase of its cues, and of one of them beside others; a claim
and a cue of something else lie below it (practice scenes)."""
SHORT = 3
COMMON = listed("common")
"""Words of grammar, which tie no claim to a cue."""
SPEECH = listed("speech")
"""Verbs that say that something is said: every cue of words bears them."""
_QUANTITY = re.compile(rf"(?<!p)\d|\b(?:{'|'.join(NUMBERS)}) (?:seconds|semitones|syllables|times)\b", re.IGNORECASE)
_SPEECH = frozenset(stem(word) for word in SPEECH)
THINGS = (listed("things") | listed("everyday")) - _BODY
"""Words that name things, places, animals and roles, as the encoder sorts its vocabulary (training/grounding), and
those of every day that it does not know as words."""


def strange_thing(claim: Claim) -> str | None:
    """A thing that no cue names; an observation must find it, and most of what it tells, in the cues that it cites.

    What the user told of the situation may be named by anybody: a "commentator" is one who was introduced as such.
    """
    is_observed = claim.step.type == "observation"
    known = [cue for cue in claim.record.cues.values() if not is_observed or cue.kind == "given"]
    around = " ".join([claim.said, *(claim.record.said(cue).lower() for cue in known), *claim.record.people.values()])
    for word in _nouns(claim):
        if _is_thing(word) and not _is_there(word, around):
            return f"tells of “{word}”, which is in no cited cue"
    if not is_observed or QUOTE.search(claim.step.claim) or _QUANTITY.search(claim.bare):
        return None  # whoever quotes or names a number has been held to it
    feelings = {word for one in mentions(claim.bare) for word in one.surface.lower().split()}
    told = [word for word in content(claim.bare) if word not in SPEECH and word not in claim.record.names]
    told = [word for word in told if word not in feelings or _is_there(word, claim.said)]
    strange = [word for word in told if not _is_there(word, claim.said)]
    if told and 1 - len(strange) / len(told) < COVERED and not _is_near(claim, claim.evidence):
        return f"tells of “{strange[0]}”, which is in no cited cue"
    return None


def unrelated_cue(claim: Claim) -> str | None:
    """A cue that an observation cites and that says nothing of what it tells: not a word, not its sense."""
    if claim.step.type != "observation":
        return None
    told = {one for word in words(claim.step.claim) if len(word) >= SHORT and word not in COMMON for one in kin(word)}
    related = [cue for cue in claim.evidence if _is_related(cue, claim, told)]
    senses = {cue.modality for cue in related}
    for cue in claim.evidence:
        is_alone = cue.modality not in senses and not any(_is_of_one_breath(cue, other) for other in related)
        if is_alone and not _is_near(claim, [cue]):
            return f"cites {cue.id}, which says nothing of it"
    return None


def _is_related(cue: Cue, claim: Claim, told: set[str]) -> bool:
    sense = SPOKEN if cue.modality == "voice" and SPOKEN.search(claim.bare) else SENSES.get(cue.modality)
    said = claim.record.said(cue).lower()
    if any("".join(groups).lower().strip(" .!?,") in said for groups in QUOTE.findall(claim.step.claim)):
        return True
    if cue.modality == "transcript" and len(claim.evidence) > 1 and _SPEECH & stems(claim.bare):
        return True
    return (
        is_of_one_pole(claim.bare, said)
        or bool(told & stems(said))
        or (sense is not None and bool(sense.search(claim.bare)))
    )


def _is_of_one_breath(cue: Cue, other: Cue) -> bool:
    """Whether one is how the words of the other were said: voice and transcript, of one person at one time."""
    is_speech = {cue.modality, other.modality} == {"voice", "transcript"}
    start_s, end_s = cue.anchor.start_s, cue.anchor.end_s
    is_same_time = start_s is not None and (start_s, end_s) == (other.anchor.start_s, other.anchor.end_s)
    return is_speech and is_same_time and cue.person == other.person


def _is_near(claim: Claim, cues: Sequence[Cue]) -> bool:
    """Whether the claim means about what the cues say, though in other words throughout."""
    least = NEAR if len(cues) == len(claim.evidence) else NEAR_BESIDES
    texts = [" ".join(shown(cue.text) for cue in cues), " ".join(claim.record.said(cue) for cue in cues)]
    return any(nearness(claim.bare, text) >= least for text in texts)


def _nouns(claim: Claim) -> list[str]:
    """The words of the claim without those that stand as verbs: behind a person or "to", or before a particle."""
    names = "".join(f"|{name}" for name in (*claim.record.names, *_BODY))
    verbs = re.compile(rf"\b(?:p\d|s?he|they|to{names}) [a-z]+\b|\band [a-z]+ (?=(?:off|out|away)\b)", re.I)
    return words(verbs.sub(" ", claim.bare))


def _is_thing(word: str) -> bool:
    return len(word) >= SHORT and (word in THINGS or word.removesuffix("s") in THINGS)


def _is_there(word: str, text: str) -> bool:
    return bool(kin(word) & stems(text)) or is_said_otherwise(word, text)
