"""The nearest cases of a question: what the shards propose and every row that none covers, rated by whole vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from emer.memory.shards import Proposer, uncovered
from emer.memory.vector_log import VectorLog

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MORE = 1.5  # a shard's order is by its axes alone: those at the edge may belong on the other side of it


class Rated(NamedTuple):
    """A case found: its key, the cosine of its vector with the question's, -1..1, and that vector, of length 1."""

    key: int
    similarity: float
    vector: NDArray[np.float32]


class Answer(NamedTuple):
    """The nearest of each question, best first, and whether a row on the way was not what was written."""

    rated: list[list[Rated]]
    is_torn: bool


def most_alike(
    questions: NDArray[np.float32],
    n: int,
    *,
    log: VectorLog | None,
    shards: Sequence[Proposer],
    held: Mapping[int, NDArray[np.float32]],
) -> Answer:
    """Return the n nearest cases of each question, equals by key.

    Args:
        questions: float32 (m, width), each of length 1.
        n: how many are wanted for each.
        log: the vectors on disk.
        shards: opened indexes over some of its rows, or what stands for them.
        held: vectors that are in memory only, by key.

    Raises:
        ToolError: a shard does not answer.
    """
    import numpy as np

    keys, vectors, is_torn = _candidates(questions, n, log, shards)
    keys += list(held)
    stacked = np.concatenate([vectors, *(each[None] for each in held.values())]) if held else vectors
    if not keys:
        return Answer([[] for _ in questions], is_torn)
    cosines = (questions.astype(np.float64) @ stacked.astype(np.float64).T).round(6)
    return Answer([_best(row, keys, stacked, n) for row in cosines], is_torn)


def _candidates(
    questions: NDArray[np.float32], n: int, log: VectorLog | None, shards: Sequence[Proposer]
) -> tuple[list[int], NDArray[np.float32], bool]:
    import numpy as np

    if log is None or not len(log):
        return [], np.zeros((0, questions.shape[1]), dtype=np.float32), False
    proposed = {row for shard in shards for rows in shard.query(questions, int(_MORE * n) + 32) for row in rows}
    for gap in uncovered(len(log), [shard.rows for shard in shards]):
        for start, chunk in log.chunks(gap.start, gap.stop):
            proposed.update(_best_rows(chunk @ questions.T, start, n))
    rows = sorted(row for row in proposed if row < len(log) and log.keys[row])
    vectors, good = log.gather(rows)
    return log.keys[np.array(rows, dtype=int)][good].tolist(), vectors[good], not good.all()


def _best_rows(scores: NDArray[np.float32], start: int, n: int) -> set[int]:
    import numpy as np

    scores = np.nan_to_num(scores, nan=np.inf)  # a torn row is looked at, and found to be one
    if len(scores) <= n:
        return set(range(start, start + len(scores)))
    return set((np.argpartition(-scores, n, axis=0)[:n] + start).ravel().tolist())


def _best(cosines: NDArray[np.float64], keys: Sequence[int], vectors: NDArray[np.float32], n: int) -> list[Rated]:
    import numpy as np

    n = min(n, len(keys))
    edge = np.partition(cosines, len(keys) - n)[len(keys) - n] if n else np.inf
    chosen = sorted(np.flatnonzero(cosines >= edge).tolist(), key=lambda k: (-cosines[k], keys[k]))
    return [Rated(keys[k], float(cosines[k]), vectors[k]) for k in chosen]
