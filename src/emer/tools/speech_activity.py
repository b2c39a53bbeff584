"""Where somebody speaks: frames that rise above the noise around them, in stretches that hold a pitch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.pitch import runs
from emer.tools.voice_frames import STEP_S, Floats

SPLIT_S = 0.35
"""A silence at least this long separates two stretches (ours; stops and breaths inside speech are shorter)."""
PAUSE_S = 0.25
"""A silence at least this long is a pause (Goldman-Eisler 1968; the usual threshold of fluency research)."""
BLOCK_S = 10.0  # the noise is followed over three of these
MIN_RISE_DB, MAX_RISE_DB, RISE_SHARE = 5.0, 15.0, 0.3  # threshold over the noise; share of the way to the speech
MIN_CONTRAST_DB = 8.0  # between quiet and loud; nothing that holds steadier than this is speech
MIN_STRETCH_S, MIN_VOICED_S, MIN_VOICED_SHARE = 0.15, 0.06, 0.1
INAUDIBLE_DB = -75.0
DIGITAL_SILENCE_DB = -115.0  # below the rounding of 16 bits, at any gain down to a quarter


class Stretch(NamedTuple):
    """A stretch of speech [start_s, end_s)."""

    start_s: float
    end_s: float


class Activity(NamedTuple):
    """Which frames are speech `(n,)`, the stretches, and the level of the noise in dBFS (NaN where none was heard)."""

    speech: NDArray[np.bool_]
    stretches: list[Stretch]
    noise_db: float


def find_speech(level_db: Floats, f0_hz: Floats) -> Activity:
    """Where there is speech, given each frame's level and pitch (NaN = none); none in silence, noise or a held tone."""
    n = len(level_db)
    loud = _above_noise(level_db)
    voiced = ~np.isnan(f0_hz)
    speech = np.zeros(n, np.bool_)
    stretches = []
    for start, end in runs(_closed(loud, round(SPLIT_S / STEP_S))):
        n_voiced = int((voiced[start:end] & loud[start:end]).sum())
        enough = n_voiced * STEP_S >= MIN_VOICED_S and n_voiced >= MIN_VOICED_SHARE * loud[start:end].sum()
        if (end - start) * STEP_S >= MIN_STRETCH_S and enough:
            speech[start:end] = _closed(loud[start:end], round(0.1 / STEP_S))
            stretches.append(Stretch(round(start * STEP_S, 3), round(end * STEP_S, 3)))
    return Activity(speech, stretches, _noise(level_db, stretches))


def pauses(speech: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The silences of at least 0.25 s between the first and the last speech frame, as frame spans."""
    spoken = np.flatnonzero(speech)
    if len(spoken) == 0:
        return []
    first, last = int(spoken[0]), int(spoken[-1])
    gaps = runs(~speech[first : last + 1])
    return [(first + start, first + end) for start, end in gaps if (end - start) * STEP_S >= PAUSE_S - 1e-9]


def _above_noise(level_db: Floats) -> NDArray[np.bool_]:
    """Frames louder than a threshold between the quiet and the loud frames of the 30 s around them."""
    n, size = len(level_db), round(BLOCK_S / STEP_S)
    above = np.zeros(n, np.bool_)
    for begin in range(0, n, size):
        around = level_db[max(0, begin - size) : begin + 2 * size]
        quiet, loud = np.quantile(np.maximum(around, DIGITAL_SILENCE_DB), [0.05, 0.97])
        if loud - quiet < MIN_CONTRAST_DB or loud < INAUDIBLE_DB:
            continue
        rise = np.clip(RISE_SHARE * (loud - quiet), MIN_RISE_DB, MAX_RISE_DB)
        threshold = max(quiet + rise, loud - 40.0)
        above[begin : begin + size] = level_db[begin : begin + size] > threshold
    return above


def _closed(mask: NDArray[np.bool_], n_gap: int) -> NDArray[np.bool_]:
    """The mask with the gaps between True frames that are shorter than `n_gap` filled."""
    filled = mask.copy()
    for start, end in runs(~mask):
        if start > 0 and end < len(mask) and end - start < n_gap:
            filled[start:end] = True
    return filled


def _noise(level_db: Floats, stretches: list[Stretch]) -> float:
    """Level of the room, dBFS: the 10th percentile of the frames at least 50 ms away from any stretch.

    A low percentile, because breaths, echoes and the tails of words lie there too; the idea of minimum statistics
    (Martin 2001, IEEE Transactions on Speech and Audio Processing 9). NaN for under 0.15 s of them, or digital silence.
    """
    away = np.ones(len(level_db), np.bool_)
    for start_s, end_s in stretches:
        away[max(0, round(start_s / STEP_S) - 5) : round(end_s / STEP_S) + 5] = False
    if away.sum() * STEP_S < 0.15:
        return float("nan")
    noise = float(np.quantile(level_db[away], 0.1))
    return noise if noise > DIGITAL_SILENCE_DB else float("nan")
