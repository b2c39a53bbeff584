"""Calls to a chat model against the clock: `python tests/benchmarks/model_calls.py [--clips 32] [--at-once 16]`.

Against a server on this machine that answers each call after `--latency` seconds (a process of its own), it prints
  1. questions alone, at 16 and 64 in flight: wall time beside the bound calls / in flight x latency, CPU a call;
  2. one clip from cues (`areason`) at each effort: calls, calls in a row, tokens, wall time;
  3. many clips from cues at once: calls, wall time beside the bound;
  4. with --faults 0.3 instead of 1 to 3: that share of the calls fails, each in another way, and every clip from cues
     must end in a Report; prints how many did, the calls and the retries;
  5. with --video also the demonstration clip (`aanalyze`), once per clip, beside its measured perception.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from emer import Report, aanalyze, areason
from emer.config import load_settings
from emer.models import Question, Text, open_model

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "src" / "emer" / "data" / "demo"
EFFORTS = ("quick", "standard", "thorough")


class Server:
    """The scripted server in a process of its own."""

    def __init__(self, latency_s: float, fault_share: float) -> None:
        call = [sys.executable, "-m", "tests.servers.scripted", "--port", "0"]
        call += ["--latency", str(latency_s), "--faults", str(fault_share)]
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        environment = {**os.environ, "PYTHONPATH": paths}
        self._process = subprocess.Popen(call, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()

    def reset(self) -> dict[str, Any]:
        """What was asked since the last reset."""
        with urllib.request.urlopen(self.base_url.replace("/v1", "/reset")) as answer:
            stats: dict[str, Any] = json.load(answer)
        return stats

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Verdict(BaseModel):
    evidence: list[str]
    label: str
    intensity: float


def observed(n: int) -> dict[str, Any]:
    """Cues and words of clip `n`; no two clips ask the same."""
    cues = [
        {"modality": "face", "text": f"brows lowered and lips pressed, {n % 5 + 1} times"},
        {"modality": "voice", "text": "low pitch, long pauses, quiet"},
    ]
    transcript = f"ANNA: They gave desk {n} to somebody else.\nBEN: I am sorry to hear that."
    return {"cues": cues, "transcript": transcript, "context": f"A talk in office {n}."}


async def at_once(work: Callable[[int], Awaitable[Any]], n: int, most: int) -> tuple[float, float]:
    """Wall and CPU seconds of `n` pieces of work, at most `most` of them at once."""
    gate = asyncio.Semaphore(most)

    async def one(number: int) -> None:
        async with gate:
            await work(number)

    begun, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(number) for number in range(n)))
    return time.perf_counter() - begun, time.process_time() - cpu


async def questions_alone(server: Server, n: int, in_flight: int, latency_s: float) -> None:
    settings = load_settings(max_concurrency=in_flight, answer_cache_mb=0)
    async with open_model(f"vllm:m@{server.base_url}", settings) as run:

        async def ask(number: int) -> None:
            await run.ask(Question("judge", "x " * 2000, [Text(f"clip {number} " + "y " * 2000)], Verdict, "p@1:0"))

        await ask(-1)  # loads the SDK and learns the endpoint
        server.reset()
        wall_s, cpu_s = await at_once(ask, n, n)
    bound_s = math.ceil(n / in_flight) * latency_s
    print(
        f"questions alone      n = {n}, {in_flight} in flight: {wall_s:.2f} s, bound {bound_s:.2f} s "
        f"({wall_s / bound_s - 1:+.1%}), {cpu_s / n * 1e3:.1f} ms CPU a call, {server.reset()['calls']} calls"
    )


async def one_clip(server: Server, options: dict[str, Any]) -> None:
    for effort in EFFORTS:
        server.reset()
        begun = time.perf_counter()
        report = await areason(observed(0), effort=effort, **options)
        wall_s = time.perf_counter() - begun
        told = server.reset()
        tokens = f"{told['input_tokens']} + {told['output_tokens']} tokens"
        print(
            f"areason, {effort:<11} one clip: {told['calls']} calls, {told['in_a_row']} in a row, {tokens}, "
            f"{wall_s:.2f} s, mode {report.provenance.mode}"
        )


async def many_clips(
    server: Server, work: Callable[[int], Awaitable[Report]], n: int, given: argparse.Namespace, *, name: str
) -> None:
    server.reset()
    wall_s, cpu_s = await at_once(work, n, n)
    told = server.reset()
    calls_s = told["calls"] / given.at_once * given.latency
    bound_s = max(calls_s, cpu_s / 2)
    beside = f" ({wall_s / bound_s - 1:+.1%} over the larger)" if told["calls"] else " (no call was made)"
    print(
        f"{name:<20} {n} clips, {given.at_once} calls in flight: {told['calls']} calls, {wall_s:.2f} s, calls / "
        f"{given.at_once} x {given.latency:g} s = {calls_s:.2f} s, CPU / 2 = {cpu_s / 2:.2f} s{beside}, "
        f"{told['input_tokens'] // n} + {told['output_tokens'] // n} tokens a clip"
    )


async def faulty(server: Server, given: argparse.Namespace, options: dict[str, Any]) -> None:
    reports: list[Report] = []

    async def from_cues(number: int) -> None:
        reports.append(await areason(observed(number), effort=given.effort, **options))

    server.reset()
    wall_s, _ = await at_once(from_cues, given.clips, given.at_once)
    told = server.reset()
    spent = [report.provenance.usage for report in reports]
    by_model = sum(report.provenance.mode == "model" for report in reports)
    print(
        f"{given.faults:.0%} faults, {given.effort}: {given.clips} clips, {len(reports)} Reports ({by_model} by the "
        f"model), {told['calls']} calls, {sum(one.retries for one in spent)} retries told, {wall_s:.1f} s; the server "
        f"gave {told['served']}"
    )


async def measure(server: Server, given: argparse.Namespace, cache_dir: str) -> None:
    options = {
        "model": f"vllm:m@{server.base_url}",
        "max_concurrency": given.at_once,
        "cache_dir": cache_dir,
        "answer_cache_mb": 0,
    }
    if given.faults:
        await faulty(server, given, options)
        return
    for in_flight in (16, 64):
        await questions_alone(server, in_flight * 8, in_flight, given.latency)
    await areason(observed(-1), **options)  # the memory, the encoder and the SDK are loaded
    await one_clip(server, options)

    async def from_cues(number: int) -> Report:
        return await areason(observed(number), effort=given.effort, **options)

    await many_clips(server, from_cues, given.clips, given, name=f"areason, {given.effort}")
    if given.video:

        async def from_video(number: int) -> Report:
            context = f"A talk in office {number}."
            return await aanalyze(
                DEMO / "demo.mp4", transcript=DEMO / "demo.srt", context=context, effort=given.effort, **options
            )

        await many_clips(server, from_video, 1, given, name=f"aanalyze, {given.effort}")
        await many_clips(server, from_video, given.clips, given, name=f"aanalyze, {given.effort}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--clips", type=int, default=32)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--effort", choices=EFFORTS, default="standard")
    parser.add_argument("--faults", type=float, default=0.0, help="share of the calls that fail")
    parser.add_argument("--video", action="store_true", help="also analyse the demonstration clip as often")
    given = parser.parse_args(arguments)
    server = Server(given.latency, given.faults)
    try:
        with tempfile.TemporaryDirectory() as cache_dir:
            os.environ["EMER_CACHE_DIR"] = cache_dir
            asyncio.run(measure(server, given, cache_dir))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
