"""What cues deny, "does not fall", and a claim says nevertheless; and acts that cues show and an inference denies."""

from __future__ import annotations

import re

from emer.agents.grounding.denied.denying import END, is_partly, is_thought, triggers
from emer.agents.grounding.record import Claim, is_of
from emer.agents.grounding.words.kin import is_there, kin
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import ID, QUOTE, sentences, shown, stem, stems, words
from emer.schemas import Cue

_SENSES = ("face", "context")
_CLAUSE = re.compile(
    r"\s*(?:[;:–,]|\b(?:but|although|though|while|yet(?= \w)|whereas|and|which|as|because|since)\b)\s*"
)
_NOT = re.compile(r"not|[a-z]+n't|never|without|fails? to|refuses? to")
_SEEMING = frozenset(("appear", "appearing", "seem", "seeming", "show", "showing", "look", "stand", "mean"))
_PARTICLES = frozenset(("up", "down", "on", "off", "in", "out", "away", "back"))
_GENERIC = frozenset(
    ("anything", "anybody", "anyone", "ever", "single", "slightest", "least", "whatever", "bit", "all", "sort", "kind")
)
_EMPTY = (listed("common") | listed("denials") | _GENERIC | {"a", "an", "of", "to", "it", "is", "he", "she", "be"}) - {
    "out"
}


def affirms_denied(claim: Claim) -> str | None:
    """An act that a cited cue of what is seen denies, and that a clause says is done."""
    if claim.step.type == "rival":
        return None
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        plain = QUOTE.sub(" ", ID.sub(" ", sentence))
        for cue in cues:
            for act in _denied_acts(cue):
                if any(_does(clause, act, cue) for clause in _CLAUSE.split(plain)):
                    return f"says that somebody does what {cue.id} denies"
    return None


def denies_act(claim: Claim) -> str | None:
    """An act that an inference or a conclusion denies, though a cited cue of what is seen shows it."""
    if claim.step.type not in ("inference", "conclusion"):
        return None
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        plain = QUOTE.sub(" ", ID.sub(" ", sentence))
        for clause in _CLAUSE.split(plain):
            for cue in cues:
                if cue.modality in _SENSES and not triggers(cue.text) and _is_undone(clause, cue):
                    return f"denies an act that {cue.id} shows"
    return None


def _denied_acts(cue: Cue) -> list[list[str]]:
    """The acts that a cue denies, each by its verb and what it is done to."""
    text = shown(cue.text).lower()
    if cue.modality not in _SENSES:
        return []
    spans = [span for span in triggers(text) if _NOT.fullmatch(text[slice(*span)])]
    spans = [(start, end) for start, end in spans if text[start:end] != "without" or re.match(r" \w+ing\b", text[end:])]
    acts = [_told(END.split(text[end:], maxsplit=1)[0]) for _, end in spans]
    return [act for act in acts if act and len(act[0]) > 2 and act[0] not in _SEEMING]


def _told(text: str) -> list[str]:
    return [word for word in words(text) if word not in _EMPTY]


def _does(clause: str, act: list[str], cue: Cue) -> bool:
    """Whether a clause says that somebody does an act, of the person or the things of the cue."""
    verb, *upon = act
    if triggers(clause) or is_partly(clause):
        return False
    told = words(clause)
    at = next((n for n, word in enumerate(told) if stem(word) in kin(verb) and stem(word) == stem(verb)), None)
    if at is None or is_thought(clause, clause.lower().find(told[at])):
        return False
    if upon and upon[0] in _PARTICLES and upon[0] not in told[at + 1 : at + 4]:
        return False
    if not is_of(clause, cue):
        return False
    things = [word for word in upon if word not in _PARTICLES]
    return not things or any(is_there(word, clause.lower()) for word in things)


def _is_undone(clause: str, cue: Cue) -> bool:
    """Whether a clause denies an act that the cue shows: its verb, and half at least of what it is done to."""
    spans = triggers(clause)
    if len(spans) != 1 or is_thought(clause, spans[0][0]) or is_partly(clause):
        return False
    if not is_of(clause, cue):
        return False
    told = _told(END.split(clause[spans[0][1] :], maxsplit=1)[0])
    if not told or len(told[0]) < 4 or stem(told[0]) not in stems(shown(cue.text)):
        return False
    upon = told[1:]
    return sum(is_there(word, cue.text.lower()) for word in upon) * 2 >= len(upon)
