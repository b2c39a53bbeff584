"""What voice, face and scene could add to words on the 191 textualised clips, for whoever fuses them.

    python -m training.judge.ceiling --data ../shared/data --test       # needs scikit-learn

A diagnosis, never a fit: it reads the labels of the test to tell what there is to gain, and nothing of it goes into
emer. Three answers, each kinder than what a judge can get that may fit nothing:

1. the weights of voice, face and scene beside the words chosen with the answers at hand, the best of a grid;
2. a regression on what the judge makes of each modality, fitted on nine tenths of the dialogues, read on the rest;
3. the same on the descriptions themselves (the embedding of their text), which our reading of them cannot spoil.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from emer.evals import metrics
from emer.evals.readers import CLIPS, textualised
from emer.evals.textualised import CLASSES, MODALITIES, Record, answers, hits, records
from emer.tools.text_encoder import encode

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5)
FOLDS, DRAWS = 10, 5
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1)
"""Inverse strengths of the penalty; the best is told, which flatters the regression."""
LEAST_SHARE = 1e-3
Array = NDArray[np.float64]


def described(clip: Record) -> dict[str, str]:
    """The text of each modality of a clip."""
    face = " ".join(str(part) for part in (clip.face or {}).values())
    return {"words": clip.words or "", "voice": clip.voice or "", "face": face, "scene": clip.scene or ""}


def best_weights(votes: dict[str, Array], gold: Array) -> tuple[float, tuple[float, ...]]:
    """The highest accuracy of any weighting beside words of weight 1, and the least weights that reach it."""

    def right(weights: tuple[float, ...]) -> float:
        fused = votes["words"] + sum(w * votes[m] for w, m in zip(weights, MODALITIES[1:], strict=True))
        return float((fused.argmax(1) == gold).mean())

    found = ((right(weights), weights) for weights in product(WEIGHTS, repeat=len(MODALITIES) - 1))
    return max(found, key=lambda pair: (pair[0], -sum(pair[1])))


def fitted(features: Array, gold: Array, dialogues: Sequence[str]) -> Array:
    """How often each clip was right, (n,), over five draws of ten folds by dialogue; the best of `STRENGTHS`."""
    return max((_cross_fitted(features, gold, dialogues, c) for c in STRENGTHS), key=lambda right: right.mean())


def _cross_fitted(features: Array, gold: Array, dialogues: Sequence[str], strength: float) -> Array:
    right, names = np.zeros(len(gold)), sorted(set(dialogues))
    for seed in range(DRAWS):
        order = np.random.default_rng(seed).permutation(len(names))
        fold_of = {names[at]: place % FOLDS for place, at in enumerate(order)}
        folds = np.array([fold_of[name] for name in dialogues])
        for fold in range(FOLDS):
            held = folds == fold
            model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=1000)).fit(
                features[~held], gold[~held]
            )
            right[held] += (model.predict(features[held]) == gold[held]) / DRAWS
    return right


def _told(name: str, right: Array, floor: Array, against: str, dialogues: Sequence[str]) -> str:
    difference = right - floor
    gain = metrics.bootstrap(lambda i: float(difference[i].mean()), dialogues)
    points = f"{100 * gain.estimate:+5.1f} [{100 * gain.low:+.1f}, {100 * gain.high:+.1f}]"
    return f"{name:34s} {100 * right.mean():5.1f} %  {points} points against {against}"


def show(clips: Sequence[Record]) -> None:
    """Print every answer."""
    gold, dialogues = np.array([CLASSES.index(clip.label) for clip in clips]), [clip.dialogue for clip in clips]
    with tempfile.TemporaryDirectory() as memory:
        judged = {modality: answers(clips, (modality,), Path(memory)) for modality in MODALITIES}
    votes = {modality: np.log(found.shares + LEAST_SHARE) for modality, found in judged.items()}
    words = hits(clips, judged["words"])
    best, chosen = best_weights(votes, gold)
    print(f"{len(clips)} clips, {len(set(dialogues))} dialogues; the judge from words alone {100 * words.mean():.1f} %")
    told = ", ".join(f"{modality} {weight}" for modality, weight in zip(MODALITIES[1:], chosen, strict=True))
    print(f"1. best of {len(WEIGHTS) ** 3} weightings, chosen with the answers at hand: {100 * best:.1f} % ({told})")
    print("2. regression on the judge's shares, by dialogue")
    alone = fitted(votes["words"], gold, dialogues)
    print(_told("words", alone, words, "the judge", dialogues))
    for others in (("voice",), ("face",), ("scene",), MODALITIES[1:]):
        right = fitted(np.hstack([votes[m] for m in ("words", *others)]), gold, dialogues)
        print(_told("words+" + "+".join(others), right, alone, "words", dialogues))
    print("3. regression on the descriptions, by dialogue")
    neutral = (gold == CLASSES.index("neutral")).astype(float)
    texts = [described(clip) for clip in clips]
    for modality in MODALITIES:
        embedded = encode([text[modality] for text in texts]).embedding.astype(float)
        print(_told(modality, fitted(embedded, gold, dialogues), neutral, "always neutral", dialogues))
        if modality != "words":
            right = fitted(np.hstack([votes["words"], embedded]), gold, dialogues)
            print(_told(f"words' shares + {modality}", right, alone, "words' shares", dialogues))


def main() -> None:
    """Read the test and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--test", action="store_true", help="yes, read the labels of the test set")
    arguments = parser.parse_args()
    if not arguments.test:
        parser.error("the 191 clips are a test, whose labels this reads: say --test")
    show(records(textualised(arguments.data / CLIPS)))


if __name__ == "__main__":
    main()
