"""How fast a batch is: `python -m tests.benchmarks.batch [cues] [media] [offline] [memory]` (all four by default).

Against the scripted server on this machine, a process of its own that answers each call after `--latency` seconds:
  cues     clips from cues, N model calls in flight for each N of `--in-flight`: wall time beside calls / N x latency;
  media    videos that were never measured: wall time beside max(calls / N x latency, CPU seconds of perception / 2),
           where the CPU seconds are those of the same clips measured alone by one worker;
  offline  the same videos without a model: one worker on one core and on all, then two, and the ratios of their rates;
  memory   `--n-memory` texts offline by two workers: resident memory of this process and of the workers on the way.
The clock of a run begins when its first clip is given out and its workers are up (a clip of their own before, each).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.model_calls import Server

from emer.batching.run import open_run

DEMO = Path(__file__).resolve().parents[2] / "src" / "emer" / "data" / "demo"


def manifest(folder: Path, n: int, kind: str) -> Path:
    """A manifest of `n` clips, no two alike."""
    path = folder / f"{kind}-{n}.jsonl"
    path.write_text("".join(json.dumps(entry(folder, number, kind)) + "\n" for number in range(n)))
    return path


def video(folder: Path, number: int) -> Path:
    """The demonstration clip with a free box of its own behind it: another content, which no cache knows."""
    path = folder / f"video-{number}.mp4"
    path.write_bytes((DEMO / "demo.mp4").read_bytes() + struct.pack(">I4sI", 12, b"free", number))
    return path


def entry(folder: Path, number: int, kind: str) -> dict[str, Any]:
    words = f"ANNA: They gave desk {number} to somebody else.\nBEN: I am sorry to hear that."
    about = {"id": f"{kind} {number}", "context": f"A talk in office {number}."}
    if kind == "media":
        return {**about, "path": str(video(folder, number)), "transcript": str(DEMO / "demo.srt")}
    if kind == "text":
        return {**about, "text": words}
    cues = [
        {"modality": "face", "text": f"brows lowered and lips pressed, {number % 5 + 1} times"},
        {"modality": "voice", "text": "low pitch, long pauses, quiet"},
    ]
    return {**about, "cues": cues, "transcript": words}


async def timed(source: Path, output: Path, **options: Any) -> tuple[float, dict[str, int], list[float]]:
    """Wall seconds from the first clip on, the counts, and when each clip ended."""
    run = open_run(source, output, options)
    begun: list[float] = []
    run.on_begun = lambda: begun.append(time.perf_counter())
    ended = [time.perf_counter() - begun[0] async for _ in run.outcomes()]
    took_s = ended[-1] if ended else 0.0
    return took_s, {"done": run.counts.n_done, "failed": run.counts.n_failed, "calls": run.counts.usage.calls}, ended


async def from_cues(folder: Path, given: argparse.Namespace) -> None:
    for n_in_flight in given.in_flight:
        n_clips = given.clips or max(8, 4 * n_in_flight)
        await against_server(folder, given, kind="cues", n_clips=n_clips, n_in_flight=n_in_flight, perception_s=0.0)


async def from_media(folder: Path, given: argparse.Namespace) -> None:
    n_clips = given.clips or 32
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    source = manifest(folder, n_clips, "media")
    await timed(source, folder / "alone.jsonl", workers=1, offline=True, cache_dir=folder / "alone-cache")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    for n_in_flight in given.in_flight:
        await against_server(folder, given, kind="media", n_clips=n_clips, n_in_flight=n_in_flight, perception_s=cpu_s)


async def against_server(
    folder: Path, given: argparse.Namespace, *, kind: str, n_clips: int, n_in_flight: int, perception_s: float
) -> None:
    server = Server(given.latency, 0.0)
    cache = Path(tempfile.mkdtemp(dir=folder))
    options = {"model": f"vllm:m@{server.base_url}", "cache_dir": cache, "answer_cache_mb": 0, "effort": given.effort}
    try:
        warm = manifest(folder, 1, "cues")
        await timed(warm, cache / "warm.jsonl", workers=1, **options)  # the SDK, the memory and the encoder are loaded
        server.reset()
        source, output = manifest(folder, n_clips, kind), cache / "out.jsonl"
        begun = time.process_time()
        took_s, counts, _ = await timed(source, output, workers=2, concurrency=n_in_flight, **options)
        own_s = time.process_time() - begun
        told = server.reset()
    finally:
        server.stop()
    calls_s = told["calls"] / n_in_flight * given.latency
    bound_s = max(calls_s, perception_s / 2)
    print(
        f"{kind:<6} N = {n_in_flight:>2}: {n_clips} clips ({counts['failed']} failed), {told['calls']} calls, "
        f"most in flight {told.get('most_in_flight', '?')}, {took_s:.2f} s; calls / N x latency {calls_s:.2f} s, "
        f"perception / 2 {perception_s / 2:.2f} s; {took_s / bound_s - 1:+.1%} over the larger; "
        f"this process {own_s:.2f} CPU s",
        flush=True,
    )


async def offline(folder: Path, given: argparse.Namespace) -> None:
    n_clips, cores = given.clips or 16, sorted(os.sched_getaffinity(0))
    rates = []
    for n_workers, allowed in ((1, cores[:1]), (1, cores), (2, cores)):
        output = folder / f"offline-{n_workers}-{len(allowed)}.jsonl"
        source = manifest(folder, n_clips, "media")
        os.sched_setaffinity(0, allowed)  # the workers inherit it
        took_s, _, ended = await timed(source, output, workers=n_workers, offline=True, cache=False)
        os.sched_setaffinity(0, cores)
        rates.append((len(ended) - 1 - n_workers) / (ended[-1] - ended[n_workers]))
        print(
            f"offline {n_workers} worker(s), {len(allowed)} core(s): {n_clips} videos of 8.6 s in {took_s:.1f} s, "
            f"then {rates[-1]:.3f} a second",
            flush=True,
        )
    print(f"offline two workers / one on one core: {rates[2] / rates[0]:.2f}, on both: {rates[2] / rates[1]:.2f}")


async def memory(folder: Path, given: argparse.Namespace) -> None:
    run = open_run(manifest(folder, given.n_memory, "text"), folder / "memory.jsonl", {"workers": 2, "offline": True})
    number = 0
    async for _ in run.outcomes():
        number += 1
        if number % max(1, given.n_memory // 10) == 0:
            print(f"memory after {number:>5} clips: this process {resident(os.getpid())} MB, workers {workers()} MB")


def workers() -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True).stdout
    return sorted(size for pid in told.split() if (size := resident(int(pid))) > 20)


def resident(pid: int) -> int:
    try:
        return round(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6)
    except (OSError, IndexError):
        return 0


PARTS = {"cues": from_cues, "media": from_media, "offline": offline, "memory": memory}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--clips", type=int, default=None)
    parser.add_argument("--in-flight", type=int, nargs="*", default=[1, 4, 16, 64])
    parser.add_argument("--effort", default="standard")
    parser.add_argument("--n-memory", type=int, default=1000)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        os.environ["EMER_MEMORY_DIR"] = f"{name}/memory"
        for part in given.parts:
            asyncio.run(PARTS[part](Path(name), given))


if __name__ == "__main__":
    sys.exit(main())
