"""What one cue says about the 28 states: likelihood ratios with the training prior of its instrument divided out.

A ratio vector L, (28,) above 0, is P(cue | state) / P(cue), P(cue) being how often such a cue comes at large: of a face
among the network's training shares, else under the judge's prior. An uninformative cue is a vector of ones.
`contaminated` then allows for the cue being beside the point, that is, drawn from those at large.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.agents.fusion import tables
from emer.memory.labels import label_meaning
from emer.memory.ontology import STATES, EmotionWord, Mention, mentions, state_vad
from emer.schemas import Cue

Vector = NDArray[np.float64]
Values = Mapping[str, float | str | None]

_SMALLEST, _LARGEST = 1e-6, 1 - 1e-3
_LEAST_RATIO = 0.02
"""Odds ratios are cut here, probabilities at the ends above: beyond, calibration was measured on too few rows."""
DOMINANCE = "manner_dominance"
"""The value of a cue that says how commanding (1) or helpless (-1) the described manner is: what tells anger from fear
(Fontaine et al. 2007, Psychological Science 18)."""
_NEGATED = -0.5
"""A denied word points to the other side, but less far: "not happy" is milder than "sad" (Taboada et al. 2011)."""


@dataclass(frozen=True)
class Instruments:
    """What the measuring networks' probabilities have to be read against, and the judge's prior.

    `prior` (28,) sums to 1; `go_base` (28,) share of training comments with each label; `fer_confusion` (7, 7)
    P(said | true), rows sum to 1; `fer_shares` (7,) sums to 1.
    """

    prior: Vector
    go_base: Vector
    fer_confusion: Vector
    fer_shares: Vector


class Ratio(NamedTuple):
    """One channel of a cue and its ratios (28,)."""

    channel: tables.Channel
    values: Vector


def flat_prior(neutral_share: float) -> Vector:
    """The prior over the states, (28,): `neutral_share` for neutral, the rest shared alike."""
    share = (1 - neutral_share) / (len(STATES) - 1)
    return np.array([neutral_share if state == "neutral" else share for state in STATES])


def written_instruments(neutral_share: float) -> Instruments:
    """The instruments' constants from published tables, for cues that come from elsewhere."""
    counts = np.array([tables.FER_COUNTS[name] for name in tables.FACE_CLASSES], dtype=float)
    wrong = (1 - tables.FER_AGREEMENT) / (len(counts) - 1)
    return Instruments(
        prior=flat_prior(neutral_share),
        go_base=np.array([tables.GO_COUNTS[state] for state in STATES]) / tables.GO_ROWS,
        fer_confusion=np.full((7, 7), wrong) + np.eye(7) * (tables.FER_AGREEMENT - wrong),
        fer_shares=counts / counts.sum(),
    )


def cue_log(cue: Cue, instruments: Instruments, *, beside_words: bool = False) -> Vector | None:
    """The contaminated log ratios of a cue, (28,) in nats: the mean over its channels; None where it has none.

    Args:
        cue: what was observed.
        instruments: constants of the networks that measured it.
        beside_words: whether the person's words are read too (`tables.BESIDE_WORDS`).
    """
    ratios = channels(cue, instruments)
    if not ratios:
        return None
    rhos = [tables.validity(one.channel, beside_words=beside_words) for one in ratios]
    logs = [np.log(contaminated(r.values, rho * cue.quality)) for r, rho in zip(ratios, rhos, strict=True)]
    return np.asarray(np.mean(logs, axis=0), dtype=np.float64)


def contaminated(ratios: Vector, trust: float) -> Vector:
    """L' = trust * L + (1 - trust): with chance 1 - trust the cue has nothing to do with the state.

    So a weak cue lowers a state at most to 1 - trust, and a cue of quality 0 changes nothing.
    """
    return trust * ratios + (1 - trust)


def trust(cue: Cue, instruments: Instruments, *, beside_words: bool = False) -> float:
    """How far a cue can be trusted, 0..1: the validity of its best channel times its quality; 0 where it has none."""
    rhos = [tables.validity(one.channel, beside_words=beside_words) for one in channels(cue, instruments)]
    return max(rhos, default=0.0) * cue.quality


