"""Open words last: which word of the ontology says best what the 28 states together say."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.classes import home
from emer.agents.fusion.likelihood import Vector
from emer.memory.ontology import STATES, VAD, EmotionWord, back, state_vad, words

NEUTRAL = STATES.index("neutral")
_OPPOSITE = 0.2
"""Valence from which two labels count as pleasant and unpleasant."""


class Label(NamedTuple):
    """An open word, the state that it was chosen for and that state's log probability."""

    word: EmotionWord
    state: int
    log_p: float


class Borne(NamedTuple):
    """What a state rests on: the ids of its strongest cues, and whether they make it clearly likelier than before."""

    ids: frozenset[str]
    is_lifted: bool


class Leading(NamedTuple):
    """The states from which words are taken, most probable first, and why there are none.

    A second label may also come from `others`: leading states of another kind, since a feeling may be mixed.
    """

    states: list[int]
    why_none: str | None
    others: tuple[int, ...] = ()


def leading(log_p: Vector, total: Vector, classes: Mapping[str, float] | None) -> Leading:
    """The states that hold `LEAD_MASS` of the probability, at most `LEAD_STATES`, each with evidence of its own.

    Neutral leads only with evidence for it: it is where the prior is, so else it would win by default. It must also
    outweigh every family of neighbouring states, since one reading spread over three shades of anger is no calm.

    Args:
        classes: the probabilities of Ekman's six and of neutral where nothing was said, else None. Faces and
            voices tell kinds, not shades: a smile speaks for twelve pleasant states at once, each of them less likely
            than none. So there neutral must outweigh each of the six as well, and if one leads, the word is one of its.
    """
    order = sorted(range(len(STATES)), key=lambda state: (-round(float(log_p[state]), 9), state))
    with_evidence = [state for state in order if total[state] > 0]
    rest = [state for state in with_evidence if state != NEUTRAL]
    kind = max(sorted(classes), key=lambda name: classes[name]) if classes else "neutral"
    if kind != "neutral" or not _neutral_leads(log_p):
        of_kind = [state for state in rest if home(state) == kind]
        with_evidence = of_kind if kind != "neutral" and of_kind else rest
    elif total[NEUTRAL] < tables.MIN_VOTE:
        return Leading([], "the cues are too faint to outweigh that most behaviour is unmarked")
    if not with_evidence:
        return Leading([], "the cues speak for nothing in particular")
    if (why := _too_faint(total, with_evidence[0])) is not None:
        return Leading([], why)
    states = _heaviest(with_evidence, log_p)
    others = _heaviest(rest, log_p) if classes and rest else []
    return Leading(states, None, tuple(state for state in others if state not in states))


def _heaviest(states: Sequence[int], log_p: Vector) -> list[int]:
    """The first of some states, most probable first, that hold `LEAD_MASS` together, at most `LEAD_STATES`."""
    held = np.cumsum([math.exp(log_p[state]) for state in states])
    wanted = int(np.searchsorted(held, tables.LEAD_MASS)) + 1
    return list(states[: min(wanted, tables.LEAD_STATES)])


def choose(
    log_p: Vector, found: Leading, *, used: Collection[str], intensity: float, borne: Mapping[int, Borne]
) -> list[Label]:
    """The label, and a second one where the evidence bears two.

    Args:
        found: the leading states, at least one.
        used: ontology labels that the person used.
        intensity: 0..1, how strong the behaviour is.
        borne: what each of the leading states rests on. A second label must be lifted by the evidence; one of
            opposite valence (a mixed feeling) must rest on other cues than the first.
    """
    first = best_word(log_p, found.states, used=used, intensity=intensity)
    if first.state == NEUTRAL:
        return [first]
    leading_states = sorted({*found.states, *found.others}, key=lambda state: (-round(float(log_p[state]), 9), state))
    second = [state for state in leading_states if _is_second(first, state, log_p, borne=borne)]
    return [first, best_word(log_p, second[:1], used=used, intensity=intensity)] if second else [first]


