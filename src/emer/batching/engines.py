"""Where clips are explained: worker processes of this machine, with the chat model asked from this one process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from emer.batching.explaining import Done, Failure, explain, job
from emer.batching.rows import Row
from emer.batching.worker_process import Limits, WorkerProcess
from emer.config import Settings
from emer.models.process import PROCESS
from emer.schemas import BatchRow

JSON = dict[str, Any]


class Engine(Protocol):
    """Explains rows, at most `n_at_once` together: more are not given to it."""

    n_at_once: int

    @property
    def cost(self) -> float:
        """What its calls to a model cost so far, by the price table; those of failed clips too."""
        ...

    async def explain(self, row: Row, key: BatchRow) -> Done:
        """What became of the row; never raises for what a clip does."""
        ...

    async def aclose(self) -> None:
        """Ends what is still at work."""
        ...


class WorkerPool:
    """`n` worker processes, each with a thread of this process that watches it."""

    def __init__(self, n: int, limits: Limits) -> None:
        self._workers = [WorkerProcess(limits) for _ in range(n)]
        self._free: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        for worker in self._workers:
            self._free.put_nowait(worker)
        self._threads = ThreadPoolExecutor(n, thread_name_prefix="emer-worker")

    async def work(self, todo: Mapping[str, Any]) -> Done:
        """What became of a job, once a worker was free."""
        worker = await self._free.get()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, worker.work, todo)
        finally:
            self._free.put_nowait(worker)

    async def aclose(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            worker.close()
        await asyncio.to_thread(self._threads.shutdown, wait=True)


class OfflineEngine:
    """Whole clips in worker processes."""

    cost = 0.0

    def __init__(self, options: Mapping[str, Any], *, n_workers: int, limits: Limits) -> None:
        self._options = dict(options)
        self._pool = WorkerPool(n_workers, limits)
        self.n_at_once = n_workers + 1  # one waits, so that no worker does

    async def explain(self, row: Row, key: BatchRow) -> Done:
        """What became of the row; see `Engine`."""
        return await self._pool.work(job(row, key, self._options))

    async def aclose(self) -> None:
        """Ends the workers."""
        await self._pool.aclose()


class ModelEngine:
    """Perception in worker processes, then the graph here, with many clips in flight.

    The worker's measurements reach this process through the measurement cache (without it, `--no-cache`, everything is
    measured here). So all calls to the model pass one limiter and one budget, and wait for the network while workers
    measure the next clips.
    """

    def __init__(self, settings: Settings, options: Mapping[str, Any], *, n_workers: int, limits: Limits) -> None:
        self._options = dict(options)
        self._limits = limits
        self._measures_ahead = settings.cache
        self._pool = WorkerPool(n_workers, limits)
        self.n_at_once = n_workers + settings.max_concurrency
        self._spent_before = PROCESS.ledger.money

    @property
    def cost(self) -> float:
        """What its calls cost so far."""
        return PROCESS.ledger.money - self._spent_before

    async def explain(self, row: Row, key: BatchRow) -> Done:
        """What became of the row; see `Engine`."""
        if row.source is not None and self._measures_ahead:
            measured = await self._pool.work(job(row, None, self._options))
            if measured.failure is not None:
                return measured
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                return await explain(row, key, self._options)
        except TimeoutError:
            why = f"the chat model took longer than {self._limits.timeout_s:g} s for it (--clip-timeout)"
            return Done(failure=Failure("TimeoutError", why, retryable=True))

    async def aclose(self) -> None:
        """Ends the workers."""
        await self._pool.aclose()
