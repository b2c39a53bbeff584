"""One question to one model: down the ladder where a form is refused, one repair turn, a valid answer or an error."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel

from emer.errors import AnswerError, EndpointError, RefusedError, TruncatedError
from emer.models.backend import RUNGS, Call, Completion, Passing, Rejected, Trait
from emer.models.calling import Caller
from emer.models.chat import Image, Part, Question, Sound
from emer.models.endpoint_traits import TraitBook, Traits, below, below_in_words
from emer.models.ladder import is_too_long, next_form
from emer.models.reading import read_answer
from emer.models.record import Tally
from emer.models.schema_forms import in_words, is_closed, strict_schema

T = TypeVar("T", bound=BaseModel)

VOTING_TEMPERATURE = 0.7  # judges that are asked the same at once must be able to differ
MOST_REPEATED = 6000  # characters of an unfit answer that are shown to the model again


@dataclass(frozen=True)
class Manner:
    """How questions are put, from the settings."""

    temperature: float | None
    seed: int
    max_tokens: int
    timeout_s: float

    def temperature_of(self, question: Question[T]) -> float:
        """The temperature of a question: as it is set, else 0, and more for judges that vote."""
        if self.temperature is not None:
            return self.temperature
        return VOTING_TEMPERATURE if question.seed else 0.0


class Asking:
    """Puts questions to one model; what its endpoint takes is learned in `book`."""

    def __init__(self, caller: Caller, manner: Manner, *, book: TraitBook) -> None:
        self.caller = caller
        self.manner = manner
        self.book = book
        self.key = f"{caller.spec.place}|{caller.spec}"

    async def answer(self, question: Question[T], tally: Tally) -> tuple[T, Traits]:
        """The validated answer, and the form of the call that brought it.

        Raises:
            ModelError: one of its kinds; see `emer.errors`.
        """
        form = self.book.of(self.key)
        begun_on = form.rung
        told = ""
        for _ in range(2):  # a second start, with the schema in words, because some endpoints do not heed a format
            first, form = await self._completion(question, form, tally=tally)
            try:
                value, form = await self._read_or_repair(first, question, form=form, tally=tally)
            except ValueError as unfit:
                told = str(unfit)
                self.book.strikes(self.key, form.rung)
                form = replace(form, rung=below_in_words(form.rung) or form.rung)
                continue
            if form.rung == begun_on:
                self.book.fits(self.key)
            return value, form
        raise AnswerError(
            f"{self.caller.spec} gave no usable answer to {question.agent}, also after it was shown why: {told}"
        )

    async def _read_or_repair(
        self, given: Completion, question: Question[T], *, form: Traits, tally: Tally
    ) -> tuple[T, Traits]:
        """The value in the completion, else in the one that follows the repair turn.

        Raises:
            ValueError: neither fits.
        """
        try:
            return read_answer(given.text, question.schema), form
        except ValueError as unfit:
            repair = f"That answer cannot be used: {unfit}.\n{in_words(question.schema)}"
        turns = (("assistant", given.text[:MOST_REPEATED]), ("user", repair))
        again, form = await self._completion(question, form, tally=tally, turns=turns)
        return read_answer(again.text, question.schema), form

    async def _completion(
        self, question: Question[T], form: Traits, *, tally: Tally, turns: tuple[tuple[str, str], ...] = ()
    ) -> tuple[Completion, Traits]:
        """A whole completion: with twice the tokens when it was cut off, in another form when one was refused."""
        max_tokens = self.manner.max_tokens
        while True:
            call = replace(self._call(question, form), turns=turns, max_tokens=max_tokens)
            given, form = await self._taken(call, question, form=form, tally=tally)
            if given.refusal is not None or given.finish == "content_filter":
                why = "its content filter stopped the answer" if given.refusal is None else given.refusal[:200]
                raise RefusedError(f"{self.caller.spec} declined to answer {question.agent}: {why}")
            if given.finish != "length" or _ignores_schema(given, form) or _fits(given, question):
                return given, form
            if max_tokens > self.manner.max_tokens:
                raise TruncatedError(
                    f"the answer of {self.caller.spec} to {question.agent} was cut off at {max_tokens} tokens; "
                    "raise max_output_tokens (EMER_MAX_OUTPUT_TOKENS)"
                )
            max_tokens *= 2

    async def _taken(
        self, call: Call, question: Question[T], *, form: Traits, tally: Tally
    ) -> tuple[Completion, Traits]:
        """The completion in the first form that the endpoint takes."""
        begun_with = form
        while True:
            is_proven = form.rung == RUNGS[-1] or self.book.has_accepted(self.key, form.rung)
            try:
                given = await self.caller.call(call, tally, is_proven=is_proven)
            except Rejected as said:
                following = next_form(form, said, media=media_kinds(question.parts))
                if following is None:
                    raise self._refused(said) from said
            except Passing:
                following = replace(form, rung=below(form.rung) or form.rung)
            else:
                self.book.accepted(self.key, form, after_refusal=form != begun_with)
                return given, form
            form = following
            call = replace(self._call(question, form), turns=call.turns, max_tokens=call.max_tokens)

    def _call(self, question: Question[T], form: Traits) -> Call:
        is_told = form.rung in ("json_object", "prompt")
        return Call(
            agent=question.agent,
            system=f"{question.system}\n\n{in_words(question.schema)}" if is_told else question.system,
            parts=kept_parts(question.parts, form.omitted),
            schema_name=question.schema.__name__,
            schema=strict_schema(question.schema),
            rung=form.rung,
            is_closed=is_closed(question.schema),
            temperature=self.manner.temperature_of(question),
            seed=self.manner.seed + question.seed,
            omitted=form.omitted,
            timeout_s=self.manner.timeout_s,
        )

    def _refused(self, said: Rejected) -> EndpointError:
        spec = self.caller.spec
        if is_too_long(said):
            return EndpointError(f"the question is longer than {spec} takes (HTTP {said.status}: {said})")
        return EndpointError(f"{spec.place} refuses the request for {spec} (HTTP {said.status}: {said})")


def media_kinds(parts: Collection[Part]) -> frozenset[Trait]:
    """Which media a question carries: "image", "sound"."""
    images: set[Trait] = {"image" for part in parts if isinstance(part, Image)}
    return frozenset(images | {"sound" for part in parts if isinstance(part, Sound)})


def kept_parts(parts: Collection[Part], omitted: frozenset[Trait]) -> tuple[Part, ...]:
    """The parts without the media that the endpoint was found to refuse."""
    return tuple(part for part in parts if not media_kinds([part]) & omitted)


def _ignores_schema(given: Completion, form: Traits) -> bool:
    """Whether a cut-off answer is no JSON although the format asked for it: more tokens would not mend that."""
    return form.rung in ("json_schema", "json_object_schema") and given.text.lstrip()[:1] not in ("", "{", "<")


def _fits(given: Completion, question: Question[T]) -> bool:
    """Whether an answer that is said to be cut off is whole all the same."""
    try:
        read_answer(given.text, question.schema)
    except ValueError:
        return False
    return True
