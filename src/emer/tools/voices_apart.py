"""Which spans of speech sound like the same voice, and so how many people speak, without any trained model.

Cepstra and pitch of the voiced frames of each span make a Gaussian; the two nearest spans or groups are joined as long
as one Gaussian explains both better than two do, by the Bayesian information criterion (Chen and Gopalakrishnan 1998,
Speaker, environment and channel change detection and clustering via the Bayesian information criterion).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.playback import SAMPLE_RATE, Samples
from emer.tools.voice import Voice
from emer.tools.voice_frames import STEP_S, Floats, frames

N_MEL, N_CEPSTRA, N_FFT = 24, 12, 1024
MIN_VOICED_S = 0.5
"""Voiced seconds from which on a span founds a voice; a shorter one goes to that which explains it best (ours)."""
MAX_SPANS = 200
"""The longest so many spans found the voices; the others are given to them."""
MAX_VOICES = 8
PENALTY = 4.0
"""Weight of the penalty. In theory 1; frames of running speech are no independent draws, and one person's
moods differ. The least whole number that splits none of every other speaker of RAVDESS (`tests/benchmarks/voices.py`),
since it is worse to make two people of one than one of two."""
_FLOOR = 1e-3


class Voices(NamedTuple):
    """The voice of each span, numbered from 0 in order of their first words; None where hardly anything is voiced."""

    of_span: tuple[int | None, ...]


class _Group(NamedTuple):
    """Sufficient statistics of frames: how many, their sum and their sum of outer products."""

    n: float
    total: Floats
    outer: Floats

    def joined(self, other: _Group) -> _Group:
        return _Group(self.n + other.n, self.total + other.total, self.outer + other.outer)

    def log_det(self) -> float:
        mean = self.total / self.n
        covariance = self.outer / self.n - np.outer(mean, mean) + _FLOOR * np.eye(len(mean))
        return float(np.linalg.slogdet(covariance)[1])


def tell_voices_apart(voice: Voice, sound: Samples, spans: Sequence[tuple[float, float]]) -> Voices:
    """The voices of the spans (seconds) in `sound`, mono at 16 kHz, of which `voice` was made."""
    groups = [_group(voice, sound, start_s, end_s) for start_s, end_s in spans]
    least = MIN_VOICED_S / STEP_S
    long = [k for k, one in enumerate(groups) if one.n >= least]
    founders = sorted(sorted(long, key=lambda k: (-groups[k].n, k))[:MAX_SPANS])
    if not founders:
        return Voices((None,) * len(spans))
    members, voices = _clustered([groups[k] for k in founders])
    owner: dict[int, int] = {founders[k]: number for number, ks in enumerate(members) for k in ks}
    for k, one in enumerate(groups):
        if k not in owner and one.n >= least / 5:
            owner[k] = max(range(len(voices)), key=lambda number: (_fit(one, voices[number]), -number))
    order = list(dict.fromkeys(owner[k] for k in sorted(owner)))
    return Voices(tuple(order.index(owner[k]) if k in owner else None for k in range(len(spans))))


def _clustered(groups: Sequence[_Group]) -> tuple[list[list[int]], list[_Group]]:
    """Which groups belong together, and their sums."""
    members = [[k] for k in range(len(groups))]
    voices = list(groups)
    log_dets = [one.log_det() for one in voices]
    n = len(voices)
    gains = np.full((n, n), np.inf)
    for a in range(n):
        for b in range(a + 1, n):
            gains[a, b] = _difference(voices[a], voices[b], log_dets[a], log_dets[b])
    alive = list(range(n))
    while len(alive) > 1:
        view = gains[np.ix_(alive, alive)]
        row, column = np.unravel_index(int(view.argmin()), view.shape)
        if view[row, column] >= 0 and len(alive) <= MAX_VOICES:
            break
        a, b = alive[int(row)], alive[int(column)]
        voices[a], members[a] = voices[a].joined(voices[b]), members[a] + members[b]
        log_dets[a] = voices[a].log_det()
        alive.remove(b)
        for other in alive:
            if other != a:
                low, high = min(a, other), max(a, other)
                gains[low, high] = _difference(voices[a], voices[other], log_dets[a], log_dets[other])
    return [members[k] for k in alive], [voices[k] for k in alive]


def _difference(one: _Group, other: _Group, log_det: float, other_log_det: float) -> float:
    """How much better two Gaussians are than one, above 0 if they are worth their parameters (equation 7)."""
    both = one.joined(other)
    d = len(one.total)
    parameters = d + d * (d + 1) / 2
    likelihood = 0.5 * (both.n * both.log_det() - one.n * log_det - other.n * other_log_det)
    return likelihood - PENALTY * 0.5 * parameters * float(np.log(both.n))


def _fit(one: _Group, voice: _Group) -> float:
    """Mean log likelihood of frames under the Gaussian of a voice, less a constant."""
    mean = voice.total / voice.n
    covariance = voice.outer / voice.n - np.outer(mean, mean) + _FLOOR * np.eye(len(mean))
    own = one.total / one.n
    scatter = one.outer / one.n - np.outer(own, own) + np.outer(own - mean, own - mean)
    return float(-0.5 * (np.trace(np.linalg.solve(covariance, scatter)) + np.linalg.slogdet(covariance)[1]))


# --- features --------------------------------------------------------------------------------------------------------


def _group(voice: Voice, sound: Samples, start_s: float, end_s: float) -> _Group:
    """The statistics of the voiced frames between two times."""
    first, last = max(round(start_s / STEP_S), 0), min(round(end_s / STEP_S), len(voice.f0_hz))
    f0_hz = voice.f0_hz[first:last] if last > first else voice.f0_hz[:0]
    voiced = ~np.isnan(f0_hz)
    if not voiced.any():
        d = N_CEPSTRA + 1
        return _Group(0.0, np.zeros(d), np.zeros((d, d)))
    begin = first * round(STEP_S * SAMPLE_RATE)
    block = frames(np.asarray(sound[begin : last * round(STEP_S * SAMPLE_RATE)], np.float32), 0, len(f0_hz))
    rows = np.column_stack([_cepstra(block[voiced]), np.log(f0_hz[voiced])])
    return _Group(float(len(rows)), rows.sum(axis=0), rows.T @ rows)


def _cepstra(block: Floats) -> Floats:
    """Mel cepstra 1..12 of frames `(n, 800)`, `(n, 12)`; the level is left out."""
    power = np.abs(np.fft.rfft(block * np.hanning(block.shape[1]), N_FFT, axis=1)) ** 2
    cepstra: Floats = np.log(power @ _mel() + 1e-10) @ _cosines()
    return cepstra


@cache
def _mel() -> NDArray[np.float64]:
    """`(513, 24)` triangles evenly spaced in mel from 100 Hz to 7 kHz (Davis and Mermelstein 1980)."""
    edges_mel = np.linspace(_hz_to_mel(100.0), _hz_to_mel(7000.0), N_MEL + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    hz = np.fft.rfftfreq(N_FFT, 1 / SAMPLE_RATE)[:, None]
    rise, fall = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rise, fall), 0, None)


def _hz_to_mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))


@cache
def _cosines() -> NDArray[np.float64]:
    k = np.arange(1, N_CEPSTRA + 1)
    return np.cos(np.pi * k * (np.arange(N_MEL)[:, None] + 0.5) / N_MEL)
