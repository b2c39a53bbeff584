"""One call made with care: within the limits, the budget and the deadline, and again when that may help."""

from __future__ import annotations

from dataclasses import dataclass, replace

from emer.errors import EndpointError
from emer.models.backend import Backend, Call, Completion, Passing
from emer.models.budget import Budget, Price
from emer.models.chat import Image, Sound, Text
from emer.models.gen_ai import OPERATION, error_kind, request_attributes, response_attributes
from emer.models.process import Process
from emer.models.record import Tally
from emer.models.retries import Deadline, with_retries
from emer.models.spec import ModelSpec
from emer.tracing.spans import call_span

CHARS_PER_TOKEN = 4  # English prose under the usual tokenizers; only for limits and servers that do not count
IMAGE_TOKENS = 800  # a picture of 768 px a side in OpenAI's tiles
WAV_BYTES_PER_TOKEN = 3200  # ten tokens a second of mono 16 kHz
TRIES_EMPTY = 4
TRIES_UNPROVEN_500 = 3  # llama.cpp's server answers 500 to a response format that it does not know


@dataclass(frozen=True)
class Caller:
    """One model of one run, and what its calls may take."""

    spec: ModelSpec
    backend: Backend
    price: Price
    budget: Budget
    deadline: Deadline
    process: Process

    async def call(self, call: Call, tally: Tally, *, is_proven: bool) -> Completion:
        """The completion.

        Args:
            call: what is sent.
            tally: is added to.
            is_proven: whether this endpoint takes calls of this form, or there is no other form left to try.

        Raises:
            Rejected: the endpoint refuses the form of the call.
            Passing: status 500 again and again, to a form that was never taken.
            EndpointError: the tries are used up.
        """
        tries = 0

        async def attempt() -> Completion:
            nonlocal tries
            tries += 1
            try:
                return await self._once(call, tally, is_retry=tries > 1)
            except Passing as fault:
                tally.faults.append(fault.kind)
                if fault.kind == "500" and not is_proven:
                    fault.tries = TRIES_UNPROVEN_500
                raise

        try:
            return await with_retries(attempt, self.deadline)
        except Passing as fault:
            if fault.kind == "500" and not is_proven:
                raise
            raise self._given_up(fault, tries) from fault

    async def _once(self, call: Call, tally: Tally, *, is_retry: bool) -> Completion:
        limiter, ledger = self.process.limiter, self.process.ledger
        async with limiter.turn(estimated_tokens(call)) as spent:
            self.deadline.check()
            ledger.begin(self.budget)
            tally.calls += 1
            tally.retries += is_retry
            tally.rung = call.rung
            try:
                given = await self._complete(replace(call, timeout_s=min(call.timeout_s, self.deadline.left_s())))
            except Passing as fault:
                self._note_sent(call, tally, has_left=fault.kind != "no connection")
                if fault.kind == "429":
                    limiter.too_many()
                raise
            except Exception:
                self._note_sent(call, tally)
                raise
            self._note_sent(call, tally)
            limiter.succeeded()
            spent.tokens = self._count(call, given, tally=tally)
        if not given.text.strip() and given.finish == "stop" and given.refusal is None:
            raise Passing("empty answer", "its answer is empty", tries=TRIES_EMPTY)
        return given

    async def _complete(self, call: Call) -> Completion:
        asked = request_attributes(self.spec, call)
        with call_span(f"{OPERATION} {self.spec.name}", asked, kind_of=error_kind) as note:
            given = await self.backend.complete(call)
            note(response_attributes(given))
            return given

    def _note_sent(self, call: Call, tally: Tally, *, has_left: bool = True) -> None:
        if self.spec.place is not None and has_left:
            tally.sends(call, f"{self.spec.place} ({self.spec})")

    def _count(self, call: Call, given: Completion, *, tally: Tally) -> int:
        """The tokens of a call: as the endpoint counts them, else estimated from the characters."""
        asked = estimated_tokens(call) if given.input_tokens is None else given.input_tokens
        answered = len(given.text) // CHARS_PER_TOKEN if given.output_tokens is None else given.output_tokens
        tally.input_tokens += asked
        tally.output_tokens += answered
        self.process.ledger.spend(asked + answered, self.price.of(asked, answered))
        return asked + answered

    def _given_up(self, fault: Passing, tries: int) -> EndpointError:
        where = self.spec.place or str(self.spec)
        if fault.kind == "no connection":
            return EndpointError(f"{fault}; start the server for {self.spec}, or give the right address (base_url)")
        return EndpointError(f"{where} failed {tries} times, the last time with {fault.kind}: {fault}")


def estimated_tokens(call: Call) -> int:
    """About how many tokens a call sends."""
    n_chars = len(call.system) + sum(len(text) for _, text in call.turns)
    tokens = 0
    for part in call.parts:
        if isinstance(part, Text):
            n_chars += len(part.text)
        elif isinstance(part, Image):
            tokens += IMAGE_TOKENS
        elif isinstance(part, Sound):
            tokens += len(part.wav) // WAV_BYTES_PER_TOKEN
    return tokens + n_chars // CHARS_PER_TOKEN
