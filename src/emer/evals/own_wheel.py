"""The wheel metrics on emer's own ontology, for whoever has no official tables: they say so, and compare with nothing.

One wheel in place of five: Ekman's classes at level 1, the GoEmotions states at level 2.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from emer.evals.metrics.wheel import Grouping, Wheels, official_wheels
from emer.evals.metrics.wheel_files import N_WHEELS, read_tables
from emer.memory.closed_sets import NONE, project
from emer.memory.resolution import resolve

OFFICIAL = (Path("parity") / "official_emotion_wheel_mer2026", Path("parity") / "official_emotion_wheel_mer2025")
"""Where the official tables lie under a data folder, the corrected ones first."""


def wheels_for(data: Path | None) -> tuple[Wheels, str]:
    """The official tables under a data folder, if there is one, else our own ontology; and which, in words.

    Raises:
        InputError, SetupError: there are official tables and they cannot be read.
    """
    for place in OFFICIAL:
        if data is not None and (data / place).is_dir():
            return official_wheels(
                read_tables(data / place)
            ), f"official tables {place.name.rpartition('_')[2].upper()}"
    return own_wheels(), "emer's own ontology, not comparable with published figures"


def own_wheels() -> Wheels:
    """The groupings of our ontology in the shape of the official ones: all five wheels are the same."""
    word, ekman, state = cache(_word), cache(_class_in("ekman")), cache(_class_in("goemotions28"))
    rings = {(wheel, level): (ekman, state)[level - 1] for wheel in range(1, N_WHEELS + 1) for level in (1, 2)}
    return Wheels(word, word, rings)


def _word(label: str) -> str:
    found = resolve(label).words
    return max(found, key=lambda one: one[1])[0].label if found else ""


def _class_in(closed_set: str) -> Grouping:
    def group(label: str) -> str:
        shares = project({label: 1.0}, closed_set)
        best = max(shares, key=lambda name: (shares[name], name))
        return "" if best in (NONE, "neutral") else best

    return group
