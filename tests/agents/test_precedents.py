from __future__ import annotations

import numpy as np
import pytest

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import written_instruments
from emer.agents.fusion.precedents import EXACT, label_ratio, precedents, trusted
from emer.memory.ontology import STATES
from emer.schemas import RecalledCase

INSTRUMENTS = written_instruments(0.2)


def _case(
    id_: str, label: str, *, likeness: float = 0.5, provenance: str = "user", applies: bool = True
) -> RecalledCase:
    return RecalledCase(
        id=id_, role="support", similarity=likeness, labels=[label], applies=applies, why="", provenance=provenance
    )


def test_examples_written_for_emer_are_trusted_least_and_no_case_more_than_a_fifth():
    assert trusted("authored") <= 0.1
    assert trusted("user") == trusted("corrected") == trusted("imported:x") <= 0.2


def test_a_label_speaks_for_its_own_state_most_and_for_what_lies_near():
    ratios = label_ratio(["angry"], INSTRUMENTS)
    assert ratios is not None
    assert STATES[int(ratios.argmax())] == "anger"
    exact = 1 / INSTRUMENTS.prior[STATES.index("anger")]
    assert ratios[STATES.index("anger")] > EXACT * exact
    assert ratios[STATES.index("annoyance")] > 5 * ratios[STATES.index("gratitude")]


def test_a_case_enters_by_its_likeness_and_one_that_does_not_apply_does_not_enter():
    rows = precedents(
        [_case("b", "angry"), _case("a", "anger", likeness=1.0), _case("no", "angry", applies=False),
         _case("odd", "xyzzyish")], INSTRUMENTS,
    )  # fmt: skip
    assert [id_ for id_, _, _ in rows] == ["a", "b"]
    (_, full, log_full), (_, half, log_half) = rows
    assert full / half == pytest.approx(4.0)  # likeness 1 against .5, squared
    rho = tables.VALIDITY["cases"].rho
    ratios = label_ratio(["angry"], INSTRUMENTS)
    assert ratios is not None
    assert np.exp(log_full) == pytest.approx(1 + rho * (ratios - 1))
    assert np.exp(log_half) == pytest.approx(1 + 0.5 * rho * (ratios - 1))


def test_an_example_written_for_emer_weighs_less_than_a_clip_that_is_as_alike():
    rows = {id_: (weight, log) for id_, weight, log in precedents(
        [_case("ours", "sad", provenance="authored"), _case("theirs", "sad")], INSTRUMENTS
    )}  # fmt: skip
    assert rows["ours"][0] == pytest.approx(rows["theirs"][0] / 4)  # .05 against .2
    assert rows["ours"][1].max() < rows["theirs"][1].max()
