"""Which words of a text name a feeling proper, and which of these the cited cues name themselves.

The ontology also knows manners ("polite"), acts ("laughs") and conditions ("tired"); what a person does or how she does
it can be seen and heard. A feeling cannot, so a claim needs a cue that says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from emer.agents.grounding.record import Claim, felt
from emer.agents.grounding.words.kin import kin
from emer.agents.grounding.words.lists import lines_of, listed
from emer.agents.grounding.words.wording import stem, stems, words
from emer.memory.ontology import FACE_STATES, Mention
from emer.memory.words import surfaces
from emer.memory.words import words as ontology

FEELINGS = listed("feelings")
"""Labels of the ontology that name what is felt and nothing that is done."""
WIDE = FEELINGS | listed("feelings_wide")
"""The same with frames of mind that may also be a manner: they count only where a claim says that somebody is so."""
_SPARED = listed("feelings_spared")
"""Forms of these labels that mostly tell of a thing, an act or what others think of it: "a surprise", "thanks"."""
_TWO_SENSED = frozenset(lines_of("two_sensed"))
"""Forms that may as well tell what is done to a thing or how it is: "the region left out", "a letter drawn to"."""
_IS_SO = re.compile(
    r"\b(?:feel(?:s|ing)?|felt|appear(?:s|ed|ing)?|seem(?:s|ed|ing)?|looks?|sounds?|comes? (?:across|over) as"
    r"|find(?:s|ing)?"
    r"|grow(?:s|ing)?|becom(?:es?|ing)|being|remain(?:s|ing)?|(?:p\d|s?he|they|who) (?:is|are|was|were|gets?|has been"
    r"|have been|stays?)|how)"
    r"(?: to be| as if| like)?"
    r"(?: (?!(?:at|in|on|to|from|of|by|with|for|when|while|because|since|as|that|which)\b)[\w'’-]+,?){0,4} $",
    re.IGNORECASE,
)
"""What stands before a word that says how somebody is."""
_CLASSES = re.compile(
    r"\b(?:raters|face|class\w*|rated|tool)\b[^.;]*?\b(angry|disgust\w*|fear\w*|happy|sad|surprise\w*)\b"
)
_CHOSEN = re.compile(r"\b(?:raters|classif\w+|readers of)\b", re.IGNORECASE)
_CLASS_OF = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy"}
_MAIN = 0.2
"""Share from which a state is a reading of a rated face, not only one that it may have."""


@lru_cache(maxsize=2048)
def feelings(text: str) -> tuple[Mention, ...]:
    """The words of a text that name a feeling and nothing else."""
    own = [
        one
        for one in felt(text)
        if one.word.label in FEELINGS and one.surface.lower() not in _SPARED and not _is_idiom(one)
    ]
    return _joined(own, text)


@lru_cache(maxsize=2048)
def frames_of_mind(text: str) -> tuple[Mention, ...]:
    """The words of a text that may name a feeling, the ambiguous ones too."""
    return _joined([one for one in felt(text) if one.word.label in WIDE and not is_of_a_thing(text, one)], text)


def is_of_a_thing(text: str, word: Mention) -> bool:
    """Whether a form that has another sense as well is not told of how somebody is."""
    return word.surface.lower() in _TWO_SENSED and not _IS_SO.search(text[: word.start])


def is_named(word: Mention, claim: Claim, *, by_raters: bool) -> bool:
    """Whether a cited cue names the feeling itself: in its words or as told of somebody.

    A class that raters choose is no more than how a face looks: it names one only where `by_raters` says so.
    """
    said = claim.said if by_raters else _told(claim)
    forms = {word.surface.lower(), word.word.label, *word.word.inflections}
    there = stems(said)
    if any(stem(form) in there for form in forms if " " not in form):
        return True
    if by_raters and kin(word.surface.lower().split()[0]) & there:
        return True
    states = {state for state, _ in word.word.states}
    named = {state for one in feelings(said) for state, _ in one.word.states}
    return bool(states & (named | _rated(said)))


def _told(claim: Claim) -> str:
    """What the cited cues say, without what raters and tools choose."""
    return " ".join(claim.record.said(cue) for cue in claim.cited if not _CHOSEN.search(cue.text)).lower()


def _is_idiom(word: Mention) -> bool:
    return " " in word.surface and word.surface.lower() not in surfaces()


def _rated(said: str) -> set[str]:
    """The states that classes of raters in the cues stand for."""
    found: set[str] = set()
    for name in _CLASSES.findall(said):
        known = _CLASS_OF.get(name[0], "surprise" if name.startswith("su") else "sad")
        found |= {state for state, share in FACE_STATES[known].items() if share >= _MAIN}
    return found


def _joined(own: list[Mention], text: str) -> tuple[Mention, ...]:
    starts = {one.start for one in own}
    return tuple(sorted([*own, *(one for one in _more(text) if one.start not in starts)], key=lambda one: one.start))


def _more(text: str) -> list[Mention]:
    """Words for feelings that the ontology does not list."""
    told = set(words(text)) & _listed_more().keys()
    return [
        Mention(at.start(), at.end(), at.group(), ontology()[_listed_more()[word]], negated=False, degree=0.66)
        for word in told
        for at in re.finditer(rf"\b{word}\b", text, re.IGNORECASE)
    ]


@cache
def _listed_more() -> Mapping[str, str]:
    """Further words, each with the label that comes nearest."""
    return dict(line.split() for line in lines_of("feelings_more"))
