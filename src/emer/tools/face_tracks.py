"""Which face of one sampled frame is which of the frames before: the same number for the same person.

A face continues somebody by place and looks together: near where she was, fairly alike is enough; anywhere else (after
a cut, or long out of view) only very alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.face import Face, FaceDetector, overlap
from emer.tools.face_looks import Look, frame_look, look, mixed, similarity

Picture = NDArray[np.uint8]

START_SCORE = 0.3
"""Least detection score that may start somebody; a weaker face may only go on (as in ByteTrack, Zhang et al. 2022)."""
REACH = 1.0
"""Face widths that a face may move between two sampled frames, and for every second that it was hidden."""
PATIENCE_S = 2.0
"""Seconds that a hidden face is expected back where it was."""
ALIKE_NEXT, ALIKE_NEAR, ALIKE_FAR = 0.72, 0.8, 0.87
"""Least similarity of colours to be the same person: there a frame ago, hidden for a while, anywhere."""
SAME_PATTERN = 0.85
"""Correlation of two faces' grey patterns at one place that makes up for colours, as under a flash light."""
CUT_SIMILARITY = 0.8
"""Similarity of two frames' histograms below which the shot has changed."""
MEMORY = 64
"""People kept in mind, those seen last: a long film must not become slower and slower."""
LOOK_RATE = 0.2
"""Share of a new look in the running mean of a person's looks."""


class _Seen(NamedTuple):
    face: Face
    look: Look


@dataclass(frozen=True)
class _Person:
    """Somebody as the tracker knows her: number, last face, looks, when and in which shot she was last seen."""

    number: int
    face: Face
    look: Look
    seen_s: float
    shot: int
    visible: bool = True


class Tracker:
    """Follows faces over the sampled frames of one clip, in order."""

    def __init__(self, detector: FaceDetector) -> None:
        """A tracker that has seen nothing yet."""
        self._detector = detector
        self._people: list[_Person] = []
        self._n_people = 0
        self._frame: NDArray[np.float32] | None = None
        self._shot = 0
        self._searched_s, self._searched_shot = -np.inf, -1

    @property
    def shot(self) -> int:
        """Number of the shot that the last frame belongs to, from 0."""
        return self._shot

    def follow(self, t_s: float, picture: Picture) -> list[tuple[int, Face]]:
        """Who is visible in the next frame, and where: (number, face) in the order of the numbers."""
        frame = frame_look(picture)
        self._shot += self._frame is not None and similarity(frame, self._frame) < CUT_SIMILARITY
        self._frame = frame
        faces = self._detector.detect(picture, thorough=self._is_due(t_s))
        found = self._matched(t_s, [_Seen(face, look(picture, face)) for face in faces])
        found |= self._found_again(picture, found)
        self._remember(t_s, found)
        return [(number, seen.face) for number, seen in sorted(found.items())]

    def _is_due(self, t_s: float) -> bool:
        """Whether to search thoroughly now.

        In a new shot, but at most twice a second; else every two seconds, or every ten while somebody is in view.
        """
        visible = any(person.visible for person in self._people)
        wait_s = 0.5 if self._searched_shot != self._shot else 10.0 if visible else 2.0
        is_due = t_s - self._searched_s >= wait_s
        if is_due:
            self._searched_s, self._searched_shot = t_s, self._shot
        return is_due

    def _matched(self, t_s: float, seen: Sequence[_Seen]) -> dict[int, _Seen]:
        """Number of each face: the likeliest pairs first, then new numbers from left to right."""
        pairs = [
            (cost, person.number, index)
            for person in self._people
            for index, one in enumerate(seen)
            if (cost := self._cost(person, one, t_s)) is not None
        ]
        numbers: dict[int, int] = {}
        for _, number, index in sorted(pairs):
            if index not in numbers and number not in numbers.values():
                numbers[index] = number
        new = [index for index, one in enumerate(seen) if index not in numbers and one.face.score >= START_SCORE]
        for index in sorted(new, key=lambda index: seen[index].face):
            numbers[index] = self._n_people
            self._n_people += 1
        return {number: seen[index] for index, number in numbers.items()}

    def _cost(self, person: _Person, seen: _Seen, t_s: float) -> float | None:
        """How unlikely it is that the face is this person's; None if it cannot be."""
        colours = similarity(seen.look.colours, person.look.colours)
        gap, hidden_s = _gap(person.face, seen.face), t_s - person.seen_s
        same_pattern = gap < 0.5 and float(seen.look.pattern @ person.look.pattern) >= SAME_PATTERN
        here = person.shot == self._shot and hidden_s <= PATIENCE_S and gap <= REACH * max(1.0, hidden_s)
        least = (ALIKE_NEXT if person.visible else ALIKE_NEAR) if here else ALIKE_FAR
        if colours < least and not (same_pattern and hidden_s <= PATIENCE_S):
            return None
        if not here and seen.face.score < START_SCORE:
            return None
        return 2 * (1 - colours) + 0.3 * min(gap, 2.0)

    def _found_again(self, picture: Picture, found: Mapping[int, _Seen]) -> dict[int, _Seen]:
        """People of the last frame whom the search missed, looked for once more around where they were."""
        again: dict[int, _Seen] = {}
        for person in self._people:
            if not person.visible or person.shot != self._shot or person.number in found:
                continue
            taken = [seen.face for seen in (*found.values(), *again.values())]
            face = _search_around(self._detector, picture, person.face, taken)
            if face is not None:
                seen = _Seen(face, look(picture, face))
                if similarity(seen.look.colours, person.look.colours) >= ALIKE_NEXT:
                    again[person.number] = seen
        return again

    def _remember(self, t_s: float, found: Mapping[int, _Seen]) -> None:
        known = {person.number: person for person in self._people}
        gone = [replace(person, visible=False) for person in self._people if person.number not in found]
        here = [
            _Person(number, seen.face, _followed(known.get(number), seen.look), t_s, self._shot)
            for number, seen in sorted(found.items())
        ]
        self._people = [*gone, *here][-max(MEMORY, len(here)) :]


def _followed(person: _Person | None, new: Look) -> Look:
    return new if person is None else mixed(person.look, new, LOOK_RATE)


def _gap(one: Face, other: Face) -> float:
    """Distance of two faces in face widths, the change of size counted in."""
    width = max(one.side, other.side)
    distance = np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]) / width
    return float(distance + abs(np.log(one.side / other.side)))


def _search_around(detector: FaceDetector, picture: Picture, face: Face, taken: Iterable[Face]) -> Face | None:
    """The face again, in the neighbourhood of where it was, at a size that makes the search cheap."""
    import cv2

    reach, zoom = face.side * 0.6, 72 / face.side
    left, top = max(int(face.x - reach), 0), max(int(face.y - reach), 0)
    patch = picture[top : max(int(face.y + face.side + reach), 0), left : max(int(face.x + face.side + reach), 0)]
    if min(patch.shape[:2]) * zoom < 24:
        return None
    small = cv2.resize(patch, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR)
    hits = detector.detect(np.asarray(small, np.uint8), thorough=True)
    near = [Face(left + hit.x / zoom, top + hit.y / zoom, hit.side / zoom, hit.score / 2) for hit in hits]
    blocked = list(taken)
    return next((one for one in near if _gap(one, face) < REACH and all(overlap(one, b) < 0.1 for b in blocked)), None)
