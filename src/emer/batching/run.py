"""A batch from its sources to its files: what is left to do goes to an engine, what comes back is written at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, nullcontext
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from emer.api import kept_open
from emer.batching.engines import Engine, ModelEngine, OfflineEngine
from emer.batching.explaining import Done
from emer.batching.keys import batch_row, settings_digest
from emer.batching.outcome import Counts, Outcome, Stop, added
from emer.batching.output import Output
from emer.batching.plan import Plan, split_options
from emer.batching.record import run_record
from emer.batching.rows import Row, pick
from emer.batching.sources import find_rows
from emer.batching.worker_process import Limits
from emer.config import Settings, load_settings
from emer.errors import InputError
from emer.memory.file_lock import remove_held, try_locked
from emer.schemas import BatchRow

Sources = str | PathLike[str] | Sequence[str | PathLike[str]]
Todo = asyncio.Queue[tuple[Row, BatchRow] | None]


async def batch(sources: Sources, output: str | PathLike[str], **options: Any) -> AsyncGenerator[Outcome, None]:
    """What becomes of each clip, in the order in which they end; each is in the file `output` before it is told.

    Clips that an earlier call finished are neither done nor told again.

    Args:
        sources: files, folders, globs, manifests (CSV, TSV, JSONL) or folders of Hugging Face `datasets`.
        output: the JSONL file of Reports.
        options: any field of `Plan` (resume, workers, concurrency, limit, …) and of `emer.config.Settings`.

    Raises:
        InputError: a source, a manifest or an option cannot be used, or the output cannot be written.
    """
    run = await asyncio.to_thread(open_run, sources, output, options)
    async with aclosing(run.outcomes()) as outcomes:
        async for outcome in outcomes:
            yield outcome


class Run:
    """One batch: `counts` is true at any time, `stop` may end it, `on_begun` is called before the first clip."""

    def __init__(self, rows: Sequence[Row], output: Output, *, plan: Plan, given: Mapping[str, Any]) -> None:
        self.rows = rows
        self.output = output
        self.plan = plan
        self.options = dict(given)
        self.settings = load_settings(**given)
        self.counts = Counts(n_clips=len(rows))
        self.stop = Stop()
        self.memories: set[str] = set()
        self.on_begun: Callable[[], None] = lambda: None
        self.begun = datetime.now(UTC)
        self._keys: dict[str, str] = {}

    async def outcomes(self) -> AsyncGenerator[Outcome, None]:
        """What becomes of each clip that is left, until all are done or the run is asked to stop."""
        with _alone(self.output.path, self.plan):
            await asyncio.to_thread(self.output.begin, resume=self.plan.resume)
            engine = _engine(self.plan, self.options, self.settings)
            self.on_begun()
            self.output.write_record(run_record(self, "running"))
            ended: asyncio.Queue[Outcome] = asyncio.Queue(maxsize=2 * engine.n_at_once)
            work = asyncio.create_task(self._work(engine, ended))
            try:
                async for outcome in _until_done(ended, work):
                    yield outcome
                await work  # an error of the run itself, such as a full disk, is raised here
            finally:
                work.cancel()
                await engine.aclose()
                await asyncio.gather(work, return_exceptions=True)
                state = "complete" if self.counts.n_left == 0 else "stopped"
                await asyncio.to_thread(self.output.end, self._keys, run_record(self, state))

    async def _work(self, engine: Engine, ended: asyncio.Queue[Outcome]) -> None:
        """Feeds the engine until nothing is left; returns early when the run must end now."""
        with kept_open(self.options) if isinstance(engine, ModelEngine) else nullcontext():
            await self._feed_and_consume(engine, ended)

    async def _feed_and_consume(self, engine: Engine, ended: asyncio.Queue[Outcome]) -> None:
        todo: Todo = asyncio.Queue(maxsize=1)
        now = asyncio.create_task(self.stop.now.wait())
        tasks = [asyncio.create_task(self._consume(engine, todo, ended)) for _ in range(engine.n_at_once)]
        tasks.append(asyncio.create_task(self._feed(todo, engine.n_at_once)))
        waiting: set[asyncio.Task[Any]] = set(tasks)
        try:
            while waiting and not now.done():
                finished, _ = await asyncio.wait({*waiting, now}, return_when=asyncio.FIRST_COMPLETED)
                waiting -= finished
                for task in finished:
                    task.result()
        finally:
            for task in (*tasks, now):
                task.cancel()
            await asyncio.gather(*tasks, now, return_exceptions=True)

    async def _feed(self, todo: Todo, n_readers: int) -> None:
        """Gives out what is not settled, one at a time: no clip is held or read before its turn."""
        settings = settings_digest(self.settings)
        for row in self.rows:
            if self.stop.is_draining:
                break
            told = await asyncio.to_thread(batch_row, row, settings)
            self._keys[row.id] = told.key
            if told.key in self.output.finished:
                self.counts.n_before += 1
            elif told.key in self.output.given_up:
                self.counts.n_failed += 1
            else:
                await todo.put((row, told))
        for _ in range(n_readers):
            await todo.put(None)

    async def _consume(self, engine: Engine, todo: Todo, ended: asyncio.Queue[Outcome]) -> None:
        while (given := await todo.get()) is not None:
            if self.stop.is_draining:
                continue
            row, told = given
            done = await engine.explain(row, told)
            outcome = await asyncio.to_thread(self.output.add, told, done)
            self._count(done, engine)
            await ended.put(outcome)

    def _count(self, done: Done, engine: Engine) -> None:
        counts, failure = self.counts, done.failure
        counts.usage = added(counts.usage, done.usage)
        counts.cost = None if self.settings.prices is None else engine.cost
        counts.n_done += failure is None
        counts.n_failed += failure is not None
        if done.memory is not None:
            self.memories.add(done.memory)
        if failure is not None and failure.kind == "BudgetError":
            self.stop.is_draining = True  # every further clip would fail for the same reason


def open_run(sources: Sources, output: str | PathLike[str], options: Mapping[str, Any]) -> Run:
    """The run of these sources; nothing is written before its outcomes are asked for. See `batch`."""
    plan, given, settings = split_options(options)
    if plan.concurrency is not None:
        given["max_concurrency"] = plan.concurrency
    path = Path(output).expanduser()
    files = Output(path, settings_digest(settings))
    named = [sources] if isinstance(sources, str | PathLike) else list(sources)
    rows = pick(find_rows(named, files.media_dir), shard=plan.shard, sample=plan.sample, limit=plan.limit)
    return Run(rows, files, plan=plan, given=given)


async def _until_done(ended: asyncio.Queue[Outcome], work: asyncio.Task[None]) -> AsyncGenerator[Outcome, None]:
    while not work.done():
        getting = asyncio.create_task(ended.get())
        await asyncio.wait({getting, work}, return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            break
        yield getting.result()
    while not ended.empty():
        yield ended.get_nowait()


def _engine(plan: Plan, options: Mapping[str, Any], settings: Settings) -> Engine:
    limits = Limits(plan.clip_timeout_s, plan.memory_mb, plan.cores_each)
    asks = settings.model is not None and not settings.offline
    if plan.engine == "ray":
        from emer.batching.ray_engine import RayEngine

        return RayEngine(settings, options, plan=plan)
    if asks:
        return ModelEngine(settings, options, n_workers=plan.n_workers, limits=limits)
    return OfflineEngine(options, n_workers=plan.n_workers, limits=limits)


@contextmanager
def _alone(path: Path, plan: Plan) -> Iterator[None]:
    """Keeps a second run of the same shard off the same output."""
    number, n = plan.shard or (1, 1)
    lock = path.with_name(f"{path.name}.{number}-of-{n}.lock")
    with try_locked(lock) as is_held:
        if not is_held and path.parent.is_dir():
            raise InputError(f"another run is writing {str(path)!r}; wait for it, or name another output")
        try:
            yield
        finally:
            if is_held:
                remove_held(lock)
