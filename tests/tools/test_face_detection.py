from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_faces import ANNA, BEN, CLEO, Placed, scene

from emer.errors import ToolError
from emer.tools.face import CascadeDetector, Face, YuNetDetector, distinct, overlap

PHOTOGRAPHS = {
    "fer_justin.jpg": 1,
    "fer_no-faces.jpg": 0,
    "pyfeat_45-m7-di-ph.jpg": 1,
    "pyfeat_free-mountain-vector-01.jpg": 0,
    "pyfeat_multi_face.jpg": 5,
}


@pytest.mark.parametrize("thorough", [False, True])
def test_every_face_is_found_where_it_is(thorough: bool) -> None:
    people = [Placed(ANNA, 90, 110, 50), Placed(BEN, 240, 120, 70), Placed(CLEO, 390, 110, 60)]
    faces = CascadeDetector().detect(scene(people), thorough=thorough)
    certain = sorted(face for face in faces if face.score >= 0.5)
    assert len(certain) == 3
    for face, person in zip(certain, people, strict=True):
        assert face.centre == pytest.approx((person.x, person.y), abs=0.2 * person.side)
        assert 0.8 * person.side < face.side < 1.6 * person.side


def test_small_faces_take_the_thorough_search() -> None:
    picture = scene([Placed(ANNA, 320, 160, 24)], size=(640, 320))
    assert not CascadeDetector().detect(picture)
    assert [round(face.centre[0], -1) for face in CascadeDetector().detect(picture, thorough=True)] == [320]


@pytest.mark.parametrize(
    "picture",
    [
        np.full((240, 320, 3), 128, np.uint8),
        np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8),
        np.zeros((3, 400, 3), np.uint8),
        scene([]),
    ],
    ids=["flat", "noise", "a strip", "a wall"],
)
def test_nothing_is_found_where_nobody_is(picture: np.ndarray) -> None:
    assert not [face for face in CascadeDetector().detect(picture, thorough=True) if face.score >= 0.3]


def test_the_same_picture_gives_the_same_faces() -> None:
    picture = scene([Placed(ANNA, 120, 110), Placed(BEN, 340, 110)])
    assert CascadeDetector().detect(picture) == CascadeDetector().detect(picture)


def test_overlap_is_intersection_over_union() -> None:
    # 5 x 10 shared of 100 + 100 - 50
    assert overlap(Face(0, 0, 10, 1), Face(5, 0, 10, 1)) == pytest.approx(50 / 150)
    assert overlap(Face(0, 0, 10, 1), Face(0, 0, 10, 0)) == 1
    assert overlap(Face(0, 0, 10, 1), Face(10, 0, 10, 1)) == 0


def test_a_face_that_two_searches_found_is_one_and_surer() -> None:
    one, other, apart = Face(0, 0, 10, 0.5), Face(2, 0, 10, 0.5), Face(50, 0, 10, 0.2)
    both, alone = distinct([apart, other, one])
    assert both == pytest.approx(Face(1, 0, 10, 0.75))  # in the middle; 1 - .5 * .5
    assert alone == apart


def test_a_small_box_inside_a_face_is_another_only_off_its_centre() -> None:
    face = Face(0, 0, 100, 1)
    assert len(distinct([face, Face(40, 40, 20, 0.1)])) == 1
    assert len(distinct([face, Face(0, 0, 20, 0.1)])) == 2


def test_a_file_that_is_no_detector_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.onnx", tmp_path / "text.onnx"):
        if path.stem == "text":
            path.write_text("not a network")
        with pytest.raises(ToolError, match=f"{path.stem}.onnx.*expected its ONNX file"):
            YuNetDetector(path)


def test_a_pulled_network_gives_squares_in_the_pixels_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    class Network:
        def setInputSize(self, size: tuple[int, int]) -> None:
            assert size == (320, 160)

        def detect(self, picture: np.ndarray) -> tuple[int, np.ndarray]:
            assert picture[0, 0].tolist() == [3, 2, 1]  # OpenCV's networks read blue first
            landmarks = [0.0] * 10
            return 1, np.array([[100, 50, 30, 40, *landmarks, 0.9]], np.float32)

    monkeypatch.setattr(cv2.FaceDetectorYN, "create", lambda *_: Network())
    picture = np.full((320, 640, 3), (1, 2, 3), np.uint8)
    (face,) = YuNetDetector(Path("yunet.onnx")).detect(picture)
    # twice as large: 60 wide and 80 high from (200, 100); from mid-forehead to chin five sixths of that
    assert face == pytest.approx(Face(230 - 80 * 5 / 12, 180 - 80 * 5 / 6, 80 * 5 / 6, 0.9))
    Network.detect = lambda *_: (1, None)
    assert YuNetDetector(Path("yunet.onnx")).detect(picture) == []


def test_photographs(data_dir: Path) -> None:
    found = {}
    for name in PHOTOGRAPHS:
        picture = cv2.imread(str(data_dir / "media" / "face_other" / name))
        zoom = min(1.0, 1600 / max(picture.shape))
        picture = cv2.cvtColor(cv2.resize(picture, None, fx=zoom, fy=zoom), cv2.COLOR_BGR2RGB)
        found[name] = sum(face.score >= 0.3 for face in CascadeDetector().detect(picture, thorough=True))
    assert found == PHOTOGRAPHS
