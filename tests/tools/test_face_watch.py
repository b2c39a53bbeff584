from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from drawn_faces import ANNA, BEN, CLEO, Picture, Placed, scene

from emer.tools.face import CascadeDetector, Face
from emer.tools.face_watch import Watched, watch_faces
from emer.tools.playback import Frame

STEP_S = 0.25


def watch(pictures: Iterable[Picture], *, still: bool = False) -> Watched:
    frames = (Frame(row * STEP_S, picture) for row, picture in enumerate(pictures))
    return watch_faces(frames, CascadeDetector(), still=still)


class Scripted:
    """A detector that says what it was told to say, frame by frame."""

    def __init__(self, *frames: list[Face]) -> None:
        self._frames = iter(frames)

    def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
        return next(self._frames, []) if picture.shape[1] == 480 else []  # nothing in the search around a lost face


def test_everybody_has_a_row_per_frame() -> None:
    watched = watch(scene([Placed(ANNA, 100, 110), Placed(BEN, 380 - 5 * k, 110)]) for k in range(6))
    assert (watched.n_frames, watched.step_s, watched.end_s) == (6, STEP_S, 1.5)
    for track in watched.tracks:
        assert [sight.t_s for sight in track.sights] == [0, 0.25, 0.5, 0.75, 1.0, 1.25]
        assert track.probabilities.shape == (6, 7)
        assert track.probabilities.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-5)
        assert track.valence.shape == track.arousal.shape == (6,)
        assert track.sights[0].motion is None and track.sights[1].motion is not None
    moved = [sight.motion.right * sight.width_px for sight in watched.tracks[1].sights[1:] if sight.motion]
    assert moved == pytest.approx([-5] * 5, abs=1.2)


def test_people_are_numbered_by_first_appearance_then_from_the_left() -> None:
    both, all_three = [Placed(BEN, 240, 110), Placed(CLEO, 380, 110)], Placed(ANNA, 100, 110)
    watched = watch([scene(both)] * 2 + [scene([*both, all_three])] * 2)
    boxes = [track.sights[0].box for track in watched.tracks]
    assert [round(x + width / 2, 1) for x, _, width, _ in boxes] == [0.5, 0.8, 0.2]
    assert [track.number for track in watched.tracks] == [1, 2, 3]


def test_a_wall_has_no_faces() -> None:
    assert watch([scene([])] * 3).tracks == ()


def test_no_frames() -> None:
    assert watch([]) == Watched((), 0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("scores", "n_people"), [([0.8], 0), ([0.95], 1), ([0.4, 0.4], 0), ([0.4, 0.6], 1)],
    ids=["once, fairly sure", "once, sure", "twice, unsure", "twice, fairly sure"],
)  # fmt: skip
def test_who_counts_in_a_video(scores: list[float], n_people: int) -> None:
    picture = scene([Placed(ANNA, 240, 110)])
    detector = Scripted(*[[Face(204, 74, 72, score)] for score in scores])
    watched = watch_faces([Frame(row * STEP_S, picture) for row in range(3)], detector)
    assert len(watched.tracks) == n_people


def test_a_still_picture_needs_one_sighting() -> None:
    picture = scene([Placed(ANNA, 240, 110)])
    for score, n_people in ((0.35, 1), (0.25, 0)):
        detector = Scripted([Face(204, 74, 72, score)])
        assert len(watch_faces([Frame(0.0, picture)], detector, still=True).tracks) == n_people


def test_a_face_that_leaves_the_picture_has_a_box_inside_it() -> None:
    picture = scene([Placed(ANNA, 40, 30)])
    detector = Scripted([Face(-10, -20, 72, 1)])
    (track,) = watch_faces([Frame(0.0, picture)], detector, still=True).tracks
    assert track.sights[0].box == pytest.approx((0, 0, 62 / 480, 52 / 270))


def test_blur_shows_in_sharpness() -> None:
    import cv2

    sharp = scene([Placed(ANNA, 240, 110, 80)])
    (one,), (other,) = (watch([picture], still=True).tracks for picture in (sharp, cv2.GaussianBlur(sharp, (0, 0), 4)))
    assert other.sights[0].sharpness < one.sights[0].sharpness / 2
