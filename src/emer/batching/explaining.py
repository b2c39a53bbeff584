"""What is done with one row, the same in every engine: a Report's line, or why there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any

from emer.batching.rows import Row
from emer.errors import EmerError, InputError
from emer.schemas import BatchRow, Report, Usage


@dataclass(frozen=True)
class Failure:
    """Why a clip has no Report.

    Attributes:
        kind: the error's class, or TimeoutError, MemoryError, CrashError for what befell a worker.
        why: what happened, and what to do.
        retryable: whether the next run tries again; what is wrong with the clip itself stays wrong.
    """

    kind: str
    why: str
    retryable: bool


@dataclass(frozen=True)
class Done:
    """What became of a row: the line of its Report, or a failure; `usage` of the chat model either way."""

    line: str | None = None
    failure: Failure | None = None
    usage: Usage = field(default_factory=Usage)
    memory: str | None = None

    def to_json(self) -> dict[str, Any]:
        """For another process; see `done_from`."""
        return {**asdict(self), "usage": self.usage.model_dump()}


def done_from(told: Mapping[str, Any]) -> Done:
    """What `Done.to_json` told."""
    failure = Failure(**told["failure"]) if told["failure"] else None
    return Done(told["line"], failure, Usage.model_validate(told["usage"]), told["memory"])


async def explain(row: Row, key: BatchRow, options: Mapping[str, Any]) -> Done:
    """The Report of one row as a line, or why there is none: nothing that one clip does ends the others.

    Args:
        row: the clip.
        key: what its Report carries.
        options: the settings as they were given.
    """
    try:
        report = await _report(row, options)
    except Exception as error:  # whatever one clip meets, the others go on, and it is named
        return Done(failure=failure_of(error))
    line = report.model_copy(update={"row": key}).to_json(indent=None)
    return Done(line, usage=report.provenance.usage, memory=report.provenance.memory)


def explained(told: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of a job that came as JSON, as JSON: a worker's whole work. See `job`."""
    row, options = Row(**told["row"]), told["options"]
    if told["key"] is None:
        return asyncio.run(measure(row, options)).to_json()
    return asyncio.run(explain(row, BatchRow.model_validate(told["key"]), options)).to_json()


def job(row: Row, key: BatchRow | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """The job as JSON: to explain the row, or without a key only to measure it."""
    return {"row": row.to_json(), "key": key.model_dump(mode="json") if key else None, "options": dict(options)}


async def measure(row: Row, options: Mapping[str, Any]) -> Done:
    """Measures a clip, so that its measurements lie in the cache, and reasons about nothing."""
    from emer.api import stream

    watched = stream(row.source, transcript=row.transcript, context=row.context, **{**options, "offline": True})
    try:
        async with aclosing(watched) as events:
            async for event in events:
                if (event.kind, event.agent) == ("finished", "gather"):
                    break
    except Exception as error:  # as in `explain`
        return Done(failure=failure_of(error))
    return Done()


def failure_of(error: Exception) -> Failure:
    """The failure that an error makes; what is wrong with the clip itself stays wrong when it is tried again."""
    if isinstance(error, EmerError):
        return Failure(type(error).__name__, str(error), retryable=not isinstance(error, InputError))
    return Failure(type(error).__name__, f"a defect of emer, please report it: {error!r}", retryable=True)


async def _report(row: Row, options: Mapping[str, Any]) -> Report:
    from emer.api import aanalyze, areason

    if row.cues is not None:
        observed = {"id": row.id, "cues": row.cues, "transcript": row.transcript, "context": row.context}
        return await areason(observed, **options)
    if row.text is not None:
        return await aanalyze(text=row.text, context=row.context, **options)
    return await aanalyze(row.source, transcript=row.transcript, context=row.context, **options)
