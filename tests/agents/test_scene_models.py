"""The scene seen by models of transformers that the user names: random ones, loaded and run by the real code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_faces import ANNA, Placed, scene, write_video

pytest.importorskip("transformers", reason="the extra hf is not installed")
pytest.importorskip("torch", reason="the extra hf is not installed")
import small_models

from emer import analyze
from emer.agents.context import observe
from emer.agents.seen.things import told
from emer.agents.state import Observation, Services
from emer.config import Settings
from emer.errors import SetupError, ToolError
from emer.schemas import Clip
from emer.tools.media import open_media
from emer.tools.scene_models import MAX_FRAMES, Caption, Sample, Still, Thing, open_scene, unsexed


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_models.object_detector(tmp_path_factory.mktemp("detector"))


@pytest.fixture(scope="module")
def captioner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_models.captioner(tmp_path_factory.mktemp("captioner"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pictures = [scene([Placed(ANNA, 120 + 30 * k, 110)]) for k in range(6)]
    return write_video(tmp_path_factory.mktemp("clip") / "clip.mp4", pictures)


def seen(path: Path, **settings: Any) -> Observation:
    with open_media(path) as media:
        clip = Clip(id="sha256:0", source=path.name, kind=media.info.kind, duration_s=media.info.duration_s)
        return observe(clip, [], Services(settings=Settings(**settings), media=media))


def test_objects_are_cues_of_the_scene_with_number_and_origin(clip: Path, detector: Path) -> None:
    found = seen(clip, scene=f"hf:{detector}")
    cues = [cue for cue in found.cues if cue.kind == "scene_object"]
    assert cues and not found.missing
    for cue in cues:
        assert cue.text.startswith("seen: person (") and f"hf:{detector.name})" in cue.text
        assert cue.source.tool == f"hf:{detector.name}" and 0.7 <= cue.source.values["score"] <= 1
        assert cue.valence is None and cue.person is None  # things say nothing of anybody's feelings
        assert 0 <= cue.anchor.start_s <= cue.anchor.end_s <= 1.5
    assert found == seen(clip, scene=f"hf:{detector}")


def test_captions_are_described_not_measured(clip: Path, captioner: Path) -> None:
    found = seen(clip, scene=f"hf:{captioner}")
    cues = [cue for cue in found.cues if cue.kind == "scene_caption"]
    assert cues and not found.missing
    for cue in cues:
        assert cue.text.startswith(f"caption by hf:{captioner.name}: “") and cue.level in ("described", "inferred")
    assert len({cue.text for cue in cues}) >= 1


def test_a_caption_that_names_an_emotion_is_a_conclusion() -> None:
    class Model:
        kind, tool, version = "caption", "hf:m", "1"

        def captions(self, stills: Any) -> list[Caption]:
            return [Caption(0.0, "a cup on a table"), Caption(1.0, "a sad person at a table")]

    stills = [Still(0.0, np.zeros((4, 4, 3), np.uint8))] * 2
    assert [cue.level for cue in told(Model(), stills)] == ["described", "inferred"]  # type: ignore[arg-type]


def test_no_caption_where_somebody_is_left_out(clip: Path, captioner: Path) -> None:
    found = seen(clip, scene=f"hf:{captioner}", exclude_persons=("p1",))
    assert not [cue for cue in found.cues if cue.kind == "scene_caption"]
    assert "would describe the person who is left out" in found.missing[0].why


def test_an_object_is_told_once_with_how_often_and_how_many() -> None:
    class Model:
        kind, tool, version = "objects", "hf:m", "1"

        def things(self, stills: Any) -> list[Thing]:
            return [Thing("person", 3, 2, 0.91, 0.5, 4.0), Thing("cup", 1, 1, 0.75, 1.0, 1.0)]

    stills = [Still(float(t), np.zeros((4, 4, 3), np.uint8)) for t in range(5)]
    assert [cue.text for cue in told(Model(), stills)] == [  # type: ignore[arg-type]
        "seen: person (up to 2 at once, in 3 of 5 pictures looked at, .91, hf:m)",
        "seen: cup (in 1 of 5 pictures looked at, .75, hf:m)",
    ]
    (one, _) = told(Model(), stills[:1])  # type: ignore[arg-type]
    assert one.text == "seen: person (up to 2 at once, .91, hf:m)" and one.anchor.start_s is None


def test_things_are_counted_over_the_pictures(detector: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_scene(f"hf:{detector}", Path("nowhere"))
    answers = iter([[("man", 0.9), ("woman", 0.8), ("cup", 0.7)], [("cup", 0.95)], []])
    monkeypatch.setattr(model, "_objects", lambda _: next(answers))
    stills = [Still(float(t), np.zeros((4, 4, 3), np.uint8)) for t in range(3)]
    assert model.things(stills) == [Thing("cup", 2, 1, 0.95, 0.0, 1.0), Thing("person", 1, 2, 0.9, 0.0, 0.0)]


def test_nobodys_sex_or_age_is_told() -> None:
    assert unsexed("a young woman holds her cup near an old man") == "a person holds their cup near a person"
    assert unsexed("Two elderly men") == "Two people"
    assert unsexed("a mango, a manual, a germanic heron") == "a mango, a manual, a germanic heron"


@pytest.mark.parametrize(
    ("n", "kept"), [(0, []), (3, [0, 1, 2]), (8, [*range(8)]), (9, [0, 2, 4, 6, 8]), (33, [0, 8, 16, 24, 32])]
)
def test_a_sample_is_spread_over_the_clip(n: int, kept: list[int]) -> None:
    sample = Sample()
    for t in range(n):
        sample.offer(float(t), np.zeros((900, 1280, 3), np.uint8))
    assert [still.t_s for still in sample.stills] == kept and len(kept) <= MAX_FRAMES
    assert all(still.image.shape == (450, 640, 3) for still in sample.stills)


def test_a_model_of_another_kind_or_broken_or_absent_is_missing_and_the_run_goes_on(
    clip: Path, detector: Path, tmp_path: Path
) -> None:
    other = small_models.text_classifier(tmp_path / "words", ("joy", "anger"))
    with pytest.raises(ToolError, match="a roberta model neither detects objects nor writes captions"):
        open_scene(f"hf:{other}", tmp_path)
    with pytest.raises(SetupError, match="models pull hf:nobody/nothing"):
        open_scene("hf:nobody/nothing", tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in detector.iterdir():
        (broken / file.name).write_bytes(file.read_bytes()[: 500 if file.suffix == ".safetensors" else None])
    report = analyze(clip, scene=f"hf:{broken}", no_biometrics=False)
    (missing,) = [one for one in report.missing if one.modality == "context"]
    assert "the scene was read without a model" in missing.why and "broken" in missing.why
    assert any(cue.modality == "face" for cue in report.cues)


def test_without_biometrics_no_picture_is_looked_at(clip: Path, captioner: Path) -> None:
    report = analyze(clip, transcript="Hello there.", scene=f"hf:{captioner}", no_biometrics=True)
    assert not [cue for cue in report.cues if cue.kind.startswith("scene")]
