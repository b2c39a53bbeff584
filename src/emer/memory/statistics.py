"""What a memory holds, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from emer.schemas import Case


@dataclass(frozen=True)
class Statistics:
    """Counts over cases; a case with two labels counts for both.

    Attributes:
        n: how many cases.
        provenances: cases by where they come from.
        labels: cases by label.
        modalities: cases by modality that they have words of.
        cultures: cases by culture, those that name one.
        n_mixed: cases with more than one label.
    """

    n: int
    provenances: Counter[str]
    labels: Counter[str]
    modalities: Counter[str]
    cultures: Counter[str]
    n_mixed: int


def count(cases: Iterable[Case]) -> Statistics:
    """Return the counts over some cases, taken one at a time."""
    n = n_mixed = 0
    provenances, labels, modalities, cultures = (Counter[str]() for _ in range(4))
    for case in cases:
        n += 1
        n_mixed += len(case.labels) > 1
        provenances[case.provenance] += 1
        labels.update(set(case.labels))
        modalities.update(case.cues.keys())
        cultures.update([case.culture] if case.culture else [])
    return Statistics(n, provenances, labels, modalities, cultures, n_mixed)
