"""The voice specialist on recordings made here: what it says, of whom, against what, and what if there is no voice."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emer.agents.state import Observation, Services
from emer.agents.voice import MAX_POINTS, UNNAMED, observe
from emer.config import load_settings
from emer.schemas import Clip, Cue, Utterance
from emer.tools.media import open_media

RATE = 16_000
FEELINGS = re.compile(r"\b(angry|anger|sad|happy|fear\w*|joy\w*|calm|upset|excite\w*|nervous|emotion\w*|feel\w*)\b")


def voiced(seconds: float, *, hz: float = 120, per_s: float = 4, level: float = 0.1, tilt: float = -9) -> np.ndarray:
    """A buzz of syllables that is no speech but has a voice's pitch, pace, level and spectral tilt."""
    t = np.arange(round(seconds * RATE)) / RATE
    f0 = hz * 2 ** (0.15 * np.sin(2 * np.pi * 0.7 * t))
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    n = int(5000 / hz)
    wave = sum(10 ** (tilt * np.log2(k) / 20) * np.cos(k * phase) for k in range(1, n + 1))
    return level * wave / (3 * wave.std()) * (0.1 + 0.45 * (1 - np.cos(2 * np.pi * per_s * t)))


def recording(path: Path, *parts: np.ndarray | float) -> Path:
    """A wav of the parts; a number is a silence of so many seconds in a quiet room."""
    sound = np.concatenate([np.zeros(round(p * RATE)) if isinstance(p, float) else p for p in parts])
    sound = sound + 3e-4 * np.random.default_rng(0).standard_normal(len(sound))
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    return path


def hear(path: Path, *utterances: Utterance) -> Observation:
    with open_media(path) as media:
        clip = Clip(id="sha256:0", source=str(path), kind="audio")
        return observe(clip, utterances, Services(settings=load_settings(), media=media))


def said(number: int, person: str | None, start_s: float, end_s: float) -> Utterance:
    return Utterance(id=f"u{number}", person=person, text="words", start_s=start_s, end_s=end_s)


def of(cues: object, kind: str, start_s: float | None = None) -> list[Cue]:
    near = [c for c in cues if c.kind == kind]  # type: ignore[attr-defined]
    return near if start_s is None else [c for c in near if abs((c.anchor.start_s or 0) - start_s) < 0.2]


# --- against the rest of the recording -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outburst(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    """Four stretches, of which the third is a fifth higher, 14 dB louder, brighter and faster."""
    plain = voiced(1.6)
    third = voiced(1.6, hz=180.0, level=0.5, per_s=6.0, tilt=-5.0)
    path = tmp_path_factory.mktemp("voice") / "outburst.wav"
    return hear(recording(path, 0.5, plain, 0.6, plain, 0.6, third, 0.6, plain, 0.5))


def test_the_stretch_that_stands_out_is_told_with_its_numbers(outburst: Observation) -> None:
    (pitch,) = of(outburst.cues, "pitch", 4.9)
    assert "higher-pitched than the rest of this recording (+7.0 semitones)" in pitch.text
    assert pitch.source.values["change.f0_st"] == pytest.approx(12 * np.log2(1.5), abs=0.3)
    (loud,) = of(outburst.cues, "loudness", 4.9)
    assert "louder than the rest of this recording" in loud.text
    assert loud.source.values["change.level_db"] == pytest.approx(20 * np.log10(5), abs=1.5)
    (rate,) = of(outburst.cues, "rate", 4.9)
    assert rate.source.values["rate_syl_s"] == pytest.approx(6, abs=0.7)
    assert "faster than the rest" in rate.text
    assert "brighter than the rest" in of(outburst.cues, "quality", 4.9)[0].text


def test_what_stands_out_is_more_stirred_than_the_rest(outburst: Observation) -> None:
    stirred = [c.arousal for c in outburst.cues if c.arousal is not None and 4.7 < (c.anchor.start_s or 0) < 5.1]
    usual = [c.arousal for c in outburst.cues if c.arousal is not None and not 4.7 < (c.anchor.start_s or 0) < 5.1]
    assert stirred
    assert usual
    assert min(stirred) > max(usual) + 0.5


def test_every_stretch_has_an_arousal_and_no_valence(outburst: Observation) -> None:
    starts = {round(c.anchor.start_s or 0, 1) for c in outburst.cues if c.kind not in ("pause",)}
    with_arousal = {round(c.anchor.start_s or 0, 1) for c in outburst.cues if c.arousal is not None}
    assert len(starts) == 4
    assert starts == with_arousal
    assert all(c.valence is None for c in outburst.cues)


