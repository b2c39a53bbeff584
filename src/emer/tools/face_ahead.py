"""Searches frames for faces before their turn, on the cores that are free; who is who is still told frame by frame.

The quick search of a frame depends on nothing but its picture, so it may run early and in any order. The tracker, which
gives a person the same number throughout, then finds it done. What comes out is the same as without.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from emer.tools.cores import usable_cores
from emer.tools.face import Face, FaceDetector, Picture

if TYPE_CHECKING:
    from emer.tools.media import Frame

MAX_WORKERS = 4
PER_WORKER = 2
"""Frames that are searched or wait searched, per worker: enough to keep it busy, few enough to be no memory."""


class Ahead(NamedTuple):
    """The frames in their order, and a detector that has already searched the next of them."""

    frames: Iterator[Frame]
    detector: FaceDetector


@contextmanager
def search_ahead(frames: Iterable[Frame], open_detector: Callable[[], FaceDetector]) -> Generator[Ahead]:
    """The frames and a detector that searches the next ones meanwhile; with one core both as they are.

    Args:
        frames: as they come from the clip; they are drawn from in the thread that draws from the result.
        open_detector: called once per worker, since a detector must not serve two threads at once.
    """
    n_workers = min(MAX_WORKERS, usable_cores())
    if n_workers < 2:
        yield Ahead(iter(frames), open_detector())
        return
    idle: SimpleQueue[FaceDetector] = SimpleQueue()
    for _ in range(n_workers):
        idle.put(open_detector())
    with ThreadPoolExecutor(n_workers, thread_name_prefix="emer-face-ahead") as pool:
        searches: deque[_Search] = deque()
        try:
            yield Ahead(_drawn(iter(frames), searches, pool, idle), _SearchedAhead(open_detector(), searches))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Search(NamedTuple):
    frame: Frame
    found: Future[list[Face]]


def _drawn(
    frames: Iterator[Frame], searches: deque[_Search], pool: ThreadPoolExecutor, idle: SimpleQueue[FaceDetector]
) -> Iterator[Frame]:
    """Each frame when its turn comes; the search of those after it has begun."""
    ahead = PER_WORKER * min(MAX_WORKERS, usable_cores())

    def search(picture: Picture) -> list[Face]:
        detector = idle.get()
        try:
            return detector.detect(picture)
        finally:
            idle.put(detector)

    def begin(n: int) -> None:
        searches.extend(_Search(frame, pool.submit(search, frame.image)) for frame in islice(frames, n))

    begin(ahead)
    while searches:
        yield searches[0].frame
        searches.popleft().found.cancel()  # not needed if a thorough search took its place
        begin(1)


class _SearchedAhead:
    """A detector that takes the quick search of the frame whose turn it is from those that were begun before."""

    def __init__(self, detector: FaceDetector, searches: deque[_Search]):
        self._detector = detector
        self._searches = searches

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        """The faces of an RGB picture, best first."""
        if not thorough and self._searches and self._searches[0].frame.image is picture:
            return self._searches[0].found.result()
        return self._detector.detect(picture, thorough=thorough)
