"""What claims are held against, and the claim that is held."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from emer.agents.fusion.likelihood import Instruments, written_instruments
from emer.agents.fusion.moments import Span, clock
from emer.agents.grounding.words.wording import PERSON_ID, bare, head_noun, shown
from emer.memory.ontology import Mention, mentions
from emer.schemas import Cue, Emotion, Person, Step, Utterance

NEUTRAL_PRIOR = 0.2
"""Any prior would do: only the sign of what a cue says about a state is read here."""


_RELATION = re.compile(r"\b(p\d+) is (?:the )?(?:older |younger )?([a-z]+) of p\d+\b")


@dataclass(frozen=True, eq=False)
class Record:
    """The cues by id, where they lie in time, what was said, who is there, and the judge's prior."""

    cues: Mapping[str, Cue]
    spans: Mapping[str, Span]
    utterances: Mapping[str, Utterance]
    instruments: Instruments
    people: Mapping[str, str] = field(default_factory=dict)
    """What each person is described as, by id."""

    def said(self, cue: Cue) -> str:
        """The cue's text and the utterance that it lies in."""
        utterance = self.utterances.get(cue.anchor.utterance or "")
        return f"{cue.text} {utterance.text if utterance else ''}"

    def said_during(self, cue: Cue) -> list[Utterance]:
        """What the cue's person says while it lasts."""
        span = self.spans.get(cue.id)
        return [
            said
            for said in self.utterances.values()
            if span is not None
            and said.person == cue.person
            and said.start_s is not None
            and said.end_s is not None
            and said.start_s < span.end
            and span.start < said.end_s
        ]

    @cached_property
    def relations(self) -> Mapping[str, str]:
        """Persons by what they were told to be to one another: "father" of "p2 is the father of p1"."""
        told = " ".join(cue.text for cue in self.cues.values() if cue.kind == "given")
        return {noun: who for who, noun in _RELATION.findall(told)}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Persons by the noun that they alone are described by: "doctor" of "doctor with a tablet"."""
        nouns = {who: noun for who, text in self.people.items() if (noun := head_noun(text)) is not None}
        alone = {noun: who for who, noun in nouns.items() if list(nouns.values()).count(noun) == 1}
        return alone | {
            f"{first} {noun}": who
            for who, noun in nouns.items()
            if noun not in alone and (first := self.people[who].lower().split()[0]) != noun
        }


def record_of(cues: Sequence[Cue], utterances: Sequence[Utterance], people: Sequence[Person]) -> Record:
    """What the claims about one clip are held against."""
    return Record(
        cues={cue.id: cue for cue in cues},
        spans=clock(cues, utterances),
        utterances={utterance.id: utterance for utterance in utterances},
        instruments=written_instruments(NEUTRAL_PRIOR),
        people={person.id: person.description for person in people},
    )


def whom(step: Step, emotions: Sequence[Emotion]) -> str | None:
    """The person of the emotions that a step supports, where its author told one."""
    whose = {emotion.id: emotion.person for emotion in emotions}
    return next((whose[name] for name in step.supports if whose.get(name)), None)


def is_of(text: str, cue: Cue) -> bool:
    """Whether a text that names persons by id names the cue's; one that names none may be of any."""
    named = set(PERSON_ID.findall(text))
    return cue.person is None or not named or cue.person in named


@lru_cache(maxsize=2048)
def felt(text: str) -> tuple[Mention, ...]:
    """The emotion words of a text; several checks look at the same claims and cues."""
    return tuple(mentions(text))


@dataclass(frozen=True)
class Claim:
    """One step of reasoning and the cues that it cites; `about` is the person of the emotions that it supports."""

    step: Step
    record: Record
    about: str | None = None

    @cached_property
    def evidence(self) -> list[Cue]:
        """The cues cited for it, those that exist."""
        return [self.record.cues[name] for name in self.step.evidence if name in self.record.cues]

    @cached_property
    def cited(self) -> list[Cue]:
        """The cues cited for it and against it."""
        return [
            self.record.cues[name] for name in (*self.step.evidence, *self.step.counter) if name in self.record.cues
        ]

    @cached_property
    def bare(self) -> str:
        """Its words without ids and quotations."""
        return bare(self.step.claim)

    @cached_property
    def by_id(self) -> str:
        """The same, with an id for whom a clause begins with by what she alone is described as."""
        known = {**self.record.relations, **self.record.names}
        nouns = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        if not nouns:
            return self.bare
        named = re.compile(rf"(^|[,;:]) ?(?:the|her|his|their) (?:[a-z]+ )?({nouns})\b", re.IGNORECASE)
        return named.sub(lambda found: f"{found[1]} {known[found[2].lower()]}", self.bare)

    @cached_property
    def spoken(self) -> list[str]:
        """What the persons of the cited cues of voice and words say while these last."""
        heard = [cue for cue in self.cited if cue.modality in ("voice", "transcript")]
        return [said.text for cue in heard for said in self.record.said_during(cue)]

    @cached_property
    def shown(self) -> str:
        """The texts of the cited cues without what they quote, in small letters."""
        return " ".join(shown(cue.text) for cue in self.cited).lower()

    @cached_property
    def said(self) -> str:
        """The texts of the cited cues and the utterances that they lie in, in small letters."""
        return " ".join(self.record.said(cue) for cue in self.cited).lower()
