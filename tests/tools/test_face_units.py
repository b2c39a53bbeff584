"""The seams to py-feat and MediaPipe, with modules that answer as their documentation says: neither is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from emer.errors import SetupError, ToolError
from emer.tools.face_units import open_units
from emer.tools.face_units_mediapipe import MOVEMENTS

FACE = np.full((120, 100, 3), 90, np.uint8)


class Table(dict[str, Any]):
    """As much of a data frame as is read: columns by name, rows by place."""

    @property
    def columns(self) -> list[str]:
        return list(self)


class Column(list[float]):
    @property
    def iloc(self) -> list[float]:
        return self


def pretend(monkeypatch: pytest.MonkeyPatch, name: str, **content: Any) -> ModuleType:
    module = ModuleType(name)
    module.__spec__ = SimpleNamespace(name=name)  # type: ignore[assignment]  # so that find_spec finds it
    vars(module).update(content)
    monkeypatch.setitem(sys.modules, name, module)
    return module


def py_feat(monkeypatch: pytest.MonkeyPatch, table: Table, made: dict[str, Any] | None = None) -> None:
    class Detectorv2:
        def __init__(self, **options: Any) -> None:
            import os

            (made if made is not None else {}).update(options, offline=os.environ.get("HF_HUB_OFFLINE"))

        def detect(self, picture: Any, **options: Any) -> Table:
            assert tuple(picture.shape) == (1, 3, 120, 100) and options["data_type"] == "tensor"
            return table

    pretend(monkeypatch, "feat", Detectorv2=Detectorv2)


def mediapipe(monkeypatch: pytest.MonkeyPatch, shapes: dict[str, float] | None, error: Exception | None = None) -> None:
    class Landmarker:
        @staticmethod
        def create_from_options(options: SimpleNamespace) -> Landmarker:
            assert options.output_face_blendshapes and options.num_faces == 1
            if error is not None:
                raise error
            return Landmarker()

        def detect(self, image: SimpleNamespace) -> SimpleNamespace:
            assert image.image_format == "srgb" and image.data.flags["C_CONTIGUOUS"]
            found = [SimpleNamespace(category_name=name, score=score) for name, score in (shapes or {}).items()]
            return SimpleNamespace(face_blendshapes=[] if shapes is None else [found])

    pretend(monkeypatch, "mediapipe", Image=SimpleNamespace, ImageFormat=SimpleNamespace(SRGB="srgb"))
    pretend(monkeypatch, "mediapipe.tasks")
    pretend(monkeypatch, "mediapipe.tasks.python", BaseOptions=SimpleNamespace)
    pretend(
        monkeypatch, "mediapipe.tasks.python.vision", FaceLandmarker=Landmarker, FaceLandmarkerOptions=SimpleNamespace
    )


def landmarker_file(weights_dir: Path) -> Path:
    path = weights_dir / "mediapipe" / "face_landmarker.task"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"task")
    return path


def test_py_feat_gives_the_surest_face_on_the_scale_of_facs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="py-feat runs on torch")
    made: dict[str, Any] = {}
    py_feat(monkeypatch, Table(FaceScore=Column([0.6, 0.9]), AU04=Column([0.9, 0.52]), AU12=Column([0.1, 1.2])), made)
    reader = open_units("auto", tmp_path)
    assert reader is not None and reader.card.tool == "py-feat" and "presence" in reader.card.scale
    row = dict(zip(reader.card.units, reader.read([FACE])[0].tolist(), strict=True))
    assert (row[4], row[12]) == pytest.approx((2.6, 5.0))  # 5 times .52; never above 5
    assert np.isnan(row[1])  # a unit that this py-feat does not give
    assert made["offline"] == "1" and made["identity_model"] is None


def test_py_feat_without_a_face_reads_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="py-feat runs on torch")
    py_feat(monkeypatch, Table(FaceScore=Column([float("nan")]), AU04=Column([float("nan")])))
    reader = open_units("py-feat", tmp_path)
    assert reader is not None and np.isnan(reader.read([FACE])).all()


def test_a_py_feat_that_would_have_to_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(**_: Any) -> None:
        raise OSError("cannot reach the hub in offline mode")

    pretend(monkeypatch, "feat", Detectorv2=refuse)
    with pytest.raises(SetupError, match=r"without a download.*offline mode.*feat\.Detectorv2\(\)"):
        open_units("auto", tmp_path)
    pretend(monkeypatch, "feat")
    with pytest.raises(SetupError, match=r"py-feat 0\.7 or newer"):
        open_units("py-feat", tmp_path)


def test_mediapipe_gives_the_stronger_side_of_each_movement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mediapipe(monkeypatch, {"browDownLeft": 0.2, "browDownRight": 0.6, "mouthSmileLeft": 0.1, "_neutral": 0.9})
    landmarker_file(tmp_path)
    reader = open_units("auto", tmp_path)
    assert reader is not None and reader.card.tool == "mediapipe"
    row = dict(zip(reader.card.units, reader.read([FACE[:, ::-1]])[0].tolist(), strict=True))
    assert (row[4], row[12], row[1]) == pytest.approx((3.0, 0.5, 0.0))


def test_mediapipe_without_a_face_reads_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mediapipe(monkeypatch, None)
    landmarker_file(tmp_path)
    reader = open_units("mediapipe", tmp_path)
    assert reader is not None
    found = reader.read([FACE, FACE])
    assert found.shape == (2, len(MOVEMENTS)) and np.isnan(found).all()


def test_mediapipe_without_its_file_or_with_a_broken_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mediapipe(monkeypatch, {}, error=RuntimeError("unable to open the model"))
    assert open_units("auto", tmp_path) is None
    with pytest.raises(SetupError, match=r"mediapipe has no weights here.*models pull mediapipe"):
        open_units("mediapipe", tmp_path)
    landmarker_file(tmp_path)
    with pytest.raises(ToolError, match=r"face_landmarker\.task.*no face landmarker.*unable to open"):
        open_units("mediapipe", tmp_path)


def test_without_either_package_nobody_reads_action_units(tmp_path: Path) -> None:
    assert open_units("auto", tmp_path) is None and open_units("none", tmp_path) is None
    for name in ("py-feat", "mediapipe"):
        with pytest.raises(SetupError, match="install it yourself beside emer"):
            open_units(name, tmp_path)
