"""Voices told apart by their sound: made ones of which two clearly differ, and one that stays one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emer.tools.media import open_media
from emer.tools.voice import listen_to
from emer.tools.voices_apart import tell_voices_apart

RATE = 16_000


def vowels(seconds: float, *, hz: float, formants: tuple[float, float, float], seed: int) -> np.ndarray:
    """A buzz through three moving resonances, with a bow of pitch: a voice of its own, never twice the same."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    f0 = hz * 2 ** (0.12 * np.sin(2 * np.pi * (0.8 * t + rng.random())) + 0.02 * rng.standard_normal())
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    wave = np.zeros_like(t)
    for k in range(1, int(5000 / hz)):
        gain = np.zeros_like(t)
        for n, centre in enumerate(formants):
            moved = centre * (1 + 0.15 * np.sin(2 * np.pi * (1.7 + 0.4 * n) * t + 6 * rng.random()))
            gain += 1 / (1 + ((k * f0 - moved) / 90) ** 2)
        wave += gain * np.cos(k * phase + 6 * rng.random()) / (n + 1)
    return (0.1 * wave / wave.std() * (0.55 - 0.45 * np.cos(2 * np.pi * 4 * t))).astype(np.float32)


LOW = {"hz": 105.0, "formants": (500.0, 1400.0, 2400.0)}
HIGH = {"hz": 210.0, "formants": (650.0, 1800.0, 2900.0)}


def heard(path: Path) -> np.ndarray:
    with open_media(path) as media:
        return np.array(media.sound_file())


def talk(*who: dict[str, object]) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Turns of 1.6 s with half a second between them, and their spans."""
    parts, spans, at_s = [], [], 0.5
    for seed, one in enumerate(who):
        parts += [np.zeros(RATE // 2, np.float32), vowels(1.6, seed=seed, **one)]  # type: ignore[arg-type]
        spans.append((at_s, at_s + 1.6))
        at_s += 2.1
    sound = np.concatenate([*parts, np.zeros(RATE // 2, np.float32)])
    return (sound + 2e-4 * np.random.default_rng(9).standard_normal(len(sound))).astype(np.float32), spans


def test_two_voices_are_two_in_order_of_their_first_words() -> None:
    sound, spans = talk(LOW, HIGH, HIGH, LOW, HIGH, LOW)
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 1, 1, 0, 1, 0)


def test_one_voice_is_one() -> None:
    sound, spans = talk(LOW, LOW, LOW, LOW)
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 0, 0, 0)


def test_a_short_word_goes_to_the_voice_that_explains_it_and_silence_to_none() -> None:
    sound, spans = talk(LOW, HIGH, LOW, HIGH)
    start_s, end_s = spans[3]
    spans = [*spans[:3], (start_s, end_s - 1.2), (0.0, 0.3)]
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 1, 0, 1, None)


def test_nothing_voiced_is_nobody() -> None:
    sound = np.zeros(RATE, np.float32)
    assert tell_voices_apart(listen_to(sound), sound, [(0.0, 0.5), (0.5, 1.0)]).of_span == (None, None)


def test_a_reader_and_a_speaker_are_told_apart(data_dir: Path) -> None:
    folder = data_dir / "media" / "speech_transcripts"
    names = [f"sense_and_sensibility_01_austen_64kb-0{n}.wav" for n in (870, 880, 890)]
    parts = [heard(folder / name) for name in names]
    parts[1:1] = [heard(folder / "jfk.flac")[: 4 * RATE]]
    ends = np.cumsum([len(one) for one in parts]) / RATE
    spans = list(zip([0.0, *ends[:-1].tolist()], ends.tolist(), strict=True))
    sound = np.concatenate(parts)
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 1, 0, 0)
