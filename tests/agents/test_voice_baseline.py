"""What a voice is compared with: seconds of the same clip, another clip, the rest, or norms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_voice import hear, recording, said, voiced  # type: ignore[import-not-found]

import emer
from emer.agents.state import Observation, Services
from emer.agents.voice import observe
from emer.config import load_settings
from emer.errors import InputError
from emer.schemas import Clip, Utterance
from emer.tools.media import open_media


def compared(path: Path, baseline: str, *utterances: Utterance) -> Observation:
    with open_media(path) as media:
        clip = Clip(id="sha256:0", source=str(path), kind="audio")
        return observe(clip, utterances, Services(settings=load_settings(baseline=baseline), media=media))


@pytest.fixture
def fifth_up(tmp_path: Path) -> Path:
    """Two seconds at 120 Hz, then two a fifth higher and 6 dB louder."""
    return recording(tmp_path / "a.wav", 0.5, voiced(2.0), 0.6, voiced(2.0, hz=180.0, level=0.2), 0.5)


def test_seconds_of_the_clip_are_what_the_rest_is_compared_with(fifth_up: Path) -> None:
    seen = compared(fifth_up, "0-2.6", said(1, "p1", 0.5, 2.5), said(2, "p1", 3.1, 5.1))
    (pitch,) = [c for c in seen.cues if c.kind == "pitch"]
    assert "higher-pitched than the speaker's baseline at 0-2.6 s (+7.0 semitones)" in pitch.text
    assert pitch.source.values["change.f0_st"] == pytest.approx(12 * np.log2(1.5), abs=0.3)
    (loud,) = [c for c in seen.cues if c.kind == "loudness"]
    assert loud.source.values["change.level_db"] == pytest.approx(20 * np.log10(2), abs=1)
    assert not any("norms" in one for one in (*seen.warnings, *(c.text for c in seen.cues)))


def test_another_clip_is_compared_but_not_its_loudness(fifth_up: Path, tmp_path: Path) -> None:
    usual = recording(tmp_path / "usual.wav", 0.3, voiced(2.0, level=0.01), 0.5, voiced(2.0, level=0.01), 0.3)
    seen = compared(fifth_up, str(usual), said(1, "p1", 3.1, 5.1))
    (pitch,) = [c for c in seen.cues if c.kind == "pitch"]
    assert "higher-pitched than the speaker's baseline recording" in pitch.text
    assert not [c for c in seen.cues if c.kind == "loudness"]
    assert all("change.level_db" not in c.source.values for c in seen.cues)
    assert all(c.arousal is None or -1 <= c.arousal <= 1 for c in seen.cues)


def test_each_speaker_has_the_baseline_that_she_speaks_in_the_span(tmp_path: Path) -> None:
    low, high = voiced(1.5, hz=110), voiced(1.5, hz=220)
    path = recording(tmp_path / "a.wav", 0.5, low, 0.5, high, 0.5, low, 0.5, high, 0.5)
    turns = [said(k, f"p{k % 2 + 1}", 0.5 + 2.0 * k, 2.0 + 2.0 * k) for k in range(4)]
    both = compared(path, "0-4.1", *turns)
    assert not [c for c in both.cues if c.kind == "pitch"]
    one = compared(path, "0-2.1", *turns)
    assert any("p2 hardly speaks at 0-2.1 s" in warning for warning in one.warnings)


def test_another_clip_is_not_used_where_several_speak(tmp_path: Path) -> None:
    low, high = voiced(1.5, hz=110), voiced(1.5, hz=220)
    path = recording(tmp_path / "a.wav", 0.5, low, 0.5, high, 0.5)
    seen = compared(path, str(path), said(0, "p1", 0.5, 2.0), said(1, "p2", 2.5, 4.0))
    assert any("is one speaker's, but 2 are heard" in warning for warning in seen.warnings)


def test_a_baseline_without_speech_is_the_users_to_know(fifth_up: Path) -> None:
    with pytest.raises(InputError, match=r"0\.0 s of speech were found in '0-0\.4'"):
        compared(fifth_up, "0-0.4")


@pytest.mark.parametrize("baseline", ["5-2", "3-3", "nothing.wav", "a-b", ""])
def test_what_is_no_baseline_is_refused_before_anything_is_read(baseline: str, demo_dir: Path) -> None:
    with pytest.raises(InputError, match="is neither a file nor seconds"):
        emer.analyze(demo_dir / "demo.flac", baseline=baseline)


def test_under_half_a_minute_and_without_baseline_it_says_that_norms_are_used(tmp_path: Path) -> None:
    single = hear(recording(tmp_path / "a.wav", 0.5, voiced(2.0), 0.5))
    assert single.warnings == [
        "Under 30 s of speech (2 s) and no --baseline: the voice is compared with published norms."
    ]
    parts = [part for _ in range(4) for part in (voiced(1.5), 0.6)]
    several = hear(recording(tmp_path / "b.wav", 0.5, *parts))
    assert several.warnings[-1].endswith("published norms, and only within this short recording with itself.")


def test_half_a_minute_is_enough(tmp_path: Path) -> None:
    parts = [part for _ in range(10) for part in (voiced(3.5), 0.6)]
    assert not hear(recording(tmp_path / "a.wav", 0.5, *parts)).warnings
