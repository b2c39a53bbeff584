"""What stands behind a chat model: one call goes out, one completion comes back, or a fault that says what to do.

A back end knows one protocol (HTTP, a local network). It never retries, validates or caches: that is done once, above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from emer.models.chat import Part

Rung = Literal["json_schema", "json_object_schema", "json_object", "prompt"]
RUNGS: tuple[Rung, ...] = ("json_schema", "json_object_schema", "json_object", "prompt")
"""The ladder of structured answers, strictest first.

`json_schema`: the endpoint decodes under the schema. `json_object_schema`: the same, said the way of llama.cpp's
server. `json_object`: the endpoint promises some JSON object, the schema is in the prompt. `prompt`: only asked for.
"""

Trait = Literal["temperature", "seed", "max_tokens", "max_completion_tokens", "image", "sound"]
"""What a call may carry that some endpoints refuse."""


@dataclass(frozen=True)
class Call:
    """One call as a back end gets it: all that is sent, and how long it may take.

    Attributes:
        agent: who asks; only the fake looks at it.
        schema: the JSON Schema that the answer must fit.
        is_closed: whether each object of the schema names all its properties, so that it may be decoded strictly.
        turns: what was answered and said about it before, for the repair turn.
        omitted: traits that the endpoint was found to refuse and that are left out.
    """

    agent: str
    system: str
    parts: Sequence[Part]
    schema_name: str
    schema: Mapping[str, Any]
    rung: Rung
    is_closed: bool = True
    turns: Sequence[tuple[str, str]] = ()
    max_tokens: int = 4096
    temperature: float = 0.0
    seed: int = 0
    omitted: frozenset[Trait] = frozenset()
    timeout_s: float = 120.0


@dataclass(frozen=True)
class Completion:
    """What came back: the text, why it ended ("stop", "length", "content_filter") and the tokens it took.

    Tokens are `None` where the endpoint does not count them.
    """

    text: str
    finish: str = "stop"
    refusal: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


class Backend(Protocol):
    """One model behind one protocol; safe to use from many tasks at once."""

    async def complete(self, call: Call) -> Completion:
        """The completion of `call`.

        Raises:
            Passing: the call failed in a way that another try may mend.
            Rejected: the endpoint does not take the call as it is.
            ModelError: neither would help.
        """
        ...

    async def aclose(self) -> None:
        """Gives back what the back end holds for this run."""
        ...


class Passing(Exception):  # noqa: N818  (an event between two modules, never a user's error)
    """A fault that another try may mend.

    Attributes:
        kind: what happened, by name ("429", "503", "refused connection", "HTML").
        tries: calls that may end like this before there is no hope.
        retry_after_s: how long the endpoint asks us to wait.
    """

    def __init__(self, kind: str, told: str, *, tries: int = 10, retry_after_s: float | None = None) -> None:
        super().__init__(told)
        self.kind = kind
        self.tries = tries
        self.retry_after_s = retry_after_s


class Rejected(Exception):  # noqa: N818
    """The endpoint refuses the call as it is: what it says tells which part of it to leave out.

    Attributes:
        status: the HTTP status.
        about: the parameter that the endpoint names, or "".
    """

    def __init__(self, status: int, told: str, *, about: str = "") -> None:
        super().__init__(told)
        self.status = status
        self.about = about
