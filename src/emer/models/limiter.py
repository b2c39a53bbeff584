"""One limiter for the whole process: calls in flight, calls a minute, tokens a minute; fewer at once after a 429.

It is safe across threads and event loops, because each synchronous `analyze` runs a loop of its own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

WINDOW_S = 60.0
LEAST_CUT_S = 1.0  # the 429s of calls that were sent together cut the concurrency once


@dataclass(frozen=True)
class Limits:
    """What is allowed; `None` is no limit."""

    concurrency: int = 16
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass
class _Waiter:
    loop: asyncio.AbstractEventLoop
    turn: asyncio.Future[None]


@dataclass
class Spent:
    """What one call takes of the tokens of the minute: an estimate before it, the truth after it."""

    at: float
    tokens: int


class Limiter:
    """Lets calls begin, first come first served."""

    def __init__(self, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._allowed = float(limits.concurrency)
        self._in_flight = 0
        self._waiting: deque[_Waiter] = deque()
        self._begun: deque[Spent] = deque()
        self._cut_at = -LEAST_CUT_S

    @property
    def allowed(self) -> int:
        """Calls that may be in flight now; at least 1."""
        return max(1, int(self._allowed))

    def adopt(self, limits: Limits) -> None:
        """Takes over other limits, for the calls from now on."""
        with self._lock:
            if limits != self.limits:
                self.limits, self._allowed = limits, float(limits.concurrency)
                self._let_in()

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Spent]:
        """A turn for one call of about `tokens` tokens; set the true number on what is yielded."""
        spent = await self._within_the_minute(tokens)
        await self._enter()
        try:
            yield spent
        finally:
            self._leave()

    def succeeded(self) -> None:
        """One more call at once after as many successes as there are calls at once."""
        with self._lock:
            if self._allowed < self.limits.concurrency:
                self._allowed = min(self.limits.concurrency, self._allowed + 1.0 / self._allowed)
                self._let_in()

    def too_many(self) -> None:
        """Half as many calls at once, after the endpoint said that there were too many."""
        with self._lock:
            if self._clock() - self._cut_at >= LEAST_CUT_S:
                self._cut_at = self._clock()
                self._allowed = max(1.0, self._allowed / 2)

    async def _within_the_minute(self, tokens: int) -> Spent:
        while True:
            with self._lock:
                wait_s = self._wait_s(tokens)
                if wait_s <= 0:
                    spent = Spent(self._clock(), tokens)
                    if self.limits.requests_per_minute or self.limits.tokens_per_minute:
                        self._begun.append(spent)
                    return spent
            await asyncio.sleep(wait_s)

    def _wait_s(self, tokens: int) -> float:
        """Seconds until the minute has room; a call that alone exceeds its tokens may go when it is empty."""
        now, limits = self._clock(), self.limits
        while self._begun and now - self._begun[0].at >= WINDOW_S:
            self._begun.popleft()
        used = sum(one.tokens for one in self._begun) if limits.tokens_per_minute else 0
        is_full = limits.requests_per_minute is not None and len(self._begun) >= limits.requests_per_minute
        is_full = is_full or (limits.tokens_per_minute is not None and used + tokens > limits.tokens_per_minute)
        return self._begun[0].at + WINDOW_S - now if is_full and self._begun else 0.0

    async def _enter(self) -> None:
        with self._lock:
            if self._in_flight < self.allowed and not self._waiting:
                self._in_flight += 1
                return
            loop = asyncio.get_running_loop()
            waiter = _Waiter(loop, loop.create_future())
            self._waiting.append(waiter)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            self._give_up(waiter)
            raise

    def _give_up(self, waiter: _Waiter) -> None:
        """A turn that was handed out while its waiter was being cancelled goes to the next one."""
        with self._lock:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                return
        self._leave()

    def _leave(self) -> None:
        with self._lock:
            self._in_flight -= 1
            self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._in_flight < self.allowed:
            waiter = self._waiting.popleft()
            self._in_flight += 1
            try:
                waiter.loop.call_soon_threadsafe(_begin, waiter.turn)
            except RuntimeError:  # its loop was closed under it
                self._in_flight -= 1


def _begin(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
