from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from drawn_faces import ANNA, BEN, CLEO, Picture, Placed, scene

from emer.tools.face import CascadeDetector, Face
from emer.tools.face_looks import histogram, look, mixed, similarity
from emer.tools.face_tracks import Tracker
from emer.tools.media import open_media

STEP_S = 0.25


def follow(pictures: Iterable[Picture]) -> list[dict[int, float]]:
    """Number and place (rounded to 10 pixels) of everybody who is surely visible, per frame."""
    tracker = Tracker(CascadeDetector())
    frames = [tracker.follow(row * STEP_S, picture) for row, picture in enumerate(pictures)]
    return [{number: round(face.centre[0], -1) for number, face in frame if face.score >= 0.3} for frame in frames]


def test_two_people_keep_their_numbers_while_they_move() -> None:
    seen = follow(scene([Placed(ANNA, 100 + 6 * k, 110), Placed(BEN, 380 - 6 * k, 115)]) for k in range(10))
    assert [set(frame) for frame in seen] == [{0, 1}] * 10
    assert all(frame[0] < frame[1] for frame in seen)


def test_a_hidden_face_comes_back_under_its_number() -> None:
    def picture(k: int) -> Picture:
        image = scene([Placed(ANNA, 120, 110), Placed(BEN, 360, 110)])
        if 3 <= k < 8:  # 1.25 s
            image[60:170, 300:420] = 90
        return image

    seen = follow(picture(k) for k in range(11))
    assert [sorted(frame) for frame in seen] == [[0, 1]] * 3 + [[0]] * 5 + [[0, 1]] * 3


def test_after_cuts_people_are_known_by_their_looks() -> None:
    shots: dict[str, Callable[[], Picture]] = {
        "anna": lambda: scene([Placed(ANNA, 200, 110, 70)]),
        "ben": lambda: scene([Placed(BEN, 210, 110, 70)], camera=(30, 20)) // 2,
    }
    seen = follow(shots[name]() for name in ["anna"] * 3 + ["ben"] * 3 + ["anna"] * 3 + ["ben"] * 2)
    assert [sorted(frame) for frame in seen] == [[0]] * 3 + [[1]] * 3 + [[0]] * 3 + [[1]] * 2


def test_people_who_change_places_keep_their_numbers() -> None:
    one = scene([Placed(ANNA, 120, 110), Placed(BEN, 360, 110)])
    other = scene([Placed(BEN, 120, 110), Placed(ANNA, 360, 110)])
    seen = follow([one, one, other, other])
    assert [frame[0] for frame in seen] == [120, 120, 360, 360]
    assert [frame[1] for frame in seen] == [360, 360, 120, 120]


def test_somebody_else_at_the_same_place_is_somebody_else() -> None:
    seen = follow([scene([Placed(ANNA, 240, 110)])] * 2 + [scene([Placed(CLEO, 240, 110)])] * 2)
    assert [sorted(frame) for frame in seen] == [[0], [0], [1], [1]]


def test_new_people_are_numbered_from_left_to_right() -> None:
    seen = follow([scene([Placed(CLEO, 380, 110), Placed(BEN, 240, 110), Placed(ANNA, 100, 110)])])
    assert sorted(seen[0], key=lambda number: seen[0][number]) == [0, 1, 2]


def test_weak_faces_go_on_but_do_not_begin() -> None:
    class Scripted:
        scores = iter((0.2, 0.9, 0.1))

        def detect(self, picture: Picture, *, thorough: bool = False) -> list[Face]:
            return [Face(50, 50, 60, next(self.scores))]

    tracker, picture = Tracker(Scripted()), scene([Placed(ANNA, 80, 80)])
    assert [len(tracker.follow(t, picture)) for t in (0.0, 0.25, 0.5)] == [0, 1, 1]


def test_numbers_are_never_used_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emer.tools.face_tracks.MEMORY", 1)
    shots = [scene([Placed(who, 240, 110)]) for who in (ANNA, BEN, CLEO, BEN) for _ in range(2)]
    assert [sorted(frame) for frame in follow(shots)] == [[0], [0], [1], [1], [2], [2], [3], [3]]


def test_similarity_is_the_bhattacharyya_coefficient_of_what_both_have() -> None:
    one = np.array([[0.5, 0.5, 0, 0], [0, 0, 0, 0]], np.float32)
    other = np.array([[0.5, 0, 0.5, 0], [0, 1, 0, 0]], np.float32)
    assert similarity(one, one) == pytest.approx(1)
    assert similarity(one, other) == pytest.approx(0.5)  # sqrt(.5 * .5); the second row is not compared
    assert similarity(one[1:], other[1:]) == 0


def test_looks_survive_light_and_size_but_tell_people_apart() -> None:
    anna = look(scene([Placed(ANNA, 240, 100, 60)]), Face(204, 64, 72, 1)).colours
    larger = look(scene([Placed(ANNA, 240, 110, 90)]), Face(186, 56, 108, 1)).colours
    darker = look((scene([Placed(ANNA, 240, 100, 60)]) * 0.85).astype(np.uint8), Face(204, 64, 72, 1)).colours
    ben = look(scene([Placed(BEN, 240, 100, 60)]), Face(204, 64, 72, 1)).colours
    assert min(similarity(anna, larger), similarity(anna, darker)) > similarity(anna, ben) + 0.1


def test_what_is_out_of_the_picture_has_no_look_and_does_not_wash_out_what_was_seen() -> None:
    picture = scene([Placed(ANNA, 240, 100, 60)])
    whole, clothes_hidden = look(picture, Face(204, 64, 72, 1)), look(picture[:140], Face(204, 64, 72, 1))
    assert clothes_hidden.colours[-1].sum() == 0
    assert mixed(whole, clothes_hidden, 0.5).colours.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert histogram(picture[:0]).sum() == 0


def test_real_people_are_known_again_after_cuts_and_changed_places(data_dir: Path) -> None:
    def frames(name: str) -> list[Picture]:
        with open_media(data_dir / "media" / "video" / name) as media:
            return [frame.image for frame in next(media.windows()).frames[:4]]

    one, other = frames("pyfeat_WolfgangLanger_Pexels.mp4"), frames("pyfeat_single_face.mp4")
    left = [np.hstack([a[:, 280:600], b[:, 160:480]]) for a, b in zip(one[:2], other[:2], strict=True)]
    right = [np.hstack([b[:, 160:480], a[:, 280:600]]) for a, b in zip(one[2:], other[2:], strict=True)]
    seen = follow([*one, *other, *left, *right])
    assert [sorted(frame) for frame in seen] == [[0]] * 4 + [[1]] * 4 + [[0, 1]] * 4
    assert [frame[0] < frame[1] for frame in seen[8:]] == [True, True, False, False]
