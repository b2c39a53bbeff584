"""Evaluations of the embedded text encoder: GoEmotions labels and EmoBank valence, arousal, dominance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.evals import kinds, metrics, readers
from emer.evals.evaluation import Eval, Sample, Score
from emer.tools.text_encoder import LABELS, encode, thresholds


def predict_labels(samples: Sequence[Sample]) -> list[set[str]]:
    """The labels of each comment whose calibrated probability reaches the label's threshold; there may be none."""
    bounds = np.array([thresholds()[label] for label in LABELS])
    probabilities = encode([sample.given for sample in samples]).probabilities
    return [{LABELS[i] for i in np.flatnonzero(row >= bounds)} for row in probabilities]


def score_labels(samples: Sequence[Sample], predictions: Sequence[set[str]]) -> list[Score]:
    """Macro, micro and weighted F1 over the 28 labels, beside predicting `neutral` for all."""
    gold = metrics.indicator([sample.target for sample in samples], LABELS)
    said = metrics.indicator([sorted(labels) for labels in predictions], LABELS)
    always = metrics.indicator([["neutral"]] * len(samples), LABELS)
    f1s = {"macro F1": metrics.macro_f1, "micro F1": metrics.micro_f1, "weighted F1": metrics.weighted_f1}
    scores = []
    for name, f1 in f1s.items():
        scores.append(Score(name, *metrics.paired(f1, gold, said, len(samples), n_draws=500), n=len(samples)))
        scores.append(Score(name, f1(gold, always), None, None, len(samples), "always neutral"))
    return scores


def predict_vad(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """(n, 3) valence, arousal and dominance of each sentence."""
    return encode([sample.given for sample in samples]).vad


def score_vad(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """The concordance correlation of each axis with the readers' and writers' weighted means."""
    gold, said = np.array([sample.target for sample in samples]), np.asarray(predictions)
    scores = []
    for axis, name in enumerate(("valence", "arousal", "dominance")):
        interval = metrics.paired(metrics.ccc, gold[:, axis], said[:, axis], len(samples), n_draws=1000)
        scores.append(Score(f"CCC {name}", *interval, n=len(samples)))
    return scores


GOEMOTIONS = Eval(
    name="goemotions",
    title="28 emotions in English comments, GoEmotions test",
    data="text/goemotions/{test.tsv,labels.txt}",
    terms="Apache-2.0, CC BY 4.0",
    read=readers.goemotions,
    predict=predict_labels,
    score=score_labels,
    headline=kinds.headline("multilabel", labels=LABELS),
    parse=lambda value: set(kinds.parse_list(value)),
)
EMOBANK = Eval(
    name="emobank",
    title="valence, arousal, dominance of English sentences, EmoBank test",
    data="text/emobank/emobank.csv",
    terms="CC BY-SA 4.0",
    read=readers.emobank,
    predict=predict_vad,
    score=score_vad,
    headline=kinds.headline("dimensions"),
    parse=kinds.parse_dimensions,
)
