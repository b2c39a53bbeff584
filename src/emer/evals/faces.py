"""Evaluation of the embedded face network: agreement with noisy raters of posed and web faces (FER2013)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.evals import metrics, readers
from emer.evals.evaluation import Eval, Sample, Score
from emer.tools.face_expression import CLASSES, read_expressions


def predict(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """(n, 7) calibrated probabilities of each face."""
    return read_expressions([sample.given for sample in samples]).probabilities


def score(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """Accuracy, macro F1 and calibration error, beside the most frequent class."""
    n, probabilities = len(samples), np.asarray(predictions)
    gold = np.array([CLASSES.index(sample.target) for sample in samples])
    said, top = probabilities.argmax(1), probabilities.max(1)
    truth = metrics.indicator([sample.target for sample in samples], CLASSES)
    guess = metrics.indicator([CLASSES[i] for i in said], CLASSES)
    majority = max(np.bincount(gold)) / n
    return [
        Score("accuracy", *metrics.paired(metrics.accuracy, gold, said, n, n_draws=500), n=n),
        Score("accuracy", float(majority), None, None, n, "most frequent class"),
        Score("macro F1", *metrics.paired(metrics.macro_f1, truth, guess, n, n_draws=500), n=n),
        Score("ECE, 15 bins", metrics.ece(gold == said, top, n_bins=15), None, None, n),
    ]


FER2013 = Eval(
    name="fer2013",
    title="7 expressions of cropped faces, FER2013 public test",
    data="media/fer2013/fer2013_public_test.npz",
    terms="research",
    read=readers.fer2013,
    predict=predict,
    score=score,
)
