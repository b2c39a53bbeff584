"""Whether voices are read alike whoever speaks: by sex of the speaker and by language, in acted speech.

The figure of each slice stands beside the difference of two slices, with its interval by speaker. The sets at hand tell
no age, no skin tone and, for faces and words, no sex, so those slices are not measured; nobody's sex is guessed. The
mean reading of the low-arousal files is a slice too: a system may rank alike and still call one group stirred.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emer.evals import metrics, robustness, voices
from emer.evals.evaluation import Eval, Sample, Score

N_DRAWS = 1000
EMODB_WOMEN = frozenset({"08", "09", "13", "14", "16"})
"""The speakers of EmoDB who are women, the others being men (Burkhardt et al. 2005, and the corpus' own page)."""
SLICES = {"women": "men", "English": "German"}
"""Each pair of slices that is compared."""


def traits(sample: Sample) -> tuple[str, str]:
    """The speaker's sex and language as the corpora tell them; in RAVDESS even actors are women."""
    if sample.id.startswith("audio_emodb"):
        return ("women" if sample.group in EMODB_WOMEN else "men"), "German"
    return ("men" if int(sample.group) % 2 else "women"), "English"


def predict(samples: Sequence[Sample]) -> list[float]:
    """How stirred each voice sounds, -1..1, 0 where it says nothing."""
    return [voices.stirred(voices.sound_of(sample.given)) for sample in samples]


def score(samples: Sequence[Sample], predictions: Sequence[float]) -> list[Score]:
    """AUC of high arousal and the mean reading of low-arousal files in each slice, and the differences."""
    high = np.array([sample.target in voices.HIGH for sample in samples])
    said = np.array(predictions, dtype=float)
    of = [traits(sample) for sample in samples]
    groups = [f"{language} {sample.group}" for sample, (_, language) in zip(samples, of, strict=True)]
    slices = {name: np.array([name in one for one in of]) for pair in SLICES.items() for name in pair}

    def area(drawn: NDArray[np.intp], name: str) -> float:
        kept = drawn[slices[name][drawn]]
        return metrics.auc(high[kept], said[kept])

    def resting(drawn: NDArray[np.intp], name: str) -> float:
        kept = drawn[slices[name][drawn] & ~high[drawn]]
        return float(said[kept].mean()) if len(kept) else 0.0

    scores = []
    for figure, statistic in (("AUC of high arousal", area), ("mean reading of low arousal", resting)):
        for one, other in SLICES.items():
            for name in (one, other):
                n = int(slices[name].sum())
                found = metrics.bootstrap(robustness.at(statistic, name), groups, n_draws=N_DRAWS)
                scores.append(Score(f"{figure}, {name}", *found, n=n))
            difference = metrics.bootstrap(robustness.gap(statistic, one, other), groups, n_draws=N_DRAWS)
            scores.append(Score(f"{figure}, {one} less {other}", *difference, n=len(samples)))
    return scores


FAIRNESS = Eval(
    name="fairness-voices",
    title="arousal of acted speech by the speaker's sex and by language, RAVDESS and EmoDB",
    data="media/audio_ravdess, media/audio_emodb and media/manifest.csv",
    terms="CC BY-NC-SA 4.0; research, cite",
    read=robustness.speech,
    predict=predict,
    score=score,
)
