"""The face-expression network through its door, with the shipped weights."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from emer.errors import SetupError, ToolError
from emer.tools import face_expression
from emer.tools.face_expression import CLASSES, class_shares, confusion, read_expressions

WEIGHTS = Path(face_expression.__file__).parent / "weights"


def drawn_face(mouth: int = 20, side: int = 96) -> NDArray[np.uint8]:
    """A cartoon of a face; `mouth` bends its mouth, positive up at the corners."""
    face = np.full((96, 96), 150, np.uint8)
    cv2.ellipse(face, (48, 48), (40, 46), 0, 0, 360, 200, -1)
    for x in (32, 64):
        cv2.circle(face, (x, 38), 5, 40, -1)
    start, end = (0, 180) if mouth > 0 else (180, 360)
    cv2.ellipse(face, (48, 68), (20, abs(mouth)), 0, start, end, 60, 3)
    return np.asarray(cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def random_faces(n: int) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(5)
    sides = rng.integers(20, 200, (n, 2))
    return [rng.integers(0, 256, tuple(side), dtype=np.uint8) for side in sides]


def test_each_face_gets_a_distribution_and_a_point_inside_the_hull_of_the_classes() -> None:
    reading = read_expressions(random_faces(37))
    assert reading.probabilities.shape == (37, 7)
    assert reading.probabilities.dtype == np.float32
    np.testing.assert_allclose(reading.probabilities.sum(1), 1, atol=1e-5)
    assert reading.valence.shape == reading.arousal.shape == (37,)
    assert reading.valence.min() >= -0.64
    assert reading.valence.max() <= 0.81
    assert reading.arousal.min() >= -0.27
    assert reading.arousal.max() <= 0.67


def test_valence_and_arousal_are_expectations_over_the_written_points() -> None:
    reading = read_expressions([drawn_face()])
    p = dict(zip(CLASSES, reading.probabilities[0].tolist(), strict=True))
    # Russell and Mehrabian 1977; neutral is the origin
    valence = -0.51 * p["angry"] - 0.60 * p["disgust"] - 0.64 * p["fear"] + 0.81 * p["happy"]
    valence += -0.63 * p["sad"] + 0.40 * p["surprise"]
    arousal = 0.59 * p["angry"] + 0.35 * p["disgust"] + 0.60 * p["fear"] + 0.51 * p["happy"]
    arousal += -0.27 * p["sad"] + 0.67 * p["surprise"]
    assert reading.valence[0] == pytest.approx(valence, abs=1e-5)
    assert reading.arousal[0] == pytest.approx(arousal, abs=1e-5)


def test_no_faces_give_empty_arrays() -> None:
    reading = read_expressions([])
    assert reading.probabilities.shape == (0, 7)
    assert reading.valence.shape == reading.arousal.shape == (0,)


def test_a_reading_does_not_depend_on_the_other_faces_or_on_their_order() -> None:
    faces = random_faces(35)
    together = read_expressions(faces).probabilities
    alone = np.concatenate([read_expressions([face]).probabilities for face in faces])
    backwards = read_expressions(faces[::-1]).probabilities[::-1]
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(together, backwards)


def test_threads_read_the_same() -> None:
    faces = random_faces(8)
    expected = read_expressions(faces).probabilities
    with ThreadPoolExecutor(4) as pool:
        for reading in pool.map(lambda _: read_expressions(faces), range(8)):
            np.testing.assert_array_equal(reading.probabilities, expected)


def test_a_mirror_image_reads_nearly_the_same() -> None:
    lopsided = drawn_face()
    lopsided[:, 70:] = (lopsided[:, 70:] * 0.8).astype(np.uint8)
    both = read_expressions([lopsided, np.ascontiguousarray(lopsided[:, ::-1])]).probabilities
    np.testing.assert_allclose(both[0], both[1], atol=0.15)
    assert both[0].argmax() == both[1].argmax()


def test_grey_and_the_same_face_in_colour_read_the_same() -> None:
    grey = drawn_face()
    both = read_expressions([grey, np.repeat(grey[:, :, None], 3, axis=2)]).probabilities
    np.testing.assert_allclose(both[0], both[1], atol=1e-3)


def test_light_and_contrast_are_taken_out() -> None:
    face = drawn_face()
    duller = (face.astype(float) * 0.5 + 60).round().astype(np.uint8)
    darker = (face.astype(float) * 0.6).round().astype(np.uint8)
    readings = read_expressions([face, duller, darker]).probabilities
    np.testing.assert_allclose(readings[1:], readings[[0, 0]], atol=0.03)


def test_size_hardly_matters() -> None:
    readings = read_expressions([drawn_face(side=side) for side in (48, 96, 192, 480)]).probabilities
    assert np.abs(readings - readings[0]).sum(1).max() < 0.4
    assert len(set(readings.argmax(1))) == 1


def test_a_flat_crop_gives_no_certainty_out_of_noise() -> None:
    reading = read_expressions([np.full((60, 60), 128, np.uint8)])
    assert np.isfinite(reading.probabilities).all()
    assert reading.probabilities.max() < 0.9


@pytest.mark.parametrize(
    "crop",
    [np.zeros((48, 48)), np.zeros((0, 48), np.uint8), np.zeros((48, 48, 4), np.uint8), np.zeros(48, np.uint8)],
    ids=["floats", "empty", "four channels", "a line"],
)
def test_what_is_no_crop_is_refused_with_what_was_expected(crop: NDArray[np.uint8]) -> None:
    with pytest.raises(ToolError, match=r"expected uint8 \(h, w\) grey or \(h, w, 3\) RGB"):
        read_expressions([crop])


def test_missing_weights_name_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_expression, "_WEIGHTS", tmp_path)
    face_expression._session.cache_clear()
    with pytest.raises(SetupError, match="pip install"):
        read_expressions([drawn_face()])
    face_expression._session.cache_clear()


def test_the_card_describes_the_file_that_ships() -> None:
    card = json.loads((WEIGHTS / "face_expression.json").read_text(encoding="utf-8"))
    weights = (WEIGHTS / "face_expression.onnx").read_bytes()
    assert card["sha256"] == hashlib.sha256(weights).hexdigest()
    assert len(weights) < 3_000_000
    assert tuple(card["classes"]) == CLASSES
    assert (card["name"], card["version"]) == (face_expression.MODEL_NAME, face_expression.MODEL_VERSION)
    assert all(entry["source"] for entry in card["vad"].values())


def test_the_judge_gets_a_confusion_matrix_and_shares_that_sum_to_one() -> None:
    assert confusion().shape == (7, 7)
    np.testing.assert_allclose(confusion().sum(1), 1, atol=1e-3)
    assert class_shares().shape == (7,)
    assert class_shares().sum() == pytest.approx(1, abs=1e-3)
    # every class is recognised more often than its share, else the matrix is turned round
    assert (confusion().diagonal() > class_shares()).all()


def test_changing_what_is_handed_out_changes_no_later_answer() -> None:
    confusion()[:] = 0
    class_shares()[:] = 0
    assert confusion().sum() == pytest.approx(7, abs=1e-2)
    assert class_shares().sum() == pytest.approx(1, abs=1e-3)


def test_importing_loads_no_heavy_package_and_reading_no_torch() -> None:
    code = (
        "import sys; from emer.tools import face_expression as f\n"
        "assert not {'cv2', 'onnxruntime', 'numpy'} & set(sys.modules), 'at import'\n"
        "import numpy as np; f.read_expressions([np.zeros((48, 48), np.uint8)])\n"
        "assert not {'torch', 'scipy', 'tensorflow'} & set(sys.modules), 'at reading'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("photograph", "expected"), [("pyfeat_0-f15-hao-ph.jpg", "happy"), ("pyfeat_0-f1-su-ph.jpg", "surprise")]
)
def test_posed_photographs_are_called_what_they_pose(data_dir: Path, photograph: str, expected: str) -> None:
    image = cv2.cvtColor(cv2.imread(str(data_dir / "media" / "face_other" / photograph)), cv2.COLOR_BGR2RGB)
    haar = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    boxes = haar.detectMultiScale(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), 1.1, 6, minSize=(80, 80))
    x, y, w, h = max(boxes, key=lambda box: box[2])
    reading = read_expressions([image[y : y + h, x : x + w]])
    assert CLASSES[int(reading.probabilities[0].argmax())] == expected
    assert reading.probabilities[0].max() > 0.5
