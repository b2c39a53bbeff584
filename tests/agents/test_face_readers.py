"""The face specialist with other readers than the embedded one: what its cues say, and what becomes missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_faces import ANNA, BEN, Placed, scene, write_video

pytest.importorskip("onnx", reason="the small networks are written with onnx (extra dev)")
import small_networks

from emer import analyze
from emer.agents.face import observe
from emer.agents.fusion.facs import action_units
from emer.agents.fusion.likelihood import Instruments, face_ratio, written_instruments
from emer.agents.judge import judge
from emer.agents.seen.units import degree, tell_units
from emer.agents.state import Evidence, Observation, Services
from emer.config import Settings
from emer.errors import ToolError
from emer.memory.ontology import STATES
from emer.schemas import Clip, Cue, Report, Source
from emer.tools.face_units import UnitCard
from emer.tools.media import open_media


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pictures = [scene([Placed(ANNA, 120, 110), Placed(BEN, 360, 115)])] * 6
    return write_video(tmp_path_factory.mktemp("two") / "clip.mp4", pictures)


def seen(path: Path, **settings: Any) -> Observation:
    with open_media(path) as media:
        clip = Clip(id="sha256:0", source=path.name, kind=media.info.kind, duration_s=media.info.duration_s)
        return observe(clip, [], Services(settings=Settings(**settings), media=media))


class Frowns:
    """Reads AU4 at 2.6 and AU12 at .2 in every face but every second."""

    card = UnitCard("frowns", "1", (4, 12), "made up")

    def read(self, faces: Sequence[np.ndarray]) -> np.ndarray:
        assert all(face.ndim == 3 and max(face.shape) <= 256 for face in faces)
        rows = np.tile(np.array([2.6, 0.2], np.float32), (len(faces), 1))
        rows[::4] = np.nan
        return rows


def test_the_cue_names_the_reader_its_version_and_its_raters(clip: Path, tmp_path: Path) -> None:
    small_networks.hsemotion(tmp_path / "hsemotion" / "enet_b0_8_va_mtl.onnx")
    found = seen(clip, weights_dir=tmp_path)
    expressions = [cue for cue in found.cues if cue.kind == "expression"]
    assert {cue.person for cue in expressions} == {"face:1", "face:2"}
    for cue in expressions:
        assert cue.source.tool == "hsemotion" and cue.source.version.startswith("enet_b0_8_va_mtl@")
        assert "AffectNet" in cue.text and cue.text.startswith("raters would ")
        shares = [value for name, value in cue.source.values.items() if name.startswith("fer.")]
        assert len(shares) == 8 and sum(shares) == pytest.approx(1, abs=1e-4)
        assert cue.level == "measured" and cue.valence is not None


def test_the_embedded_reader_can_be_asked_for_by_name(clip: Path, tmp_path: Path) -> None:
    small_networks.hsemotion(tmp_path / "hsemotion" / "enet_b0_8_va_mtl.onnx")
    assert seen(clip, weights_dir=tmp_path, face="embedded") == seen(clip, weights_dir=tmp_path / "nothing")


def test_action_units_are_told_in_the_terms_of_facs(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emer.agents.face.open_units", lambda *_: Frowns())
    cues = [cue for cue in seen(clip).cues if cue.kind == "action_units"]
    assert [cue.text for cue in cues] == ["AU4 brow lowerer, moderate (C), 0.0–1.5 s"] * 2
    for cue in cues:
        assert cue.source.values["au.AU04"] == pytest.approx(2.6) and cue.source.values["au.AU12"] == pytest.approx(0.2)
        assert cue.source.values["scale"] == "made up" and cue.source.tool == "frowns"
        assert cue.strength == pytest.approx(2.6 / 5)
        assert set(action_units(cue.text)) == {4}  # who reads the words finds the unit again


def test_action_units_that_fail_leave_the_rest_of_the_face(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ToolError("the landmarker's file is broken")

    monkeypatch.setattr("emer.agents.face.open_units", broken)
    found = seen(clip)
    assert [(one.modality, one.why) for one in found.missing] == [
        ("face", "no action units were read: the landmarker's file is broken")
    ]
    assert {cue.kind for cue in found.cues} >= {"expression", "presence"}


def test_action_units_that_fail_in_mid_clip_leave_the_rest_of_the_face(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(Frowns):
        n_calls = 0

        def read(self, faces: Sequence[np.ndarray]) -> np.ndarray:
            self.n_calls += 1
            if self.n_calls > 1:
                raise ToolError("a face too many")
            return super().read(faces)

    reader = Failing()
    monkeypatch.setattr("emer.agents.face.open_units", lambda *_: reader)
    monkeypatch.setattr("emer.tools.face_watch.BATCH", 2)
    found = seen(clip)
    assert [one.why for one in found.missing] == ["action units were read in a part of the faces only: a face too many"]
    assert reader.n_calls == 2  # it is not asked again
    assert {cue.kind for cue in found.cues} >= {"expression", "presence"}


def test_intensities_have_the_five_words_of_facs() -> None:
    assert [degree(level) for level in (0.5, 1.49, 1.5, 2.6, 4.0, 5.0)] == [
        "trace (A)", "trace (A)", "slight (B)", "moderate (C)", "severe (D)", "extreme (E)",
    ]  # fmt: skip
    levels = np.array([[1.0, np.nan, 4.0], [3.0, np.nan, 5.0], [np.nan] * 3], np.float32)
    told = tell_units((1, 2, 12), levels)
    assert told is not None
    assert told.text == "AU12 lip corner puller, extreme (E); AU1 inner brow raiser, slight (B)"
    assert told.values == {"au.AU01": 2.0, "au.AU12": 4.5, "n_frames": 2.0}
    assert tell_units((1,), np.full((3, 1), np.nan, np.float32)) is None
    calm = tell_units((1,), np.zeros((2, 1), np.float32))
    assert calm is not None and calm.text == "no action unit marked"


def faceless(report: Report) -> str:
    (missing,) = [one for one in report.missing if one.modality == "face"]
    assert not [cue for cue in report.cues if cue.modality == "face"]
    return missing.why


def test_a_reader_that_is_not_here_is_missing_and_the_run_goes_on(clip: Path, tmp_path: Path) -> None:
    report = analyze(clip, transcript="I am so glad!", face="hsemotion", weights_dir=tmp_path)
    assert "models pull hsemotion" in faceless(report)
    assert any(cue.modality == "transcript" for cue in report.cues)


def test_weights_taken_away_in_mid_run_are_missing(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from emer.tools import face_hsemotion

    small_networks.hsemotion(tmp_path / "hsemotion" / "enet_b0_8_va_mtl.onnx")
    find = face_hsemotion.weights

    def found_and_then_removed(weights_dir: Path) -> Path:
        path = find(weights_dir)
        path.unlink()
        return path

    monkeypatch.setattr(face_hsemotion, "weights", found_and_then_removed)
    report = analyze(clip, transcript="I am so glad!", weights_dir=tmp_path)
    assert "enet_b0_8_va_mtl.onnx" in faceless(report) and "cannot be read" in faceless(report)


def test_an_unknown_reader_is_told_at_once(clip: Path) -> None:
    from emer.errors import InputError

    with pytest.raises(InputError, match="setting face: Input should be 'auto', 'embedded', 'hsemotion' or 'deepface'"):
        analyze(clip, face="vggface")


def test_contempt_speaks_for_disapproval() -> None:
    ratios = face_ratio({"fer.contempt": 0.8, "fer.neutral": 0.2}, written_instruments(0.2))
    order = [STATES[k] for k in np.argsort(-ratios)]
    assert set(order[:4]) == {"anger", "annoyance", "disapproval", "disgust"}
    assert order.index("joy") > 20


@pytest.mark.parametrize(
    ("tool", "is_ours"), [("hsemotion", False), ("deepface", False), ("emer-face-expression", True)]
)
def test_another_readers_classes_are_not_read_against_our_confusions(
    tool: str, is_ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def noted(share: float, *, has_faces: bool) -> Instruments:
        asked.append(has_faces)
        return written_instruments(share)

    monkeypatch.setattr("emer.agents.judge.instruments_for", noted)
    cue = Cue(
        id="face-1", modality="face", kind="expression", text="raters would call this face happy (.90)",
        strength=0.9, source=Source(tool=tool, version="1", values={"fer.happy": 0.9, "fer.neutral": 0.1}),
    )  # fmt: skip
    judge(Evidence(clip=Clip(id="sha256:0", source="-", kind="cues"), cues=[cue]), Services(settings=Settings()))
    assert asked == [is_ours]
