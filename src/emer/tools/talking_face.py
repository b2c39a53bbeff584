"""Which face speaks: mouths that move while somebody is heard, and rest while nobody, or somebody else, is.

At four pictures a second single syllables cannot be followed, only that a mouth moves in the loud quarter seconds and
not in the others; so a tie needs some seconds in which the voice comes and goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.mouth import Mouth
from emer.tools.voice import Voice
from emer.tools.voice_frames import STEP_S

MIN_FRAMES, MIN_LOUD = 8, 4
"""Compared frames, and among them such with the voice, from which on anything is said (ours)."""
MIN_R, MIN_STEPS = 0.25, 2.5
"""Least correlation, and least size of it in standard errors (1 / sqrt(n)): chance gives that once in 160 pairs."""
MIN_LEAD = 0.15
"""Least lead of the correlation over that of any other free face for the same voice (ours)."""
FLOOR_DB = 30.0
"""A voice counts from so far below its loudest tenth."""

Spans = Sequence[tuple[float, float]]


class Tie(NamedTuple):
    """A face and the voice that it speaks with: correlation of mouth and loudness over `n` frames."""

    face: str
    speaker: str
    r: float
    n: int


def tie(mouths: Mapping[str, Mouth], speakers: Mapping[str, Spans], voice: Voice) -> list[Tie]:
    """The faces that clearly speak, each with its speaker, surest first; nobody is guessed.

    Args:
        mouths: the faces by key.
        speakers: when each is heard, by key, in seconds.
        voice: the sound of the clip.
    """
    loud = {key: _loudness(voice, spans) for key, spans in speakers.items()}
    pairs = {
        (face, key): found
        for face, mouth in mouths.items()
        for key, levels in loud.items()
        if (found := _correlation(mouth, levels)) is not None
    }
    ties: list[Tie] = []
    for (face, key), (r, n) in sorted(pairs.items(), key=lambda item: (-round(item[1][0], 6), item[0])):
        if any(one.face == face or one.speaker == key for one in ties) or r < MIN_R or r * n**0.5 < MIN_STEPS:
            continue
        taken = {one.face for one in ties}
        rivals = [pairs[other, key][0] for other in mouths if other not in {*taken, face} and (other, key) in pairs]
        if all(r - rival >= MIN_LEAD for rival in rivals):
            ties.append(Tie(face, key, r, n))
    return ties


def _loudness(voice: Voice, spans: Spans) -> NDArray[np.float64]:
    """How loud a speaker is in every frame of 10 ms, 0..1: speech in her spans over a floor, 0 elsewhere."""
    level = np.asarray(voice.spectra.level_db, np.float64)
    heard = np.zeros(len(level), bool)
    for start_s, end_s in spans:
        heard[max(round(start_s / STEP_S), 0) : max(round(end_s / STEP_S), 0)] = True
    heard &= voice.activity.speech
    if not heard.any():
        return np.zeros(len(level))
    top = float(np.quantile(level[heard], 0.9))
    return np.where(heard, np.clip((level - top + FLOOR_DB) / FLOOR_DB, 0, 1), 0.0)


def _correlation(mouth: Mouth, loud: NDArray[np.float64]) -> tuple[float, int] | None:
    """Pearson's r of mouth and loudness, and over how many frames; None of too few, or where one never changes."""
    if len(mouth.t_s) < MIN_FRAMES:
        return None
    last = [min(round(t_s / STEP_S), len(loud)) for t_s in mouth.t_s]
    n_step = max(round(float(np.median(np.diff(mouth.t_s))) / STEP_S), 1)
    heard = np.array([loud[max(k - n_step, 0) : k].mean() if k > 0 else 0.0 for k in last])
    moved = np.sqrt(np.array(mouth.motion, np.float64))  # a wide open mouth is not twice as much speech
    if int((heard > 0.1).sum()) < MIN_LOUD or heard.std() < 1e-6 or moved.std() < 1e-6:
        return None
    return float(np.corrcoef(heard, moved)[0, 1]), len(heard)
