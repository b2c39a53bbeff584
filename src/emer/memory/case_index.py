"""The Chroma index over the cases: it can always be thrown away, and is, whenever it may not fit the journal.

Chroma is not crash-safe, and an opened collection does not see what another process writes. So an index is never
changed where somebody may read it: a complete one stands in a folder of its own, named after what it was made from, and
is published by one rename. What a killed builder leaves behind has another name and is swept away by the next.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from emer.errors import ToolError
from emer.memory.case_vectors import LAYOUT, cues_vectors
from emer.memory.embedder import Embedder
from emer.memory.journal import locked
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COLLECTION = "cases"
_BATCH = 5_000  # Chroma refuses more than 5,461 at once
_KEPT = 2  # older indexes are kept a while: another process may still read them
_HNSW = {"hnsw:space": "cosine", "hnsw:search_ef": 512, "hnsw:construction_ef": 200, "hnsw:num_threads": 1}


class Hit(NamedTuple):
    """One case found: its id, the cosine of its vector with the query, -1..1, and that vector, of length 1."""

    id: str
    similarity: float
    vector: NDArray[np.float32]


class CaseIndex:
    """An opened index. `close` lets the files go."""

    def __init__(self, client: Any, collection: Any, scratch: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self._client, self._collection, self._scratch = client, collection, scratch

    def query(self, vectors: NDArray[np.float32], n: int) -> list[list[Hit]]:
        """Return the nearest cases of each row, best first, equals by id.

        Similarities are computed again from the stored vectors and rounded to six places, so that they are the same
        whether the index was just built or has been loaded.

        Raises:
            ToolError: Chroma does not answer.
        """
        import numpy as np

        if not len(vectors):
            return []
        try:
            wanted = min(n, self._collection.count())
            found = self._collection.query(query_embeddings=vectors, n_results=wanted, include=["embeddings"])
        except Exception as error:  # the files may be gone: another process built a newer index
            raise ToolError(f"the case index does not answer: {error}") from error
        answers = []
        for query, ids, stored in zip(vectors, found["ids"], found["embeddings"], strict=True):
            cosines = np.asarray(stored, dtype=np.float64) @ query.astype(np.float64)
            rows = np.asarray(stored, dtype=np.float32)
            hits = (Hit(id_, round(float(c), 6), row) for id_, c, row in zip(ids, cosines, rows, strict=True))
            answers.append(sorted(hits, key=lambda hit: (-hit.similarity, hit.id)))
        return answers

    def close(self) -> None:
        """Let the index go; it must not be used afterwards."""
        self._collection = None
        self._client.close()
        if self._scratch is not None:
            self._scratch.cleanup()


def open_index(
    folder: Path, cases: Sequence[Case], *, embedder: Embedder, digest: str, known: Mapping[str, NDArray[np.float32]]
) -> CaseIndex:
    """Return the index of exactly these cases, built if it is not there or does not open.

    Args:
        folder: where indexes stand; if nothing can be written there, the index lives in a temporary folder.
        cases: all cases.
        embedder: makes the vectors; its name and version are part of the index's identity.
        digest: the digest of the cases.
        known: vectors that need not be made again, by case id.

    Raises:
        ToolError: Chroma does not build or open an index even in a fresh folder.
    """
    name = f"index-{_mark(embedder)}-{digest[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / "index.lock"):
            return _open_or_build(folder, name, cases, embedder, known)
    except OSError:
        scratch = tempfile.TemporaryDirectory(prefix="emer-index-", ignore_cleanup_errors=True)
        _build(Path(scratch.name), cases, embedder, known)
        return _opened(Path(scratch.name), len(cases), scratch)


def drop_indexes(folder: Path) -> None:
    """Remove every index in a folder; the next opening builds a fresh one."""
    if folder.is_dir():
        with locked(folder / "index.lock"):
            _sweep(folder, keep=0)


def _mark(embedder: Embedder) -> str:
    return hashlib.sha256(f"{embedder.name} {embedder.version} {LAYOUT}".encode()).hexdigest()[:8]


def _open_or_build(
    folder: Path, name: str, cases: Sequence[Case], embedder: Embedder, known: Mapping[str, NDArray[np.float32]]
) -> CaseIndex:
    for place in _newest_first(folder, f"{name}-*/"):
        try:
            index = _opened(place, len(cases))
            place.touch()  # used lately: not swept
            return index
        except ToolError:
            shutil.rmtree(place, ignore_errors=True)
    known = {**_vectors_of_last(folder, embedder), **known}
    _sweep(folder, keep=_KEPT - 1)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
    _build(making, cases, embedder, known)
    facts = {"embedder": embedder.name, "version": embedder.version, "cases": len(cases)}
    (making / "index.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
    # never the path of an index that was there before: Chroma keeps what it knows of a path while the process lives
    place = making.rename(folder / f"{name}-{making.name.removeprefix('making-')}")
    return _opened(place, len(cases))


def _vectors_of_last(folder: Path, embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of the newest index of the same embedder, so that one more case costs one embedding."""
    import numpy as np

    for place in _newest_first(folder, f"index-{_mark(embedder)}-*/"):
        try:
            client = _client(place)
            stored = client.get_collection(_COLLECTION, embedding_function=None).get(include=["embeddings"])
            client.close()
        except Exception:
            continue
        return dict(zip(stored["ids"], np.asarray(stored["embeddings"], dtype=np.float32), strict=True))
    return {}


def _newest_first(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _sweep(folder: Path, keep: int) -> None:
    for left in folder.glob("making-*"):
        shutil.rmtree(left, ignore_errors=True)
    for old in _newest_first(folder, "index-*/")[keep:]:
        shutil.rmtree(old, ignore_errors=True)


def _build(place: Path, cases: Sequence[Case], embedder: Embedder, known: Mapping[str, NDArray[np.float32]]) -> None:
    import numpy as np

    client = _client(place)
    collection = client.create_collection(
        _COLLECTION, embedding_function=None, metadata={**_HNSW, "embedder": embedder.name, "version": embedder.version}
    )
    missing = [case for case in cases if case.id not in known]
    vectors = cues_vectors([case.cues for case in missing], embedder)
    made = dict(zip((case.id for case in missing), vectors, strict=True))
    for start in range(0, len(cases), _BATCH):
        batch = cases[start : start + _BATCH]
        stacked = np.stack([made[case.id] if case.id in made else known[case.id] for case in batch])
        collection.add(ids=[case.id for case in batch], embeddings=stacked)
    client.close()


def _opened(place: Path, n_cases: int, scratch: tempfile.TemporaryDirectory[str] | None = None) -> CaseIndex:
    client = None
    try:
        client = _client(place)
        collection = client.get_collection(_COLLECTION, embedding_function=None)
        count = collection.count()
        if count:
            one = collection.get(limit=1, include=["embeddings"])["embeddings"]
            collection.query(query_embeddings=one, n_results=1)  # a torn vector file shows only here
    except Exception as error:  # Chroma raises many kinds for one broken file; each means: build it again
        if client is not None:
            client.close()
        raise ToolError(f"the case index in {str(place)!r} does not open: {error}") from error
    if count != n_cases:
        client.close()
        raise ToolError(f"the case index in {str(place)!r} holds {count} cases, expected {n_cases}")
    return CaseIndex(client, collection, scratch)


def _client(place: Path) -> Any:
    import chromadb

    return chromadb.PersistentClient(path=str(place), settings=chromadb.Settings(anonymized_telemetry=False))
