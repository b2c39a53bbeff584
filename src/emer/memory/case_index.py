"""Finding cases by likeness: the vectors of all cases and the shards over them, kept in step with the journal.

Everything here can be thrown away and made again from the journal. Who holds the lock of the index adds what is
missing and removes what was forgotten; who does not reads what is there, and embeds the newest of the rest for itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from emer.errors import ToolError
from emer.memory import shards
from emer.memory.case_vectors import LAYOUT, cues_vectors
from emer.memory.embedder import Embedder
from emer.memory.file_lock import locked, try_locked
from emer.memory.journal import Journal
from emer.memory.nearest import Answer, Rated, most_alike
from emer.memory.vector_log import VectorLog, make_log

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AT_ONCE = 64  # a question waits for no more cases than this to be embedded
_CHUNK = 128  # cases that are embedded between two looks at the progress
_KEPT = 2  # vectors of another embedder are kept a while: another process may still read them


Told = Callable[[str, int], None]


class Coverage(NamedTuple):
    """How far the index has come: cases with a vector, those of them in a shard, and those without a vector."""

    n_vectors: int
    n_sharded: int
    n_missing: int
    n_shards: int


class CaseIndex:
    """The index of one memory folder. Not for several threads at once.

    Args:
        folder: where the index stands; if nothing can be written there, vectors are made and kept in memory.
        embedder: makes the vectors; its name and version are part of the index's identity.
        fixed: gives vectors that are always there, by key: those of the cases that come with emer. Asked for once.
    """

    def __init__(self, folder: Path, embedder: Embedder, fixed: Callable[[], dict[int, NDArray[np.float32]]]) -> None:
        mark = hashlib.sha256(f"{embedder.name} {embedder.version} {LAYOUT}".encode()).hexdigest()[:8]
        self._folder, self._place, self._lock = folder, folder / f"index-{mark}", folder / "index.lock"
        self._embedder, self._fixed = embedder, cache(fixed)
        self._held: dict[int, NDArray[np.float32]] = {}  # vectors of this process alone
        self._unreadable: set[int] = set()
        self._log: VectorLog | None = None
        self._row_of: dict[int, int] = {}
        self._dead: list[int] = []
        self._missing: list[int] = []
        self._places: dict[Path, shards.Rows] = {}
        self._has_leftovers = False
        self._shards: dict[Path, shards.Shard] = {}
        self._seen: object = None
        self.server: str | None = None  # the address of the Chroma server that is asked, where there is one
        self.trouble: str | None = None  # why it is not asked

    def sync(self, journal: Journal) -> None:
        """Take in what was written and forgotten since the last time, as far as a question may wait for it."""
        if not self._look(journal):
            return
        with try_locked(self._lock) as is_mine:
            try:
                if is_mine:
                    self._look(journal)
                    self._write_next(journal, AT_ONCE)
                    self._remove_dead()
            except OSError:  # nothing can be written there
                is_mine = False
        if not is_mine:
            self._hold_newest(journal)

    def catch_up(self, journal: Journal, told: Told, *, least: int = shards.LEAST) -> None:
        """Bring vectors and shards to where the journal is, waiting for whoever does so now.

        Args:
            journal: the truth.
            told: is told what is done ("embed" or "index"), and how many more cases that was done for.
            least: fewer rows than this stay without a shard.

        Raises:
            ToolError: nothing can be written there, or Chroma does not build.
        """
        with self._writing():
            self._look(journal)
            self._erase_torn(shards.uncovered(len(self._log or ()), self._places.values()))
            self._look(journal)
            while self._missing:
                told("embed", self._write_next(journal, _CHUNK))
            self._look(journal)
            self._remove_dead()
            if self._log is not None:
                self._close_shards()
                shards.grow(self._log, least=least, told=lambda n: told("index", n))
            self._seen = None

    def query(self, journal: Journal, vectors: NDArray[np.float32], n: int) -> list[list[Rated]]:
        """Return the nearest cases of each row, best first.

        Similarities are computed from the stored vectors and rounded to six places: they do not depend on which shard
        proposed a case. What cannot be read is mended on the way.
        """
        self.sync(journal)
        found = self._asked(vectors, n)
        if found.is_torn and self._log is not None:
            with try_locked(self._lock) as is_mine, contextlib.suppress(OSError):
                if is_mine:
                    self._erase_torn([shards.Rows(0, len(self._log))])  # one is seldom alone
            self.sync(journal)
            found = self._asked(vectors, n)
        return found.rated

    def vectors(self, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of those of the cases that have one, by key, as of the last `sync`."""
        found = {**self._fixed(), **self._held}
        found = {key: found[key] for key in keys if key in found}
        stored = [key for key in keys if key in self._row_of]
        if self._log is not None:
            rows, good = self._log.gather([self._row_of[key] for key in stored])
            found |= {key: row for key, row, is_good in zip(stored, rows, good, strict=True) if is_good}
        return found

    def warm(self, journal: Journal) -> None:
        """Take in what is new and open the shards, so that the first question need not."""
        self.sync(journal)
        self._fixed()
        self._opened_shards()

    def coverage(self) -> Coverage:
        """Return how far the index has come, as of the last `sync`."""
        n_sharded = sum(
            1 for row in self._row_of.values() if any(row in range(*rows) for rows in self._places.values())
        )
        return Coverage(len(self._row_of), n_sharded, self.n_missing, len(self._places))

    @property
    def n_missing(self) -> int:
        """How many cases have no vector, as of the last `sync`: they are not compared."""
        return len(self._missing) - len(self._held)

    def erase(self, journal: Journal) -> None:
        """Remove what was forgotten, waiting for whoever writes now; what other embedders made goes altogether.

        Raises:
            ToolError: nothing can be written there.
        """
        with self._writing():
            self._look(journal)
            self._remove_dead()
            for other in set(self._folder.glob("index-*/")) - {self._place}:
                shutil.rmtree(other, ignore_errors=True)

    def drop(self) -> None:
        """Throw all vectors and shards of this embedder away, waiting for whoever writes them now.

        Raises:
            ToolError: nothing can be written there.
        """
        self.close()
        with self._writing():
            shutil.rmtree(self._place, ignore_errors=True)
        self._held.clear()

    def close(self) -> None:
        """Let the files go; the next `sync` opens them anew."""
        self._close_shards()
        if self._log is not None:
            self._log.close()
        self._log, self._seen = None, None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._lock):
                yield
        except OSError as error:
            raise ToolError(f"the case index in {str(self._folder)!r} cannot be written: {error.strerror}") from error

    def _look(self, journal: Journal) -> bool:
        """Read what is there; returns whether something is to be done. The vectors first: so each has its case."""
        if self._log is not None and not self._log.is_current:
            self.close()
        if self._log is None:
            with contextlib.suppress(ToolError):
                self._log = VectorLog(self._place)
        elif self._log.is_stale:
            self._log.refresh()
        journal.refresh()
        seen = (journal.version, len(self._log) if self._log is not None else 0)
        if seen != self._seen:
            self._compare(journal)
            self._seen = seen
        return bool(self._dead) or self._has_leftovers or any(key not in self._held for key in self._missing[-AT_ONCE:])

    def _compare(self, journal: Journal) -> None:
        keys = self._log.keys.tolist() if self._log is not None else []
        ids = journal.ids
        self._row_of = {key: row for row, key in enumerate(keys) if key in ids}
        self._dead = [row for row, key in enumerate(keys) if key and self._row_of.get(key) != row]
        self._missing = [key for key in ids if key not in self._row_of and key not in self._unreadable]
        self._held = {key: self._held[key] for key in self._missing if key in self._held}
        self._places = shards.shard_places(self._log) if self._log is not None else {}
        self._has_leftovers = self._log is not None and shards.has_leftovers(self._log)

    def _write_next(self, journal: Journal, n: int) -> int:
        """Write vectors of the newest cases that have none; needs the lock. Returns how many cases were dealt with."""
        import numpy as np

        keys = self._missing[-n:]
        found = self._embedded(journal, keys)
        if found:
            vectors = np.stack(list(found.values()))
            log = self._log if self._log is not None else self._made(vectors.shape[1])
            start = len(log)
            log.append(list(found), vectors)
            self._row_of.update(zip(found, range(start, len(log)), strict=True))
            for key in found:
                self._held.pop(key, None)
        self._missing = self._missing[: len(self._missing) - len(keys)]
        self._seen = (journal.version, len(self._log) if self._log is not None else 0)
        return len(keys)

    def _hold_newest(self, journal: Journal) -> None:
        newest = [key for key in self._missing[-AT_ONCE:] if key not in self._held]
        self._held.update(self._embedded(journal, newest))

    def _embedded(self, journal: Journal, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        cases = {key: case for key in keys if (case := journal.case(key)) is not None}
        self._unreadable.update(set(keys) - set(cases))
        return dict(zip(cases, cues_vectors([case.cues for case in cases.values()], self._embedder), strict=True))

    def _made(self, width: int) -> VectorLog:
        self._folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._place, ignore_errors=True)  # what stands there does not open
        for left in self._folder.glob("making-*"):
            shutil.rmtree(left, ignore_errors=True)
        others = sorted(self._folder.glob("index-*/"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for other in others[_KEPT - 1 :]:
            shutil.rmtree(other, ignore_errors=True)
        facts = {"embedder": self._embedder.name, "version": self._embedder.version, "layout": LAYOUT}
        self._log = make_log(self._place, width=width, facts=facts)
        return self._log

    def _erase_torn(self, ranges: Iterable[shards.Rows]) -> None:
        """Erase the rows that are not what was written, so that they count as missing; needs the lock."""
        torn = [row for rows in ranges for row in self._log.torn_rows(*rows)] if self._log is not None else []
        if torn and self._log is not None:
            self._log.erase(torn)
            self._seen = None

    def _remove_dead(self) -> None:
        """Erase the vectors of forgotten cases and drop the shards that held them; needs the lock."""
        if self._log is not None and (self._dead or self._has_leftovers):
            self._log.erase(self._dead)
            self._close_shards()
            self._places = shards.sweep(self._log)
            self._dead, self._has_leftovers = [], False

    def _asked(self, vectors: NDArray[np.float32], n: int) -> Answer:
        held = {**self._fixed(), **self._held}
        for _ in range(2):
            try:
                opened = self._opened_shards()
                return most_alike(vectors, n + len(self._dead), log=self._log, shards=opened, held=held)
            except ToolError:  # another process dropped the shard, or its files are torn
                self._close_shards()
        return most_alike(vectors, n + len(self._dead), log=self._log, shards=(), held=held)

    def _opened_shards(self) -> list[shards.Proposer]:
        for place, rows in list(self._places.items()):
            if place not in self._shards:
                try:
                    self._shards[place] = shards.Shard(place, rows)
                except ToolError:
                    del self._places[place]
                    with try_locked(self._lock) as is_mine:
                        if is_mine:
                            shutil.rmtree(place, ignore_errors=True)
        return [shard for place, shard in self._shards.items() if place in self._places]

    def _close_shards(self) -> None:
        for shard in self._shards.values():
            shard.close()
        self._shards = {}