def channels(cue: Cue, instruments: Instruments) -> list[Ratio]:
    """Every channel through which a cue speaks, each with its ratios."""
    values = cue.source.values
    found: list[Ratio] = []
    if any(name.startswith("go.") for name in values):
        found.append(Ratio("words", words_ratio(values, instruments)))
    if any(name.startswith("label.") for name in values):
        found.append(Ratio("labels", labels_ratio(values, instruments)))
    if any(name.startswith("fer.") for name in values):
        found.append(Ratio("face_classes", face_ratio(values, instruments)))
    if any(name.startswith("au.") for name in values):
        found.append(Ratio("action_units", action_unit_ratio(values)))
    return found or _described(cue, instruments)


def words_ratio(values: Values, instruments: Instruments) -> Vector:
    """Ratios from calibrated label probabilities `go.<state>`: their odds over the odds of the base rates."""
    base = instruments.go_base
    given = np.array([_number(values.get(f"go.{state}"), default=base[i]) for i, state in enumerate(STATES)])
    return _scaled(np.maximum(_odds(given) / _odds(base), _LEAST_RATIO), instruments)


def labels_ratio(values: Values, instruments: Instruments) -> Vector:
    """Ratios from the shares `label.<label>` of somebody else's classifier, by what the ontology says of its labels.

    Against the same labels in equal shares, since how often it says which at large is not known. A label that the
    ontology does not know speaks for nothing.
    """
    shares = {name[6:]: _number(value, default=0.0) for name, value in values.items() if name.startswith("label.")}
    each = np.array([_label_ratio(label, instruments) for label in shares])
    given = np.array(list(shares.values()))
    if given.sum() <= 0:
        return np.ones(len(STATES))
    return _scaled((given / given.sum()) @ each / each.mean(axis=0), instruments)


def _label_ratio(label: str, instruments: Instruments) -> Vector:
    """Ratios from one label: half that very state, half where it lies, since a class of few covers its neighbours."""
    meaning = label_meaning(label)
    if meaning is None:
        return np.ones(len(STATES))
    region = point_ratio(meaning.valence, meaning.arousal, instruments)
    return (attachment_ratio(meaning.states, instruments) + region) / 2 if meaning.states else region


def face_ratio(values: Values, instruments: Instruments) -> Vector:
    """Ratios from class probabilities `fer.<class>`, read through the network's confusions.

    L(class) = sum over said classes k of p_k P(said k | class) / P(said k), then to states by `tables.FACE_SHOWS`.
    """
    said = np.array([_number(values.get(f"fer.{name}"), default=0.0) for name in tables.FACE_CLASSES])
    shares = np.array([tables.CONTEMPT_SHARES.get(name, 0.0) for name in tables.FACE_CLASSES])
    said += shares * _number(values.get("fer.contempt"), default=0.0)
    total = said.sum()
    if total <= 0:
        return np.ones(len(STATES))
    marginal = instruments.fer_shares @ instruments.fer_confusion
    per_class = (instruments.fer_confusion / marginal) @ (said / total)
    return np.asarray(_shows() @ per_class, dtype=np.float64)


def action_unit_ratio(values: Values) -> Vector:
    """Ratios from action units `au.AU12` (0-5) by the table of combinations, against classes that come alike."""
    seen = activations(values)
    left = tables.AU_FLOOR + tables.AU_OPEN * seen["neutral"]
    scores = np.array([left + seen[name] for name in tables.FACE_CLASSES])
    return np.asarray(_shows() @ (scores / scores.mean()), dtype=np.float64)


def activations(values: Values) -> dict[str, float]:
    """How far each face class's best combination is there, 0..1; neutral is what the others leave."""
    units = {int(name[5:]): _number(value, default=0.0) for name, value in values.items() if _is_unit(name)}
    present = {unit: min(level / tables.AU_FULL, 1.0) for unit, level in units.items() if level >= tables.AU_MINIMUM}
    best = dict.fromkeys(tables.FACE_CLASSES, 0.0)
    for combination in tables.COMBINATIONS:
        needed = min(present.get(unit, 0.0) for unit in combination.needed)
        more = tables.AU_EXTRA * sum(present.get(unit, 0.0) for unit in combination.extra)
        active = combination.weight * min(needed * (1 + more), 1.0)
        best[combination.face_class] = max(best[combination.face_class], active)
    best["neutral"] = 1 - max(best.values())
    return best