def test_cues_are_numbered_in_order_of_time_and_name_no_emotion(outburst: Observation) -> None:
    assert [c.id for c in outburst.cues] == [f"voice-{n}" for n in range(1, len(outburst.cues) + 1)]
    starts = [c.anchor.start_s or 0.0 for c in outburst.cues]
    assert starts == sorted(starts)
    assert not [c.text for c in outburst.cues if FEELINGS.search(c.text)]


def test_the_series_follows_the_outburst(outburst: Observation) -> None:
    arousal, pitch = outburst.series
    assert (arousal.dimension, pitch.dimension) == ("arousal", "f0_st")
    at = lambda series, t: series.values[int(t / series.step_s)]  # noqa: E731
    assert at(arousal, 5.7) > at(arousal, 1.3) + 0.5
    assert at(pitch, 5.7) == pytest.approx(12 * np.log2(1.8), abs=1)
    assert at(pitch, 4.6) is None
    assert len(arousal.values) <= MAX_POINTS


def test_a_softer_stretch_is_softer_not_quiet(tmp_path: Path) -> None:
    plain = voiced(1.5)
    seen = hear(recording(tmp_path / "a.wav", 0.5, plain, 0.6, plain, 0.6, 0.3 * plain, 0.5))
    (cue,) = of(seen.cues, "loudness", 4.7)
    assert "softer than the rest of this recording (-10 dB)" in cue.text


def test_a_gain_on_the_whole_recording_changes_no_word(tmp_path: Path) -> None:
    parts = (0.5, voiced(1.5), 0.6, voiced(1.5, hz=170), 0.6, voiced(1.5, level=0.03), 0.5)
    path = recording(tmp_path / "a.wav", *parts)
    sound, _ = soundfile.read(path)
    soundfile.write(tmp_path / "b.wav", 4 * sound, RATE, subtype="FLOAT")
    assert [c.text for c in hear(path).cues] == [c.text for c in hear(tmp_path / "b.wav").cues]


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav", 0.3, voiced(1.5), 0.6, voiced(1.0, hz=150), 0.6, voiced(1.2), 0.3)
    one, other = ([c.model_dump_json() for c in hear(path).cues] for _ in range(2))
    assert one == other


# --- against norms ---------------------------------------------------------------------------------------------------


def test_a_single_utterance_is_compared_with_norms_and_says_so(tmp_path: Path) -> None:
    seen = hear(recording(tmp_path / "a.wav", 0.5, voiced(2.0, per_s=6.8, tilt=-4), 0.5))
    (rate,) = of(seen.cues, "rate")
    assert rate.text.startswith("fast (about ")
    assert rate.source.values["rate_syl_s"] == pytest.approx(6.8, abs=0.4)
    assert "published norms" in rate.text
    assert not any("rest of this recording" in c.text for c in seen.cues)
    assert not of(seen.cues, "loudness")


def test_an_ordinary_voice_gets_one_cue_for_the_whole(tmp_path: Path) -> None:
    seen = hear(recording(tmp_path / "a.wav", 0.5, voiced(2.5, hz=155, tilt=-7, per_s=4.3), 0.5))
    (cue,) = of(seen.cues, "delivery")
    assert cue.arousal is not None
    assert "usual in adult speech" in cue.text


# --- contour and pauses ----------------------------------------------------------------------------------------------


def test_a_rising_end_is_heard(tmp_path: Path) -> None:
    t = np.arange(round(1.5 * RATE)) / RATE
    f0 = np.where(t < 1.35, 120.0, 170.0)
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    wave = 0.1 * sum(np.cos(k * phase) / k for k in range(1, 25))
    (cue,) = of(hear(recording(tmp_path / "a.wav", 0.5, wave, 0.5)).cues, "contour")
    assert "pitch rises at the end" in cue.text
    assert cue.arousal is None


def test_a_long_pause_and_hesitant_delivery_are_heard(tmp_path: Path) -> None:
    word = voiced(0.75)
    path = recording(tmp_path / "a.wav", 0.3, word, 0.7, word, 1.4, word, 0.7, word, 0.3)
    seen = hear(path, said(1, "p1", 0.2, 6.2))
    (cue,) = of(seen.cues, "pause")
    assert "long pause" in cue.text
    assert cue.source.values["pause_longest_s"] == pytest.approx(1.4, abs=0.15)
    assert "hesitant delivery, many pauses" in cue.text
    assert cue.source.values["n_pauses"] == 3


