"""Syllables counted as peaks of the loudness of vowels, without knowing the words.

Source: de Jong and Wempe (2009), "Praat script to detect syllable nuclei and measure speech rate automatically",
Behavior Research Methods 41(2): peaks of the intensity that are voiced and stand 2 dB above the dips around them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emer.tools.voice_frames import Floats

DIP_DB = 2.0
BELOW_LOUDEST_DB = 25.0
_SMOOTH = np.array([0.25, 0.5, 0.25], np.float32)


def find_nuclei(vowel_db: Floats, voiced: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Frames at which syllables have their peak, given levels every 10 ms and which frames have a pitch."""
    if len(vowel_db) < 3 or not voiced.any():
        return np.zeros(0, np.intp)
    level = np.convolve(np.pad(vowel_db, 1, "edge"), _SMOOTH, "valid")
    threshold = np.quantile(level[voiced], 0.99) - BELOW_LOUDEST_DB
    peaks = [at for at in _prominent(level) if voiced[max(0, at - 2) : at + 3].any() and level[at] > threshold]
    return np.array(peaks, np.intp)


def _prominent(level: Floats) -> list[int]:
    """The maxima that stand at least `DIP_DB` above the lowest points between them and the next such maxima."""
    found: list[int] = []
    lowest, best = float("inf"), -1
    for at in _turning_points(level):
        value = float(level[at])
        if best < 0:
            lowest = min(lowest, value)
            if value >= lowest + DIP_DB:
                best = at
        elif value > level[best]:
            best = at
        elif value <= level[best] - DIP_DB:
            found.append(best)
            lowest, best = value, -1
    return found


def _turning_points(level: Floats) -> list[int]:
    rising = np.diff(level) > 0
    turns = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    return [0, *map(int, turns), len(level) - 1]
