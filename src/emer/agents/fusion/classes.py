"""From the 28 states to the seven classes of Ekman's six and neutral."""

from __future__ import annotations

from functools import cache

import numpy as np

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import Instruments, Vector
from emer.memory.ontology import STATES


def class_probabilities(log_p: Vector, instruments: Instruments, *, neutral: str) -> dict[str, float]:
    """The probability of each of Ekman's six and of `neutral` (its name in the set asked for); they sum to 1.

    The judge's prior is flat over states, of which twelve are kinds of joy; over a closed set that would let joy win by
    default. So the states are reweighed, by one factor for all states of a class, until the prior is flat over the
    classes (the neutral share kept); what each state shares out to the classes stays as the table says.
    """
    names, table = _class_table()
    p = (np.exp(log_p) * _factors(instruments)) @ table
    return {name or neutral: float(value) for name, value in zip(names, p / p.sum(), strict=True)}


def prior_by_class(instruments: Instruments) -> Vector:
    """The prior over the states, (28,), that is flat over the classes: each of the six has the same share."""
    weighted = instruments.prior * _factors(instruments)
    return np.asarray(weighted / weighted.sum(), dtype=np.float64)


def _factors(instruments: Instruments) -> Vector:
    """What each state's prior is multiplied by, (28,), so that the classes come alike and neutral keeps its share."""
    names, table = _class_table()
    share = instruments.prior[STATES.index("neutral")]
    flat = np.array([(1 - share) / (len(names) - 1)] * (len(names) - 1) + [share])
    homes = table.argmax(axis=1)
    grouped = np.array([[(instruments.prior * table[:, c])[homes == k].sum() for k in range(len(names))]
                        for c in range(len(names))])  # fmt: skip
    return np.asarray(np.linalg.solve(grouped, flat)[homes], dtype=np.float64)


@cache
def home(state: int) -> str:
    """The class to which most of a state goes: one of Ekman's six, or neutral."""
    names, table = _class_table()
    return names[int(table[state].argmax())] or "neutral"


@cache
def _class_table() -> tuple[list[str], Vector]:
    """The names of the six and "" for neutral, and P(class | state), (28, 7), rows sum to 1."""
    names = sorted({name for shares in tables.EKMAN_SHARES.values() for name, _ in shares})
    rows = [[dict(tables.EKMAN_SHARES[state]).get(name, 0.0) for name in names] for state in STATES]
    table = np.array([[*row, 1 - sum(row)] for row in rows])
    return [*names, ""], table
