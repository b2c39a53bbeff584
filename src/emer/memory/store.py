"""The case memory: the cases that come with emer and the user's own, found again by likeness.

The journal is the truth; vectors and index can be made again from it. Opening reads the journal only; the index is
opened at the first query, or by `warm` in a thread, because importing Chroma takes most of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from emer.errors import EmerError, InputError
from emer.installation import command
from emer.memory.case_index import CaseIndex, Coverage, Told
from emer.memory.case_vectors import cues_vectors
from emer.memory.chroma_server import ServerIndex
from emer.memory.embedder import Embedder, EncoderEmbedder
from emer.memory.journal import Appended, Journal
from emer.memory.journal_lines import add_line, key_of
from emer.memory.nearest import Rated
from emer.memory.seed import seed_cases, shipped_vectors
from emer.memory.served_index import ServedIndex
from emer.memory.shards import LEAST
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_RECENT = 2_000  # cases that were read lately: the questions of one recall find many of them again


@dataclass(frozen=True)
class Found:
    """A case, the cosine of its cues with the query, -1..1, and its vector as `cues_vectors` makes it."""

    case: Case
    similarity: float
    vector: NDArray[np.float32] = field(repr=False, compare=False)


def _untold(what: str, n: int) -> None:
    """Tell nobody."""


class CaseMemory:
    """All cases of one memory folder; what other processes add or forget is seen at the next call.

    Safe to use from several threads, and by several processes at once.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, seed: Sequence[Case], server: ServerIndex | None = None
    ) -> None:
        self.folder, self._embedder = folder, embedder
        self._seed = {key_of(add_line(case)): case for case in seed}
        self._seed_ids = {case.id: key for key, case in self._seed.items()}
        self._journal = Journal(folder)
        here = (folder, embedder, self._seed_vectors)
        self._index = CaseIndex(*here) if server is None else ServedIndex(*here, server)
        self._lock = threading.RLock()
        self._warming: threading.Thread | None = None
        self._recent: dict[int, Case | None] = {}
        self._refresh()

    def __len__(self) -> int:
        return len(self._seed) + len(self._journal.keys)

    def __iter__(self) -> Iterator[Case]:
        """Yield all cases one at a time, those that come with emer first."""
        yield from self._seed.values()
        yield from self.own()

    @property
    def embedder(self) -> Embedder:
        """What makes the vectors of this memory."""
        return self._embedder

    @property
    def digest(self) -> str:
        """The digest of all cases, those that come with emer included, as "sha256:<hex>"."""
        with self._lock:
            seed = b"".join(key.to_bytes(8) for key in self._seed)
            return f"sha256:{sha256(seed + self._journal.digest().encode()).hexdigest()}"

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases at once; of a large memory take them one at a time by iterating over it."""
        return tuple(self)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user should know about this memory: lines that cannot be read, cases that were not compared."""
        with self._lock:
            damaged, n_missing = self._journal.damaged, self._index.n_missing
        told = []
        if damaged:
            lines = ", ".join(damaged[:10])
            told.append(f"the case journal has {len(damaged)} unreadable lines ({lines}), left out")
        if n_missing:
            mend = f"{command()} memory rebuild --missing"
            told.append(f"{n_missing} cases have no vector yet and were not compared; run: {mend}")
        if self._index.trouble is not None:
            what = f"the Chroma server {self._index.server} was not asked ({self._index.trouble})"
            told.append(f"{what}; cases were found from {self.folder} alone")
        return tuple(told)

    @property
    def server(self) -> str | None:
        """The address of the Chroma server that is asked; None where the index is that of the folder, or it is away."""
        return self._index.server if self._index.trouble is None else None

    def own(self) -> Iterator[Case]:
        """Yield the user's cases in the order in which they were added, one at a time."""
        with self._lock:
            self._refresh()
            keys = list(self._journal.ids)
        for key in keys:
            with self._lock:
                case = self._journal.case(key) if key in self._journal.ids else None
            if case is not None:
                yield case

    def get(self, id_: str) -> Case | None:
        """Return the case with this id; None when there is none."""
        with self._lock:
            self._refresh()
            return self._case(self._seed_ids.get(id_, self._journal.keys.get(id_, -1)))

    def query(self, probes: Sequence[Mapping[str, str]], n: int) -> list[list[Found]]:
        """Return the n most similar cases of each probe, best first, equals by id.

        Args:
            probes: cues in words by modality, as a case has them.
            n: how many cases are wanted for each.
        """
        return self.query_vectors(cues_vectors(probes, self._embedder), n)

    def query_vectors(self, vectors: NDArray[np.float32], n: int) -> list[list[Found]]:
        """Return the n most similar cases of each vector, float32 (m, d) as `cues_vectors` makes them, best first.

        Raises:
            ToolError: the journal cannot be read.
        """
        with self._lock:
            self._refresh()
            if not len(self) or n < 1 or not len(vectors):
                return [[] for _ in vectors]
            answers = self._index.query(self._journal, vectors, n)
            return [self._found(rated, n) for rated in answers]

    def sample(self, n: int) -> list[Found]:
        """Return at most n cases with their vectors, evenly from all that have one; their similarity is 1."""
        with self._lock:
            self._refresh()
            self._index.sync(self._journal)
            keys = [*self._seed, *self._journal.ids]
            known = self._index.vectors(keys[:: max(1, -(-len(keys) // n))])
            cases = ((self._case(key), vector) for key, vector in known.items())
            return [Found(case, 1.0, vector) for case, vector in cases if case is not None]

    def add(self, cases: Iterable[Case]) -> int:
        """Return how many cases were new; when this returns they are on disk, and the next query finds them.

        Raises:
            InputError: an id is taken by another case; none was added.
            ToolError: the journal cannot be written.
        """
        return len(self._append(cases, refuse=True).added)

    def admit(self, cases: Iterable[Case]) -> Appended:
        """Add the cases that can be added, and return what became of each; when this returns they are on disk.

        Raises:
            ToolError: the journal cannot be written.
        """
        return self._append(cases, refuse=False)

    def forget(self, ids: Sequence[str]) -> int:
        """Return how many of these cases were there; when this returns nothing of them is left on disk.

        Shards that held one of them are gone as well: call `catch_up` when the memory is large.

        Raises:
            InputError: a case comes with emer.
            ToolError: the journal or the index cannot be written.
        """
        for id_ in ids:
            if id_ in self._seed_ids:
                raise InputError(f"case {id_!r} comes with emer and cannot be forgotten; your own can")
        with self._lock:
            n = self._journal.forget(ids)
            self._recent.clear()
            self._index.erase(self._journal)
            return n

    def catch_up(self, told: Told = _untold, *, least: int = LEAST) -> None:
        """Bring the index to where the journal is: embed what has no vector, index what has no shard.

        Args:
            told: is called with "embed" or "index" and for how many more cases that was done.
            least: fewer cases than this are compared one by one instead.

        Raises:
            ToolError: nothing can be written there.
        """
        with self._lock:
            self._index.catch_up(self._journal, told, least=least)

    def rebuild(self, told: Told = _untold) -> None:
        """Throw vectors and index away and make them again from the journal."""
        with self._lock:
            self._index.drop()
            self.catch_up(told)

    def coverage(self) -> Coverage:
        """Return how far the index has come."""
        with self._lock:
            self._index.sync(self._journal)
            return self._index.coverage()

    def n_bytes(self) -> int:
        """Return what journal, vectors and index take on disk."""
        total = 0
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):  # removed meanwhile by another process
                total += path.stat().st_size if path.is_file() else 0
        return total

    def warm(self) -> None:
        """Open the index now, in a thread that nobody needs to wait for; a failure shows at the first query."""
        self._warming = threading.Thread(target=self._try_to_open, name="emer-memory", daemon=True)
        self._warming.start()

    def close(self) -> None:
        """Let the index go, when it has been warmed. The memory can be used again and opens it anew."""
        if self._warming is not None:
            self._warming.join()
        with self._lock:
            self._index.close()

    def _append(self, cases: Iterable[Case], *, refuse: bool) -> Appended:
        with self._lock:
            mine, theirs = [], Appended([], [], [])
            for case in cases:
                key = self._seed_ids.get(case.id)
                if key is None:
                    mine.append(case)
                elif self._seed[key] == case:
                    theirs.known.append(case)
                elif refuse:
                    raise InputError(f"case id {case.id!r} is taken by a case that comes with emer; choose another id")
                else:
                    theirs.taken.append(case)
            done = self._journal.append(mine, refuse=refuse)
            return Appended(done.added, done.known + theirs.known, done.taken + theirs.taken)

    def _refresh(self) -> None:
        self._journal.refresh()
        if self._journal.is_unfinished:
            self._journal.mend()

    def _case(self, key: int) -> Case | None:
        if key in self._seed or key not in self._journal.ids:
            return self._seed.get(key)
        if key not in self._recent:
            if len(self._recent) >= _RECENT:
                self._recent.clear()
            self._recent[key] = self._journal.case(key)
        return self._recent[key]

    def _found(self, rated: Sequence[Rated], n: int) -> list[Found]:
        cases = ((self._case(each.key), each) for each in rated)
        found = [Found(case, each.similarity, each.vector) for case, each in cases if case is not None]
        return sorted(found, key=lambda one: (-one.similarity, one.case.id))[:n]

    def _seed_vectors(self) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of the cases that come with emer, by key: shipped ones, and the others made now."""
        shipped = shipped_vectors(list(self._seed.values()), self._embedder)
        missing = {key: case for key, case in self._seed.items() if case.id not in shipped}
        made = dict(zip(missing, cues_vectors([one.cues for one in missing.values()], self._embedder), strict=True))
        return {key: made[key] if key in made else shipped[case.id] for key, case in self._seed.items()}

    def _try_to_open(self) -> None:
        try:
            with self._lock:
                self._refresh()
                self._index.warm(self._journal)
        except EmerError:
            return  # the first query tries again and says why


def open_memory(
    folder: Path,
    embedder: Embedder | None = None,
    *,
    seed: Sequence[Case] | None = None,
    server: ServerIndex | None = None,
) -> CaseMemory:
    """Return the memory of a folder, which need not exist; only the journal is read.

    Args:
        folder: where the user's journal and the index stand.
        embedder: makes the vectors; by default the encoder that is embedded in emer.
        seed: the cases to begin with; by default those that come with emer.
        server: a Chroma server that holds the index of the user's cases.

    Raises:
        ToolError: the journal is there and cannot be read.
    """
    return CaseMemory(folder, embedder or EncoderEmbedder(), seed_cases() if seed is None else seed, server)
