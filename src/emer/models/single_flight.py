"""Identical work that is asked for at the same time is done once, also across threads and event loops."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

from emer.errors import BudgetError, DeadlineError

T = TypeVar("T")


class Shared(NamedTuple, Generic[T]):
    """A result, and whether another caller did the work."""

    result: T
    by_another: bool


class SingleFlight(Generic[T]):
    """The work that is under way, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, concurrent.futures.Future[T]] = {}

    async def do(self, key: str, work: Callable[[], Awaitable[T]]) -> Shared[T]:
        """The result of `work`, which is done by the first who asks.

        An error is everybody's error, unless it is the first one's own (its clip's time is over, its budget is spent,
        it was cancelled): then the next one does the work.
        """
        while True:
            with self._lock:
                flight = self._flights.get(key)
                if is_first := flight is None:
                    flight = self._flights[key] = concurrent.futures.Future()
            assert flight is not None
            if is_first:
                return Shared(await self._lead(key, flight, work=work), by_another=False)
            try:
                return Shared(await asyncio.shield(asyncio.wrap_future(flight)), by_another=True)
            except (DeadlineError, BudgetError):
                continue
            except asyncio.CancelledError:
                if not flight.cancelled():
                    raise

    async def _lead(self, key: str, flight: concurrent.futures.Future[T], *, work: Callable[[], Awaitable[T]]) -> T:
        try:
            result = await work()
        except BaseException as error:
            self._land(key)
            if isinstance(error, Exception):
                flight.set_exception(error)
            else:
                flight.cancel()
            raise
        self._land(key)
        flight.set_result(result)
        return result

    def _land(self, key: str) -> None:
        with self._lock:
            del self._flights[key]
