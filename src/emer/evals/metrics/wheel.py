"""Open-vocabulary labels scored by emotion wheels: M1, M2, M3, F_S, FG and HIT.

A grouping sends a label to its class, or to nothing. M1 unites inflections, M2 synonyms, M3 takes the class on one of
five wheels at one of two levels: twelve in all. Words without a class (`neutral` too) are dropped on both sides, and
samples whose gold maps to nothing are left out.
Source: OV-MER (Lian et al. 2024), section 4; AffectGPT (Lian et al. 2025), MER-UniBench; MER2025 and MER2026 baselines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from emer.errors import InputError
from emer.evals.metrics.checks import Floats, same_length
from emer.evals.metrics.intervals import Interval, bootstrap
from emer.evals.metrics.wheel_files import LEVELS, N_WHEELS, WheelTables

Grouping = Callable[[str], str]
"""A label as it was written to its class; `""` where it has none."""
Labels = Sequence[Collection[str]]


class Overlap(NamedTuple):
    """Precision, recall and F of sets of classes, each 0..1, over the n samples whose gold has a class."""

    precision: float
    recall: float
    f: float
    n: int


@dataclass(frozen=True)
class Wheels:
    """The twelve groupings: `m1`, `m2`, and `m3[wheel, level]` for wheels 1 to 5 and levels 1 and 2."""

    m1: Grouping
    m2: Grouping
    m3: Mapping[tuple[int, int], Grouping]


def official_wheels(tables: WheelTables) -> Wheels:
    """The groupings of the official tables.

    F(y) is the base words whose inflections contain the label; G(b) the wheel words that have the base as a synonym in
    any run, or the base itself. M1 = min F(y); M2 = min G(M1(y)); M3 is the class of the first word, alphabetically, of
    the union of G(b) over F(y) that is on the wheel.
    """

    def bases(label: str) -> Collection[str]:
        return tables.bases.get(label, ())

    def words(base: str) -> Collection[str]:
        return tables.words.get(base) or (base,)

    def m1(label: str) -> str:
        return min(bases(label), default="")

    def m2(label: str) -> str:
        base = m1(label)
        return min(words(base)) if base else ""

    def m3(classes: Mapping[str, str]) -> Grouping:
        def group(label: str) -> str:
            reached = {word for base in bases(label) for word in words(base)}
            on_wheel = min((word for word in reached if word in classes), default=None)
            return classes[on_wheel] if on_wheel is not None else ""

        return group

    rings = [(wheel, level) for wheel in range(1, N_WHEELS + 1) for level in LEVELS]
    return Wheels(
        _of_any_writing(m1), _of_any_writing(m2), {ring: _of_any_writing(m3(tables.classes[ring])) for ring in rings}
    )


def _of_any_writing(group: Grouping) -> Grouping:
    """The grouping, remembered, of a label in any case and with spaces around it."""
    return cache(lambda label: group(label.strip().lower()))


def parse_labels(text: str) -> list[str]:
    """The labels in an answer such as `[happy, sad]`, `['happy', "sad"]` or `happy, sad`, as MER-UniBench reads them.

    >>> parse_labels("[it's ok, sad]")
    ['it', 's ok', 'sad']
    """
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [part for part in (piece.strip() for piece in re.split(r"[,'\"]", inner)) if part]


def classes_of(labels: Labels, grouping: Grouping) -> list[frozenset[str]]:
    """Each sample's classes, without those that have none."""
    return [frozenset(map(grouping, row)) - {""} for row in labels]


def overlaps(gold: Labels, predicted: Labels, grouping: Grouping) -> Floats:
    """(n, 2) precision and recall of each sample whose gold has a class: |G∩P|/|P| (0 for an empty P), |G∩P|/|G|.

    Raises:
        InputError: no sample's gold has a class, or the lengths differ.
    """
    same_length(gold, predicted)
    pairs = zip(classes_of(gold, grouping), classes_of(predicted, grouping), strict=True)
    rows = [(len(g & p) / len(p) if p else 0.0, len(g & p) / len(g)) for g, p in pairs if g]
    if not rows:
        raise InputError("no metric of an empty set: no gold label has a class in this grouping")
    return np.array(rows)


