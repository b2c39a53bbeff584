"""Action units of a stretch of time as a cue's words and values: "AU4 brow lowerer, moderate (C)"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.agents.fusion import facs
from emer.errors import EmerError
from emer.tools.face_reading import Picture
from emer.tools.face_units import UnitReader

SEEN = 0.5
"""Intensity from which a unit is told: half way to A, a trace."""
_DEGREES = (
    (1.5, "trace (A)"),
    (2.5, "slight (B)"),
    (3.5, "moderate (C)"),
    (4.5, "severe (D)"),
    (math.inf, "extreme (E)"),
)
"""Upper ends of FACS's five intensities (A 1 .. E 5) and their words; FACS calls C "marked or pronounced"."""


class Told(NamedTuple):
    """A cue's text, its values (`au.AU04`, 0-5) and its strength (the clearest unit, 0..1)."""

    text: str
    values: dict[str, float | str | None]
    strength: float


class Tried:
    """A reader that, once it has failed on a face, reads no more and keeps why: the rest of the face goes on."""

    def __init__(self, reader: UnitReader) -> None:
        """Nothing has failed yet."""
        self._reader, self.card = reader, reader.card
        self.failure: EmerError | None = None

    def read(self, faces: Sequence[Picture]) -> NDArray[np.float32]:
        """(n, units) what the reader says; NaN from its failure on."""
        if self.failure is None:
            try:
                return self._reader.read(faces)
            except EmerError as error:
                self.failure = error
        return np.full((len(faces), len(self.card.units)), np.nan, np.float32)


def tell_units(units: Sequence[int], levels: NDArray[np.float32]) -> Told | None:
    """What the mean intensities of some frames look like in words; None where no frame was read.

    Args:
        units: FACS numbers of the columns.
        levels: (n_frames, units) intensities 0-5, NaN where not read.
    """
    read = levels[~np.isnan(levels).all(axis=1)]
    if len(read) == 0:
        return None
    known = [not np.isnan(column).any() for column in read.T]
    shown = [unit for unit, is_known in zip(units, known, strict=True) if is_known]
    mean = dict(zip(shown, read[:, np.flatnonzero(known)].mean(axis=0).tolist(), strict=True))
    values: dict[str, float | str | None] = {facs.named(unit): level for unit, level in sorted(mean.items())}
    values["n_frames"] = float(len(read))
    return Told(_listed(mean), values, min(max(mean.values(), default=0.0) / 5, 1.0))


def _listed(mean: Mapping[int, float]) -> str:
    shown = sorted((unit for unit, level in mean.items() if level >= SEEN), key=lambda unit: (-mean[unit], unit))
    parts = [f"AU{unit} {facs.NAMES.get(unit, 'unnamed')}, {degree(mean[unit])}" for unit in shown]
    return "; ".join(parts) or "no action unit marked"


def degree(level: float) -> str:
    """The word and letter of an intensity of 0-5."""
    return next(word for end, word in _DEGREES if level < end)