# --- who -------------------------------------------------------------------------------------------------------------


def test_each_speaker_has_a_baseline_of_her_own(tmp_path: Path) -> None:
    low, high = voiced(1.5, hz=110), voiced(1.5, hz=220)
    path = recording(tmp_path / "a.wav", 0.5, low, 0.5, high, 0.5, low, 0.5, high, 0.5, low, 0.5, high, 0.5)
    turns = [said(k, f"p{k % 2 + 1}", 0.5 + 2.0 * k, 2.0 + 2.0 * k) for k in range(6)]
    seen = hear(path, *turns)
    assert {c.person for c in seen.cues} == {"p1", "p2"}
    assert {c.anchor.utterance for c in seen.cues} == {f"u{k}" for k in range(6)}
    assert not of(seen.cues, "pitch")
    assert seen.people == []
    assert {s.person for s in seen.series} == {"p1", "p2"}


def test_an_unnamed_voice_is_one_local_person(tmp_path: Path) -> None:
    seen = hear(recording(tmp_path / "a.wav", 0.5, voiced(2.0), 0.5))
    assert [p.id for p in seen.people] == [UNNAMED]
    assert {c.person for c in seen.cues} == {UNNAMED}


def test_times_without_speech_are_left_and_told(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav", 0.5, voiced(2.0), 4.0)
    seen = hear(path, said(1, "p1", 4.0, 6.0))
    assert "No speech was heard at the times of the transcript" in seen.warnings[0]
    assert {c.person for c in seen.cues} == {UNNAMED}


# --- nothing to hear -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (np.zeros(2 * RATE), "silence: level below -75 dBFS throughout"),
        (0.1 * np.random.default_rng(0).standard_normal(2 * RATE), "no speech was found in the sound"),
    ],
)
def test_without_speech_the_voice_is_missing(tmp_path: Path, sound: np.ndarray, why: str) -> None:
    soundfile.write(tmp_path / "a.wav", sound, RATE)
    seen = hear(tmp_path / "a.wav")
    assert (seen.cues, [m.modality for m in seen.missing]) == ((), ["voice"])
    assert why in seen.missing[0].why


def test_without_sound_the_voice_is_missing() -> None:
    clip = Clip(id="sha256:0", source="text", kind="text")
    (missing,) = observe(clip, [], Services(settings=load_settings())).missing
    assert missing.why == "the clip has no audio stream"


def test_an_unbroken_tone_is_not_trusted_as_a_voice(tmp_path: Path) -> None:
    t = np.arange(6 * RATE) / RATE
    notes = np.sin(2 * np.pi * np.cumsum(np.where(t % 2 < 1, 220.0, 330.0)) / RATE)
    tune = 0.1 * notes * (0.55 - 0.45 * np.cos(np.pi * t))
    seen = hear(recording(tmp_path / "a.wav", 0.5, tune, 0.5))
    assert seen.cues
    assert all(c.quality <= 0.4 for c in seen.cues)
    assert "may be music" in seen.warnings[0]


# --- real recordings -------------------------------------------------------------------------------------------------


def test_the_demonstration_clip_has_a_softer_lower_last_sentence(demo_dir: Path) -> None:
    with open_media(demo_dir / "demo.mp4") as media:
        clip = Clip(id="sha256:0", source="demo.mp4", kind="video")
        turns = [said(1, "p1", 0.35, 1.437), said(2, "p1", 1.737, 4.932), said(3, "p1", 5.232, 8.018)]
        seen = observe(clip, turns, Services(settings=load_settings(), media=media))
    last = " ".join(c.text for c in seen.cues if c.anchor.utterance == "u3")
    assert "softer than the rest" in last
    assert "lower-pitched than the rest" in last


def test_syllables_of_read_speech_are_counted_within_a_fifth(data_dir: Path) -> None:
    path = data_dir / "media/speech_transcripts/sense_and_sensibility_01_austen_64kb-0870.wav"
    seen = hear(path, said(1, "p1", 0.2, 6.8))
    rates = [c.source.values["rate_syl_s"] for c in seen.cues if "rate_syl_s" in c.source.values]
    assert rates[0] == pytest.approx(31 / 6.5, rel=0.2)  # 31 syllables counted by hand in 6.5 s
