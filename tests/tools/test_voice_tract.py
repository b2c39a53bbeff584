"""The length of the vocal tract from buzzes sent through resonators of known spacing."""

from __future__ import annotations

import numpy as np
import pytest

from emer.tools.vocal_tract import LOW, USUAL_HZ, register_hz, resonances, spacing_hz
from emer.tools.voice import listen_to, measure_all
from emer.tools.voice_frames import RATE


def tube(f0_hz: float, spacing: float, seconds: float = 1.5) -> np.ndarray:
    """A buzz through the resonances of a tube (odd halves of the spacing, 80-200 Hz wide), swelling and in silence."""
    t = np.arange(round(seconds * RATE)) / RATE
    f0 = f0_hz * (1 + 0.05 * np.sin(2 * np.pi * 0.8 * t))
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    centres = spacing * (np.arange(8) + 0.5)
    wave = np.zeros(len(t))
    for k in range(1, int(7500 / f0_hz)):
        s = 2j * np.pi * k * f0_hz
        gain = 1.0 + 0j
        for n, centre in enumerate(centres):
            pole = -np.pi * (80 + 20 * n) + 2j * np.pi * centre
            gain *= abs(pole) ** 2 / ((s - pole) * (s - np.conj(pole)))
        wave += np.abs(gain) / k * np.cos(k * phase + np.angle(gain))
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * 3 * t)
    quiet = np.zeros(RATE // 2)
    sound = np.concatenate([quiet, 0.2 * wave / np.abs(wave).max() * swell, quiet])
    return (sound + 1e-5 * np.random.default_rng(0).standard_normal(len(sound))).astype(np.float32)


@pytest.mark.parametrize("f0_hz", [100.0, 150.0, 210.0])
@pytest.mark.parametrize("spacing", [950.0, 1030.0, 1180.0])
def test_the_spacing_of_a_tube_is_its_own_whatever_the_pitch(f0_hz: float, spacing: float) -> None:
    voice = listen_to(tube(f0_hz, spacing))
    assert spacing_hz(voice.resonances) == pytest.approx(spacing, rel=0.03)


def test_the_same_pitch_is_higher_for_a_longer_tract() -> None:
    long, short = (measure_all(listen_to(tube(165.0, spacing))) for spacing in (1000.0, 1165.0))
    assert long.f0_over_register_st == pytest.approx(12 * np.log2(165 / 134.2), abs=0.7)
    assert short.f0_over_register_st == pytest.approx(12 * np.log2(165 / 187.7), abs=0.7)


def test_without_resonances_the_register_is_in_the_middle() -> None:
    assert resonances(np.zeros((0, 20), np.float32)).shape == (0, 4)
    assert spacing_hz(np.full((3, 4), np.nan)) == USUAL_HZ
    assert 134 < register_hz(USUAL_HZ) < 188


def test_the_register_never_leaves_its_bounds() -> None:
    assert register_hz(LOW[0]) == register_hz(900.0) == pytest.approx((120 * 210) ** 0.5 / (210 / 120) ** 0.3)


def test_silence_and_noise_give_numbers() -> None:
    correlation = np.random.default_rng(0).uniform(-1, 1, (50, 20)).astype(np.float32)
    correlation[:10] = 0
    found = resonances(correlation)
    assert not np.isinf(found).any()
    assert 900 <= spacing_hz(found) <= 1300
