"""What claims are held against, and the claim that is held."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from emer.agents.fusion.likelihood import Instruments, written_instruments
from emer.agents.fusion.moments import Span, clock
from emer.agents.grounding.wording import bare, shown
from emer.schemas import Cue, Person, Step, Utterance

NEUTRAL_PRIOR = 0.2
"""Any prior would do: only the sign of what a cue says about a state is read here."""


@dataclass(frozen=True)
class Record:
    """The cues by id, where they lie in time, what was said, who is there, and the judge's prior."""

    cues: Mapping[str, Cue]
    spans: Mapping[str, Span]
    utterances: Mapping[str, Utterance]
    instruments: Instruments
    people: Collection[str] = ()

    def said(self, cue: Cue) -> str:
        """The cue's text and the utterance that it lies in."""
        utterance = self.utterances.get(cue.anchor.utterance or "")
        return f"{cue.text} {utterance.text if utterance else ''}"


def record_of(cues: Sequence[Cue], utterances: Sequence[Utterance], people: Sequence[Person]) -> Record:
    """What the claims about one clip are held against."""
    return Record(
        cues={cue.id: cue for cue in cues},
        spans=clock(cues, utterances),
        utterances={utterance.id: utterance for utterance in utterances},
        instruments=written_instruments(NEUTRAL_PRIOR),
        people={person.id for person in people},
    )


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
    def shown(self) -> str:
        """The texts of the cited cues without what they quote, in small letters."""
        return " ".join(shown(cue.text) for cue in self.cited).lower()

    @cached_property
    def said(self) -> str:
        """The texts of the cited cues and the utterances that they lie in, in small letters."""
        return " ".join(self.record.said(cue) for cue in self.cited).lower()
