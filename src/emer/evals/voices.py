"""Evaluation of the voice: high against low arousal in acted speech, by the fixed formula of `tools.voice_arousal`.

Nothing is fitted. Each file is measured as recorded and again at a random gain of -12 to +12 dB, clipped at full scale
as a recorder would. Every single measurement is scored too, on either side of chance, and the best is shown beside the
formula: it is chosen after the fact, which flatters it. Disgust is left out: the literature puts it on neither side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.evals import metrics, readers
from emer.evals.evaluation import Eval, Sample, Score
from emer.tools.media import open_media
from emer.tools.voice import Measures, listen_to, measure_all
from emer.tools.voice_arousal import activation

HIGH = frozenset({"angry", "fearful", "happy", "surprised"})
LOW = frozenset({"calm", "neutral", "sad"})
GAIN_DB = 12.0
GAIN_SEED = 2026
_NOT_MEASURES = frozenset({"start_s", "end_s", "n_pauses", "n_syllables", "clipped_share"})


class Heard(NamedTuple):
    """What was measured in one file as recorded and at a random gain."""

    as_recorded: Measures
    random_gain: Measures


def predict(samples: Sequence[Sample]) -> list[Heard]:
    """The measures of each file, twice."""
    gains = 10 ** (np.random.default_rng(GAIN_SEED).uniform(-GAIN_DB, GAIN_DB, len(samples)) / 20)
    return [_heard(sample.given, float(gain)) for sample, gain in zip(samples, gains, strict=True)]


def sound_of(path: Path) -> NDArray[np.float32]:
    """All the sound of a file, mono 16 kHz, (n,), in memory."""
    with open_media(path) as media:
        return np.array(media.sound_file(), dtype=np.float32)


def stirred(sound: NDArray[np.float32]) -> float:
    """How stirred a voice sounds, -1..1, 0 where it says nothing."""
    return activation(measure_all(listen_to(sound))) or 0.0


def _heard(path: Path, gain: float) -> Heard:
    sound = sound_of(path)
    return Heard(*(measure_all(listen_to(one)) for one in (sound, (sound * np.float32(gain)).clip(-1, 1))))


def score(samples: Sequence[Sample], predictions: Sequence[Heard]) -> list[Score]:
    """AUC of the formula and of the best single measure under both conditions, intervals by speaker."""
    kept = [i for i, sample in enumerate(samples) if sample.target in HIGH | LOW]
    high = np.array([samples[i].target in HIGH for i in kept])
    speakers = [samples[i].group for i in kept]
    scores = []
    for condition, number in (("as recorded", 0), (f"gain of -{GAIN_DB:.0f} to +{GAIN_DB:.0f} dB", 1)):
        measured = [predictions[i][number] for i in kept]
        ours = np.array([activation(one) or 0.0 for one in measured])
        name = f"AUC of high arousal, {condition}"
        interval = metrics.paired(metrics.auc, high, ours, speakers)
        scores.append(Score(name, *interval, n=len(kept)))
        best, value = _best_single(measured, high)
        scores.append(Score(name, value, None, None, len(kept), f"best single measure ({best})"))
    return scores


def _best_single(measured: Sequence[Measures], high: NDArray[np.bool_]) -> tuple[str, float]:
    """The measure furthest from chance on either side and its AUC, turned to the side above .5."""
    found = {}
    for name in (field.name for field in fields(Measures) if field.name not in _NOT_MEASURES):
        values = np.array([getattr(one, name) for one in measured], dtype=float)
        if not np.isnan(values).all():
            area = metrics.auc(high, np.where(np.isnan(values), np.nanmedian(values), values))
            found[name] = max(area, 1 - area)
    best = max(found, key=lambda name: (found[name], name))
    return best, found[best]


RAVDESS = Eval(
    name="ravdess",
    title="arousal of acted English speech, 60 files of RAVDESS",
    data="media/audio_ravdess and media/manifest.csv",
    terms="CC BY-NC-SA 4.0",
    read=partial(readers.acted_voices, corpus="audio_ravdess"),
    predict=predict,
    score=score,
)
EMODB = Eval(
    name="emodb",
    title="arousal of acted German speech, 24 files of EmoDB",
    data="media/audio_emodb and media/manifest.csv",
    terms="research, cite",
    read=partial(readers.acted_voices, corpus="audio_emodb"),
    predict=predict,
    score=score,
)
