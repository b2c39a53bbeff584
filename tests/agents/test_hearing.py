"""Words from the sound, through the public door: what wins, what is missing, and who is told apart."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from made_voices import HIGH, LOW, talk

import emer
from emer.errors import InputError
from emer.schemas import Report

parrot = pytest.importorskip("parrot_whisper", reason="torch, whisper and transformers are not installed")
pytest.importorskip("faster_whisper")

RATE = 16_000


@pytest.fixture(scope="module")
def weights_dir(tiny_whispers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of faster-whisper alone."""
    folder = tmp_path_factory.mktemp("weights")
    shutil.copytree(tiny_whispers / "faster-whisper", folder / "faster-whisper")
    return folder


def why(report: Report) -> dict[str, str]:
    return {one.modality: one.why for one in report.missing}


def test_words_are_heard_where_none_are_given(demo_dir: Path, weights_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir)
    first = report.utterances[0]
    assert (first.text, first.source, first.language) == (parrot.WORDS.strip(), "asr", "en")
    assert first.confidence == pytest.approx(1.0, abs=0.01)
    assert report.clip.language == "en"
    assert any(cue.modality == "transcript" and cue.anchor.utterance == first.id for cue in report.cues)
    assert any(cue.modality == "voice" and cue.anchor.utterance == first.id for cue in report.cues)
    assert any(tool.startswith("faster-whisper ") and tool.endswith("tiny") for tool in report.provenance.tools)
    assert "transcript" not in why(report)


def test_given_words_win(demo_dir: Path, weights_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.flac", transcript="MARA: You're late.", weights_dir=weights_dir)
    assert [(one.text, one.source) for one in report.utterances] == [("You're late.", "given")]


def test_the_same_sound_gives_the_same_bytes(demo_dir: Path, weights_dir: Path) -> None:
    kinds = (True, True, False)  # measured and kept, read from what was kept, measured again
    reports = [emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir, cache=kind) for kind in kinds]
    plain = [r.model_copy(update={"provenance": r.provenance.model_copy(update={"timings_s": {}})}) for r in reports]
    assert len({report.to_json() for report in plain}) == 1


def test_without_biometrics_the_words_are_still_heard_and_nothing_else(demo_dir: Path, weights_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.mp4", weights_dir=weights_dir, no_biometrics=True)
    assert [one.source for one in report.utterances] == ["asr"]
    assert not {cue.modality for cue in report.cues} & {"face", "voice"}


def test_silence_and_noise_are_never_transcribed(tmp_path: Path, weights_dir: Path) -> None:
    sound = 0.05 * np.random.default_rng(0).standard_normal(3 * RATE)
    soundfile.write(tmp_path / "noise.wav", sound, RATE)
    report = emer.analyze(tmp_path / "noise.wav", weights_dir=weights_dir)
    assert not report.utterances
    assert why(report)["transcript"] == "no speech was found in the sound"


def test_asr_none_asks_for_a_transcript(demo_dir: Path, weights_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir, asr="none")
    assert not report.utterances
    assert why(report)["transcript"] == "no words were given"


def test_an_unknown_back_end_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InputError, match="'siri' is no speech back end"):
        emer.analyze("no-such-clip.mp4", asr="siri")


def test_without_weights_the_run_goes_on_and_names_the_command(demo_dir: Path, tmp_path: Path) -> None:
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=tmp_path)
    (missing,) = [one for one in report.missing if one.modality == "transcript"]
    assert missing.why.startswith("no words were given (--transcript FILE), and none can be heard: ")
    assert (missing.remedy or "").endswith("models pull faster-whisper")
    assert any(cue.modality == "voice" for cue in report.cues)


def test_weights_taken_away_between_two_clips_become_missing(demo_dir: Path, weights_dir: Path, tmp_path: Path) -> None:
    own = tmp_path / "weights"
    shutil.copytree(weights_dir, own)
    assert emer.analyze(demo_dir / "demo.flac", weights_dir=own).utterances
    shutil.rmtree(own)
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=own)
    assert not report.utterances
    assert "has no weights" in why(report)["transcript"]


def test_weights_taken_away_in_mid_run_become_missing(
    demo_dir: Path, weights_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "weights"
    shutil.copytree(weights_dir, own)
    from emer.tools.asr import door

    choose = door.choose

    def choose_then_lose(*given: object) -> object:
        ready = choose(*given)  # type: ignore[arg-type]
        shutil.rmtree(own)
        return ready

    monkeypatch.setattr(door, "choose", choose_then_lose)
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=own)
    assert "are gone" in why(report)["transcript"]
    assert any(cue.modality == "voice" for cue in report.cues)


def test_corrupt_weights_become_missing_and_the_exit_status_is_0(
    demo_dir: Path, weights_dir: Path, tmp_path: Path
) -> None:
    shutil.copytree(weights_dir, tmp_path / "weights")
    (tmp_path / "weights" / "faster-whisper" / "tiny" / "model.bin").write_bytes(b"nonsense")
    program = (
        "import sys; from emer.cli import main\n"
        f"sys.argv = ['emer', 'analyze', {str(demo_dir / 'demo.flac')!r}, '--json']\nmain()"
    )
    environment = {**__import__("os").environ, "EMER_WEIGHTS_DIR": str(tmp_path / "weights")}
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment, timeout=100
    )
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    said = {one["modality"]: one["why"] for one in json.loads(ran.stdout)["missing"]}
    assert "cannot be loaded" in said["transcript"]


def test_no_socket_is_opened(demo_dir: Path, weights_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a socket was connected")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir).utterances


def test_a_transcriber_out_of_time_says_so_and_the_voice_is_still_read(demo_dir: Path, weights_dir: Path) -> None:
    from emer.agents import hearing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hearing, "ASR_SHARE", -1.0)
        report = emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir)
    assert "the time limit" in why(report)["transcript"]
    assert any(cue.modality == "voice" for cue in report.cues)


def test_subtitles_without_names_are_given_to_the_voices_that_say_them(tmp_path: Path) -> None:
    sound, spans = talk(LOW, HIGH, LOW, HIGH)
    soundfile.write(tmp_path / "two.wav", sound, RATE)
    stamp = lambda s: f"00:00:{s:06.3f}".replace(".", ",")  # noqa: E731
    lines = "\n".join(f"{k}\n{stamp(a)} --> {stamp(b)}\nWords {k}.\n" for k, (a, b) in enumerate(spans, start=1))
    report = emer.analyze(tmp_path / "two.wav", transcript=lines)
    assert [one.person for one in report.utterances] == ["p1", "p2", "p1", "p2"]
    assert [one.id for one in report.people] == ["p1", "p2"]
    assert any("similar voices may be mixed up" in one for one in report.warnings)
    left = emer.analyze(tmp_path / "two.wav", transcript=lines, exclude_persons=("p2",))
    assert {one.person for one in left.utterances} == {"p1"}
    assert {cue.person for cue in left.cues} <= {"p1", None}
