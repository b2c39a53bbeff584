"""The case journal: append-only JSON lines in segments, the truth from which everything else can be rebuilt.

Appends happen under an exclusive file lock, one `fsync` a batch. Readers take no lock: they read whole lines, and go
on where they stopped. A line that a killed writer left half written was never acknowledged; the next writer cuts it
off. Forgetting appends a line that is acknowledged at once, then writes the segments that held the case anew without
it, each replaced by one rename; a reader notices the new file and reads again. A killed compaction is redone by the
next that finds it undone.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from emer.errors import InputError, ToolError
from emer.memory.file_lock import locked, try_locked
from emer.memory.journal_lines import add_line, case_of, forget_line, parse
from emer.memory.journal_segment import Segment, opened_segments, replace_lines, write_at_end
from emer.schemas import Case

SEGMENT_BYTES = 16 << 20  # a full segment is left alone; the smaller, the less a forgotten case costs to remove


class Place(NamedTuple):
    """Where a line stands: the number of its segment, its first byte and its length with the newline."""

    segment: int
    start: int
    length: int


class Appended(NamedTuple):
    """What became of cases: those that were added, those that were there, those whose id another case has."""

    added: list[Case]
    known: list[Case]
    taken: list[Case]


class Journal:
    """The journal of one memory folder, which need not exist yet. Not for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder / "journal", folder / "journal.lock"
        self._n_resets = 0
        self._segments: dict[int, Segment] = {}
        self._empty()

    @property
    def keys(self) -> Mapping[str, int]:
        """The key of each case by its id, in the order in which they were added."""
        return self._keys

    @property
    def ids(self) -> Mapping[int, str]:
        """The id of each case by its key."""
        return self._ids

    @property
    def damaged(self) -> tuple[str, ...]:
        """The lines that cannot be read, as "SEGMENT:LINE"."""
        return tuple(self._damaged)

    @property
    def is_unfinished(self) -> bool:
        """Whether a forgotten case still stands in a segment, because its writer was killed."""
        return bool(self._dead)

    def digest(self) -> str:
        """Return the hex sha256 of the cases' keys in their order, the same however the journal came about."""
        return hashlib.sha256(b"".join(key.to_bytes(8) for key in self._ids)).hexdigest()

    @property
    def version(self) -> tuple[int, int]:
        """What changes whenever the cases that were read do."""
        return self._n_resets, self._n_lines

    def refresh(self) -> None:
        """Read what was written since the last time.

        Raises:
            ToolError: the journal is there and cannot be read.
        """
        try:
            segments = opened_segments(self._folder, self._segments)
            if segments is None:
                self.close()
                segments = opened_segments(self._folder, {}) or {}
            self._segments.update(segments)
            for segment in segments.values():
                for number, start, line in segment.new_lines():
                    self._take(line, Place(segment.number, start, len(line) + 1), number)
        except OSError as error:
            raise ToolError(f"the case journal {str(self._folder)!r} cannot be read: {error.strerror}") from error

    def case(self, key: int) -> Case | None:
        """Return a case that `keys` names; None if this version of emer cannot read it."""
        return case_of(self._line(key))

    def append(self, cases: Iterable[Case], *, refuse: bool = True) -> Appended:
        """Return what became of the cases; when this returns they are on disk.

        Args:
            cases: the batch, for which the disk is waited for once.
            refuse: whether one id that another case has refuses the batch; else such cases are left out.

        Raises:
            InputError: a case has the id of another case, and `refuse` is set.
            ToolError: the journal cannot be written.
        """
        with self._writing():
            lines: dict[str, bytes] = {}
            sorted_out = self._sort_out(cases, lines)
            if refuse and sorted_out.taken:
                id_ = sorted_out.taken[0].id
                raise InputError(f"case id {id_!r} is taken by another case; give this one an id of its own")
            self._write(lines.values())
        return sorted_out

    def forget(self, ids: Sequence[str]) -> int:
        """Return how many of the cases were there; when this returns nothing of them is left in the journal.

        Raises:
            ToolError: the journal cannot be written.
        """
        with self._writing():
            keys = [self._keys[id_] for id_ in dict.fromkeys(ids) if id_ in self._keys]
            self._write(forget_line(key) for key in keys)
            self._compact()
        return len(keys)

    def mend(self) -> None:
        """Finish what a killed writer began, if nobody else writes."""
        with try_locked(self._lock) as is_mine, contextlib.suppress(OSError):
            if is_mine:
                self.refresh()
                self._compact()

    def close(self) -> None:
        """Let the files go; the next `refresh` reads anew."""
        for segment in self._segments.values():
            segment.close()
        self._n_resets += 1
        self._empty()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._lock):
                self.refresh()
                self._compact()
                yield
        except OSError as error:
            raise ToolError(f"the case journal {str(self._folder)!r} cannot be written: {error.strerror}") from error

    def _sort_out(self, cases: Iterable[Case], lines: dict[str, bytes]) -> Appended:
        """Tell new cases from known and contradictory ones; the lines of the new ones go into `lines` by id."""
        found = Appended([], [], [])
        for case in cases:
            line = add_line(case)
            if case.id not in self._keys and case.id not in lines:
                lines[case.id] = line
                found.added.append(case)
            elif self._says_the_same(case.id, line, lines):
                found.known.append(case)
            else:
                found.taken.append(case)
        return found

    def _says_the_same(self, id_: str, line: bytes, lines: Mapping[str, bytes]) -> bool:
        there = lines[id_].rstrip() if id_ in lines else self._line(self._keys[id_])
        one, other = case_of(there), case_of(line.rstrip())
        return one is not None and other is not None and one == other.model_copy(update={"source": one.source})

    def _write(self, lines: Iterable[bytes]) -> None:
        text = b"".join(lines)
        if not text:
            return
        last = max(self._segments, default=1)
        if last in self._segments and self._segments[last].n_read > SEGMENT_BYTES:
            last += 1
        write_at_end(self._folder, last, text)
        self.refresh()

    def _compact(self) -> None:
        if not self._dead:
            return
        for number in sorted({place.segment for place in self._dead}):
            dead = {place.start for place in self._dead if place.segment == number}
            replace_lines(self._segments[number], dead)
        self.close()
        self.refresh()

    def _take(self, line: bytes, place: Place, number: int) -> None:
        self._n_lines += 1
        entry = parse(line)
        if entry is None:
            self._damaged.append(f"{place.segment}:{number}")
        elif entry.id is None:
            self._bury(entry.key)
        elif entry.id not in self._keys:
            self._keys[entry.id], self._ids[entry.key], self._places[entry.key] = entry.key, entry.id, place
        elif entry.key in self._ids:  # the same line once more: forgetting the case must not leave it behind
            self._dead.append(place)

    def _bury(self, key: int) -> None:
        id_ = self._ids.pop(key, None)
        if id_ is not None:
            del self._keys[id_]
            self._dead.append(self._places.pop(key))

    def _line(self, key: int) -> bytes:
        place = self._places[key]
        return self._segments[place.segment].read(place.start, place.length - 1)

    def _empty(self) -> None:
        self._segments.clear()
        self._keys: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._places: dict[int, Place] = {}
        self._dead: list[Place] = []
        self._damaged: list[str] = []
        self._n_lines = 0
