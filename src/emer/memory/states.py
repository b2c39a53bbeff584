"""The 28 GoEmotions states on which all words, faces and sentences meet, with their place in VAD space."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from emer.tools.text_encoder import LABELS

STATES: tuple[str, ...] = LABELS
"""The 28 labels in the official order, admiration … surprise, neutral (Demszky et al. 2020, ACL, table 1)."""


class VAD(NamedTuple):
    """Valence (unpleasant .. pleasant), arousal (calm .. stirred), dominance (weak .. in control), each in -1..1."""

    valence: float
    arousal: float
    dominance: float


# Ours: where the words of each state lie together (data/ontology.tsv), rounded by hand.
_STATE_VAD = {
    "admiration": VAD(0.6, 0.35, -0.1), "amusement": VAD(0.6, 0.4, 0.3), "anger": VAD(-0.65, 0.7, 0.3),
    "annoyance": VAD(-0.5, 0.4, 0.1), "approval": VAD(0.5, 0.1, 0.3), "caring": VAD(0.5, 0.05, 0.15),
    "confusion": VAD(-0.25, 0.25, -0.35), "curiosity": VAD(0.3, 0.4, 0.1), "desire": VAD(0.35, 0.5, 0.05),
    "disappointment": VAD(-0.5, -0.1, -0.3), "disapproval": VAD(-0.4, 0.15, 0.3), "disgust": VAD(-0.65, 0.4, 0.1),
    "embarrassment": VAD(-0.4, 0.4, -0.5), "excitement": VAD(0.7, 0.8, 0.35), "fear": VAD(-0.65, 0.65, -0.5),
    "gratitude": VAD(0.65, 0.1, -0.1), "grief": VAD(-0.8, 0.0, -0.5), "joy": VAD(0.8, 0.45, 0.4),
    "love": VAD(0.8, 0.35, 0.15), "nervousness": VAD(-0.4, 0.55, -0.35), "optimism": VAD(0.55, 0.3, 0.3),
    "pride": VAD(0.7, 0.4, 0.65), "realization": VAD(0.1, 0.2, 0.1), "relief": VAD(0.55, -0.25, 0.15),
    "remorse": VAD(-0.5, 0.05, -0.45), "sadness": VAD(-0.65, -0.25, -0.4), "surprise": VAD(0.1, 0.7, -0.15),
    "neutral": VAD(0.0, -0.1, 0.05),
}  # fmt: skip

FACE_STATES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "angry": {"anger": 0.55, "annoyance": 0.35, "disapproval": 0.1},
        "disgust": {"disgust": 0.65, "disapproval": 0.2, "annoyance": 0.15},
        "fear": {"fear": 0.65, "nervousness": 0.25, "surprise": 0.1},
        "happy": {"joy": 0.55, "amusement": 0.25, "excitement": 0.1, "love": 0.05, "relief": 0.05},
        "sad": {"sadness": 0.6, "disappointment": 0.25, "grief": 0.05, "remorse": 0.1},
        "surprise": {"surprise": 0.75, "realization": 0.1, "confusion": 0.1, "excitement": 0.05},
        "neutral": {"neutral": 1.0},
    }
)
"""What each of the seven FER classes may stand for: class -> state weights that sum to 1 (ours)."""


def state_vad(state: str) -> VAD:
    """Return where a state lies; the middle of the words that are attached to it.

    Raises:
        KeyError: `state` is none of `STATES`.
    """
    return _STATE_VAD[state]
