"""What a voice classifier that somebody else trained makes of a voice: a resemblance with number and origin.

Its labels are read by the ontology. They reach the judge as a point of valence and arousal, weighed as any voice is,
never as the label.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emer.agents.voice_baseline import Unit
from emer.memory.ontology import resolve
from emer.schemas import Anchor, Cue, Source
from emer.tools.playback import SAMPLE_RATE, Samples
from emer.tools.voice_classifier import VoiceClassifier

CLEAR, CLEAR_LEAD = 0.4, 0.1
"""Least probability of a label, and least lead over the next, to be told as what raters would say; as for faces."""
QUALITY = 0.6
"""How far such a model is trusted (ours): what it was trained on and how well it does is not known here."""
MAX_STRETCHES = 120
SHORT = {
    "ang": "angry", "anx": "anxious", "bor": "bored", "cal": "calm", "con": "contemptuous", "dis": "disgusted",
    "exc": "excited", "fea": "fearful", "fru": "frustrated", "hap": "happy", "neu": "neutral", "sad": "sad",
    "sur": "surprised",
}  # fmt: skip
"""What the usual three letters of emotional speech corpora stand for."""


def resemblances(classifier: VoiceClassifier, sound: Samples, units: Sequence[Unit]) -> list[Cue]:
    """One cue for each of the longest stretches of speech, in their order.

    Raises:
        ToolError: the classifier failed.
    """
    ranked = sorted(range(len(units)), key=lambda k: (-units[k].measures.speech_s, k))[:MAX_STRETCHES]
    chosen = [units[k] for k in sorted(ranked)]
    if not chosen:
        return []
    odds = classifier.read([_sound(sound, unit) for unit in chosen])
    return [_cue(unit, row, classifier) for unit, row in zip(chosen, odds, strict=True)]


def _sound(sound: Samples, unit: Unit) -> Samples:
    return sound[round(unit.measures.start_s * SAMPLE_RATE) : round(unit.measures.end_s * SAMPLE_RATE)]


def _cue(unit: Unit, odds: NDArray[np.float64], classifier: VoiceClassifier) -> Cue:
    readings = [resolve(SHORT.get(label.lower(), label)) for label in classifier.labels]
    known = np.array([bool(one.words) for one in readings])
    share = float(odds[known].sum() / max(odds.sum(), 1e-9))
    point: list[float | None] = [None, None]
    if share > 0:
        weights = odds[known] / odds[known].sum()
        places = np.array([(one.vad.valence, one.vad.arousal) for one in readings if one.words])
        point = [float(np.clip(value, -1, 1)) for value in weights @ places]
    first, second = np.argsort(-odds, kind="stable")[:2] if len(odds) > 1 else (0, 0)
    measures = unit.measures
    return Cue(
        id="voice-0", modality="voice", kind="resemblance", person=unit.person,
        text=f"{_words(classifier, odds, int(first), int(second))}, {measures.start_s:.1f}–{measures.end_s:.1f} s",
        anchor=Anchor(start_s=measures.start_s, end_s=measures.end_s, utterance=unit.utterance),
        strength=float(np.clip(odds[first] - (odds[second] if second != first else 0), 0, 1)),
        quality=QUALITY * share, valence=point[0], arousal=point[1],
        source=Source(
            tool=classifier.tool, version=classifier.version,
            values={f"class.{label}": float(p) for label, p in zip(classifier.labels, odds, strict=True)},
        ),
    )  # fmt: skip


def _words(classifier: VoiceClassifier, odds: NDArray[np.float64], first: int, second: int) -> str:
    """The label that leads clearly, else the first two, with their numbers and the model's name."""
    names = [f"“{SHORT.get(label.lower(), label)}”" for label in classifier.labels]
    short = [f"{p:.2f}".removeprefix("0") for p in odds]
    if first == second or (odds[first] >= CLEAR and odds[first] - odds[second] >= CLEAR_LEAD):
        return f"raters would call this voice {names[first]} ({short[first]}, {classifier.tool})"
    both = " or ".join(f"{names[k]} ({short[k]})" for k in (first, second))
    return f"raters would not agree on this voice: {both}, {classifier.tool}"
