"""Readers and detectors of faces on small files with the doors of the real ones: what loads, runs and survives."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_faces import ANNA, Placed, scene

pytest.importorskip("onnx", reason="the small networks are written with onnx (extra dev)")
import small_networks

from emer.errors import SetupError, ToolError
from emer.tools.face import CascadeDetector, YuNetDetector
from emer.tools.face_detectors import open_detector
from emer.tools.face_expression import CLASSES, MODEL_NAME, class_points
from emer.tools.face_readers import EMBEDDED, open_reader
from emer.tools.pulled import pulled_file

DEEPFACE_FILE = ".deepface/weights/facial_expression_model_weights.onnx"


def a_face(seed: int = 0, size: tuple[int, int] = (90, 80)) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 256, (9, 8, 3), dtype=np.uint8)
    return cv2.resize(noise, size[::-1])


# --- hsemotion -------------------------------------------------------------------------------------------------------


def test_hsemotion_reads_eight_classes_and_measures_valence_and_arousal(tmp_path: Path) -> None:
    small_networks.hsemotion(tmp_path / "hsemotion" / "enet_b0_8_va_mtl.onnx", seed=3)
    reader = open_reader("hsemotion", tmp_path)
    assert reader.card.version.startswith("enet_b0_8_va_mtl@") and reader.card.origin == "AffectNet"
    white = np.full((50, 50, 3), 255, np.uint8)
    reading = reader.read([white])
    # white after ImageNet's normalisation: (1 - mean) / std
    colour = (1 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    scores = colour @ np.random.default_rng(3).normal(0, 1, (3, 10)) + np.linspace(-0.5, 0.5, 10)
    expected = np.exp(scores[:8]) / np.exp(scores[:8]).sum()
    assert reading.probabilities[0] == pytest.approx(expected, abs=1e-3)
    assert [reading.valence[0], reading.arousal[0]] == pytest.approx(np.clip(scores[8:], -1, 1), abs=1e-3)


@pytest.mark.parametrize(("n_outputs", "n_classes"), [(7, 7), (8, 8), (9, 7)])
def test_an_hsemotion_file_of_another_layout_is_told_by_its_output(
    tmp_path: Path, n_outputs: int, n_classes: int
) -> None:
    small_networks.hsemotion(tmp_path / "hsemotion" / "enet_b0.onnx", n_outputs=n_outputs)
    reader = open_reader("hsemotion", tmp_path)
    assert ("contempt" in reader.card.classes) == (n_classes == 8)
    reading = reader.read([a_face(0), a_face(1)])
    assert reading.probabilities.shape == (2, n_classes)
    assert reading.probabilities.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    if n_outputs == 7:  # nothing measured: the mean of the classes' points
        order = [CLASSES.index(name) for name in reader.card.classes]
        assert reading.valence == pytest.approx((reading.probabilities @ class_points()[order])[:, 0], abs=1e-5)


def test_the_file_that_measures_valence_goes_first(tmp_path: Path) -> None:
    for name in ("enet_b0_8_best_afew", "enet_b0_8_va_mtl"):
        small_networks.hsemotion(tmp_path / "hsemotion" / f"{name}.onnx", n_outputs=10 if "mtl" in name else 8)
    assert "va_mtl" in open_reader("auto", tmp_path).card.version


# --- deepface --------------------------------------------------------------------------------------------------------


def test_deepface_runs_its_own_client_on_onnx_without_tensorflow(tmp_path: Path) -> None:
    pytest.importorskip("deepface", reason="the extra deepface is not installed")
    small_networks.deepface_emotion(tmp_path / "deepface" / DEEPFACE_FILE)
    reader = open_reader("deepface", tmp_path)
    faces = [a_face(0), a_face(1), a_face(2, (48, 48))]
    reading = reader.read(faces)
    assert reading.probabilities.shape == (3, 7)
    assert reading.probabilities.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert reading.probabilities.std(axis=0).max() > 1e-4  # it looks at the faces
    assert reader.read(faces[1:2]).probabilities == pytest.approx(reading.probabilities[1:2], abs=1e-7)
    assert "tensorflow" not in sys.modules


def test_deepface_reads_as_its_public_door_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("deepface", reason="the extra deepface is not installed")
    from deepface.models.demography.onnx.Emotion import EmotionClient

    path = small_networks.deepface_emotion(tmp_path / "deepface" / DEEPFACE_FILE)
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path / "deepface"))
    face = a_face(5, (224, 224))
    theirs = EmotionClient().predict(face[None, ..., ::-1].astype(np.float32) / 255)
    assert open_reader("deepface", tmp_path).read([face]).probabilities[0] == pytest.approx(theirs, abs=1e-6)
    assert pulled_file(tmp_path, "deepface", "*.onnx") == path


def test_deepface_without_its_package_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emer.tools.face_deepface.is_installed", lambda _: False)
    with pytest.raises(SetupError, match=r"deepface is not installed.*deepface"):
        open_reader("deepface", tmp_path)


# --- which one -------------------------------------------------------------------------------------------------------


def test_auto_is_the_embedded_network_where_nothing_is_pulled(tmp_path: Path) -> None:
    assert open_reader("auto", tmp_path) is EMBEDDED and open_reader("embedded", tmp_path) is EMBEDDED
    assert EMBEDDED.card.tool == MODEL_NAME
    assert isinstance(open_detector("auto", tmp_path), CascadeDetector)


@pytest.mark.parametrize("name", ["hsemotion", "deepface"])
def test_a_reader_without_weights_names_the_folder_and_the_command(tmp_path: Path, name: str) -> None:
    if name == "deepface":
        pytest.importorskip("deepface", reason="the extra deepface is not installed")
    with pytest.raises(SetupError, match=f"{name} has no weights here.*{tmp_path}.*models pull {name}"):
        open_reader(name, tmp_path)


CORRUPT = {
    "empty": lambda _: b"",
    "text": lambda _: b"<html>404: Not Found</html>",
    "cut": lambda whole: whole[: len(whole) // 2],
    "zeros": lambda whole: bytes(len(whole)),
}


@pytest.mark.parametrize("damage", CORRUPT.values(), ids=CORRUPT)
@pytest.mark.parametrize("name", ["hsemotion", "deepface"])
def test_corrupt_weights_are_named_with_what_to_do(tmp_path: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    if name == "deepface":
        pytest.importorskip("deepface", reason="the extra deepface is not installed")
        path = small_networks.deepface_emotion(tmp_path / "deepface" / DEEPFACE_FILE)
    else:
        path = small_networks.hsemotion(tmp_path / "hsemotion" / "enet_b0_8_va_mtl.onnx")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ToolError, match=f"{path.name}.*delete the file and run .*models pull {name}"):
        open_reader(name, tmp_path)


def test_another_network_is_refused(tmp_path: Path) -> None:
    small_networks.hsemotion(tmp_path / "hsemotion" / "other.onnx", n_outputs=1000)
    with pytest.raises(ToolError, match="answers 1000 numbers a face"):
        open_reader("auto", tmp_path)
    small_networks.deepface_emotion(tmp_path / "hsemotion" / "other.onnx")
    with pytest.raises(ToolError, match="does not take"):
        open_reader("auto", tmp_path)


# --- detectors -------------------------------------------------------------------------------------------------------


def white_at(x: int, y: int, side: int) -> np.ndarray:
    picture = np.zeros((320, 320, 3), np.uint8)
    picture[y : y + side, x : x + side] = 255
    return picture


def test_yunet_runs_in_opencv_and_goes_first(tmp_path: Path) -> None:
    small_networks.yunet(tmp_path / "yunet" / "face_detection_yunet_2023mar.onnx")
    detector = open_detector("auto", tmp_path)
    assert isinstance(detector, YuNetDetector)
    (face,) = detector.detect(white_at(160, 96, 32))
    # cell (5, 3) of stride 32: centre (5.5, 3.5) strides, width exp(1.2) strides
    assert face.centre == pytest.approx((176, 112), abs=0.5)
    assert face.side == pytest.approx(32 * np.exp(1.2), rel=1e-3)
    assert detector.detect(np.zeros((200, 300, 3), np.uint8)) == []


def test_retinaface_runs_in_its_package_without_torch_or_tensorflow(tmp_path: Path) -> None:
    pytest.importorskip("retinaface", reason="the extra deepface is not installed")
    small_networks.retinaface(tmp_path / "retinaface" / "retinaface.onnx")
    detector = open_detector("retinaface", tmp_path)
    (face,) = detector.detect(white_at(160, 128, 32))
    # the anchor of cell (5, 4), from -120 to 135 around its corner
    assert face.centre == pytest.approx((167.5, 135.5), abs=1)
    assert face.side == pytest.approx(255, abs=1)
    assert detector.detect(np.zeros((200, 300, 3), np.uint8)) == []
    assert "tensorflow" not in sys.modules


@pytest.mark.parametrize("name", ["yunet", "retinaface"])
def test_a_detector_that_was_asked_for_must_be_there(tmp_path: Path, name: str) -> None:
    if name == "retinaface":
        pytest.importorskip("retinaface", reason="the extra deepface is not installed")
    with pytest.raises(SetupError, match=f"{name} has no weights here.*models pull {name}"):
        open_detector(name, tmp_path)
    (tmp_path / name).mkdir()
    (tmp_path / name / f"{name}.onnx").write_bytes(b"no network")
    with pytest.raises(ToolError, match=f"{name}.onnx"):
        open_detector(name, tmp_path)


def test_the_small_detectors_do_not_see_a_drawn_face_so_the_cascades_are_really_replaced(tmp_path: Path) -> None:
    picture = scene([Placed(ANNA, 240, 110, 80)])
    assert open_detector("haar", tmp_path).detect(picture)
    small_networks.yunet(tmp_path / "yunet" / "yunet.onnx")
    assert open_detector("auto", tmp_path).detect(picture) == []
