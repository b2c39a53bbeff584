"""How long the vocal tract sounds, so that a pitch can be read against the register that goes with it.

A tube of length L resonates at odd multiples of half the spacing c / 2L: 500, 1500, 2500 … Hz for 17.5 cm (Fant 1960).
The spacing is read from linear prediction (Makhoul 1975) by the comb that fits best the resonances above 1.3 kHz, which
vowels move least (Reby and McComb 2003, Animal Behaviour 65, for the idea of one spacing). It is used for nothing but
to weigh the pitch; it is never shown, and nothing about the speaker is concluded from it.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from emer.tools.voice_frames import RATE, Floats, window_gain

ORDER = 18  # two for each kHz of bandwidth and two for the source (Markel and Gray 1976)
N_LAGS = ORDER + 2
EVERY = 4  # one voiced frame in four is enough, and the roots are the dearest part of it
N_KEPT = 4
FROM_HZ, TO_HZ, MAX_WIDTH_HZ = 1300.0, 5000.0, 500.0
_EMPHASIS = 0.97
USUAL_HZ, USUAL_SPREAD_HZ = 1080.0, 90.0  # of adults; where the resonances tell little, this does
_TRUST = 0.3  # of one resonance: those of neighbouring frames are hardly independent (ours)
BELIEF = 0.6
"""How far a spacing from a few seconds is believed (ours): of six readings of two known voices one was far off."""
LOW = (1000.0, 120.0)
HIGH = (1165.0, 210.0)
"""Spacing and typical pitch, Hz: 17.5 cm, and resonances 16-17 % higher (Peterson and Barney 1952); 120 and 210 Hz are
the typical means of Traunmüller and Eriksson (1995)."""


def resonances(correlation: Floats) -> Floats:
    """Up to four resonances between 1.3 and 5 kHz of n frames, `(n, 4)` Hz, NaN where there are fewer.

    Args:
        correlation: `(n, 20)` full-band autocorrelation at the lags 0..19, as `Periodicity.full` has it.
    """
    if len(correlation) == 0:
        return np.zeros((0, N_KEPT), np.float32)
    predictor = _predictor(_emphasised(correlation[:, :N_LAGS].astype(np.float64) * window_gain(N_LAGS)))
    companion = np.zeros((len(predictor), ORDER, ORDER))
    companion[:, 0, :] = -predictor[:, 1:]
    companion[:, np.arange(1, ORDER), np.arange(ORDER - 1)] = 1
    roots = np.linalg.eigvals(companion)
    hz = np.angle(roots) * RATE / (2 * np.pi)
    width = -np.log(np.maximum(np.abs(roots), 1e-12)) * RATE / np.pi
    kept = np.where((hz > FROM_HZ) & (hz < TO_HZ) & (width < MAX_WIDTH_HZ), hz, np.nan)
    ordered: Floats = np.sort(kept, axis=1)[:, :N_KEPT].astype(np.float32)  # NaN sorts last
    return ordered


def spacing_hz(found: Floats) -> float:
    """The spacing of a tube that resonates like this, 900-1300 Hz; the usual one of adults for no resonance."""
    hz = found[~np.isnan(found)]
    grid = np.arange(900.0, 1301.0, 5.0)
    fit = -np.cos(2 * np.pi * hz[:, None] / grid).sum(axis=0) if len(hz) else np.zeros(len(grid))
    return float(grid[np.argmax(_TRUST * fit - 0.5 * ((grid - USUAL_HZ) / USUAL_SPREAD_HZ) ** 2)])


def register_hz(spacing: float) -> float:
    """The pitch to expect from a voice of this spacing: from the middle, 159 Hz, six tenths of the way to its register.

    >>> round(register_hz(1000.0)), round(register_hz(1165.0)), round(register_hz(1300.0))
    (134, 188, 188)
    """
    x = np.clip(np.log(spacing / LOW[0]) / np.log(HIGH[0] / LOW[0]), 0, 1)
    return float((LOW[1] * HIGH[1]) ** 0.5 * (HIGH[1] / LOW[1]) ** (BELIEF * (x - 0.5)))


@cache
def _lag_window() -> Floats:
    """A Gaussian of 40 Hz, so that the harmonics of a high voice are not taken for resonances."""
    made: Floats = np.exp(-0.5 * (2 * np.pi * 40 / RATE * np.arange(ORDER + 1)) ** 2)
    made[0] = 1.0001  # a floor of noise, which keeps the equations solvable
    return made


def _emphasised(r: Floats) -> Floats:
    """The autocorrelation after the filter 1 - 0.97 / z, `(n, 19)`, from that before it, `(n, 20)`."""
    before = np.abs(np.arange(ORDER + 1) - 1)
    filtered: Floats = (1 + _EMPHASIS**2) * r[:, : ORDER + 1] - _EMPHASIS * (r[:, 1 : ORDER + 2] + r[:, before])
    return filtered * _lag_window()


def _predictor(r: Floats) -> Floats:
    """Coefficients of the prediction error filter, `(n, 19)`, the first 1 (Levinson and Durbin)."""
    predictor = np.zeros((len(r), ORDER + 1))
    predictor[:, 0] = 1
    error = np.maximum(r[:, 0], 1e-9)
    for i in range(1, ORDER + 1):
        reflection = np.clip(-(predictor[:, :i] * r[:, i:0:-1]).sum(axis=1) / error, -0.9999, 0.9999)
        predictor[:, 1 : i + 1] += reflection[:, None] * predictor[:, :i][:, ::-1].copy()
        error = np.maximum(error * (1 - reflection**2), 1e-9)
    filter_: Floats = predictor
    return filter_
