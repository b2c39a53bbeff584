"""What a verdict loses when cues are taken away, and whether its claims hold for another clip's cues.

The judge's reading is asked, not the Report: it gives every class a probability, also where the Report would abstain.
Recalled cases are left out, since they were recalled by the very cues that are taken away.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from emer.agents.fusion.classes import class_probabilities
from emer.agents.fusion.likelihood import Instruments
from emer.agents.fusion.reading import read
from emer.agents.grounding.check import unborne
from emer.agents.grounding.record import record_of, whom
from emer.evals.textualised import class_of
from emer.schemas import Cue, Report

N_RANDOM = 20
"""Draws of as many cues as were cited, at random; the mean of them is the floor."""
ALIKE = 0.2
"""Strengths (0..1) that differ by no more than this are alike."""


@dataclass(frozen=True)
class Deleted:
    """One explanation under deletion. Every `p` is the probability of the class of the first emotion, 0..1.

    Attributes:
        p: of all cues; `p_without` without those cited, `p_only` of those cited alone.
        random_without: as `p_without` for as many cues drawn at random, the mean of the draws; `random_only` likewise.
        matched: of each cited cue with an uncited one of its modality and about its strength, what taking it away
            costs and what taking away the other one costs.
        is_kept: whether the class is still the likeliest without the cited cues.
        own: share of the claims that the clip's own cues bear; `other` that another clip's bear in their place.
    """

    n_cues: int
    n_cited: int
    n_words: int
    p: float
    p_without: float
    p_only: float
    random_without: float
    random_only: float
    matched: tuple[tuple[float, float], ...]
    is_kept: bool
    own: float
    other: float


def delete(report: Report, stranger: Report, instruments: Instruments) -> Deleted | None:
    """What deletion does to the first emotion of a Report; None where it has none, so nothing was explained.

    Args:
        report: the explanation.
        stranger: the Report of another clip, whose cues the claims are held against as well.
        instruments: the judge's.
    """
    if not report.emotions:
        return None
    emotion = report.emotions[0]
    cues = [cue for cue in report.cues if cue.person in (None, emotion.person)]
    cited, name = frozenset(emotion.evidence), class_of(emotion.label)

    def probability(kept: Collection[str]) -> float:
        return _classes([cue for cue in cues if cue.id in kept], instruments)[name]

    every = frozenset(cue.id for cue in cues)
    whole, without = probability(every), _classes([cue for cue in cues if cue.id not in cited], instruments)
    draws = [frozenset(drawn) for drawn in _draws(sorted(every), len(cited & every))]
    pairs = [
        (whole - probability(every - {one}), whole - probability(every - {other})) for one, other in _pairs(cues, cited)
    ]
    return Deleted(
        n_cues=len(every),
        n_cited=len(cited & every),
        n_words=sum(len(step.claim.split()) for step in report.reasoning),
        p=whole,
        p_without=without[name],
        p_only=probability(cited),
        random_without=float(np.mean([probability(every - drawn) for drawn in draws])),
        random_only=float(np.mean([probability(drawn) for drawn in draws])),
        matched=tuple(pairs),
        is_kept=max(without, key=lambda one: (without[one], one)) == name,
        own=report.support or 0.0,
        other=support_by(report, stranger),
    )


def _classes(cues: Sequence[Cue], instruments: Instruments) -> dict[str, float]:
    """P(class) of Ekman's six and neutral given some cues; given none it is the judge's prior."""
    return class_probabilities(read(None, cues, (), instruments).log_p, instruments, neutral="neutral")


def _draws(ids: Sequence[str], n: int) -> list[list[str]]:
    chosen = random.Random(0)
    return [chosen.sample(ids, n) for _ in range(N_RANDOM)]


def _pairs(cues: Sequence[Cue], cited: Collection[str]) -> list[tuple[str, str]]:
    """Each cited cue with the uncited one of its modality that is nearest in strength; none is used twice."""
    free = [cue for cue in cues if cue.id not in cited]
    found = []
    for cue in (cue for cue in cues if cue.id in cited):
        alike = [one for one in free if one.modality == cue.modality and abs(one.strength - cue.strength) <= ALIKE]
        if alike:
            best = min(alike, key=lambda one: (round(abs(one.strength - cue.strength), 6), one.id))
            free.remove(best)
            found.append((cue.id, best.id))
    return found


def support_by(report: Report, stranger: Report) -> float:
    """The share of a Report's claims that another clip's cues bear, put under the ids that the claims cite.

    A cited cue is replaced by one of its modality, the first by the first and so on in a circle; where the other clip
    has none of that modality, the id leads nowhere. Claims that the checker had dropped count as not borne.
    """
    by_modality: dict[str, list[Cue]] = {}
    for cue in stranger.cues:
        by_modality.setdefault(cue.modality, []).append(cue)
    put: list[Cue] = []
    taken: dict[str, int] = {}
    for cue in report.cues:
        others = by_modality.get(cue.modality, [])
        if others:
            place = taken.get(cue.modality, 0)
            put.append(others[place % len(others)].model_copy(update={"id": cue.id}))
            taken[cue.modality] = place + 1
    record = record_of(put, stranger.utterances, [*report.people, *stranger.people])
    is_prose = report.provenance.mode == "model"
    borne = [
        unborne(step, record, about=whom(step, report.emotions), is_prose=is_prose) is None for step in report.reasoning
    ]
    n_claims = len(borne) + len(report.dropped)
    return sum(borne) / n_claims if n_claims else 0.0
