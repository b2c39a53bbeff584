"""High against low arousal in acted voices, by the fixed formula of emer.tools.voice_arousal: AUC with intervals.

python -m training.voice.evaluate --data ../shared/data

Nothing is fitted. Files are measured as recorded, at a random gain of -12..+12 dB each, and the same clipped at full
scale as a recorder would. Every single measurement is scored too, on either side of chance, and the best is shown.
"""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

import numpy as np

from emer.evals import metrics
from emer.evals.readers import acted_voices
from emer.tools.media import open_media
from emer.tools.voice import Measures, listen_to, measure_all
from emer.tools.voice_arousal import activation

HIGH = frozenset({"angry", "anger", "fearful", "fear", "happy", "happiness", "surprised", "surprise"})
LOW = frozenset({"calm", "neutral", "sad", "sadness", "boredom"})
NOT_MEASURES = frozenset({"start_s", "end_s", "n_pauses", "n_syllables", "clipped_share"})
SEED = 2026
MAX_GAIN_DB = 12.0


def sounds(data: Path, corpus: str) -> tuple[list[np.ndarray], np.ndarray, list[str]]:
    """Sound, whether its arousal is high, and speaker of each file; disgust is left out."""
    samples = [s for s in acted_voices(data, corpus) if s.target in HIGH | LOW]
    loaded = []
    for sample in samples:
        with open_media(sample.given) as media:
            loaded.append(np.array(media.sound_file()))
    return loaded, np.array([s.target in HIGH for s in samples]), [s.group for s in samples]


def scores(measured: list[Measures]) -> tuple[np.ndarray, dict[str, np.ndarray], int]:
    """The formula's score and every single measure of each file, and for how many files the formula has none (0)."""
    ours = [activation(m) for m in measured]
    names = [f.name for f in fields(Measures) if f.name not in NOT_MEASURES]
    single = {name: np.array([getattr(m, name) for m in measured], float) for name in names}
    filled = {name: np.where(np.isnan(v), np.nanmedian(v), v) for name, v in single.items() if not np.isnan(v).all()}
    return np.array([0.0 if value is None else value for value in ours]), filled, sum(v is None for v in ours)


def report(name: str, condition: str, measured: list[Measures], high: np.ndarray, speakers: list[str]) -> None:
    ours, single, n_none = scores(measured)
    found = metrics.bootstrap(lambda d: metrics.auc(high[d], ours[d]), speakers, n_draws=2000, seed=0)
    print(f"{name:8} {condition:22} n={len(high)} ({high.sum()} high, {len(set(speakers))} speakers)  "
          f"AUC {found.estimate:.3f} [{found.low:.3f}, {found.high:.3f}]  unmeasured {n_none}")  # fmt: skip
    either = {k: metrics.auc(high, v) for k, v in single.items()}
    order = sorted(either, key=lambda k: -abs(either[k] - 0.5))
    print("         best single: " + ", ".join(f"{k} {either[k]:.3f}" for k in order[:4]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds media/")
    data = parser.parse_args().data
    for name, corpus in (("RAVDESS", "audio_ravdess"), ("EmoDB", "audio_emodb")):
        loaded, high, speakers = sounds(data, corpus)
        gains = 10 ** (np.random.default_rng(SEED).uniform(-MAX_GAIN_DB, MAX_GAIN_DB, len(loaded)) / 20)
        gained = [(x * g).astype(np.float32) for x, g in zip(loaded, gains, strict=True)]
        clipped = [x.clip(-1, 1) for x in gained]
        conditions = {"as recorded": loaded, "random gain": gained, "random gain, clipped": clipped}
        for condition, files in conditions.items():
            report(name, condition, [measure_all(listen_to(x)) for x in files], high, speakers)


if __name__ == "__main__":
    main()