def best_word(log_p: Vector, states: Sequence[int], *, used: Collection[str], intensity: float) -> Label:
    """The word of best log P + log attachment - VAD distance + bonus for the person's own and for a plain word."""
    places = {STATES[state]: state for state in states}
    scored = [
        (_score(word, state, weight, log_p=log_p, intensity=intensity) + _bonus(word, state, used, intensity),
         word, places[state])
        for word in words().values()
        for state, weight in word.states
        if state in places and weight > 0
    ]  # fmt: skip
    _, word, state = min(scored, key=lambda one: (-round(one[0], 9), one[1].label))
    return Label(word, state, float(log_p[state]))


def _neutral_leads(log_p: Vector) -> bool:
    """Whether neutral is likelier than every other state together with the states near it."""
    p = np.exp(log_p)
    families = [sum(p[other] for other in near(state) if other != NEUTRAL) for state in range(len(STATES))]
    return bool(p[NEUTRAL] >= max(family for state, family in enumerate(families) if state != NEUTRAL))


@cache
def near(state: int) -> tuple[int, ...]:
    """The states whose raters would accept a word for `state` as well: itself and its neighbours in `tables.NEAR`."""
    name = STATES[state]
    others = {one for pair in tables.NEAR if name in pair for one in pair}
    return tuple(number for number, other in enumerate(STATES) if number == state or other in others)


def acceptance(log_p: Vector, state: int) -> float:
    """The probability that an annotator accepts a word for a state: that of the state and of those near it, 0..1."""
    return float(min(1.0, np.exp(log_p[list(near(state))]).sum()))


def vad_distance(one: VAD, other: VAD) -> float:
    """Euclidean distance of two points in VAD space, 0..3.5."""
    return math.dist(one, other)


def _score(word: EmotionWord, state: str, weight: float, *, log_p: Vector, intensity: float) -> float:
    number = STATES.index(state)
    # half way between the likeliest state and the likeliest to be accepted: where a face cannot tell joy from love,
    # joy, which more would accept; where the words tell anger from annoyance, the one that they tell
    likely = (float(log_p[number]) + math.log(acceptance(log_p, number))) / 2
    return likely + math.log(weight) - vad_distance(word.vad, _aim(state, intensity))


def _bonus(word: EmotionWord, state: str, used: Collection[str], intensity: float) -> float:
    """For the person's own word, and for the plain word of a state where the behaviour is neither faint nor extreme."""
    is_plain = back("goemotions28", state).label == word.label
    usual = max(0.0, 1 - abs(intensity - 0.66) / 0.33)
    return tables.USED_WORD_BONUS * (word.label in used) + tables.PLAIN_WORD_BONUS * usual * is_plain


def _aim(state: str, intensity: float) -> VAD:
    """The point at which a word is sought: the state's own, further out the stronger the behaviour."""
    valence, arousal, dominance = state_vad(state)
    reach = 0.75 + 0.5 * intensity  # 1 at .5, a clear but not a strong expression
    stirred = arousal + 0.3 * (intensity - 0.5)
    return VAD(valence * reach, stirred, dominance)


def _is_second(first: Label, state: int, log_p: Vector, *, borne: Mapping[int, Borne]) -> bool:
    if state in (first.state, NEUTRAL) or not borne[state].is_lifted:
        return False
    share = math.exp(log_p[state] - first.log_p)
    here, there = first.word.vad, state_vad(STATES[state])
    if min(abs(here.valence), abs(there.valence)) >= _OPPOSITE and here.valence * there.valence < 0:
        return not borne[state].ids & borne[first.state].ids and share >= tables.MIXED_SHARE
    return share >= tables.SECOND_SHARE and vad_distance(here, there) > tables.SECOND_DISTANCE


def _too_faint(total: Vector, state: int) -> str | None:
    vote, margin = float(total[state]), float(total[state] - np.median(total))
    if vote < tables.MIN_VOTE:
        return f"the cues are too faint (together {vote:.2f} for the best reading; {tables.MIN_VOTE} is asked)"
    if margin < tables.MIN_MARGIN:
        return f"the cues fit too many readings alike (a margin of {margin:.2f}; {tables.MIN_MARGIN} is asked)"
    return None