def point_ratio(
    valence: float | None, arousal: float | None, instruments: Instruments, *, dominance: float | None = None
) -> Vector:
    """Ratios from a point in VAD space, on the axes that are known: a wide Gaussian around each state's point."""
    squared = np.zeros(len(STATES))
    for axis, value in enumerate((valence, arousal, dominance)):
        if value is not None:
            squared += (value - _points()[:, axis]) ** 2
    return _scaled(np.exp(-squared / (2 * tables.VAD_WIDTH**2)), instruments)


def attachment_ratio(weights: Mapping[str, float], instruments: Instruments) -> Vector:
    """Ratios from states that something names outright, with weights that sum to 1."""
    share = np.array([weights.get(state, 0.0) for state in STATES])
    return _scaled(share / instruments.prior, instruments)


def region_ratio(words: Sequence[EmotionWord], instruments: Instruments) -> Vector:
    """Ratios from words that somebody else chose: a wide Gaussian around each, since she might have said a near one."""
    points = [point_ratio(word.vad.valence, word.vad.arousal, instruments) for word in words]
    return np.asarray(np.mean(points, axis=0), dtype=np.float64)


def mention_ratio(found: Mention, instruments: Instruments) -> Vector:
    """Ratios from one emotion word in a text; a denied one points mildly to the other side."""
    if found.negated:
        return point_ratio(_NEGATED * found.word.vad.valence, None, instruments)
    return attachment_ratio(dict(found.word.states), instruments)


def _described(cue: Cue, instruments: Instruments) -> list[Ratio]:
    """The channels of a cue without a network's probabilities: emotion words in it, and its valence and arousal."""
    found = _named_ratios(cue, instruments)
    if cue.valence is not None or cue.arousal is not None:
        power = cue.source.values.get(DOMINANCE)
        dominance = float(power) if isinstance(power, int | float) else None
        point = point_ratio(cue.valence, cue.arousal, instruments, dominance=dominance)
        found.append(Ratio(_point_channel(cue), point))
    return found


def _named_ratios(cue: Cue, instruments: Instruments) -> list[Ratio]:
    """One ratio for each emotion word; what a describer called it says only about where it lies."""
    if cue.modality == "transcript":
        return [Ratio("mention", mention_ratio(one, instruments)) for one in named(cue)]
    return [Ratio("named", _told_ratio(one, instruments)) for one in named(cue)]


def _told_ratio(found: Mention, instruments: Instruments) -> Vector:
    """Ratios from an emotion word that a describer chose: mostly where it lies, a little that very state."""
    plain = mention_ratio(found, instruments)
    if found.negated:
        return plain
    region = region_ratio([found.word], instruments)
    return np.asarray(tables.TOLD_EXACTLY * plain + (1 - tables.TOLD_EXACTLY) * region, dtype=np.float64)


def named(cue: Cue) -> list[Mention]:
    """Emotion words that a cue quotes (speech) or its describer wrote; a measured cue's own wording is no evidence."""
    if cue.modality == "transcript":
        return mentions(quoted(cue.text))
    is_told = cue.modality == "context" and cue.level == "reported"
    return mentions(cue.text) if is_told or cue.level in ("described", "inferred") else []


def quoted(text: str) -> str:
    """What stands between quotation marks in a cue's text, or the whole text where nothing is quoted."""
    start, end = text.find("“"), text.rfind("”")
    return text[start + 1 : end] if 0 <= start < end else text


def _point_channel(cue: Cue) -> tables.Channel:
    if cue.level == "inferred":
        return "named"
    by_modality: dict[str, tables.Channel] = {
        "voice": "voice", "face": "face_classes", "transcript": "mention", "context": "scene",
    }  # fmt: skip
    return by_modality.get(cue.modality, "described")


def _scaled(ratios: Vector, instruments: Instruments) -> Vector:
    return np.asarray(ratios / (instruments.prior @ ratios), dtype=np.float64)


def _odds(p: Vector) -> Vector:
    clipped = np.clip(p, _SMALLEST, _LARGEST)
    return np.asarray(clipped / (1 - clipped), dtype=np.float64)


def _number(value: float | str | None, *, default: float) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else float(default)


def _is_unit(name: str) -> bool:
    return name.startswith("au.AU") and name[5:].isdigit()


@cache
def _shows() -> Vector:
    return np.array([tables.FACE_SHOWS[state] for state in STATES])


@cache
def _points() -> Vector:
    return np.array([state_vad(state) for state in STATES], dtype=np.float64)
