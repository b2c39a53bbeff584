"""Two voices made of buzzes and resonances that clearly differ, and their turns."""

from __future__ import annotations

import numpy as np

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


def talk(*who: dict[str, object]) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Turns of 1.6 s with half a second between them, and their spans."""
    parts, spans, at_s = [], [], 0.5
    for seed, one in enumerate(who):
        parts += [np.zeros(RATE // 2, np.float32), vowels(1.6, seed=seed, **one)]  # type: ignore[arg-type]
        spans.append((at_s, at_s + 1.6))
        at_s += 2.1
    sound = np.concatenate([*parts, np.zeros(RATE // 2, np.float32)])
    return (sound + 2e-4 * np.random.default_rng(9).standard_normal(len(sound))).astype(np.float32), spans
