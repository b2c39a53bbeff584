"""What one question took, for the trace and the Report's provenance: counts and digests, not a word of the clip."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from emer.models.backend import Call, Rung
from emer.models.chat import Image, Sound, Text
from emer.schemas import Sent, Usage


@dataclass(frozen=True)
class AskRecord:
    """One question, answered or not.

    Attributes:
        prompt: name, version and digest of the prompt.
        rung: where on the ladder the last call was; none when nothing was called.
        began_s: seconds since the run was opened.
        is_cached: answered from the disk, or by an identical call of another run.
        error: the class of the error, e.g. "RefusedError"; its message may hold what a server said and is left out.
        sent: what left for the endpoint, also when it was refused there.
    """

    agent: str
    model: str
    prompt: str
    rung: Rung | None
    usage: Usage
    began_s: float
    took_s: float
    is_cached: bool = False
    error: str | None = None
    sent: tuple[Sent, ...] = ()
    faults: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The record as JSON types."""
        times = {"began_s": round(self.began_s, 4), "took_s": round(self.took_s, 4)}
        models = {"usage": self.usage.model_dump(), "sent": [one.model_dump() for one in self.sent]}
        return {**asdict(self), **times, **models, "faults": list(self.faults)}


@dataclass
class Tally:
    """What one question has taken so far."""

    calls: int = 0
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    rung: Rung | None = None
    faults: list[str] = field(default_factory=list)
    _sent: dict[str, Sent] = field(default_factory=dict)

    @property
    def usage(self) -> Usage:
        """The counts as the Report's own."""
        return Usage(
            calls=self.calls,
            retries=self.retries,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
        )

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What left for the endpoint, each thing once, however often it was sent."""
        return tuple(self._sent.values())

    def sends(self, call: Call, to: str) -> None:
        """Notes what a call carries."""
        words = [call.system, *(part.text for part in call.parts if isinstance(part, Text))]
        n_bytes = sum(len(text.encode("utf-8", "surrogatepass")) for text in words)
        self._sent["words"] = Sent(what="words", to=to, bytes=n_bytes)
        for part in call.parts:
            if isinstance(part, Image | Sound):
                data = part.jpeg if isinstance(part, Image) else part.wav
                self._sent[part.what] = Sent(what=part.what, to=to, bytes=len(data))
