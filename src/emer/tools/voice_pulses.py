"""Glottal periods one by one, for jitter and shimmer: how far neighbouring periods differ in length and height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emer.tools.pitch import runs
from emer.tools.voice_frames import HOP, RATE, Floats

MAX_PERIOD_RATIO = 1.3  # neighbours that differ by more are no neighbours (Praat manual, "Jitter (local)")
MAX_HEIGHT_RATIO = 1.6  # the same for heights ("Shimmer (local, dB)")
SEARCH = 0.2  # of a period, before and after the expected place
_SMOOTH = np.hanning(19)[1:-1] / np.hanning(19).sum()  # 1 ms: formants must not move the peaks


@dataclass(frozen=True)
class Pulses:
    """Periods in order of time, `(n,)` each; NaN where the next period does not follow.

    Attributes:
        t_s: when the period ends.
        period_s: its length.
        jitter: difference of this period and the next over their mean, >= 0.
        shimmer_db: difference of their heights, dB, >= 0.
    """

    t_s: Floats
    period_s: Floats
    jitter: Floats
    shimmer_db: Floats


def find_pulses(sound: Floats, f0_hz: Floats, first_frame: int, sound_start_s: float) -> Pulses:
    """The periods of the voiced frames of a stretch of sound.

    Args:
        sound: `(n,)` at 16 kHz.
        f0_hz: pitch of consecutive frames, NaN where there is none.
        first_frame: number of the first of these frames in the clip, its centre at (first_frame + 0.5) * 10 ms.
        sound_start_s: the clip's time of the first sample.
    """
    smooth = np.convolve(sound, _SMOOTH, "same")
    offset = first_frame * HOP - round(sound_start_s * RATE)
    parts = [
        _of_run(smooth, f0_hz[start:end], offset + start * HOP, sound_start_s) for start, end in runs(~np.isnan(f0_hz))
    ]
    return joined([part for part in parts if part is not None])


def joined(parts: list[Pulses]) -> Pulses:
    """The pulses of consecutive stretches as one."""
    none = np.zeros(0, np.float32)
    t_s, period_s, jitter, shimmer_db = (
        np.concatenate([none, *(getattr(part, name) for part in parts)])
        for name in ("t_s", "period_s", "jitter", "shimmer_db")
    )
    return Pulses(t_s, period_s, jitter, shimmer_db)


def _of_run(smooth: Floats, f0_hz: Floats, begin: int, sound_start_s: float) -> Pulses | None:
    places, heights = _peaks(smooth, RATE / f0_hz, max(begin, 0), min(begin + len(f0_hz) * HOP, len(smooth)), begin)
    if len(places) < 3:
        return None
    periods, heights = np.diff(places), heights[1:]
    pair = periods[1:] + periods[:-1]
    jitter = 2 * np.abs(np.diff(periods)) / pair
    longer = np.maximum(periods[1:], periods[:-1]) / np.minimum(periods[1:], periods[:-1])
    higher = np.maximum(heights[1:], heights[:-1]) / np.maximum(np.minimum(heights[1:], heights[:-1]), 1e-9)
    follows = longer < MAX_PERIOD_RATIO
    shimmer = 20 * np.log10(np.maximum(higher, 1.0))
    return Pulses(
        (places[1:] / RATE + sound_start_s).astype(np.float32),
        (periods / RATE).astype(np.float32),
        np.append(np.where(follows, jitter, np.nan), np.nan).astype(np.float32),
        np.append(np.where(follows & (higher < MAX_HEIGHT_RATIO), shimmer, np.nan), np.nan).astype(np.float32),
    )


def _peaks(smooth: Floats, period: Floats, begin: int, end: int, origin: int) -> tuple[Floats, Floats]:
    """Places (in samples, between samples by a parabola) and heights of one peak a period."""
    part = smooth[begin:end]
    if len(part) < 4:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    wave = smooth if part.max() >= -part.min() else -smooth  # the polarity in which the pulses stand out
    places, heights = [], []
    at = begin + int(np.argmax(wave[begin : begin + int(period[0]) + 1]))
    while 1 <= at < min(end, len(wave) - 1):
        left, mid, right = float(wave[at - 1]), float(wave[at]), float(wave[at + 1])
        curve = left - 2 * mid + right
        places.append(at + (0.5 * (left - right) / curve if curve < 0 else 0.0))
        heights.append(abs(mid))
        length = float(period[min(max((at - origin) // HOP, 0), len(period) - 1)])
        low, high = at + max(int(length * (1 - SEARCH)), 1), at + int(length * (1 + SEARCH)) + 1
        if high >= min(end, len(wave) - 1):
            break
        at = low + int(np.argmax(wave[low:high]))
    return np.array(places), np.array(heights)
