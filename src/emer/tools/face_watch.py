"""Everybody's face over a whole clip: where it was, how it moved, and what its readers say of it, frame by frame.

Frames are looked at once, in order, and only numbers are kept, so memory does not grow with the pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.face import Face, FaceDetector
from emer.tools.face_readers import EMBEDDED
from emer.tools.face_reading import Crop, FaceReader
from emer.tools.face_tracks import Tracker
from emer.tools.face_units import UnitReader
from emer.tools.head_motion import Box, Flow, Motion
from emer.tools.mouth import mouth_motion

if TYPE_CHECKING:
    from emer.tools.media import Frame

Picture = NDArray[np.uint8]

BATCH = 32
"""Crops that wait for the network: it is faster on several at once."""
STILL_SCORE, TWICE_SCORE, ONCE_SCORE = 0.3, 0.5, 0.9
"""Best detection score that somebody must reach to count: in a still picture, seen at least twice, seen once."""


class Sight(NamedTuple):
    """One person in one sampled frame.

    `box` is x, y, width, height relative to the picture; `width_px` the face's width in the picture as it was read;
    `score` the detector's (0..1); `sharpness` the variance of the Laplacian of the face at 48 pixels, in squared greys;
    `mouth` how much the mouth moved since the sampled frame before (see `mouth_motion`).
    """

    t_s: float
    box: tuple[float, float, float, float]
    width_px: float
    score: float
    sharpness: float
    motion: Motion | None
    mouth: float | None = None


@dataclass(frozen=True)
class Track:
    """One person over the clip. The arrays have one row per sight.

    `units` (n, units) are action units, 0-5, NaN where their reader saw no face; None where nothing reads them.
    """

    number: int
    sights: tuple[Sight, ...]
    probabilities: NDArray[np.float32]
    valence: NDArray[np.float32]
    arousal: NDArray[np.float32]
    units: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Watched:
    """The people of a clip, numbered from 1 by first appearance and then from left to right."""

    tracks: tuple[Track, ...]
    n_frames: int
    step_s: float
    end_s: float


@dataclass(frozen=True)
class Readers:
    """Who reads the faces: one reader of expressions, and one of action units where there is one."""

    expression: FaceReader
    units: UnitReader | None = None


_EMBEDDED = Readers(EMBEDDED)
_GREY = EMBEDDED.card.crop
"""The crop of the embedded reader, of which the sharpness is measured whoever reads."""


@dataclass
class _Growing:
    sights: list[Sight] = field(default_factory=list)
    readings: list[NDArray[np.float32]] = field(default_factory=list)
    units: list[NDArray[np.float32]] = field(default_factory=list)


class _Waiting(NamedTuple):
    """A person's face cut out for each reader."""

    number: int
    expression: Picture
    units: Picture | None = None


class _Previous(NamedTuple):
    picture: Picture
    shot: int
    faces: dict[int, Face]


def watch_faces(
    frames: Iterable[Frame], detector: FaceDetector, *, readers: Readers = _EMBEDDED, still: bool = False
) -> Watched:
    """The faces of all frames; a `still` picture needs no second sighting, but a better score.

    Returns:
        Tracks of everybody who was seen twice or once with certainty; none if nobody was.
    """
    tracker = Tracker(detector)
    crops = [reader.card.crop for reader in (readers.expression, readers.units) if reader is not None]
    people: dict[int, _Growing] = {}
    waiting: list[_Waiting] = []
    times: list[float] = []
    previous: _Previous | None = None
    for frame in frames:
        times.append(frame.t_s)
        seen = dict(tracker.follow(frame.t_s, frame.image))
        motions = _motions(previous, frame.image, tracker.shot, seen)
        for number, face in seen.items():
            grey = _crop(frame.image, face, _GREY)
            sight = _sight(frame, face, grey, motions.get(number))
            mouth = _mouth(previous, frame.image, number) if number in motions else None
            people.setdefault(number, _Growing()).sights.append(sight._replace(mouth=mouth))
            cut = [grey if crop == _GREY else _crop(frame.image, face, crop) for crop in crops]
            waiting.append(_Waiting(number, *cut))
        if len(waiting) >= BATCH:
            waiting = _read(waiting, people, readers)
        previous = _Previous(frame.image, tracker.shot, seen)
    _read(waiting, people, readers)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    certain = [person for _, person in sorted(people.items()) if _is_certain(person, still)]
    certain.sort(key=lambda person: (person.sights[0].t_s, person.sights[0].box[0]))
    tracks = tuple(_track(number, person) for number, person in enumerate(certain, start=1))
    return Watched(tracks, len(times), step, times[-1] + step if times else 0.0)


