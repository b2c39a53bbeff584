"""Three kinds of cases out of one clip: some that support the leading reading, its rival's, and some against it.

The clip is encoded once. A first query fetches what is like it, which elects the leading reading and shows what that
is mistaken for; two more ask for cases of the same content that strike like the rival, and like the contrary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from emer.memory.case_vectors import cues_vectors
from emer.memory.embedder import Embedder, Steerable
from emer.memory.guards import word_list
from emer.memory.meaning_rows import AROUSAL, VALENCE, as_row, distances, row_states
from emer.memory.neighbours import PARTS, Neighbours, Searchable, compared, diverse
from emer.memory.probe import Probe
from emer.memory.states import STATES, state_vad
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Role = Literal["support", "confusion", "counter"]

PER_ROLE: Mapping[Role, int] = {"support": 3, "confusion": 2, "counter": 2}
_FETCHED, _FETCHED_MORE = 100, 50  # the first query and each of the two others: 200 cases are looked at
_NEAREST = 12  # the neighbours that elect the leading reading
_WITNESSES = 3  # of the leading reading's cases, those nearest to another case say how far that is mistaken for it
_SAME = 0.25  # meanings nearer than this are one reading; farther, up to _RIVAL, one that it is mistaken for
_RIVAL = 0.5
_NO_SIDE = 0.15  # a valence nearer to 0 has no side
_NEWNESS = 0.3
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Candidate:
    """A case that is like the clip.

    Attributes:
        case: the case.
        likeness: 0 as alike as unrelated cases, 1 the same.
        alike: the same for what was said and what was described, without what one of them lacks.
        valence: of its labels together, -1..1.
    """

    case: Case
    likeness: float
    alike: Mapping[str, float]
    valence: float


def contrastive(memory: Searchable, probe: Probe) -> dict[Role, list[Candidate]]:
    """Return the cases of each role, the best first; the clip itself and its near-duplicates are left out.

    Raises:
        ToolError: the index of the memory can neither be opened nor built.
    """
    roles: dict[Role, list[int]] = {"support": [], "confusion": [], "counter": []}
    if not probe.cues:
        return {role: [] for role in roles}
    asked = cues_vectors([probe.cues], memory.embedder)
    hits = memory.query_vectors(asked, _FETCHED)[0]
    near = compared(hits, asked[0], probe)
    if near.cases:
        lead = leading(near, probe)
        rival = mistaken_for(near, lead)
        more = _steered(memory.embedder, asked, [row_states(rival) if rival is not None else {}, _contrary(lead)])
        for answer in memory.query_vectors(more, _FETCHED_MORE):
            hits = [*hits, *answer]
        near = compared(hits, asked[0], probe)
        roles = _by_role(near, lead, rival)
    return {
        role: [_candidate(near, k) for k in diverse(near, rows, PER_ROLE[role], newness=_NEWNESS)]
        for role, rows in roles.items()
    }


def leading(near: Neighbours, probe: Probe) -> NDArray[np.float32]:
    """Return the leading reading: the meaning of the case on which the nearest cases and the measurements agree.

    The neighbours vote for what is near to their own meaning, by the square of their likeness; what was measured in
    the clip votes as much as all of them together, times its certainty. A case on the other side of the clip's own
    valence cannot be elected while there is one on the same side.
    """
    import numpy as np

    votes = near.likeness[:_NEAREST] ** 2
    agreement = _nearness(near.meanings, near.meanings[:_NEAREST]) @ votes
    if probe.meaning is not None:
        weight = probe.certainty * votes.sum()
        agreement = agreement + weight * _nearness(near.meanings, as_row(probe.meaning)[None])[:, 0]
    sides = np.array([opposed(float(row[VALENCE]), probe) for row in near.meanings])
    if not sides.all():
        agreement = np.where(sides, -np.inf, agreement)
    return np.asarray(near.meanings[int(np.argmax(agreement.round(9)))])


def mistaken_for(near: Neighbours, lead: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Return what the leading reading is most often mistaken for; None when nothing near it is anything else.

    Learned from the memory itself: a case of another reading counts by how near it lies to cases of the leading one,
    and a reading by the sum over its cases; times how near the ontology puts it.
    """
    import numpy as np

    apart = distances(near.meanings, lead[None])[:, 0]
    own, others = np.flatnonzero(apart <= _SAME), np.flatnonzero(_is_rival(near.meanings, lead, apart))
    if not len(own) or not len(others):
        return None
    cosines = np.sort(near.vectors[others] @ near.vectors[own].T, axis=1)[:, -_WITNESSES:]
    pull = np.maximum(cosines.mean(axis=1), 0.0) ** 2
    mass = _nearness(near.meanings[others], near.meanings[others]) @ pull
    best = int(np.argmax((mass * (1.0 - apart[others])).round(6)))
    return np.asarray(near.meanings[others[best]])


