"""The case memory: the cases that come with emer and the user's own, found again by likeness.

The journal is the truth, the Chroma index can be rebuilt from it. Opening reads the journal only; the index is opened
(or built) at the first query, or by `warm` in a thread, because importing Chroma takes most of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from emer.errors import EmerError, ToolError
from emer.memory.case_index import CaseIndex, drop_indexes, open_index
from emer.memory.case_vectors import cues_vectors
from emer.memory.embedder import Embedder, EncoderEmbedder
from emer.memory.journal import Journal, digest_of
from emer.memory.seed import seed_cases, shipped_vectors
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Found:
    """A case, the cosine of its cues with the query, -1..1, and its vector as `cues_vectors` makes it."""

    case: Case
    similarity: float
    vector: NDArray[np.float32] = field(repr=False, compare=False)


class CaseMemory:
    """All cases of one memory folder as they stood when it was opened or last added to by this object.

    Safe to use from several threads. What another process adds is seen at the next opening.
    """

    def __init__(self, folder: Path, embedder: Embedder, seed: Sequence[Case]) -> None:
        self._folder, self._embedder, self._seed = folder, embedder, tuple(seed)
        self._journal = Journal(folder / "cases.jsonl")
        self._lock = threading.RLock()
        self._index: CaseIndex | None = None
        self._warming: threading.Thread | None = None
        self._read()

    def __len__(self) -> int:
        return len(self._cases)

    @property
    def embedder(self) -> Embedder:
        """What makes the vectors of this memory."""
        return self._embedder

    @property
    def digest(self) -> str:
        """The digest of all cases, those that come with emer included, as "sha256:<hex>"."""
        return f"sha256:{self._digest}"

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases, those that come with emer first."""
        return tuple(self._cases.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user should know about this memory: journal lines that could not be read."""
        if not self._damaged:
            return ()
        lines = ", ".join(map(str, self._damaged[:10]))
        return (f"the case journal has {len(self._damaged)} unreadable lines ({lines}), left out",)

    def query(self, probes: Sequence[Mapping[str, str]], n: int) -> list[list[Found]]:
        """Return the n most similar cases of each probe, best first, equals by id.

        Args:
            probes: cues in words by modality, as a case has them.
            n: how many cases are wanted for each.

        Raises:
            ToolError: the index can neither be opened nor built, with the reason.
        """
        return self.query_vectors(cues_vectors(probes, self._embedder), n)

    def query_vectors(self, vectors: NDArray[np.float32], n: int) -> list[list[Found]]:
        """Return the n most similar cases of each vector, float32 (m, d) as `cues_vectors` makes them, best first."""
        with self._lock:
            if not self._cases or n < 1:
                return [[] for _ in vectors]
            try:
                answers = self._opened().query(vectors, n)
            except ToolError:
                self._forget_index()
                answers = self._opened().query(vectors, n)
            return [[Found(self._cases[hit.id], hit.similarity, hit.vector) for hit in hits] for hits in answers]

    def add(self, cases: Sequence[Case]) -> int:
        """Return how many cases were new; when this returns they are on disk.

        Raises:
            InputError: an id is taken by another case.
            ToolError: the journal cannot be written.
        """
        with self._lock:
            taken = {case.id for case in self._seed}
            added = self._journal.append([case for case in cases if case.id not in taken])
            self._forget_index()
            self._read()
            return added

    def warm(self) -> None:
        """Open the index now, in a thread that nobody needs to wait for; a failure shows at the first query."""
        self._warming = threading.Thread(target=self._try_to_open, name="emer-memory", daemon=True)
        self._warming.start()

    def rebuild(self) -> None:
        """Throw the index away and build it again from the journal."""
        with self._lock:
            self._forget_index()
            drop_indexes(self._folder)
            self._read()
            self._opened()

    def close(self) -> None:
        """Let the index go, when it has been warmed. The memory can be used again and opens it anew."""
        if self._warming is not None:
            self._warming.join()
        with self._lock:
            self._forget_index()

    def _read(self) -> None:
        state = self._journal.read()
        self._cases = {case.id: case for case in (*self._seed, *state.cases)}
        self._digest = digest_of(self._cases.values())
        self._damaged = state.damaged

    def _opened(self) -> CaseIndex:
        if self._index is None:
            self._index = open_index(
                self._folder,
                self.cases,
                embedder=self._embedder,
                digest=self._digest,
                known=shipped_vectors(self._seed, self._embedder),
            )
        return self._index

    def _try_to_open(self) -> None:
        try:
            with self._lock:
                self._opened()
        except EmerError:
            return  # the first query tries again and says why

    def _forget_index(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None


def open_memory(folder: Path, embedder: Embedder | None = None, *, seed: Sequence[Case] | None = None) -> CaseMemory:
    """Return the memory of a folder, which need not exist; only the journal is read.

    Args:
        folder: where the user's journal and the index stand.
        embedder: makes the vectors; by default the encoder that is embedded in emer.
        seed: the cases to begin with; by default those that come with emer.

    Raises:
        ToolError: the journal is there and cannot be read.
    """
    return CaseMemory(folder, embedder or EncoderEmbedder(), seed_cases() if seed is None else seed)
