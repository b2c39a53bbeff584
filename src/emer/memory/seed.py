"""The cases that come with emer, written by us, and their vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from emer.memory.embedder import Embedder
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@cache
def seed_cases() -> tuple[Case, ...]:
    """Return the cases that come with emer, written by us; their provenance is "authored"."""
    text = (files("emer.memory") / "data" / "cases.jsonl").read_text(encoding="utf-8")
    return tuple(Case.model_validate_json(line) for line in text.splitlines() if line.strip())


def shipped_vectors(cases: Sequence[Case], embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    """Return the vectors that ship with emer for those of the cases that have one of this embedder, by case id.

    They stand in half precision, and are the vectors of these cases on every machine, so that similarities are too.
    """
    import numpy as np

    with (files("emer.memory") / "data" / "seed_vectors.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        if [str(part) for part in stored["embedder"]] != [embedder.name, embedder.version]:
            return {}
        vectors = stored["vectors"].astype(np.float32)
        rows = {str(each): row for row, each in enumerate(stored["sums"])}
    known = {case.id: vectors[rows[each]] for case in cases if (each := checksum(case)) in rows}
    return {id_: vector / np.linalg.norm(vector) for id_, vector in known.items()}


def checksum(case: Case) -> str:
    """Return 16 hex digits of the sha256 of what a case says, its source left out: what its shipped vector is of."""
    return hashlib.sha256(case.model_dump_json(exclude={"source"}).encode()).hexdigest()[:16]
