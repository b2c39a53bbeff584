"""What one frame of sound holds, every 10 ms: level, spectral balance and the autocorrelation that pitch is read from.

Every value belongs to its frame alone, so it does not matter how a recording was cut into windows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

RATE = 16_000
HOP = 160
STEP_S = HOP / RATE
SIZE = 800
"""50 ms: three periods of the lowest pitch, 60 Hz, as Boersma (1993) asks for a pitch."""
N_FFT = 1280  # at least SIZE + MAX_LAG, so that the autocorrelation does not wrap round; bins of 12.5 Hz
MIN_LAG, MAX_LAG = 32, 267  # 500 and 60 Hz
BLOCK = 512  # frames at a time, so that what is held stays in the cache
SILENT_DB = -120.0
_POWER_FLOOR = 1e-12


@dataclass(frozen=True)
class Spectra:
    """Measures of n frames, each `(n,)` float32; silence gives -120 dB and 0 elsewhere, never NaN.

    Attributes:
        level_db: level in dBFS, 0 being a square wave of full scale (a full sine is -3).
        vowel_db: the same between 300 and 3000 Hz, where vowels stand out; syllables are counted on it.
        alpha_db: alpha ratio, energy of 1-5 kHz over that of 50-1000 Hz (Eyben et al. 2016, section 3.1), dB.
        hammarberg_db: strongest peak of 0-2 kHz over strongest of 2-5 kHz (Hammarberg et al. 1980), dB.
        tilt_db_oct: slope of the spectrum's density from 300 Hz to 4.8 kHz, dB an octave; white noise has 0.
        centroid_hz: centre of mass of the power spectrum.
        clipped: share of the frame's samples at full scale, 0..1.
    """

    level_db: Floats
    vowel_db: Floats
    alpha_db: Floats
    hammarberg_db: Floats
    tilt_db_oct: Floats
    centroid_hz: Floats
    clipped: Floats


@dataclass(frozen=True)
class Periodicity:
    """Autocorrelations of n frames at the lags 0..MAX_LAG + 1, `(n, 269)`, Hann window divided out, 1 at lag 0.

    Attributes:
        low: of the sound below about 1.2 kHz: steadier, for the choice of the period.
        full: of the whole sound: its value at the period gives the harmonics-to-noise ratio.
    """

    low: Floats
    full: Floats


def frames(sound: Floats, first: int, n: int) -> Floats:
    """`n` frames `(n, 800)` whose centres lie at 5, 15, 25 ms … after sample `first`; zeros beyond the sound."""
    begin = first + HOP // 2 - SIZE // 2
    n_wanted = (n - 1) * HOP + SIZE
    before = max(0, -begin)
    part = sound[max(begin, 0) : max(begin + n_wanted, 0)]
    padded = np.zeros(n_wanted, np.float32)
    padded[before : before + len(part)] = part
    windows: Floats = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP]
    return windows


def analyse(block: Floats) -> tuple[Spectra, Periodicity]:
    """Spectral measures and autocorrelations of frames `(n, 800)`."""
    centred = block - block.mean(axis=1, keepdims=True)  # a constant offset is no sound
    power = np.abs(np.fft.rfft(centred * _shape().window, N_FFT, axis=1)) ** 2
    return _spectra(block, power), Periodicity(_autocorrelation(power * _shape().low_pass), _autocorrelation(power))


def joined(parts: list[Spectra]) -> Spectra:
    """The measures of consecutive blocks as one; empty arrays for no block."""
    empty = np.zeros(0, np.float32)
    return Spectra(**{f.name: np.concatenate([empty, *(getattr(p, f.name) for p in parts)]) for f in fields(Spectra)})


def window_gain(n_lags: int) -> Floats:
    """The autocorrelation of the window itself at the lags 0..n_lags - 1, by which `Periodicity` was divided."""
    return _shape().lag_gain[:n_lags]


@dataclass(frozen=True)
class _Shape:
    window: Floats
    lag_gain: Floats  # autocorrelation of the window, by which that of the frame is divided (Boersma 1993, eq. 9)
    low_pass: Floats
    hz: Floats
    bands: Floats  # (641, 7): mean density of octave bands; narrower ones would fall between the harmonics
    slope: Floats  # (7,): least squares slope over octaves


@cache
def _shape() -> _Shape:
    window = np.hanning(SIZE + 1)[:SIZE]
    own = np.fft.irfft(np.abs(np.fft.rfft(window, N_FFT)) ** 2)[: MAX_LAG + 2]
    hz = np.fft.rfftfreq(N_FFT, 1 / RATE)
    centres = 300 * 2 ** (0.5 + np.arange(7) / 2)
    inside = (hz[:, None] >= centres * 2**-0.5) & (hz[:, None] < centres * 2**0.5)
    octaves = np.log2(centres) - np.log2(centres).mean()
    low_pass, bands, slope = 1 / (1 + (hz / 1200) ** 8), inside / inside.sum(axis=0), octaves / (octaves @ octaves)
    arrays = (window, own / own[0], low_pass, hz, bands, slope)
    return _Shape(*(array.astype(np.float32) for array in arrays))


def _autocorrelation(power: Floats) -> Floats:
    raw = np.fft.irfft(power, axis=1)[:, : MAX_LAG + 2]
    normal: Floats = (raw / np.maximum(raw[:, :1], _POWER_FLOOR) / _shape().lag_gain).astype(np.float32)
    return normal


def _spectra(block: Floats, power: Floats) -> Spectra:
    hz = _shape().hz
    total = power.sum(axis=1)
    scale = np.float32(2 / (N_FFT * float((_shape().window ** 2).sum())))  # Parseval, both sides of the spectrum
    heard = total > _POWER_FLOOR / scale
    low, high = _energy(power, 50, 1000), _energy(power, 1000, 5000)
    peaks = power[:, hz <= 2000].max(axis=1), power[:, (hz > 2000) & (hz <= 5000)].max(axis=1)
    tilt = _db(power @ _shape().bands) @ _shape().slope
    return Spectra(
        level_db=np.maximum(_db(total * scale), SILENT_DB),
        vowel_db=np.maximum(_db(_energy(power, 300, 3000) * scale), SILENT_DB),
        alpha_db=np.where(heard, _db(high) - _db(low), 0).astype(np.float32),
        hammarberg_db=np.where(heard, _db(peaks[0]) - _db(peaks[1]), 0).astype(np.float32),
        tilt_db_oct=np.where(heard, tilt, 0).astype(np.float32),
        centroid_hz=(power @ hz / np.maximum(total, _POWER_FLOOR)).astype(np.float32),
        clipped=(np.abs(block) >= 0.999).mean(axis=1).astype(np.float32),
    )


def _energy(power: Floats, from_hz: float, to_hz: float) -> Floats:
    hz = _shape().hz
    summed: Floats = power[:, (hz >= from_hz) & (hz < to_hz)].sum(axis=1)
    return summed


def _db(power: Floats) -> Floats:
    decibels: Floats = (10 * np.log10(np.maximum(power, _POWER_FLOOR))).astype(np.float32)
    return decibels
