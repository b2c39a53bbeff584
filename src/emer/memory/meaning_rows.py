"""Many meanings as rows of one array, so that the distances of hundreds cost one step of arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from emer.memory.meaning import FAMILY_OF, Meaning, blend
from emer.memory.resolution import resolve
from emer.memory.states import STATES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VALENCE, AROUSAL = 0, 1
_VAD = 3
_FAMILIES = tuple(dict.fromkeys(FAMILY_OF[state] for state in STATES))


def meaning_of(labels: Sequence[str]) -> Meaning | None:
    """Return what labels mean together, each with the same weight; None when not one of them is known."""
    known = [resolution.meaning for label in labels if (resolution := resolve(label)).words]
    return blend((meaning, 1.0 / len(known)) for meaning in known) if known else None


def as_row(meaning: Meaning) -> NDArray[np.float32]:
    """Return a meaning as float32 (38,): valence, arousal, dominance, the 28 state weights, the 7 family weights."""
    import numpy as np

    families = dict.fromkeys(_FAMILIES, 0.0)
    for state, share in meaning.states.items():
        families[FAMILY_OF[state]] += share
    states = (meaning.states.get(state, 0.0) for state in STATES)
    return np.array([*meaning.vad, *states, *families.values()], dtype=np.float32)


@lru_cache(maxsize=4096)
def labels_row(labels: tuple[str, ...]) -> NDArray[np.float32] | None:
    """Return the row of what labels mean together; None when not one of them is known."""
    meaning = meaning_of(labels)
    return as_row(meaning) if meaning is not None else None


def row_states(row: NDArray[np.float32]) -> dict[str, float]:
    """Return the state weights of a row."""
    return dict(zip(STATES, row[_VAD : _VAD + len(STATES)].tolist(), strict=True))


def distances(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n, m) how far the meanings of n rows lie from those of m: `meaning.distance`, all at once."""
    import numpy as np

    apart = np.linalg.norm(some[:, None, :_VAD] - others[None, :, :_VAD], axis=2)
    ends = _VAD + len(STATES)
    in_states = _shared(some[:, _VAD:ends], others[:, _VAD:ends])
    in_families = _shared(some[:, ends:], others[:, ends:])
    found = 0.25 * (1.0 - in_states) + 0.25 * (1.0 - in_families) + 0.5 * np.minimum(1.0, apart / 2.0)
    return np.asarray(found, dtype=np.float32)


def _shared(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    return np.asarray(np.minimum(1.0, np.minimum(some[:, None, :], others[None, :, :]).sum(axis=2)))
