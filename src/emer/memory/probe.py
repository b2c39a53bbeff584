"""A clip as the memory is asked for it: its words by modality, which way its cues lean, and what was measured in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emer.memory.case_vectors import SPOKEN
from emer.memory.meaning import Meaning, states_meaning
from emer.memory.states import FACE_STATES, STATES
from emer.schemas import Cue, Utterance

MODALITIES = ("face", "voice", "transcript", "context")

_CUES = 5  # the most marked cues of a modality say what it is like; more of them only blur it
_UTTERANCES = 4
_NUMBERS = re.compile(
    r"\(\.?\d*[^)]*FER2013\)"
    r"|\d+(?:\.\d+)?\s*(?:[-–]\s*\d+(?:\.\d+)?)?\s*(?:s|st|dB|per cent|%|deg|fps)?\b"
    r"|\s+,"
)


@dataclass(frozen=True)
class Probe:
    """The clip as the memory is asked for it.

    Attributes:
        cues: its words by modality, without numbers: those are measured, not alike or unlike.
        valence: which way its cues lean, -1..1; None when none of them has a valence.
        meaning: what its classifiers' classes and calibrated words come to; None without any.
        certainty: how sure the surest state of `meaning` is, 0..1.
    """

    cues: Mapping[str, str]
    valence: float | None
    meaning: Meaning | None
    certainty: float


def cues_text(cues: Mapping[str, str]) -> str:
    """Return cues in words as one text to read, `face: …; transcript: “…”`, what was said in quotation marks."""
    parts = ((name, cues[name].strip()) for name in (*MODALITIES, *sorted(set(cues) - set(MODALITIES))) if name in cues)
    return "; ".join(f"{name}: “{text}”" if name == SPOKEN else f"{name}: {text}" for name, text in parts if text)


def make_probe(cues: Sequence[Cue], utterances: Sequence[Utterance]) -> Probe:
    """Return the probe of a clip; `cues` of it is empty when there is nothing to ask with."""
    texts = {modality: _described(modality, cues) for modality in MODALITIES if modality != SPOKEN}
    texts[SPOKEN] = _spoken(cues, utterances)
    states = _measured(cues)
    certainty = min(1.0, max(states.values(), default=0.0))
    meaning = states_meaning(states) if certainty > 0 else None
    return Probe({name: text for name, text in texts.items() if text}, _leaning(cues), meaning, certainty)


def _described(modality: str, cues: Sequence[Cue]) -> str:
    own = [cue for cue in cues if cue.modality == modality]
    marked = sorted(own, key=lambda cue: (-cue.strength * cue.quality, _order(cue.id)))[:_CUES]
    texts = (_plain(cue.text) for cue in sorted(marked, key=lambda cue: _order(cue.id)))
    return ", ".join(dict.fromkeys(text for text in texts if text))


def _plain(text: str) -> str:
    return " ".join(_NUMBERS.sub(" ", text).split()).strip(" ,;")


def _order(cue_id: str) -> tuple[str, int]:
    modality, _, number = cue_id.rpartition("-")
    return modality, int(number)


def _spoken(cues: Sequence[Cue], utterances: Sequence[Utterance]) -> str:
    """Return the utterances that the cues mark most, in the order in which they were said.

    Without any, what somebody noted about the words; a language that the encoder was not trained on stays out.
    """
    readable = [one for one in utterances if one.language in (None, "en") and one.text.strip()]
    if not readable:
        return _described(SPOKEN, [cue for cue in cues if cue.level != "measured"])
    weight: dict[str, float] = {}
    for cue in cues:
        if cue.anchor.utterance is not None:
            weight[cue.anchor.utterance] = weight.get(cue.anchor.utterance, 0.0) + cue.strength
    ranked = sorted(range(len(readable)), key=lambda i: (-weight.get(readable[i].id, 0.0), -i))[:_UTTERANCES]
    return " ".join(readable[i].text.strip() for i in sorted(ranked))


def _leaning(cues: Sequence[Cue]) -> float | None:
    told = [(cue.valence, cue.strength * cue.quality) for cue in cues if cue.valence is not None]
    total = sum(weight for _, weight in told)
    return sum(valence * weight for valence, weight in told) / total if total else None


def _measured(cues: Sequence[Cue]) -> dict[str, float]:
    """Return what the `go.` and `fer.` values sum to by state, weighed by the strength and quality of their cues."""
    states: dict[str, float] = {}
    for cue in cues:
        for name, value in cue.source.values.items():
            if isinstance(value, float | int):
                for state, share in _states_of(name).items():
                    states[state] = states.get(state, 0.0) + share * value * cue.strength * cue.quality
    return states


def _states_of(value_name: str) -> Mapping[str, float]:
    kind, _, label = value_name.partition(".")
    if kind == "go" and label in STATES and label != "neutral":  # every comment looks somewhat neutral to the encoder
        return {label: 1.0}
    return FACE_STATES.get(label, {}) if kind == "fer" else {}
