"""A second look at a clip: the same Report, no second measurement; what matters is in the key, failures stay out."""

from __future__ import annotations

import importlib
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from media_files import first_seconds

import emer
from emer.agents import graph as wiring
from emer.agents import measured
from emer.agents.state import Observation, Services
from emer.errors import ToolError
from emer.schemas import Clip, Report, Utterance

WORDS = "ANNA: I am so disappointed. They gave the job to somebody else!\n"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each specialist was asked to observe."""
    counted: Counter[str] = Counter()
    for name, entry in wiring.SPECIALISTS.items():
        module = importlib.import_module(entry.module)
        monkeypatch.setattr(module, "observe", _counted(name, module.observe, counted))
    return counted


def _counted(name: str, observe, counted: Counter[str]):  # type: ignore[no-untyped-def]
    def count(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
        counted[name] += 1
        return observe(clip, utterances, services)  # type: ignore[no-any-return]

    return count


def _text(report: Report) -> str:
    return report.model_copy(update={"provenance": report.provenance.model_copy(update={"timings_s": {}})}).to_json()


def test_a_second_look_measures_nothing_and_says_the_same(demo_dir: Path, tmp_path: Path, calls: Counter[str]) -> None:
    clip = first_seconds(demo_dir / "demo.mp4", tmp_path / "clip.mp4", 2.0)
    damaged = bytearray(clip.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 400] = bytes(400)  # so that reading it gives a warning, which must come back as well
    clip.write_bytes(damaged)
    given = {"transcript": demo_dir / "demo.srt", "frames_per_s": 1.0}
    first = emer.analyze(clip, **given)
    assert calls == {"face": 1, "voice": 1, "transcript": 1, "context": 1}
    second = emer.analyze(clip, **given)
    assert sum(calls.values()) == 4
    assert _text(second) == _text(first)
    assert any("decoded" in warning or "damaged" in warning for warning in first.warnings)
    fresh = emer.analyze(clip, **given, cache=False)
    assert sum(calls.values()) == 8
    assert _text(fresh) == _text(first)
    emer.analyze(clip, frames_per_s=1.0, transcript=WORDS, context="At work.")
    assert calls["face"] == 2, "faces do not depend on words"
    assert calls["transcript"] == 3


@pytest.mark.parametrize("change", ["words", "language", "weights", "content"])
def test_whatever_a_measurement_depends_on_is_in_the_key(
    change: str, tmp_path: Path, demo_dir: Path, calls: Counter[str]
) -> None:
    clip = Path(shutil.copy(demo_dir / "demo.flac", tmp_path / "clip.flac"))
    given = {"transcript": WORDS, "weights_dir": tmp_path / "weights"}
    emer.analyze(clip, **given)
    if change == "words":
        given["transcript"] = WORDS + "BEN: Oh no.\n"
    elif change == "language":
        given["language"] = "de"
    elif change == "weights":
        (tmp_path / "weights" / "yunet").mkdir(parents=True)
        (tmp_path / "weights" / "yunet" / "new.onnx").write_bytes(b"weights")
    else:
        clip.write_bytes(clip.read_bytes()[:-2000])
    emer.analyze(clip, **given)
    assert calls["transcript"] == 2


def test_the_same_content_elsewhere_and_settings_without_influence_are_a_second_look(
    tmp_path: Path, demo_dir: Path, calls: Counter[str]
) -> None:
    emer.analyze(demo_dir / "demo.flac", transcript=WORDS)
    other = shutil.copy(demo_dir / "demo.flac", tmp_path / "other name.flac")
    emer.analyze(other, transcript=WORDS, effort="quick", neutral_prior=0.4, labels=("ekman",))
    assert calls["voice"] == 1


def test_a_failure_is_never_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("emer.agents.transcript")
    real = module.observe

    def broken(*_: object) -> Observation:
        raise ToolError("not now")

    monkeypatch.setattr(module, "observe", broken)
    assert "not now" in {m.modality: m.why for m in emer.analyze(text=WORDS).missing}["transcript"]
    monkeypatch.setattr(module, "observe", lambda *_: Observation(failed=True))
    assert not emer.analyze(text=WORDS).cues
    monkeypatch.setattr(module, "observe", real)
    assert emer.analyze(text=WORDS).emotions


def test_what_changed_while_it_was_measured_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A back end whose weights are pulled away in mid-run falls back; with the weights back it must be asked again."""
    module = importlib.import_module("emer.agents.transcript")
    weights = tmp_path / "weights" / "some" / "model.bin"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")
    asked: list[bool] = []

    def pulled_away(*_: object) -> Observation:
        asked.append(weights.exists())
        weights.rename(tmp_path / "aside")
        return Observation(warnings=["fell back"])

    monkeypatch.setattr(module, "observe", pulled_away)
    for _ in range(2):
        assert "fell back" in emer.analyze(text=WORDS, weights_dir=tmp_path / "weights").warnings
        (tmp_path / "aside").rename(weights)
    assert asked == [True, True]


def test_a_setting_that_names_a_file_stands_for_the_state_of_that_file(tmp_path: Path) -> None:
    named = measured._with_files
    assert named("en") == ["en"]
    file = tmp_path / "model.bin"
    file.write_bytes(b"one")
    before = [named(str(file)), named(f"whisper:{file}"), named(str(tmp_path))]
    file.write_bytes(b"three")
    after = [named(str(file)), named(f"whisper:{file}"), named(str(tmp_path))]
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_every_setting_without_influence_exists() -> None:
    from emer.agents.measured import WITHOUT_INFLUENCE
    from emer.config import Settings

    assert set(Settings.model_fields) >= WITHOUT_INFLUENCE
