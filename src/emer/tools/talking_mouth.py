"""Which face speaks: mouths that move while somebody is heard, and rest while nobody, or somebody else, is.

At four pictures a second single syllables cannot be followed, only that a mouth moves in the loud quarter seconds and
not in the others. Where the voice hardly pauses that tells nothing; then the mouth that moves nearly all the time while
all others in view nearly rest is the one that speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.mouth import Mouth

if TYPE_CHECKING:
    from emer.tools.voice import Voice

PER_STEP, STEP_S = 5, 0.01  # frames of a `Voice` in a step of loudness, and their distance
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


class Loudness(NamedTuple):
    """Level of the speech in every `step_s` of a clip, dBFS; None where nobody speaks."""

    step_s: float
    level_db: tuple[float | None, ...]


def loudness(voice: Voice) -> Loudness:
    """The loudness of a clip's speech in steps of 50 ms."""
    n = len(voice.f0_hz) // PER_STEP
    level = np.asarray(voice.spectra.level_db[: n * PER_STEP]).reshape(n, PER_STEP).mean(axis=1)
    said = voice.activity.speech[: n * PER_STEP].reshape(n, PER_STEP).mean(axis=1) >= 0.5
    return Loudness(
        PER_STEP * STEP_S, tuple(round(float(db), 2) if on else None for db, on in zip(level, said, strict=True))
    )


class Tie(NamedTuple):
    """A face and the voice that it speaks with.

    `r` is the correlation of mouth and loudness over `n` frames, `busy` the share of the frames with the voice in which
    the mouth moves.
    """

    face: str
    speaker: str
    r: float
    n: int
    busy: float


def tie(mouths: Mapping[str, Mouth], speakers: Mapping[str, Spans], sound: Loudness) -> list[Tie]:
    """The faces that clearly speak, each with its speaker, surest first; nobody is guessed.

    Args:
        mouths: the faces by key.
        speakers: when each is heard, by key, in seconds.
        sound: of the clip.
    """
    loud = {key: _loudness(sound, spans) for key, spans in speakers.items()}
    pairs = [
        found
        for face, mouth in mouths.items()
        for key, levels in loud.items()
        if (found := _compared(face, key, mouth, levels, sound.step_s)) is not None
    ]
    ties: list[Tie] = []
    for pair in sorted(pairs, key=lambda one: (-round(max(one.r, one.busy), 6), one.face, one.speaker)):
        taken = {one.face for one in ties}
        if pair.face in taken or any(one.speaker == pair.speaker for one in ties):
            continue
        rivals = [one for one in pairs if one.speaker == pair.speaker and one.face not in {*taken, pair.face}]
        if _is_clear(pair, rivals):
            ties.append(Tie(pair.face, pair.speaker, pair.r, pair.n, pair.busy))
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


def _loudness(sound: Loudness, spans: Spans) -> NDArray[np.float64]:
    """How loud a speaker is in every step of the sound, 0..1: speech in her spans over a floor, 0 elsewhere."""
    level = np.array([np.nan if one is None else one for one in sound.level_db], np.float64)
    said = np.zeros(len(level), bool)
    for start_s, end_s in spans:
        said[max(round(start_s / sound.step_s), 0) : max(round(end_s / sound.step_s), 0)] = True
    said &= ~np.isnan(level)
    if not said.any():
        return np.zeros(len(level))
    top = float(np.quantile(level[said], 0.9))
    return np.where(said, np.clip((np.nan_to_num(level) - top + FLOOR_DB) / FLOOR_DB, 0, 1), 0.0)


def _compared(face: str, speaker: str, mouth: Mouth, loud: NDArray[np.float64], step_s: float) -> _Pair | None:
    """A mouth against a voice; None of too few frames, or where the voice never changes; r is 0 of a still mouth."""
    if len(mouth.t_s) < MIN_FRAMES:
        return None
    last = [min(round(t_s / step_s), len(loud)) for t_s in mouth.t_s]
    n_step = max(round(float(np.median(np.diff(mouth.t_s))) / step_s), 1)
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
