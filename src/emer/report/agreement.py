"""Which modality speaks for and against each emotion: the cues that it cites, counted by modality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from emer.schemas import Emotion, Report

Stand = Literal["for", "against", "both", "silent"]


@dataclass(frozen=True)
class Cell:
    """What one modality says of one emotion: the cues for it and against it."""

    modality: str
    evidence: tuple[str, ...]
    counter: tuple[str, ...]

    @property
    def stand(self) -> Stand:
        """Where the modality stands."""
        if self.evidence and self.counter:
            return "both"
        return "for" if self.evidence else "against" if self.counter else "silent"


@dataclass(frozen=True)
class Row:
    """One emotion with a cell for every modality of the clip."""

    emotion: Emotion
    cells: tuple[Cell, ...]


def agreement(report: Report) -> tuple[Row, ...]:
    """One row for each emotion, the modalities in the order in which cues came."""
    of = {cue.id: cue.modality for cue in report.cues}
    modalities = tuple(dict.fromkeys(of.values()))

    def cell(emotion: Emotion, modality: str) -> Cell:
        def ours(ids: list[str]) -> tuple[str, ...]:
            return tuple(one for one in ids if of.get(one) == modality)

        return Cell(modality, ours(emotion.evidence), ours(emotion.counter_evidence))

    return tuple(Row(one, tuple(cell(one, modality) for modality in modalities)) for one in report.emotions)
