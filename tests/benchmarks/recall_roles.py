"""How long the three roles take after a clip is encoded, everything but the index: processor time, median and 95 %.

    python -m tests.benchmarks.recall_roles [--clips 100]

The memory answers from a prepared list of 200 seed cases, so that what is timed is comparing, electing, splitting into
roles and diversity. The index's own time at 100,000 cases is `tests/benchmarks/memory_scale.py`'s.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from emer.memory.contrast import contrastive
from emer.memory.embedder import Embedder, EncoderEmbedder
from emer.memory.probe import Probe
from emer.memory.seed import seed_cases, shipped_vectors
from emer.memory.store import Found


class Encoded:
    """The encoder's embedder for texts that have been read before."""

    def __init__(self, made: EncoderEmbedder) -> None:
        self._made, self._known = made, dict[str, np.ndarray]()
        self.name, self.version = made.name, made.version

    def embed(self, texts: list[str]) -> np.ndarray:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._made.embed([text])[0]
        return np.stack([self._known[text] for text in texts])

    def steered(self, vectors: np.ndarray, states: dict[str, float]) -> np.ndarray:
        return self._made.steered(vectors, states)


class Prepared:
    """A memory that gives the nearest of the seed cases, its own time left out of `spent_s`."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder, self.spent_s = embedder, 0.0
        self._cases = seed_cases()
        known = shipped_vectors(self._cases, EncoderEmbedder())
        self._vectors = np.stack([known[case.id] for case in self._cases])

    def query_vectors(self, vectors: np.ndarray, n: int) -> list[list[Found]]:
        begun = time.process_time()
        scores = vectors @ self._vectors.T
        best = np.argsort(-scores, axis=1)[:, :n]
        found = [
            [Found(self._cases[k], float(row[k]), self._vectors[k]) for k in ks]
            for row, ks in zip(scores, best, strict=True)
        ]
        self.spent_s += time.process_time() - begun
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=100)
    n = parser.parse_args().clips
    memory = Prepared(Encoded(EncoderEmbedder()))
    probes = [Probe(case.cues, None, None, 0.0) for case in seed_cases()[:n]]
    for probe in probes:
        contrastive(memory, probe)
    taken = []
    for probe in probes:
        memory.spent_s, begun = 0.0, time.process_time()
        contrastive(memory, probe)
        taken.append(1000 * (time.process_time() - begun - memory.spent_s))
    print(
        f"{n} clips, 200 cases fetched for each: p50 {np.median(taken):.1f} ms, p95 {np.quantile(taken, 0.95):.1f} ms"
    )


if __name__ == "__main__":
    main()
