"""What somebody asks of a conversation, and what comes back: the two sides of one turn."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from emer.schemas import Sent

Kind = Literal[
    "what", "why", "why_not", "compare", "when", "who", "cause", "how_sure", "conflict", "missing", "what_if", "look",
    "listen", "cases", "perspective", "person", "respond", "correct", "confirm", "decline", "undo", "export", "help",
    "outside", "hostile", "danger", "unknown",
]  # fmt: skip
"""Every kind of turn; `outside` is what emer never says (lies, illness, fitness for a job), and why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(_Frozen):
    """One turn, understood.

    Attributes:
        text: the words as they were typed.
        labels: emotion words in it, as the ontology writes them, not denied ones first to last.
        denied: emotion words that it denies ("not proud").
        person: the id of whom it is about; None if nobody is named.
        span: seconds from and to, where it names a time.
        modality: the modality that it names.
        cues: ids of cues that it names.
    """

    kind: Kind
    text: str
    labels: list[str] = []
    denied: list[str] = []
    person: str | None = None
    span: tuple[float, float] | None = None
    modality: str | None = None
    cues: list[str] = []


class Fact(_Frozen):
    """One or more sentences about the clip, each with ids in square brackets that resolve in the Report."""

    text: str
    cues: list[str] = []
    cases: list[str] = []


class Reply(_Frozen):
    """What is answered: facts that cite, notes (what cannot be done, what is asked back), and what left the machine."""

    kind: Kind
    facts: list[Fact] = []
    notes: list[str] = []
    sent: list[Sent] = []

    @property
    def text(self) -> str:
        """The reply to be read: the facts, then each note on a line of its own."""
        told = " ".join(fact.text for fact in self.facts)
        return "\n".join([*([told] if told else []), *self.notes])
