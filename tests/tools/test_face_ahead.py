"""Searching ahead changes nothing but the time: same boxes, same numbers, whatever search ends first."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from drawn_faces import ANNA, BEN, CLEO, Picture, Placed, scene

from emer.errors import ToolError
from emer.tools import face_ahead
from emer.tools.face import CascadeDetector, Face
from emer.tools.face_ahead import search_ahead
from emer.tools.face_watch import Watched, watch_faces
from emer.tools.playback import Frame


class Unsteady:
    """A detector that takes a random while."""

    def __init__(self) -> None:
        self._detector = CascadeDetector()

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        time.sleep(random.random() * 0.02)
        return self._detector.detect(picture, thorough=thorough)


@cache
def frames() -> tuple[Frame, ...]:
    """Two people who move, a cut, then one of them elsewhere with somebody new."""
    made = []
    for k in range(10):
        first = [Placed(ANNA, 100 + 2 * k, 110), Placed(BEN, 380 - 3 * k, 110)]
        second = [Placed(CLEO, 120, 120), Placed(ANNA, 400 - k, 110)]
        made.append(Frame(k * 0.25, scene(first if k < 6 else second, camera=(0, 0) if k < 6 else (30, 5))))
    return tuple(made)


@cache
def reference() -> Watched:
    return watch_faces(frames(), CascadeDetector())


@pytest.fixture(params=[1, 2])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(face_ahead, "usable_cores", lambda: request.param)
    return int(request.param)


def told(watched: Watched) -> list[object]:
    return [(track.number, track.sights, track.probabilities.tobytes()) for track in watched.tracks]


def test_people_and_numbers_are_the_same(cores: int) -> None:
    with search_ahead(frames(), Unsteady) as ahead:
        watched = watch_faces(ahead.frames, ahead.detector)
    assert told(watched) == told(reference())
    assert len(watched.tracks) == 3


def test_searches_run_at_the_same_time_on_detectors_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_ahead, "usable_cores", lambda: 2)
    both_search = threading.Barrier(2, timeout=20)

    class Meeting:
        def __init__(self) -> None:
            self.is_busy = False

        def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
            assert not self.is_busy
            self.is_busy = True
            both_search.wait()
            self.is_busy = False
            return [Face(float(picture[0, 0, 0]), 0, 10, 1)]

    pictures = [Frame(float(k), np.full((20, 20, 3), k, np.uint8)) for k in range(8)]
    with search_ahead(iter(pictures), Meeting) as ahead:
        found = [ahead.detector.detect(frame.image)[0].x for frame in ahead.frames]
    assert found == list(range(8))


def test_a_search_that_fails_fails_in_its_turn_and_frames_that_break_off_do_so(cores: int) -> None:
    class Failing:
        def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
            if picture[0, 0, 0] == 3:
                raise ToolError("frame 3")
            return []

    def breaking() -> Iterator[Frame]:
        for k in range(3):
            yield Frame(float(k), np.full((20, 20, 3), k, np.uint8))
        raise ToolError("no more")

    pictures = (Frame(float(k), np.full((20, 20, 3), k, np.uint8)) for k in range(8))
    seen: list[float] = []
    with pytest.raises(ToolError, match="frame 3"), search_ahead(pictures, Failing) as ahead:
        for frame in ahead.frames:
            ahead.detector.detect(frame.image)
            seen.append(frame.t_s)
    assert seen == [0, 1, 2]
    with pytest.raises(ToolError, match="no more"), search_ahead(breaking(), Failing) as ahead:
        list(ahead.frames)
