"""A turn while it is worked on: what it tells on the way, and how it is broken off."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BrokenOffError(Exception):
    """The turn was broken off by whoever asked; nothing of it is kept."""


class Running:
    """Progress and cancelling of one turn at a time, whichever thread works on it."""

    def __init__(self) -> None:
        self._told: Callable[[str], None] = _nobody
        self._is_broken_off = threading.Event()
        self._lock = threading.Lock()
        self._work: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None

    def begin(self, told: Callable[[str], None] | None) -> None:
        """Begins a turn whose progress is told to `told`."""
        self._told = told or _nobody
        self._is_broken_off.clear()

    def tell(self, what: str) -> None:
        """Tells what is being done.

        Raises:
            BrokenOffError: the turn was broken off meanwhile.
        """
        if self._is_broken_off.is_set():
            raise BrokenOffError
        self._told(what)

    def break_off(self) -> None:
        """Ends the turn that is being worked on at its next step; what waits for a model ends at once."""
        self._is_broken_off.set()
        with self._lock:
            if self._work is not None:
                loop, task = self._work
                loop.call_soon_threadsafe(task.cancel)

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of asynchronous work.

        Raises:
            BrokenOffError: the turn was broken off meanwhile.
        """
        try:
            # In a context of its own: else the inner graph takes itself for a part of the conversation's.
            return contextvars.Context().run(asyncio.run, self._watched(work))
        except asyncio.CancelledError as error:
            raise BrokenOffError from error

    async def _watched(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        with self._lock:
            self._work = (asyncio.get_running_loop(), task)
        try:
            if self._is_broken_off.is_set():
                task.cancel()
            return await task
        finally:
            with self._lock:
                self._work = None


def _nobody(what: str) -> None:
    """Tells nobody."""
