"""Which of the 28 states count for which class of a labelled set; written before any of the sets was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from emer.memory.ontology import STATES

_ANGER, _SAD = ("anger", "annoyance", "disapproval"), ("sadness", "grief", "disappointment")
ISEAR: Mapping[str, Sequence[str]] = {
    "joy": ("joy", "amusement", "excitement", "gratitude", "love", "optimism", "relief", "pride", "admiration",
            "approval", "caring", "desire"),
    "fear": ("fear", "nervousness"), "anger": _ANGER, "sadness": _SAD, "disgust": ("disgust",),
    "shame": ("embarrassment",), "guilt": ("remorse",),
}  # fmt: skip
EMORYNLP: Mapping[str, Sequence[str]] = {
    # the feeling wheel that its labels come from (Willcox 1982); surprise is on none of its six, so on none here
    "joyful": ("joy", "amusement", "excitement", "optimism", "desire"),
    "peaceful": ("love", "caring", "gratitude", "relief"),
    "powerful": ("pride", "admiration", "approval"),
    "sad": (*_SAD, "remorse", "embarrassment"),
    "scared": ("fear", "nervousness", "confusion"),
    "mad": (*_ANGER, "disgust"),
    "neutral": ("neutral", "realization", "curiosity"),
}  # fmt: skip


def class_shares(
    log_p: NDArray[np.float64], prior: NDArray[np.float64], classes: Mapping[str, Sequence[str]]
) -> NDArray[np.float64]:
    """The judge's probabilities over classes, (n,), summing to 1.

    The states of a class are reweighed so that the prior is flat over classes, neutral keeping its share: else the
    class with the most states would win by default.
    """
    p = np.exp(log_p)
    neutral = prior[STATES.index("neutral")] if "neutral" in classes else 0.0
    found = []
    for name, states in classes.items():
        rows = [STATES.index(state) for state in states]
        share = neutral if name == "neutral" else (1 - neutral) / (len(classes) - (neutral > 0))
        found.append(share * p[rows].sum() / prior[rows].sum())
    return np.array(found) / sum(found)