def content_words(cues: Mapping[str, str]) -> frozenset[str]:
    """Return the words of cues that say what a clip is about."""
    return frozenset(word for text in cues.values() for word in _WORD.findall(text.lower())) - word_list(
        "recall_common"
    )


def opposed(valence: float, probe: Probe) -> bool:
    """Whether a case's valence and that of the clip's cues are on different sides, both clear of the middle."""
    clip = probe.valence
    return clip is not None and valence * clip < 0 and min(abs(valence), abs(clip)) > _NO_SIDE


def _steered(embedder: Embedder, asked: NDArray[np.float32], wanted: list[dict[str, float]]) -> NDArray[np.float32]:
    """Return the clip's vector once for each wanted affect; as it is where none is wanted or the embedder has none."""
    import numpy as np

    steered = []
    for states in wanted:
        halves = [half / np.linalg.norm(half) if half.any() else half for half in np.split(asked[0], 2)]
        if isinstance(embedder, Steerable) and any(states.values()):
            halves = [embedder.steered(half[None], states)[0] if half.any() else half for half in halves]
        joined = np.concatenate(halves)
        steered.append(joined / np.linalg.norm(joined))
    return np.asarray(steered, dtype=np.float32)


def _contrary(lead: NDArray[np.float32]) -> dict[str, float]:
    """Return the states on the other side of a reading, nearer ones in arousal more; of a calm one, all that move."""
    valence, arousal = float(lead[VALENCE]), float(lead[AROUSAL])
    weights = {}
    for state in STATES:
        there = state_vad(state)
        is_other = there.valence * valence < 0 if abs(valence) > _NO_SIDE else state != "neutral"
        is_clear = abs(there.valence) > _NO_SIDE
        weights[state] = max(0.0, 1.0 - abs(there.arousal - arousal)) if is_other and is_clear else 0.0
    return weights


def _by_role(near: Neighbours, lead: NDArray[np.float32], rival: NDArray[np.float32] | None) -> dict[Role, list[int]]:
    """Return the rows of each role; those of the rival itself come before others that the leading reading is like."""
    import numpy as np

    apart = distances(near.meanings, lead[None])[:, 0]
    mistaken = np.flatnonzero(_is_rival(near.meanings, lead, apart)).tolist()
    if rival is not None:
        of_rival = distances(near.meanings, rival[None])[:, 0] <= _SAME
        mistaken = [k for k in mistaken if of_rival[k]]
    return {
        "support": np.flatnonzero(apart <= _SAME).tolist(),
        "confusion": mistaken,
        "counter": np.flatnonzero((apart > _SAME) & (_is_opposite(near.meanings, lead) | (apart > _RIVAL))).tolist(),
    }


def _is_rival(
    meanings: NDArray[np.float32], lead: NDArray[np.float32], apart: NDArray[np.float32]
) -> NDArray[np.bool_]:
    return (apart > _SAME) & (apart <= _RIVAL) & ~_is_opposite(meanings, lead)


def _is_opposite(meanings: NDArray[np.float32], lead: NDArray[np.float32]) -> NDArray[np.bool_]:
    import numpy as np

    return np.asarray(meanings[:, VALENCE] * lead[VALENCE] < 0)


def _nearness(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float64]:
    import numpy as np

    return np.maximum(0.0, 1.0 - distances(some, others).astype(np.float64) / _RIVAL)


def _candidate(near: Neighbours, k: int) -> Candidate:
    parts = {name: round(float(v), 4) for name, v in zip(PARTS, near.by_part[k], strict=True) if v == v}
    return Candidate(near.cases[k], round(float(near.likeness[k]), 6), parts, float(near.meanings[k, VALENCE]))
