"""The case index with a Chroma server in place of the shards: many processes and machines ask one index.

The journal stays the truth, and the vectors stay beside it: the server only proposes cases, as a shard does, and
likeness is computed from the vectors here. So what is found is the same, and a server that is away, wiped, old or wrong
costs time and never a case: rows that it is not known to hold are compared one by one, all of them if need be.

A journal has one collection for each embedder, named by `identity`, a file beside it. Who holds the lock of the index
writes there, as in the folder. What is on the server is read when it is first asked, and again after it was away.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emer.errors import ToolError
from emer.files import write_atomically
from emer.installation import command
from emer.memory import shards
from emer.memory.case_index import AT_ONCE, CaseIndex, Coverage, Told
from emer.memory.chroma_server import BrokenError, GoneError, ServerIndex
from emer.memory.embedder import Embedder
from emer.memory.file_lock import try_locked
from emer.memory.journal import Journal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESTS_S = 30.0  # a server that did not answer is not asked for so long
_BATCH = 200
_SAMPLE = 32  # vectors that are compared with those here when a collection is opened
_SAME = 0.999  # in half precision a vector turns by less
_MOST_STALE = 500


@dataclass(frozen=True)
class _Served:
    """The server as a shard over the rows before the first that it is not known to hold."""

    rows: shards.Rows
    query: Callable[[NDArray[np.float32], int], list[list[int]]]


class ServedIndex(CaseIndex):
    """A `CaseIndex` that asks a server; while it is away the index of the folder does the work alone."""

    def __init__(
        self, folder: Path, embedder: Embedder, fixed: Callable[[], dict[int, NDArray[np.float32]]], server: ServerIndex
    ) -> None:
        super().__init__(folder, embedder, fixed)
        self._server, self.server = server, server.url
        self._identity = folder / "identity"
        self._there: set[int] | None = None  # the keys on the server, as far as this process knows
        self._n_usable = 0  # of them, those whose vector is here too
        self._brought: object = None
        self._resets = 0
        self._rests_until = 0.0
        self._served: _Served | None = None

    def sync(self, journal: Journal) -> None:
        """Take in what is new, and give the server its share of it, as far as a question may wait for it."""
        super().sync(journal)
        if self._brought is None or self._brought != self._seen:
            with try_locked(self._lock) as is_mine:
                self._bring(journal, AT_ONCE if is_mine else 0)

    def catch_up(self, journal: Journal, told: Told, *, least: int = shards.LEAST) -> None:
        """Bring vectors and server to where the journal is; no shard is built. See `CaseIndex.catch_up`."""
        super().catch_up(journal, told, least=sys.maxsize)
        with self._writing():
            self._look(journal)
            self._rests_until = 0.0
            self._bring(journal, sys.maxsize, told)

    def coverage(self) -> Coverage:
        """Return how far the index has come; what is on the server counts as indexed."""
        if self._served is None:
            return super().coverage()
        return Coverage(len(self._row_of), self._n_usable, self.n_missing, 1)

    def erase(self, journal: Journal) -> None:
        """Remove what was forgotten here and on the server.

        Raises:
            ToolError: nothing can be written there, or the server does not answer and still holds vectors.
        """
        super().erase(journal)
        with self._writing():
            self._look(journal)
            self._rests_until = 0.0
            self._bring(journal, AT_ONCE)
            if self.trouble is None:
                self._try(lambda: self._server.drop_others(self._prefix()))
        if self.trouble is not None:
            raise ToolError(
                f"the cases are forgotten in {str(self._folder)!r}, but their vectors may still be on the Chroma "
                f"server {self.server}: {self.trouble}. Once it answers, run: {command()} memory rebuild --missing"
            )

    def drop(self) -> None:
        """Throw vectors away here and on the server. See `CaseIndex.drop`."""
        super().drop()
        with self._writing():
            self._rests_until = 0.0
            self._try(self._drop_there)

    def close(self) -> None:
        """Let files and connections go; what is on the server is read anew at the next `sync`."""
        super().close()
        self._there = None
        self._server.close()

    def _bring(self, journal: Journal, most: int, told: Told = lambda what, n: None) -> None:
        """Make the server hold what the journal holds, at most so many more cases; without any, only look."""
        if time.monotonic() < self._rests_until:
            return

        def step() -> None:
            try:
                self._reconcile(journal, most, told)
            except BrokenError:
                if not most:
                    raise
                self._drop_there()
                self._there = None
                self._reconcile(journal, most, told)

        self._try(step)

    def _try(self, step: Callable[[], object]) -> None:
        """Do something on the server; if it fails, it is left alone for a while, and `trouble` says why."""
        try:
            step()
            self.trouble = None
        except (ToolError, OSError) as error:
            self._there, self._served, self._brought = None, None, None
            if not isinstance(error, GoneError):
                self._rests_until = time.monotonic() + RESTS_S
            self.trouble = str(error)

    def _drop_there(self) -> None:
        self._open(may_make=True)
        self._server.drop()

    def _open(self, *, may_make: bool) -> bool:
        """Choose the collection of this journal and embedder; returns whether there is one."""
        if not self._identity.exists():
            if not may_make:
                return False
            write_atomically(self._identity, secrets.token_hex(8).encode())
        self._server.open(self._prefix() + self._place.name.removeprefix("index-"))
        return True

    def _prefix(self) -> str:
        return f"emer-{self._identity.read_text(encoding='ascii').strip()}-"

    def _reconcile(self, journal: Journal, most: int, told: Told) -> None:
        if journal.version[0] != self._resets:  # something was forgotten, and may have been added again since
            self._there, self._resets = None, journal.version[0]
        if self._there is None:
            if not self._open(may_make=bool(most)):
                return
            self._there = self._checked(self._server.keys())
        there = self._there
        if most and there - journal.ids.keys():
            journal.refresh()  # what another process added just now is not stale
            self._server.remove(stale := there - journal.ids.keys())
            there -= stale
        missing = [(key, row) for key, row in self._row_of.items() if key not in there]
        for start in range(0, min(most, len(missing)), _BATCH):
            batch = dict(missing[start : min(start + _BATCH, most)])
            self._put(batch)
            told("index", len(batch))
        self._brought = self._seen if most >= len(missing) else None
        first = min((row for key, row in missing if key not in there), default=len(self._log or ()))
        self._n_usable = sum(key in there for key in self._row_of)
        self._served = _Served(shards.Rows(0, first), self._proposed) if first else None

    def _put(self, batch: dict[int, int]) -> None:
        assert self._log is not None and self._there is not None
        present = self._server.present(list(batch))  # another process may have been here
        wanted = [key for key in batch if key not in present]
        rows, good = self._log.gather([batch[key] for key in wanted])
        whole = [key for key, is_good in zip(wanted, good, strict=True) if is_good]
        if whole:
            self._server.put(whole, rows[good])
        self._there |= present | set(whole)

    def _checked(self, keys: set[int]) -> set[int]:
        """Return the keys, if a sample of their vectors is as it is here."""
        here = [key for key in keys if key in self._row_of]
        sample = self._server.vectors(here[:: max(1, len(here) // _SAMPLE)]) if here else {}
        ours = self.vectors(list(sample))
        for key, vector in sample.items():
            if key in ours and (len(vector) != len(ours[key]) or float(vector @ ours[key]) < _SAME * (vector @ vector)):
                raise BrokenError("it holds other vectors than those of the cases")
        return keys

    def _proposed(self, vectors: NDArray[np.float32], n: int) -> list[list[int]]:
        found: list[list[int]] = []

        def ask() -> None:
            there = self._there or set()
            n_there = self._server.count()
            if n_there < len(there):
                raise GoneError("it holds less than it did")
            n_stale = min(_MOST_STALE, n_there - self._n_usable)
            keys = self._server.nearest(vectors, min(n + n_stale, n_there))
            found.extend([self._row_of[key] for key in each if key in self._row_of] for each in keys)

        self._try(ask)
        if self.trouble is not None:
            raise ToolError(self.trouble)
        return found

    def _opened_shards(self) -> list[shards.Proposer]:
        return [self._served] if self._served is not None else super()._opened_shards()

    def _close_shards(self) -> None:
        super()._close_shards()
        self._served, self._brought = None, None
