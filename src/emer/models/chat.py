"""The seam between agents and chat models: a `Question` goes in, an `Answer` that fits its schema comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from emer.schemas import Sent, Usage

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Text:
    """Words to be read."""

    text: str


@dataclass(frozen=True)
class Image:
    """A picture to be seen: JPEG bytes, long side at most 768 px, and what it is ("frame at 1.6 s")."""

    jpeg: bytes
    what: str


@dataclass(frozen=True)
class Sound:
    """Sound to be heard: WAV bytes, mono 16 kHz, and what it is ("sound, 0.0-6.0 s")."""

    wav: bytes
    what: str


Part = Text | Image | Sound


@dataclass(frozen=True)
class Question(Generic[T]):
    """One call of one agent.

    Attributes:
        agent: who asks ("face", "judge"); chooses the model where one is set per agent.
        system: the instructions, which alone are instructions.
        parts: the data, delimited; never instructions.
        schema: the pydantic model that the answer must fit.
        prompt: name, version and digest of the prompt, "judge@1:3f2a…", for cache, trace and provenance.
        seed: tells apart judges that are asked the same at once.
    """

    agent: str
    system: str
    parts: Sequence[Part]
    schema: type[T]
    prompt: str
    seed: int = 0


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A validated answer and what it took; `sent` lists what left the machine (empty when it came from the cache)."""

    value: T
    usage: Usage = field(default_factory=Usage)
    sent: Sequence[Sent] = ()
    model: str = ""
    is_cached: bool = False
    warnings: Sequence[str] = ()


class ChatModel(Protocol):
    """Answers questions; safe to use from many tasks of one loop at the same time."""

    async def ask(self, question: Question[T]) -> Answer[T]:
        """The answer, validated.

        Raises:
            ModelError: refused, truncated, out of budget or time, or not valid after the one repair turn.
        """
        ...
