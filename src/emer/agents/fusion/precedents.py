"""What checked past cases say about the 28 states, and whether a conclusion is there because of one of them.

A case is an analogy: it is trusted little (`tables.VALIDITY`), less the less it is like the clip, and least where it is
an example written for emer. Its labels are mostly taken for those very states, since somebody chose them for that clip;
the rest goes to what lies near them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Instruments, Vector, attachment_ratio, contaminated, region_ratio
from emer.memory.ontology import resolve
from emer.schemas import RecalledCase

EXACT: Final = 0.5
"""Share in which a case's labels are taken for their very states. Chosen with `LIKENESS_POWER` on GoEmotions dev."""
LIKENESS_POWER: Final = 2.0
"""A case weighs by its validity times this power of its likeness, so that a near one is not diluted by far ones."""


def precedents(cases: Sequence[RecalledCase], instruments: Instruments) -> list[tuple[str, float, Vector]]:
    """Return id, weight above 0 and log ratios (28,) in nats of each case that applies and whose labels are known."""
    rows = []
    for case in sorted(cases, key=lambda one: one.id):
        ratios = label_ratio(case.labels, instruments) if case.applies and case.similarity > 0 else None
        if ratios is not None:
            rho, likeness = trusted(case.provenance), min(1.0, case.similarity)
            rows.append((case.id, rho * likeness**LIKENESS_POWER, np.log(contaminated(ratios, rho * likeness))))
    return rows


def trusted(provenance: str) -> float:
    """Return the validity of a case by where it comes from, 0..1."""
    return tables.AUTHORED_CASE_RHO if provenance == "authored" else tables.VALIDITY["cases"].rho


def label_ratio(labels: Sequence[str], instruments: Instruments) -> Vector | None:
    """Return the ratios (28,) of open labels; None where not one of them is known."""
    known = [found for label in labels if (found := resolve(label)).words]
    if not known:
        return None
    states: dict[str, float] = {}
    for found in known:
        for state, share in found.states.items():
            states[state] = states.get(state, 0.0) + share / len(known)
    near = region_ratio([word for found in known for word, _ in found.words], instruments)
    return np.asarray(EXACT * attachment_ratio(states, instruments) + (1 - EXACT) * near, dtype=np.float64)
