"""Fundamental frequency and harmonics-to-noise ratio, frame by frame, by autocorrelation and a best path.

Method and constants: Boersma (1993), "Accurate short-term analysis of the fundamental frequency and the
harmonics-to-noise ratio of a sampled sound", Proc. Institute of Phonetic Sciences 17. A second pass narrows the range
to what the voice uses, against octave errors: De Looze and Hirst (2008), Speech Prosody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emer.tools.voice_frames import MAX_LAG, MIN_LAG, RATE, Floats, Periodicity

N_CANDIDATES = 4
VOICING = 0.45  # strength of "no pitch"; this and the next four after Boersma (1993) and Praat's defaults
SILENCE = 0.03  # of the loudest frames' amplitude
OCTAVE_COST = 0.02  # per octave, lost by the lower of two pitches; twice Boersma's, since a parabola misses some height
JUMP_COST = 0.35  # per octave between neighbouring frames
VOICING_COST = 0.14  # of a change between voiced and unvoiced
OUT_OF_RANGE = 0.25  # ours: lost by a pitch outside of the narrowed range
MIN_RUN = 3  # frames; a shorter voiced stretch is chance
MIN_FOR_RANGE = 20  # voiced frames from which on the range is narrowed


@dataclass(frozen=True)
class Candidates:
    """Possible pitches of n frames, `(n, 4)` each: Hz (0 = none), strength about 0..1, full-band correlation."""

    hz: Floats
    strength: Floats
    harmonicity: Floats


@dataclass(frozen=True)
class Pitch:
    """`f0_hz` and `hnr_db`, `(n,)` float32 each, NaN where there is no pitch (60-500 Hz; -20..40 dB)."""

    f0_hz: Floats
    hnr_db: Floats


def candidates(periodicity: Periodicity) -> Candidates:
    """The four strongest peaks of the autocorrelation, interpolated by a parabola."""
    low = periodicity.low
    around = low[:, MIN_LAG - 1 : MAX_LAG + 2]
    lags = np.arange(MIN_LAG, MAX_LAG + 1)
    is_peak = (around[:, 1:-1] > around[:, :-2]) & (around[:, 1:-1] >= around[:, 2:]) & (around[:, 1:-1] > 0)
    height = np.where(is_peak, around[:, 1:-1] - OCTAVE_COST * np.log2(lags / MIN_LAG), -1)
    best = np.argsort(-height, axis=1, kind="stable")[:, :N_CANDIDATES]
    found = np.take_along_axis(height, best, axis=1) > -1
    lag = lags[best]
    left, mid, right = (np.take_along_axis(low, lag + d, axis=1) for d in (-1, 0, 1))
    curve = np.minimum(left - 2 * mid + right, -1e-6)
    shift = np.clip((left - right) / (2 * curve), -0.5, 0.5)
    exact = lag + shift
    peak = mid - (left - right) * shift / 4
    strength = np.where(found, np.clip(peak, 0, 1) - OCTAVE_COST * np.log2(exact / MIN_LAG), -1)
    return Candidates(
        np.where(found, RATE / exact, 0).astype(np.float32),
        strength.astype(np.float32),
        _at(periodicity.full, lag).astype(np.float32),
    )


def _at(correlation: Floats, lag: NDArray[np.intp]) -> Floats:
    """The largest correlation around a lag: the parabola through three points, which is where its peak lies."""
    left, mid, right = (np.take_along_axis(correlation, lag + d, axis=1) for d in (-1, 0, 1))
    curve = np.minimum(left - 2 * mid + right, -1e-6)
    shift = np.clip((left - right) / (2 * curve), -0.5, 0.5)
    peak: Floats = mid - (left - right) * shift / 4
    return peak


def joined(parts: list[Candidates]) -> Candidates:
    """The candidates of consecutive blocks as one."""
    none = np.zeros((0, N_CANDIDATES), np.float32)
    hz, strength, harmonicity = (
        np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in ("hz", "strength", "harmonicity")
    )
    return Candidates(hz, strength, harmonicity)


def track(found: Candidates, level_db: Floats) -> Pitch:
    """The best path through the candidates of a stretch of sound whose frames have these levels."""
    n = len(found.hz)
    if n == 0:
        return Pitch(np.zeros(0, np.float32), np.zeros(0, np.float32))
    amplitude = 10 ** ((level_db - np.quantile(level_db, 0.98)) / 20)
    unvoiced = VOICING + np.maximum(0, 2 - amplitude / (SILENCE / (1 + VOICING)))
    unvoiced = np.where(level_db <= -100, 3.0, unvoiced)
    chosen = _best_path(found.hz, found.strength, unvoiced)
    f0 = _picked(found.hz, chosen)
    voiced = f0[f0 > 0]
    if len(voiced) >= MIN_FOR_RANGE:
        floor, ceiling = 0.75 * np.quantile(voiced, 0.25), 1.5 * np.quantile(voiced, 0.75)
        strength = np.where((found.hz < floor) | (found.hz > ceiling), found.strength - OUT_OF_RANGE, found.strength)
        chosen = _best_path(found.hz, strength, unvoiced)
        f0 = _picked(found.hz, chosen)
    f0[_short_runs(f0 > 0)] = 0
    r = np.clip(_picked(found.harmonicity, chosen), 0.01, 0.9999)  # 0.9999 is 40 dB: more cannot be told in 50 ms
    is_voiced = f0 > 0
    hnr = np.where(is_voiced, 10 * np.log10(r / (1 - r)), np.nan)
    return Pitch(np.where(is_voiced, f0, np.nan).astype(np.float32), hnr.astype(np.float32))


def _picked(values: Floats, chosen: NDArray[np.intp]) -> Floats:
    """The value of the chosen candidate of each frame, 0 where none is chosen (-1)."""
    taken = np.take_along_axis(values, np.maximum(chosen, 0)[:, None], axis=1)[:, 0]
    picked: Floats = np.where(chosen < 0, 0, taken)
    return picked


def _best_path(hz: Floats, strength: Floats, unvoiced: Floats) -> NDArray[np.intp]:
    """Index of the candidate of each frame on the path of most strength less costs, -1 for unvoiced (Viterbi)."""
    n, k = hz.shape
    octaves = np.log2(np.where(hz > 0, hz, 1))
    gain = np.concatenate([np.where(hz > 0, strength, -9), unvoiced[:, None]], axis=1)
    step = np.full((max(n - 1, 0), k + 1, k + 1), -VOICING_COST, np.float32)
    step[:, k, k] = 0
    step[:, :k, :k] = -JUMP_COST * np.abs(octaves[1:, None, :] - octaves[:-1, :, None])
    score, back = gain[0], np.zeros((n, k + 1), np.int8)
    columns = np.arange(k + 1)
    for t in range(1, n):
        reach = score[:, None] + step[t - 1]
        back[t] = best = reach.argmax(axis=0)
        score = reach[best, columns] + gain[t]
    path = np.empty(n, np.intp)
    path[-1] = score.argmax()
    for t in range(n - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return np.where(path == k, -1, path)


def _short_runs(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    short = np.zeros_like(mask)
    for start, end in runs(mask):
        short[start:end] = end - start < MIN_RUN
    return short


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True.

    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
