"""One limiter and one ledger for all tasks of a Ray run: they live in an actor, and each task asks there before a call.

A task that waits or calls holds a ticket. A task tells the actor that it is alive; the tickets of one that was killed
are taken back after `LOST_S`, so that they are not lost to the others.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from emer.batching.explaining import explained
from emer.config import Settings
from emer.errors import BudgetError, EndpointError
from emer.models.budget import Budget, Ledger
from emer.models.limiter import Limiter, Limits, Spent
from emer.models.process import PROCESS

LOST_S = 10.0
BEAT_S = 1.0


@dataclass
class _Ticket:
    holder: str
    turn: AbstractAsyncContextManager[Spent]
    waiting: asyncio.Future[Spent]


class Gate:
    """The actor: what calls are in flight, and what was spent, in the whole run."""

    def __init__(self, limits: Limits, budget: Budget) -> None:
        self._limiter, self._ledger, self._budget = Limiter(limits), Ledger("this run"), budget
        self._tickets: dict[str, _Ticket] = {}
        self._seen: dict[str, float] = {}

    async def enter(self, ticket: str, holder: str, tokens: int) -> None:
        """Returns when the holder may make a call of about so many tokens, or has given the ticket back."""
        self._seen[holder] = time.monotonic()
        turn = self._limiter.turn(tokens)
        waiting = asyncio.ensure_future(turn.__aenter__())
        self._tickets[ticket] = _Ticket(holder, turn, waiting)
        await asyncio.wait([waiting])

    async def leave(self, ticket: str, tokens: int) -> None:
        """Takes a ticket back, whether or not its turn had come, and the true number of tokens with it."""
        held = self._tickets.pop(ticket, None)
        if held is None:
            return
        if held.waiting.done():
            held.waiting.result().tokens = tokens
            await held.turn.__aexit__(None, None, None)
        else:
            held.waiting.cancel()

    async def begin(self) -> str | None:
        """Counts a call that begins; or says why it must not be made."""
        try:
            self._ledger.begin(self._budget)
        except BudgetError as error:
            return str(error)
        return None

    async def spend(self, tokens: int, money: float) -> None:
        """Adds what a call took."""
        self._ledger.spend(tokens, money)

    async def money(self) -> float:
        """What all calls cost so far."""
        return self._ledger.money

    async def answered(self, *, well: bool) -> None:
        """Notes an answer that was a success, or that said that there were too many calls."""
        if well:
            self._limiter.succeeded()
        else:
            self._limiter.too_many()

    async def beat(self, holder: str) -> None:
        """Notes that a task is alive, and takes the tickets of those back that are not."""
        now = self._seen[holder] = time.monotonic()
        for other in [name for name, seen in self._seen.items() if now - seen > LOST_S]:
            await self.gone(other)

    async def gone(self, holder: str) -> None:
        """Takes all tickets of a task back."""
        self._seen.pop(holder, None)
        for ticket in [name for name, held in self._tickets.items() if held.holder == holder]:
            await self.leave(ticket, 0)


class _SharedLimiter(Limiter):
    """The limiter of the run, as a task sees it."""

    def __init__(self, gate: Any, holder: str) -> None:
        super().__init__(Limits())
        self._gate, self._holder = gate, holder

    def adopt(self, limits: Limits) -> None:
        """The limits are those of the run."""

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Spent]:
        """A turn for one call; see `Limiter.turn`."""
        ticket, spent = uuid.uuid4().hex, Spent(0.0, tokens)
        try:
            with _reached():
                await self._gate.enter.remote(ticket, self._holder, tokens)
            yield spent
        finally:
            self._gate.leave.remote(ticket, spent.tokens)

    def succeeded(self) -> None:
        """Tells the run of a success."""
        self._gate.answered.remote(well=True)

    def too_many(self) -> None:
        """Tells the run that there were too many calls."""
        self._gate.answered.remote(well=False)


class _SharedLedger(Ledger):
    """The ledger of the run, as a task sees it."""

    def __init__(self, gate: Any) -> None:
        super().__init__("this run")
        self._gate = gate

    def begin(self, budget: Budget) -> None:
        """Counts a call that begins, against the budget of the run; see `Ledger.begin`."""
        import ray

        with _reached():
            refused = ray.get(self._gate.begin.remote())
        if refused is not None:
            raise BudgetError(refused)

    def spend(self, tokens: int, money: float) -> None:
        """Adds what a call took."""
        self._gate.spend.remote(tokens, money)


def gated(told: dict[str, Any], gate: Any) -> dict[str, Any]:
    """What `explained` says of a job, with the calls of this process under the limiter and the budget of the run."""
    holder, is_over = uuid.uuid4().hex, threading.Event()
    PROCESS.limiter, PROCESS.ledger = _SharedLimiter(gate, holder), _SharedLedger(gate)

    def beat() -> None:
        while not is_over.wait(BEAT_S):
            gate.beat.remote(holder)

    beating = threading.Thread(target=beat, name="emer-alive", daemon=True)
    beating.start()
    try:
        return explained(told)
    finally:
        is_over.set()
        beating.join()
        _say_goodbye(gate, holder)


def _say_goodbye(gate: Any, holder: str) -> None:
    """Gives back what is left of the task; waits, so that what it spent is counted before it is told to be done."""
    import ray

    with suppress(ray.exceptions.RayError):
        ray.get(gate.gone.remote(holder), timeout=LOST_S)


def run_limits(settings: Settings) -> tuple[Limits, Budget]:
    """What the calls of a whole run may be and take."""
    limits = Limits(settings.max_concurrency, settings.requests_per_minute, settings.tokens_per_minute)
    return limits, Budget(settings.budget_calls, settings.budget_tokens, settings.budget_money)


@contextmanager
def _reached() -> Iterator[None]:
    from ray.exceptions import RayError

    try:
        yield
    except RayError as error:
        raise EndpointError(
            f"the actor that counts the calls of this run is gone ({type(error).__name__}), so none was made; "
            "the same command goes on"
        ) from error
