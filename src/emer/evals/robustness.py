"""What worse material costs: faces blurred, dark or noisy, sound with noise, gain or silence, words badly written down.

Each alteration is a row beside the material as given, with what it costs on the same items (paired). At most a thousand
faces and comments are drawn, with seed 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.evals import alterations, metrics, readers, voices
from emer.evals.alterations import AS_GIVEN
from emer.evals.evaluation import Eval, Sample, Score
from emer.tools import face_expression, text_encoder

N_DRAWS = 500
N_ITEMS = 1000
Said = dict[str, Any]
"""What emer says of one item, by the name of the alteration."""


def drawn(samples: Sequence[Sample]) -> list[Sample]:
    """At most `N_ITEMS` of the samples, drawn with seed 0, in their order."""
    chosen = np.random.default_rng(0).choice(len(samples), size=min(N_ITEMS, len(samples)), replace=False)
    return [samples[i] for i in sorted(chosen)]


def speech(data: Path) -> list[Sample]:
    """RAVDESS and EmoDB, what stands on neither side of arousal left out; groups are the speakers."""
    both = [
        *readers.acted_voices(data, corpus="audio_ravdess"),
        *readers.acted_voices(data, corpus="audio_emodb"),
    ]
    return [sample for sample in both if sample.target in voices.HIGH | voices.LOW]


def predict_faces(samples: Sequence[Sample]) -> list[Said]:
    """The class of each face under each alteration."""
    found = {
        name: face_expression.read_expressions([change(sample.given) for sample in samples]).probabilities.argmax(1)
        for name, change in alterations.FACES.items()
    }
    return [{name: face_expression.CLASSES[rows[i]] for name, rows in found.items()} for i in range(len(samples))]


def predict_voices(samples: Sequence[Sample]) -> list[Said]:
    """How stirred each voice sounds under each alteration, 0 where it says nothing."""
    return [_stirred(sample.given) for sample in samples]


def _stirred(path: Path) -> Said:
    sound = voices.sound_of(path)
    return {name: voices.stirred(change(sound)) for name, change in alterations.SOUNDS.items()}


def predict_words(samples: Sequence[Sample]) -> list[Said]:
    """The labels of each comment under each alteration."""
    bounds = np.array([text_encoder.thresholds()[label] for label in text_encoder.LABELS])
    found = {
        name: text_encoder.encode([change(sample.given) for sample in samples]).probabilities >= bounds
        for name, change in alterations.WORDS.items()
    }
    return [
        {name: [text_encoder.LABELS[k] for k in np.flatnonzero(rows[i])] for name, rows in found.items()}
        for i in range(len(samples))
    ]


Statistic = Callable[[NDArray[np.intp], str], float]
"""A figure of the drawn items under the alteration, or in the slice, of a name."""


def _scores(figure: str, statistic: Statistic, samples: Sequence[Sample], names: Sequence[str]) -> list[Score]:
    """The figure under each alteration, and what each costs on the same draws."""
    groups, n = [sample.group for sample in samples], len(samples)
    scores = [
        Score(f"{figure}, {name}", *metrics.bootstrap(at(statistic, name), groups, n_draws=N_DRAWS), n=n)
        for name in names
    ]
    costs = [
        Score(f"cost, {name}", *metrics.bootstrap(gap(statistic, AS_GIVEN, name), groups, n_draws=N_DRAWS), n=n)
        for name in names
        if name != AS_GIVEN
    ]
    return [*scores, *costs]


def at(statistic: Statistic, name: str) -> Callable[[NDArray[np.intp]], float]:
    """The figure under one name."""
    return lambda items: statistic(items, name)


def gap(statistic: Statistic, one: str, other: str) -> Callable[[NDArray[np.intp]], float]:
    """The figure under one name less that under another, of the same items."""
    return lambda items: statistic(items, one) - statistic(items, other)


def score_faces(samples: Sequence[Sample], predictions: Sequence[Said]) -> list[Score]:
    """Accuracy under each alteration."""
    gold = np.array([sample.target for sample in samples])
    said = {name: np.array([one[name] for one in predictions]) for name in alterations.FACES}

    def accuracy(items: NDArray[np.intp], name: str) -> float:
        return float((gold[items] == said[name][items]).mean())

    return _scores("accuracy", accuracy, samples, list(alterations.FACES))


def score_voices(samples: Sequence[Sample], predictions: Sequence[Said]) -> list[Score]:
    """AUC of high arousal under each alteration."""
    high = np.array([sample.target in voices.HIGH for sample in samples])
    said = {name: np.array([one[name] for one in predictions]) for name in alterations.SOUNDS}

    def area(items: NDArray[np.intp], name: str) -> float:
        return metrics.auc(high[items], said[name][items])

    return _scores("AUC of high arousal", area, samples, list(alterations.SOUNDS))


def score_words(samples: Sequence[Sample], predictions: Sequence[Said]) -> list[Score]:
    """Micro F1 under each alteration."""
    labels = text_encoder.LABELS
    gold = metrics.indicator([sample.target for sample in samples], labels)
    said = {name: metrics.indicator([one[name] for one in predictions], labels) for name in alterations.WORDS}

    def micro(items: NDArray[np.intp], name: str) -> float:
        return metrics.micro_f1(gold[items], said[name][items])

    return _scores("micro F1", micro, samples, list(alterations.WORDS))


FACES = Eval(
    name="robustness-faces",
    title="7 expressions of faces blurred, dark and noisy, 1,000 of FER2013 public test drawn with seed 0",
    data="media/fer2013/fer2013_public_test.npz",
    terms="research",
    read=lambda data: drawn(readers.fer2013(data)),
    predict=predict_faces,
    score=score_faces,
)
VOICES = Eval(
    name="robustness-voices",
    title="arousal of acted speech with noise, gain and silence, RAVDESS and EmoDB",
    data="media/audio_ravdess, media/audio_emodb and media/manifest.csv",
    terms="CC BY-NC-SA 4.0; research, cite",
    read=speech,
    predict=predict_voices,
    score=score_voices,
)
WORDS = Eval(
    name="robustness-words",
    title="28 emotions of comments badly written down, 1,000 of GoEmotions test drawn with seed 0",
    data="text/goemotions/{test.tsv,labels.txt}",
    terms="Apache-2.0, CC BY 4.0",
    read=lambda data: drawn(readers.goemotions(data)),
    predict=predict_words,
    score=score_words,
)