def overlap(gold: Labels, predicted: Labels, grouping: Grouping) -> Overlap:
    """Precision and recall averaged over samples, and F of the two *means*, as the official code has it."""
    rows = overlaps(gold, predicted, grouping)
    precision, recall = rows.mean(0)
    return Overlap(float(precision), float(recall), _f(precision, recall), len(rows))


def f_s(gold: Labels, predicted: Labels, wheels: Wheels, *, level: int = 1) -> Overlap:
    """F_S, P_S, R_S: the means over the five wheels of F, precision and recall at one level (OV-MER's headline: 1)."""
    found = [overlap(gold, predicted, wheels.m3[wheel, level]) for wheel in range(1, N_WHEELS + 1)]
    means = np.mean([one[:3] for one in found], axis=0)
    return Overlap(float(means[0]), float(means[1]), float(means[2]), max(one.n for one in found))


def f_s_interval(gold: Labels, predicted: Labels, wheels: Wheels, *, level: int = 1, n_draws: int = 2000) -> Interval:
    """F_S with its bootstrap interval, clips drawn with replacement."""
    same_length(gold, predicted)
    totals = np.zeros((N_WHEELS, len(gold), 3))  # precision, recall, whether it counts
    for wheel in range(N_WHEELS):
        grouping = wheels.m3[wheel + 1, level]
        pairs = zip(classes_of(gold, grouping), classes_of(predicted, grouping), strict=True)
        for n, (g, p) in enumerate(pairs):
            if g:
                totals[wheel, n] = len(g & p) / len(p) if p else 0.0, len(g & p) / len(g), 1.0

    def statistic(drawn: np.ndarray) -> float:
        precision, recall, counted = totals[:, drawn].sum(1).T
        if not counted.all():
            raise InputError("no gold label has a class on one of the wheels")
        return float(np.mean([_f(p / n, r / n) for p, r, n in zip(precision, recall, counted, strict=True)]))

    return bootstrap(statistic, len(gold), n_draws=n_draws)


def mer2025_fg(gold: Labels, predicted: Labels, wheels: Wheels) -> float:
    """The fine-grained score of MER2025, 0..1: the mean of F_S at level 1 and at level 2."""
    return (f_s(gold, predicted, wheels, level=1).f + f_s(gold, predicted, wheels, level=2).f) / 2


def mer2026_fg(gold: Labels, predicted: Labels, wheels: Wheels) -> float:
    """The fine-grained score of MER2026, 0..1: F_S at level 1, by the corrected tables."""
    return f_s(gold, predicted, wheels, level=1).f


def set_level(gold: Labels, predicted: Labels, grouping: Grouping) -> tuple[float, float, float]:
    """MER2024's set-level accuracy (precision), recall and their mean, 0..1, over grouped label sets.

    The track had GPT-3.5 group the labels; any grouping does here. Source: MER2024 (Lian et al. 2024), MER-OV track.
    """
    found = overlap(gold, predicted, grouping)
    return found.precision, found.recall, (found.precision + found.recall) / 2


def mean_labels(predicted: Labels) -> float:
    """The mean number of labels a sample, which belongs beside every HIT."""
    same_length(predicted, predicted)
    return float(np.mean([len(row) for row in predicted]))


def hit(gold: Labels, predicted: Labels, wheels: Wheels) -> float:
    """HIT, 0..1: per wheel at level 1 the share of samples with a class in common, averaged over the wheels.

    More labels hit more often: never give it without `mean_labels`.
    """
    found = [overlaps(gold, predicted, wheels.m3[wheel, 1])[:, 1] > 0 for wheel in range(1, N_WHEELS + 1)]
    return float(np.mean([rows.mean() for rows in found]))


def _f(precision: float, recall: float) -> float:
    return float(2 * precision * recall / (precision + recall)) if precision + recall > 0 else 0.0
