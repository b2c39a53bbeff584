"""Questions that the tests of models ask, and the settings with which they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from servers.scripted import ScriptedServer

from emer.config import Settings, load_settings
from emer.models import Answer, ModelRun, Question, Text, open_model
from emer.models.chat import Part


class Cause(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["explicit", "implicit"]
    text: str = Field(max_length=40)


class Verdict(BaseModel):
    """Evidence first, as the real schemas have it."""

    model_config = ConfigDict(extra="forbid")
    evidence: list[Cause] = Field(max_length=3)
    label: str = Field(max_length=40)
    intensity: float = Field(ge=0, le=1)
    person: str | None = Field(default=None, max_length=20)


class Short(BaseModel):
    label: str
    evidence: list[str]


def question(words: str = "w", schema: Any = Verdict, *, agent: str = "judge", **given: Any) -> Question[Any]:
    parts: Sequence[Part] = given.pop("parts", [Text(words)])
    return Question(agent, "You weigh evidence.", parts, schema, "judge@1:0000", **given)


def quick_settings(**given: Any) -> Settings:
    return load_settings(**{"answer_cache_mb": 0, "call_timeout_s": 5.0, **given})


def at(server: ScriptedServer, settings: Settings | None = None, provider: str = "vllm") -> ModelRun:
    return open_model(f"{provider}:m@{server.base_url}", settings or quick_settings())


async def ask_all(run: ModelRun, questions: Sequence[Question[Any]]) -> list[Answer[Any] | BaseException]:
    return await asyncio.gather(*(run.ask(one) for one in questions), return_exceptions=True)
