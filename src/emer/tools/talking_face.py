"""Which face speaks: mouths that move while somebody is heard, and rest while nobody, or somebody else, is.

At four pictures a second single syllables cannot be followed, only that a mouth moves in the loud quarter seconds and
not in the others. Where the voice hardly pauses that tells nothing; then the mouth that moves nearly all the time while
all others in view nearly rest is the one that speaks.
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
MOVES = 0.03
"""Motion (see `mouth_motion`) from which on a mouth moves in a frame (ours)."""
BUSY, FAR_MORE, RATHER_MORE = 0.6, 3.0, 1.5
"""A mouth that moves in this share of the frames with the voice, so many times as often as any other in view, and
rather more often than without the voice, speaks as well (ours)."""
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
    pairs = [
        found
        for face, mouth in mouths.items()
        for key, levels in loud.items()
        if (found := _compared(face, key, mouth, levels)) is not None
    ]
    ties: list[Tie] = []
    for pair in sorted(pairs, key=lambda one: (-round(max(one.r, one.busy), 6), one.face, one.speaker)):
        taken = {one.face for one in ties}
        if pair.face in taken or any(one.speaker == pair.speaker for one in ties):
            continue
        rivals = [one for one in pairs if one.speaker == pair.speaker and one.face not in {*taken, pair.face}]
        if _is_clear(pair, rivals):
            ties.append(Tie(pair.face, pair.speaker, pair.r, pair.n))
    return ties


class _Pair(NamedTuple):
    """A face with a voice: correlation, frames compared, share of moving frames with the voice (`busy`) and without."""

    face: str
    speaker: str
    r: float
    n: int
    busy: float
    busy_without: float


def _is_clear(pair: _Pair, rivals: Sequence[_Pair]) -> bool:
    """Whether the mouth goes with the voice, or moves far more often than the others while it is heard."""
    leads = all(pair.r - one.r >= MIN_LEAD for one in rivals)
    if leads and pair.r >= MIN_R and pair.r * pair.n**0.5 >= MIN_STEPS:
        return True
    most = max((one.busy for one in rivals), default=1.0)
    return pair.busy >= max(BUSY, FAR_MORE * most, RATHER_MORE * pair.busy_without)


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


def _compared(face: str, speaker: str, mouth: Mouth, loud: NDArray[np.float64]) -> _Pair | None:
    """A mouth against a voice; None of too few frames, or where the voice never changes; r is 0 of a still mouth."""
    if len(mouth.t_s) < MIN_FRAMES:
        return None
    last = [min(round(t_s / STEP_S), len(loud)) for t_s in mouth.t_s]
    n_step = max(round(float(np.median(np.diff(mouth.t_s))) / STEP_S), 1)
    heard = np.array([loud[max(k - n_step, 0) : k].mean() if k > 0 else 0.0 for k in last])
    motion = np.array(mouth.motion, np.float64)
    moved = np.sqrt(motion)  # a wide open mouth is not twice as much speech
    with_voice = heard > 0.1
    if int(with_voice.sum()) < MIN_LOUD or heard.std() < 1e-6:
        return None
    r = float(np.corrcoef(heard, moved)[0, 1]) if moved.std() > 1e-6 else 0.0
    moves, n_without = motion >= MOVES, int((~with_voice).sum())
    busy_without = float(moves[~with_voice].mean()) if n_without >= MIN_LOUD else 0.0
    return _Pair(face, speaker, r, len(heard), float(moves[with_voice].mean()), busy_without)
