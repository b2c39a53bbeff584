"""`emer batch`: many clips to one file of Reports, resumed where it was left."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emer.cli.options import Settings, takes_settings

if TYPE_CHECKING:
    from emer.batching.run import Run

SOME_FAILED = 3
INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.command()(batch)


@takes_settings
def batch(
    sources: Annotated[
        list[str], typer.Argument(help="Files, folders, globs, manifests (CSV, TSV, JSONL), folders of `datasets`.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The JSONL file of Reports.")],
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Keep what is finished, or begin anew (the old stays beside).")
    ] = True,
    engine: Annotated[str, typer.Option("--engine", help="local or ray.")] = "local",
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that measure; default: cores.")] = None,
    concurrency: Annotated[int | None, typer.Option("--concurrency", help="Model calls in flight.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first so many clips.")] = None,
    sample: Annotated[int | None, typer.Option("--sample", help="So many clips, the same each time.")] = None,
    shard: Annotated[str | None, typer.Option("--shard", help="i/n: the i-th of n parts.")] = None,
    clip_timeout: Annotated[
        float | None, typer.Option("--clip-timeout", help="Seconds after which a clip is given up.")
    ] = None,
    memory_mb: Annotated[
        float | None, typer.Option("--memory-mb", help="Memory at which a worker is replaced, its clip given up.")
    ] = None,
    ray_address: Annotated[str | None, typer.Option("--ray-address", help="A running cluster, e.g. auto.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done and what it takes.")] = False,
    *,
    settings: Settings,
) -> None:
    """Explain the emotions in many clips: Reports to OUT.jsonl, failures to OUT.failures.jsonl."""
    from emer.batching.plan import read_shard
    from emer.batching.run import open_run

    plan = {
        "resume": resume, "engine": engine, "workers": workers, "concurrency": concurrency, "limit": limit,
        "sample": sample, "clip_timeout_s": clip_timeout, "memory_mb": memory_mb, "ray_address": ray_address,
        "shard": read_shard(shard) if shard is not None else None,
    }  # fmt: skip
    run = open_run(sources, output, {**plan, **settings})
    if dry_run:
        _tell_estimate(run)
        return
    asyncio.run(_run(run))
    _end(run)


async def _run(run: Run) -> None:
    from emer.batching.progress import Progress

    progress = Progress(sys.stderr)
    run.on_begun = partial(_begin, run)
    try:
        async with aclosing(run.outcomes()) as outcomes:
            async for _ in outcomes:
                progress.step(run.counts)
    finally:
        progress.end(run.counts)


def _begin(run: Run) -> None:
    """Listens to signals, from now on because Ray takes them when it starts, and says what was found."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends the run at once, which loses nothing that is written
            asyncio.get_running_loop().add_signal_handler(number, _stop, run)
    _tell_what_was_found(run)


def _stop(run: Run) -> None:
    run.stop.request()
    again = "stopping now" if run.stop.now.is_set() else "finishing the clips at work; once more stops at once"
    typer.echo(f"\nemer: {again}", err=True)


def _tell_what_was_found(run: Run) -> None:
    """Says what is odd about the output that this run goes on with."""
    output = run.output
    if output.n_mended:
        told = f"A half-written last line ({output.n_mended} bytes) was cut off; its clip is done again."
        typer.echo(told, err=True)
    if output.other_settings:
        told = f"{output.other_settings:,} Reports in {output.path} were made with other settings. They stay;"
        typer.echo(f"{told} their clips are done again with these settings, under keys of their own.", err=True)


def _end(run: Run) -> None:
    """Says how the run ended, and the exit status with it."""
    counts, output = run.counts, run.output
    typer.echo(f"Reports: {output.path}; what the run was: {output.run_path}", err=True)
    if counts.n_failed:
        failed = f"{counts.n_failed:,} clip{'s' * (counts.n_failed != 1)}"
        typer.echo(f"{failed} failed, the reason of each in {output.failures.path}", err=True)
    if counts.n_left:
        typer.echo(f"{counts.n_left:,} left; the same command goes on with them.", err=True)
        raise typer.Exit(INTERRUPTED)
    if counts.n_failed:
        raise typer.Exit(SOME_FAILED)


def _tell_estimate(run: Run) -> None:
    from emer.batching.estimate import estimate

    found = estimate(run)
    told = (
        f"{found.n_clips:,} clips: {found.n_finished:,} finished, {found.n_given_up:,} given up, {found.n_left:,} left"
    )
    typer.echo(told)
    typer.echo(f"Model: {_model(run.settings)}; at most {found.calls_at_most:,} calls")
    if found.tokens is None:
        typer.echo("Tokens: not known before a Report with these settings is in the output; try --limit 20 first")
    elif found.calls_at_most:
        given, made = found.tokens
        typer.echo(f"Tokens: about {given:,} in, {made:,} out (mean of {found.n_measured:,} Reports in the output)")
    if found.cost is not None:
        typer.echo(f"Cost: about {found.cost:.2f}, in the currency of the price table")


def _model(settings: Any) -> str:
    return "none (offline)" if settings.offline or settings.model is None else str(settings.model)
