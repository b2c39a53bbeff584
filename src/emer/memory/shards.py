"""The Chroma indexes over the vectors: each covers a range of rows, and none is changed once it stands.

Chroma is not crash-safe, and an opened collection does not see what another process writes. So the index grows by whole
shards: one is built under another name and published by one rename; what a killed builder leaves behind is swept away.
Rows that no shard covers are compared one by one, which below `LEAST` rows is faster than opening an index. A shard
that is broken, or holds a row that was erased since, is dropped, and its rows are compared one by one until the next
`grow`. A shard at most twice as large as what is new is merged with it, so that there are few of them.

A shard only proposes rows; likeness is computed from the whole vectors. So it holds their first principal axes alone,
which makes it three times as fast to build and to ask, and a third as large.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from emer.errors import ToolError
from emer.memory.vector_log import VectorLog

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 1_000
_COLLECTION = "cases"
_BATCH = 5_000  # Chroma refuses more than 5,461 at once
_AXES = 256
_AXES_FILE = "axes.npy"
_SAMPLE = 4_000  # rows from which the axes are computed
_HNSW = {"hnsw:space": "cosine", "hnsw:search_ef": 512, "hnsw:construction_ef": 100, "hnsw:num_threads": 1}


class Rows(NamedTuple):
    """Rows of the vector log from `start` to before `stop`."""

    start: int
    stop: int

    @property
    def n(self) -> int:
        """How many they are."""
        return self.stop - self.start


class Proposer(Protocol):
    """What proposes rows that may be near a question, out of a range that it covers."""

    @property
    def rows(self) -> Rows:
        """The rows that it covers."""
        ...

    @property
    def query(self) -> Callable[[NDArray[np.float32], int], list[list[int]]]:
        """Gives the numbers of the nearest rows of each vector."""
        ...


class Shard:
    """An opened Chroma index over some rows. `close` lets the files go."""

    def __init__(self, place: Path, rows: Rows) -> None:
        """Open a shard.

        Raises:
            ToolError: it does not open, or does not answer.
        """
        import numpy as np

        self.place, self.rows = place, rows
        self._client: Any = None
        try:
            self._axes = np.load(place / _AXES_FILE, allow_pickle=False)
            self._client = _client(place)
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            one = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            self._collection.query(query_embeddings=one, n_results=1, include=[])  # a torn file shows only here
            self.n = int(self._collection.count())
        except Exception as error:  # Chroma raises many kinds for one broken file; each means: build it again
            self.close()
            raise ToolError(f"the case index in {str(place)!r} does not open: {error}") from error

    def query(self, vectors: NDArray[np.float32], n: int) -> list[list[int]]:
        """Return the numbers of the nearest rows of each vector.

        Raises:
            ToolError: Chroma does not answer; the files may be gone.
        """
        try:
            found = self._collection.query(query_embeddings=vectors @ self._axes, n_results=min(n, self.n), include=[])
        except Exception as error:
            raise ToolError(f"the case index in {str(self.place)!r} does not answer: {error}") from error
        return [[int(id_) for id_ in ids] for ids in found["ids"]]

    def close(self) -> None:
        """Let the shard go; it must not be used afterwards."""
        self._collection = None
        if self._client is not None:
            self._client.close()
            self._client = None


def shard_places(log: VectorLog) -> dict[Path, Rows]:
    """Return the shards that stand in the folder of a log and hold exactly its rows, by where they stand.

    Where two overlap (a merged one and a part of it, whose builder was killed before it swept), the larger counts.
    """
    covering: dict[Path, Rows] = {}
    for place in sorted(log.folder.glob("shard-*"), key=lambda place: (-_rows(place).n, place.name)):
        rows = _rows(place)
        overlaps = any(rows.start < other.stop and other.start < rows.stop for other in covering.values())
        if rows.n and not overlaps and place.name.split("-")[3] == _digest(log, rows):
            covering[place] = rows
    return covering


def uncovered(n_rows: int, covered: Iterable[Rows]) -> list[Rows]:
    """Return the ranges of 0..n_rows that no shard covers, in order."""
    gaps, at = [], 0
    for rows in sorted(covered):
        gaps.append(Rows(at, rows.start))
        at = rows.stop
    return [gap for gap in (*gaps, Rows(at, n_rows)) if gap.n]


def grow(log: VectorLog, *, least: int, told: Callable[[int], None]) -> None:
    """Build shards over the rows that none covers, where they are at least so many; needs the lock of the index.

    Args:
        log: the vectors.
        least: fewer rows than this stay without a shard.
        told: is told how many more rows stand in a shard.

    Raises:
        ToolError: Chroma does not build a shard.
        OSError: nothing can be written there.
    """
    covering = sweep(log)
    for gap in uncovered(len(log), covering.values()):
        if gap.n >= least:
            start = _merged_start(gap, list(covering.values()))
            _build(log, Rows(start, gap.stop), told)
            for place in [place for place, rows in covering.items() if start <= rows.start < gap.start]:
                shutil.rmtree(place, ignore_errors=True)
                del covering[place]


def has_leftovers(log: VectorLog) -> bool:
    """Return whether a shard stands there that no longer holds exactly its rows."""
    return bool(set(log.folder.glob("shard-*")) - set(shard_places(log)))


def sweep(log: VectorLog) -> dict[Path, Rows]:
    """Remove every shard that no longer holds exactly its rows and return the others; needs the lock of the index."""
    covering = shard_places(log)
    for place in (*(set(log.folder.glob("shard-*")) - set(covering)), *log.folder.glob("making-*")):
        shutil.rmtree(place, ignore_errors=True)
    return covering


def _merged_start(gap: Rows, covered: Sequence[Rows]) -> int:
    start = gap.start
    for rows in sorted(covered, reverse=True):
        if rows.stop == start and rows.n <= 2 * (gap.stop - start):
            start = rows.start
    return start


def _build(log: VectorLog, rows: Rows, told: Callable[[int], None]) -> None:
    making = Path(tempfile.mkdtemp(prefix="making-", dir=log.folder))
    try:
        _fill(making, log, rows, told)
    except Exception as error:
        shutil.rmtree(making, ignore_errors=True)
        if isinstance(error, OSError):
            raise
        raise ToolError(f"Chroma cannot build an index in {str(log.folder)!r}: {error}") from error
    # never the path of a shard that was there before: Chroma keeps what it knows of a path while the process lives
    nonce = making.name.removeprefix("making-")
    making.rename(log.folder / f"shard-{rows.start}-{rows.stop}-{_digest(log, rows)}-{nonce}")


def _fill(place: Path, log: VectorLog, rows: Rows, told: Callable[[int], None]) -> None:
    import numpy as np

    live = [row for row in range(rows.start, rows.stop) if log.keys[row]]
    axes = _principal_axes(log.gather(live[:: max(1, len(live) // _SAMPLE)])[0])
    np.save(place / _AXES_FILE, axes)
    client = _client(place)
    collection = client.create_collection(_COLLECTION, embedding_function=None, metadata=_HNSW)
    for start in range(0, len(live), _BATCH):
        batch = live[start : start + _BATCH]
        collection.add(ids=[str(row) for row in batch], embeddings=log.gather(batch)[0] @ axes)
        told(len(batch))
    client.close()


def _principal_axes(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 (width, at most 256): the directions along which the vectors, not centred, are longest."""
    import numpy as np

    _, directions = np.linalg.eigh(vectors.T @ vectors)  # from the shortest to the longest
    return np.ascontiguousarray(directions[:, ::-1][:, :_AXES], dtype=np.float32)


def _rows(place: Path) -> Rows:
    try:
        _, start, stop, _, _ = place.name.split("-")
        return Rows(int(start), int(stop))
    except ValueError:
        return Rows(0, 0)


def _digest(log: VectorLog, rows: Rows) -> str:
    return hashlib.sha256(log.keys[rows.start : rows.stop].tobytes()).hexdigest()[:16]


def _client(place: Path) -> Any:
    import chromadb

    return chromadb.PersistentClient(path=str(place), settings=chromadb.Settings(anonymized_telemetry=False))
