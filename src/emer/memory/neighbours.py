"""The cases near a clip: fetched once by their joint vectors, then compared with it part by part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from emer.memory.case_vectors import SPOKEN
from emer.memory.embedder import Embedder
from emer.memory.meaning_rows import labels_row
from emer.memory.probe import Probe
from emer.memory.store import Found
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTS = ("said", "described")
"""The halves of a joint vector: what was said, and what was seen, heard or known."""
UNRELATED = (0.28, 0.49)
"""The cosine, by part, that two unrelated cases have: the median over all pairs of seed cases."""
LEAST_ALIKE = 0.1
"""Below this likeness a case has nothing to do with the clip."""
DUPLICATE = 0.97
"""The cosine from which two cases are the same clip told twice."""
_LEAST_WORDS = 4  # "Oh." is said in many clips: words in common make the same clip from this many on


class Searchable(Protocol):
    """A memory that can be asked for what is near: `CaseMemory`, or one that an evaluation makes."""

    @property
    def embedder(self) -> Embedder:
        """What makes its vectors."""
        ...

    def query_vectors(self, vectors: NDArray[np.float32], n: int) -> list[list[Found]]:
        """Return the n most similar cases of each joint vector, best first."""
        ...


@dataclass(frozen=True)
class Neighbours:
    """n cases that may be compared with a clip, the most alike first, equals by id.

    Attributes:
        cases: the cases.
        likeness: (n,) the mean of `by_part` over the clip's parts, a part that the case lacks counting 0.
        by_part: (n, 2) likeness in what was said and in what was described: 0 as unrelated cases are, 1 the same; nan
            where clip or case has no such part.
        meanings: (n, 38) what their labels mean, rows of `meaning_rows`.
        vectors: (n, d) their joint vectors, of length 1.
    """

    cases: tuple[Case, ...]
    likeness: NDArray[np.float64]
    by_part: NDArray[np.float64]
    meanings: NDArray[np.float32]
    vectors: NDArray[np.float32]


def compared(found: Iterable[Found], asked: NDArray[np.float32], probe: Probe) -> Neighbours:
    """Return the cases that have something to do with a clip, without the clip itself and its near-duplicates.

    Args:
        found: what the index gave, any number of times the same.
        asked: float32 (d,), the joint vector of the clip.
        probe: the clip.
    """
    import numpy as np

    readable = list({hit.case.id: hit for hit in found if labels_row(tuple(hit.case.labels)) is not None}.values())
    vectors = np.stack([hit.vector for hit in readable]) if readable else np.zeros((0, len(asked)), dtype=np.float32)
    cosines = part_cosines(vectors, asked)
    by_part = likeness_by_part(cosines)
    has = np.array([bool(half.any()) for half in np.split(asked, 2)])
    likeness = np.nansum(by_part[:, has], axis=1) / max(1, int(has.sum()))
    same = np.nan_to_num(cosines[:, has]).mean(axis=1) >= DUPLICATE if has.any() else np.zeros(len(readable), bool)
    said = plain_words(probe.cues.get(SPOKEN, ""))
    kept = [
        k for k, hit in enumerate(readable)
        if likeness[k] >= LEAST_ALIKE and not same[k] and not _says(hit.case, said)
    ]  # fmt: skip
    kept.sort(key=lambda k: (-likeness[k], readable[k].case.id))
    rows = [row for k in kept if (row := labels_row(tuple(readable[k].case.labels))) is not None]
    return Neighbours(
        tuple(readable[k].case for k in kept), likeness[kept], by_part[kept],
        np.stack(rows) if rows else np.zeros((0, 38), dtype=np.float32), vectors[kept],
    )  # fmt: skip


def likeness_by_part(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 2) the cosines of parts as likeness: 0 as unrelated cases have, 1 the same; nan where nan."""
    import numpy as np

    scaled = (cosines - np.array(UNRELATED)) / (1.0 - np.array(UNRELATED))
    return np.asarray(np.clip(scaled, 0.0, 1.0).round(6))


def part_cosines(vectors: NDArray[np.float32], asked: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (n, 2) the cosine of each half of n joint vectors with that of one, nan where either has none."""
    import numpy as np

    found = np.full((len(vectors), len(PARTS)), np.nan)
    for k, (halves, half) in enumerate(zip(np.split(vectors, 2, axis=1), np.split(asked, 2), strict=True)):
        length = np.linalg.norm(halves, axis=1) * np.linalg.norm(half)
        there = length > 0
        found[there, k] = (halves[there] @ half) / length[there]
    return found


def diverse(near: Neighbours, rows: Sequence[int], n: int, *, newness: float) -> list[int]:
    """Return at most n of some rows by maximal marginal relevance (Carbonell and Goldstein 1998, SIGIR).

    Like the clip, unlike one another; of two that are the same case told twice only the first is taken.

    Args:
        near: the cases.
        rows: which of them may be taken.
        n: how many are wanted.
        newness: the weight of being unlike those already chosen, 0..1.
    """
    chosen: list[int] = []
    cosines = near.vectors[list(rows)] @ near.vectors[list(rows)].T
    left = list(range(len(rows)))
    while left and len(chosen) < n:
        highest = {k: max((float(cosines[k, c]) for c in chosen), default=0.0) for k in left}
        left = [k for k in left if highest[k] < DUPLICATE]
        if not left:
            break
        gain = {k: (1 - newness) * float(near.likeness[rows[k]]) - newness * highest[k] for k in left}
        best = min(left, key=lambda k: (-round(gain[k], 9), near.cases[rows[k]].id))
        chosen.append(best)
        left.remove(best)
    return [rows[k] for k in chosen]


def plain_words(text: str) -> str:
    """Return the words of a text in small letters, without anything between them but spaces."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def _says(case: Case, said: str) -> bool:
    return len(said.split()) >= _LEAST_WORDS and plain_words(case.cues.get(SPOKEN, "")) == said
