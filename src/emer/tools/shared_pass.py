"""One forward pass over something costly, read by several threads at the same time and made only once.

There is no thread behind it: the reader that is ahead makes the next item while the others wait for it or work. A
few items are kept. Before the oldest is let go, its slowest reader is waited for, but not for ever: a reader that
is hung, or that came when the beginning was gone, makes a pass of its own.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from emer.errors import ToolError

T = TypeVar("T")
_LOOK_AGAIN_S = 0.5  # how soon it is noticed that the thread that is waited for has died


class SharedPass(Generic[T]):
    """Gives any number of readers the items of `start()`, which is called once as long as the readers keep up.

    `n_kept` items are kept; a slow reader is waited for `patience_s` seconds at most, and one that has not come yet
    until `grace_s` seconds after the beginning.
    """

    def __init__(
        self, start: Callable[[], Iterator[T]], *, n_kept: int = 2, patience_s: float = 30.0, grace_s: float = 0.0
    ):
        self.start = start
        self._n_kept = n_kept
        self._patience_s = patience_s
        self._grace_ends_at = time.monotonic() + grace_s
        self._changed = threading.Condition()
        self._source: Iterator[T] | None = None
        self._kept: deque[T] = deque()
        self._first = 0  # the number of the oldest item that is kept
        self._readers: weakref.WeakSet[Reader[T]] = weakref.WeakSet()  # a dropped reader holds nobody up
        self._is_making = False
        self._is_done = False
        self._error: Exception | None = None
        self.is_closed = False

    def reader(self) -> Reader[T]:
        """A new reader, which from now on holds its place at the beginning."""
        with self._changed:
            reader = Reader(self)
            self._readers.add(reader)
            return reader

    def close(self) -> None:
        """Ends the pass; a reader that still asks gets a ToolError."""
        with self._changed:
            self.is_closed = True
            self._kept.clear()
            if not self._is_making:
                self._end_source()
            self._changed.notify_all()

    def leave(self, reader: Reader[T]) -> None:
        """Forgets a reader, so that nobody waits for it."""
        with self._changed:
            self._readers.discard(reader)
            self._changed.notify_all()

    def take(self, reader: Reader[T]) -> T:
        """The item at the reader's place, made now if need be.

        Raises:
            StopIteration: there are no more.
            LookupError: the item is gone; the reader must make its own pass.
        """
        while True:
            with self._changed:
                if not self._must_make(reader):
                    item = self._kept[reader.place - self._first]
                    reader.step()
                    self._changed.notify_all()
                    return item
            self._make()

    def _must_make(self, reader: Reader[T]) -> bool:
        """Waits until the reader's item is kept (False) or is the reader's to make (True, and `_is_making` is set)."""
        while True:
            self._check_open()
            if reader.place < self._first:
                raise LookupError(reader.place)
            if reader.place < self._first + len(self._kept):
                return False
            if self._is_done:
                raise self._error or StopIteration
            wait_s = self._wait_s(reader)
            if not self._is_making and wait_s <= 0:
                self._is_making = True
                return True
            self._changed.wait(None if self._is_making else min(wait_s, _LOOK_AGAIN_S))

    def _wait_s(self, reader: Reader[T]) -> float:
        """How long the oldest item must still be kept for those who have not had it; 0 if it may go."""
        if len(self._kept) < self._n_kept:
            return 0.0
        behind = [r for r in self._readers if r is not reader and r.place <= self._first and r.is_elsewhere()]
        until = [r.moved_at + self._patience_s for r in behind]
        if self._first == 0:
            until.append(self._grace_ends_at)
        return max(until, default=0.0) - time.monotonic()

    def _make(self) -> None:
        items: list[T] = []
        error: BaseException | None = None
        try:
            if self._source is None:
                self._source = self.start()
            items = [next(self._source)]
        except BaseException as raised:
            error = raised
        with self._changed:
            self._is_making = False
            self._kept.extend(items)
            while len(self._kept) > self._n_kept:
                self._kept.popleft()
                self._first += 1
            if error is not None:
                self._is_done = True
                self._error = _lasting(error)
            if self.is_closed:
                self._kept.clear()
                self._end_source()
            self._changed.notify_all()
        if error is not None and not isinstance(error, Exception):
            raise error

    def _end_source(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        self._source = None

    def _check_open(self) -> None:
        if self.is_closed:
            raise _closed()


class Reader(Iterator[T]):
    """One consumer's place in a shared pass; dropping it or `close()` gives the place up."""

    def __init__(self, shared: SharedPass[T]):
        self._shared = shared
        self._own: Iterator[T] | None = None
        self._thread = threading.current_thread()
        self.place = 0
        self.moved_at = time.monotonic()

    def __iter__(self) -> Reader[T]:
        return self

    def __next__(self) -> T:
        self._thread = threading.current_thread()
        if self._own is None:
            try:
                return self._shared.take(self)
            except LookupError:
                self._shared.leave(self)
                self._own = islice(self._shared.start(), self.place, None)
            except BaseException:
                self._shared.leave(self)
                raise
        if self._shared.is_closed:
            self._own = iter(())
            raise _closed()
        return next(self._own)

    def __del__(self) -> None:
        self._shared.leave(self)

    def close(self) -> None:
        """Gives the place up; nothing more comes."""
        self._own = iter(())
        self._shared.leave(self)

    def step(self) -> None:
        """Moves on by one item."""
        self.place += 1
        self.moved_at = time.monotonic()

    def is_elsewhere(self) -> bool:
        """Whether another thread, still alive, reads here: only then does it help to wait."""
        return self._thread is not threading.current_thread() and self._thread.is_alive()


def _closed() -> ToolError:
    return ToolError("the clip was closed while it was still being read; keep the `with open_media(…)` block open")


def _lasting(error: BaseException) -> Exception | None:
    """The error that every reader gets at this place; None for the natural end."""
    if isinstance(error, StopIteration):
        return None
    return error if isinstance(error, Exception) else ToolError(f"decoding was interrupted: {error!r}")
