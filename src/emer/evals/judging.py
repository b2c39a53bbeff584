"""Evaluation of the offline judge on the textualised MELD clips, each modality alone and all together.

The paired differences of all combinations, the controls and the confidence are printed by `training/judge/evaluate.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emer.evals import metrics, readers
from emer.evals.evaluation import Eval, Sample, Score
from emer.evals.textualised import CLASSES, MODALITIES, answers, records

SETS = {"all four": MODALITIES, "words": ("words",), "voice": ("voice",), "face": ("face",), "scene": ("scene",)}
Said = dict[str, tuple[str, str, float]]  # per set of modalities: first class, second class, number of labels


def predict(samples: Sequence[Sample]) -> list[Said]:
    """For each clip and set of modalities the judge's first and second class and how many labels it gave."""
    clips = records(samples)
    with tempfile.TemporaryDirectory() as memory:
        found = {name: answers(clips, chosen, Path(memory)) for name, chosen in SETS.items()}
    return [
        {name: (one.top[i], one.second[i], float(one.n_labels[i])) for name, one in found.items()}
        for i in range(len(clips))
    ]


def score(samples: Sequence[Sample], predictions: Sequence[Said]) -> list[Score]:
    """Accuracy (interval by dialogue), macro F1, top-two hit, neutral recall and labels per clip, beside a floor."""
    gold, dialogues, n = [sample.target for sample in samples], [sample.group for sample in samples], len(samples)
    truth = metrics.indicator(gold, CLASSES)
    floor = metrics.indicator(["neutral"] * n, CLASSES)
    scores = [
        Score("accuracy", metrics.accuracy(gold, ["neutral"] * n), None, None, n, "always neutral"),
        Score("macro F1", metrics.macro_f1(truth, floor), None, None, n, "always neutral"),
    ]
    for name in SETS:
        first, second, n_labels = zip(*(said[name] for said in predictions), strict=True)
        either = np.mean([g in (f, s) for g, f, s in zip(gold, first, second, strict=True)])
        interval = metrics.paired(metrics.accuracy, np.array(gold), np.array(first), dialogues)
        neutral = [f == "neutral" for g, f in zip(gold, first, strict=True) if g == "neutral"]
        guess = metrics.indicator(list(first), CLASSES)
        scores += [
            Score(f"accuracy, {name}", *interval, n=n),
            Score(f"macro F1, {name}", metrics.macro_f1(truth, guess), None, None, n),
            Score(f"top-two hit, {name}", float(either), None, None, n),
            Score(f"neutral recall, {name}", float(np.mean(neutral)) if neutral else 0.0, None, None, len(neutral)),
            Score(f"labels per clip, {name}", float(np.mean(n_labels)), None, None, n),
        ]
    return scores


MERR_CUES = Eval(
    name="merr-cues",
    title="7 emotions of textualised clips, 191 MELD test utterances",
    data=str(readers.CLIPS),
    terms="none stated",
    read=lambda data: readers.textualised(data / readers.CLIPS),
    predict=predict,
    score=score,
)
