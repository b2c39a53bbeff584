"""Writes the vectors of the seed cases that ship with emer, so that a first analysis need not encode them.

    python -m training.ontology.seed_vectors

Run it whenever the seed cases or the text encoder change; a test compares.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import emer.memory
from emer.memory.case_vectors import cues_vectors
from emer.memory.embedder import EncoderEmbedder
from emer.memory.seed import checksum, seed_cases


def main() -> None:
    cases, embedder = seed_cases(), EncoderEmbedder()
    vectors = cues_vectors([case.cues for case in cases], embedder)
    path = Path(emer.memory.__file__).parent / "data" / "seed_vectors.npz"
    np.savez_compressed(
        path,
        embedder=np.array([embedder.name, embedder.version]),
        sums=np.array([checksum(case) for case in cases]),
        vectors=vectors.astype(np.float16),
    )
    print(f"{path}: {len(cases)} vectors, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