def _is_certain(person: _Growing, still: bool) -> bool:
    least = STILL_SCORE if still else TWICE_SCORE if len(person.sights) >= 2 else ONCE_SCORE
    return max(sight.score for sight in person.sights) >= least


def _motions(
    previous: _Previous | None, picture: Picture, shot: int, seen: dict[int, Face]
) -> dict[int, Motion | None]:
    if previous is None or previous.shot != shot or previous.picture.shape != picture.shape:
        return {}
    both = [number for number in seen if number in previous.faces]
    if not both:
        return {}
    pairs = [(_box(previous.faces[number]), _box(seen[number])) for number in both]
    return dict(zip(both, Flow(previous.picture, picture).heads(pairs), strict=True))


def _mouth(previous: _Previous | None, picture: Picture, number: int) -> float | None:
    return None if previous is None else mouth_motion(previous.picture, picture, _box(previous.faces[number]))


def _box(face: Face) -> Box:
    return Box(face.x, face.y, face.side, face.side)


def _sight(frame: Frame, face: Face, grey: Picture, motion: Motion | None) -> Sight:
    import cv2

    height, width = frame.image.shape[:2]
    left, top = max(face.x / width, 0.0), max(face.y / height, 0.0)
    right, bottom = min((face.x + face.side) / width, 1.0), min((face.y + face.side) / height, 1.0)
    # 48 pixels for every face, so that sharpness can be compared between sizes
    sharpness = float(cv2.Laplacian(cv2.resize(grey, (48, 48), interpolation=cv2.INTER_AREA), cv2.CV_64F).var())
    return Sight(frame.t_s, (left, top, right - left, bottom - top), face.side, face.score, sharpness, motion)


def _crop(picture: Picture, face: Face, crop: Crop) -> Picture:
    """The face as a reader wants it; where it leaves the picture, the border is repeated."""
    import cv2

    side = max(face.side * (1 + 2 * crop.margin), 1.0)
    x, y = face.centre[0] - side / 2, face.centre[1] - side / 2
    columns = np.clip(np.arange(round(x), round(x + side)), 0, picture.shape[1] - 1)
    rows = np.clip(np.arange(round(y), round(y + side)), 0, picture.shape[0] - 1)
    cut = np.ascontiguousarray(picture[rows[:, None], columns])
    cut = cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY) if crop.is_grey else cut
    if max(cut.shape[:2]) > crop.side_px:
        cut = cv2.resize(cut, (crop.side_px, crop.side_px), interpolation=cv2.INTER_AREA)
    return np.asarray(cut, np.uint8)


def _read(waiting: list[_Waiting], people: dict[int, _Growing], readers: Readers) -> list[_Waiting]:
    """Nothing left to wait: every face was read and its numbers given to its person."""
    if waiting:
        reading = readers.expression.read([one.expression for one in waiting])
        rows = np.column_stack([reading.probabilities, reading.valence, reading.arousal])
        for one, row in zip(waiting, rows, strict=True):
            people[one.number].readings.append(row)
    if waiting and readers.units is not None:
        levels = readers.units.read([one.units for one in waiting if one.units is not None])
        for one, row in zip(waiting, levels, strict=True):
            people[one.number].units.append(row)
    return []


def _track(number: int, person: _Growing) -> Track:
    rows = np.stack(person.readings)
    units = np.stack(person.units) if person.units else None
    return Track(number, tuple(person.sights), rows[:, :-2], rows[:, -2], rows[:, -1], units)
