"""Turns at the processor, for the short work of many clips at once: the clip that began first goes first.

Without them the first steps of all clips share the processor, and no clip asks its model before all of them are done.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from emer.tools.cores import usable_cores

LEAST = 2
"""Turns at a time on any machine: one step may wait for a disk."""


class Turns:
    """At most `n` at a time, the rest in the order of their numbers, those of one number as they came."""

    def __init__(self, n: int) -> None:
        self._n_free = n
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()

    @asynccontextmanager
    async def turn(self, number: int = 0) -> AsyncIterator[Callable[[], None]]:
        """Waits for a turn and has it as long as the block lasts, or until what is yielded is called."""
        if self._n_free:
            self._n_free -= 1
        else:
            given = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (number, next(self._arrivals), given))
            try:
                await given
            except asyncio.CancelledError:
                if given.done() and not given.cancelled():  # it was given just now, and nobody would give it back
                    self._pass_on()
                raise
        is_held = True

        def give_back() -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                self._pass_on()

        try:
            yield give_back
        finally:
            give_back()

    def _pass_on(self) -> None:
        while self._waiting:
            given = heapq.heappop(self._waiting)[2]
            if not given.done():
                given.set_result(None)
                return
        self._n_free += 1


_Loop = asyncio.AbstractEventLoop
_STEPS: WeakKeyDictionary[_Loop, Turns] = WeakKeyDictionary()
_BEGINNINGS: WeakKeyDictionary[_Loop, Turns] = WeakKeyDictionary()


def turns() -> Turns:
    """Those of the steps of all clips of the loop that runs."""
    return _of_loop(_STEPS)


def beginnings() -> Turns:
    """Those of beginning a clip from cues, up to its first question to a model: a step takes many passes of the loop.

    If thirty clips began together, each pass would serve all of them, and the first question would wait for the last.
    """
    return _of_loop(_BEGINNINGS)


def _of_loop(known: WeakKeyDictionary[_Loop, Turns]) -> Turns:
    return known.setdefault(asyncio.get_running_loop(), Turns(max(LEAST, usable_cores())))
