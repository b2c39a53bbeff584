"""How the case memory goes at scale: `python tests/benchmarks/memory_scale.py [--cases 100000] [--questions 200]`.

Prints seconds, rates and bytes as a table. The vectors are given, not encoded: halves of the cases that come with emer,
recombined, each turned away from its original by noise (cosine about .8). What the encoder takes is told apart.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emer.memory.case_vectors import cues_vectors
from emer.memory.contrast import contrastive
from emer.memory.embedder import EncoderEmbedder
from emer.memory.probe import Probe
from emer.memory.seed import seed_cases, shipped_vectors
from emer.memory.store import CaseMemory, open_memory
from emer.schemas import Case

BATCH = 2_000
NOISE = 0.75  # its length beside a vector of length 1


class GivenVectors:
    """Gives each text the vector of the authored text that it was made from, and noise of its own."""

    name, version = "given", "1"

    def __init__(self) -> None:
        seed = seed_cases()
        whole = shipped_vectors(seed, EncoderEmbedder())
        halves = np.stack([half for case in seed for half in np.split(whole[case.id], 2)])
        self._halves = halves / np.maximum(np.linalg.norm(halves, axis=1, keepdims=True), 1e-6)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        width = self._halves.shape[1]
        rows = np.zeros((len(texts), width), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
            noise = np.random.default_rng(number).standard_normal(width, dtype=np.float32)
            row[:] = self._halves[number % len(self._halves)] + NOISE / width**0.5 * noise
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def steered(self, vectors: NDArray[np.float32], states: Mapping[str, float]) -> NDArray[np.float32]:
        return EncoderEmbedder().steered(vectors, states)


def cases(n: int) -> Iterator[Case]:
    """Cases whose parts come from different authored ones, about 450 bytes each."""
    seed = seed_cases()
    rng = np.random.default_rng(0)
    for k in range(n):
        said, shown = (seed[i] for i in rng.integers(0, len(seed), 2))
        cues = {**shown.cues, "transcript": f"{said.cues.get('transcript', '')} ({k})"}
        yield Case(id=f"case-{k}", labels=said.labels, why=said.why, provenance="imported:made", cues=cues)


def batches(made: Iterator[Case]) -> Iterator[list[Case]]:
    while batch := list(islice(made, BATCH)):
        yield batch


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def row(what: str, figure: str) -> None:
    print(f"| {what} | {figure} |", flush=True)


def asked(memory: CaseMemory, n: int) -> str:
    """Median and 95th percentile of recall with its three roles, in ms."""
    questions = [Probe(case.cues, None, None, 0.0) for case in list(cases(n + 10))[10:]]
    probes = [Probe({**one.cues, "transcript": f"{k} asks"}, None, None, 0.0) for k, one in enumerate(questions)]
    contrastive(memory, probes[0])
    cpu = time.process_time()
    times = sorted(timed(lambda one=one: contrastive(memory, one)) * 1e3 for one in probes)
    cpu_ms = (time.process_time() - cpu) * 1e3 / len(times)
    p95 = times[int(0.95 * len(times))]
    return (
        f"p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, {cpu_ms:.1f} ms of processor time, n = {len(times)}"
    )


def agreement(memory: CaseMemory, n: int, k: int = 50) -> str:
    """Share of the k nearest by comparing all that the index finds."""
    everything = memory.sample(len(memory))
    vectors = np.stack([found.vector for found in everything])
    shared = 0
    for number, case in enumerate(cases(n)):
        asked = cues_vectors([{**case.cues, "transcript": f"{number} asks"}], memory.embedder)
        nearest = np.argpartition(-(vectors @ asked[0]), k)[:k]
        found = {one.case.id for one in memory.query_vectors(asked, k)[0]}
        shared += len(found & {everything[row].case.id for row in nearest})
    return f"{shared / (k * n):.3f} of the {k} nearest, n = {n}"


def opening(folder: Path, n: int) -> None:
    """In a fresh process: open, ask, and say how much memory that took."""
    embedder = GivenVectors()
    begun, cpu = time.perf_counter(), time.process_time()
    memory = open_memory(folder, embedder)
    opened, cpu = time.perf_counter() - begun, time.process_time() - cpu
    first = timed(lambda: memory.query([{"transcript": "x"}], 200))
    row("opening (journal read and checked)", f"{opened:.2f} s ({cpu:.2f} s of processor time)")
    row("first question after it (Chroma imported, shards opened)", f"{first:.2f} s")
    row("recall, three roles", asked(memory, n))
    questions = [{**case.cues, "transcript": f"{k} asks"} for k, case in enumerate(cases(n))]
    cpu = time.process_time()
    for question in questions:
        memory.query([question], 200)
    row("of it, finding and reading 200 cases", f"{(time.process_time() - cpu) * 1e3 / n:.1f} ms of processor time")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row("peak resident memory of that process", f"{peak:.0f} MB")
    row("index against comparing all", agreement(memory, 20))
    memory.add(case.model_copy(update={"id": f"late-{case.id}"}) for case in cases(500))
    row("recall with 500 cases outside the index", asked(memory, n))


def in_fresh_process(work: Callable[..., None], *arguments: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    n = given.cases
    print(f"| {n} cases | |\n|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory = open_memory(folder, GivenVectors())
        seconds = sum(timed(lambda batch=batch: memory.admit(batch)) for batch in batches(cases(n)))
        row(f"acknowledged, batches of {BATCH}, one fsync each", f"{n / seconds:.0f} a second")
        cpu = time.process_time()
        seconds = timed(memory.catch_up)
        cpu = time.process_time() - cpu
        row("index catching up", f"{n / seconds:.0f} a second ({n / cpu:.0f} a second of processor time)")
        journal = sum(path.stat().st_size for path in folder.glob("journal/*"))
        row("on disk: journal, vectors with index", f"{journal / 1e6:.0f}, {(memory.n_bytes() - journal) / 1e6:.0f} MB")
        memory.close()
        in_fresh_process(opening, folder, given.questions)
        memory = open_memory(folder, GivenVectors())
        row("forget one case (journal, vectors, shard gone)", f"{timed(lambda: memory.forget(['case-7'])):.2f} s")
        row("recall until the index has caught up", asked(memory, 20))
        row("index catching up after it", f"{timed(memory.catch_up):.1f} s")
    texts = [json.dumps(case.cues) for case in seed_cases()[:64]]
    row("the encoder, apart", f"{len(texts) / timed(lambda: EncoderEmbedder().embed(texts)):.0f} texts a second")


if __name__ == "__main__":
    main()
