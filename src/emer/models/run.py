"""The chat models of one run: a question goes to its agent's model, and what it took is kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from emer.models.answer_cache import AnswerCache, answer_key
from emer.models.asking import Asking, kept_parts
from emer.models.backend import Trait
from emer.models.chat import Answer, Image, Question, Sound
from emer.models.process import Made, Process
from emer.models.record import AskRecord, Tally
from emer.models.schema_forms import strict_schema
from emer.schemas import Sent, Usage

T = TypeVar("T", bound=BaseModel)
OnRecord = Callable[[AskRecord], None]


class ModelRun:
    """A `ChatModel` for one run, which is one clip: its deadline begins with the first question.

    Use it as an asynchronous context manager, or call `aclose` in the loop where it was used.

    Attributes:
        records: what each question took, in the order in which they ended.
        name: `provider:model` of the agents that have none of their own.
    """

    def __init__(
        self,
        general: Asking,
        by_agent: Mapping[str, Asking],
        *,
        process: Process,
        cache: AnswerCache,
        on_record: OnRecord | None = None,
    ) -> None:
        self._general = general
        self._by_agent = by_agent
        self._process = process
        self._cache = cache
        self._on_record = on_record
        self._begun = time.perf_counter()
        self.records: list[AskRecord] = []
        self.name = str(general.caller.spec)

    async def __aenter__(self) -> ModelRun:
        """The run itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives back what the run holds."""
        await self.aclose()

    async def aclose(self) -> None:
        """Gives back connections; they are closed when no other run uses them."""
        for asking in {id(one): one for one in [self._general, *self._by_agent.values()]}.values():
            await asking.caller.backend.aclose()

    @property
    def usage(self) -> Usage:
        """What all questions took, those that failed as well."""
        names = Usage.model_fields
        return Usage(**{name: sum(getattr(one.usage, name) for one in self.records) for name in names})

    @property
    def sent(self) -> list[Sent]:
        """What left for an endpoint in this run, also what was refused there; the same thing once."""
        seen = {(one.what, one.to, one.bytes): one for record in self.records for one in record.sent}
        return list(seen.values())

    async def ask(self, question: Question[T]) -> Answer[T]:
        """The answer, validated; see `ChatModel`."""
        asking = self._by_agent.get(question.agent, self._general)
        tally, begun = Tally(), time.perf_counter()
        is_cached, failed = False, None
        try:
            async with asyncio.timeout(max(0.0, asking.caller.deadline.left_s())):
                answer = await self._answer(question, asking, tally=tally)
            is_cached = answer.is_cached
            return answer
        except TimeoutError as error:
            failed = "DeadlineError"
            raise asking.caller.deadline.error(tally.faults[-1] if tally.faults else "") from error
        except BaseException as error:
            failed = type(error).__name__
            raise
        finally:
            record = AskRecord(
                agent=question.agent,
                model=str(asking.caller.spec),
                prompt=question.prompt,
                rung=tally.rung,
                usage=tally.usage,
                began_s=begun - self._begun,
                took_s=time.perf_counter() - begun,
                is_cached=is_cached,
                error=failed,
                sent=tally.sent,
                faults=tuple(tally.faults),
            )
            self.records.append(record)
            if self._on_record is not None:
                self._on_record(record)

    async def _answer(self, question: Question[T], asking: Asking, *, tally: Tally) -> Answer[T]:
        """The answer from the disk, from an identical question under way, or from the model."""
        key = self._key(question, asking, omitted=asking.book.of(asking.key).omitted)
        kept = self._cached(key, question)
        if kept is None:
            shared = await self._process.flights.do(key, lambda: self._make(question, asking, tally=tally))
            made, is_cached = shared.result, shared.by_another
        else:
            made, is_cached = kept, True
        return Answer(
            value=question.schema.model_validate_json(made.text),
            usage=tally.usage,
            sent=tally.sent,
            model=str(asking.caller.spec),
            is_cached=is_cached,
            warnings=made.warnings,
        )

    async def _make(self, question: Question[T], asking: Asking, *, tally: Tally) -> Made:
        value, form = await asking.answer(question, tally)
        made = Made(
            value.model_dump_json(by_alias=True),
            _left_out(question, model=str(asking.caller.spec), omitted=form.omitted),
        )
        if asking.caller.spec.provider != "fake":  # a fake's answers cost nothing and are changed between runs
            entry = {"answer": made.text, "warnings": made.warnings, "model": str(asking.caller.spec)}
            self._cache.put(self._key(question, asking, omitted=form.omitted), entry)
        return made

    def _cached(self, key: str, question: Question[T]) -> Made | None:
        entry = self._cache.get(key)
        if entry is None:
            return None
        try:
            question.schema.model_validate_json(entry["answer"])
        except (ValidationError, KeyError):  # of an older schema with the same shape, or not ours
            return None
        return Made(str(entry["answer"]), tuple(str(one) for one in entry.get("warnings", ())))

    def _key(self, question: Question[T], asking: Asking, *, omitted: Collection[Trait]) -> str:
        spec, manner = asking.caller.spec, asking.manner
        parameters = {
            "format": 1,
            "model": [spec.provider, spec.name, spec.base_url],
            "temperature": manner.temperature_of(question),
            "seed": manner.seed + question.seed,
            "max_tokens": manner.max_tokens,
            "prompt": question.prompt,
            "schema": strict_schema(question.schema),
        }
        parts = kept_parts(question.parts, frozenset(omitted))
        return answer_key(parameters, system=question.system, parts=list(parts))


def _left_out(question: Question[T], *, model: str, omitted: Collection[Trait]) -> tuple[str, ...]:
    """What the model could not be given, in words for the Report."""
    told = []
    for kind, trait, sense in ((Image, "image", "see"), (Sound, "sound", "hear")):
        lost = [part.what for part in question.parts if isinstance(part, kind)]
        if lost and trait in omitted:
            told.append(f"{model} does not {sense}: {', '.join(lost)} went unused; the measurements were used.")
    return tuple(told)
