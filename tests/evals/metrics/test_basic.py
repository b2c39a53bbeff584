"""Metrics against numbers worked by hand, the official figures beside the checkout, and invariants."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from emer.errors import InputError
from emer.evals import metrics

DATA = Path(os.environ.get("EMER_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))

# Three labels, four items. Label 0: TP 1, FP 1, FN 0 -> 2/3. Label 1: TP 1, FP 0, FN 1 -> 2/3. Label 2: never -> 0.
GOLD = [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]]
SAID = [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_f1_by_hand() -> None:
    assert metrics.f1_per_label(GOLD, SAID).tolist() == pytest.approx([2 / 3, 2 / 3, 0.0])
    assert metrics.macro_f1(GOLD, SAID) == pytest.approx(4 / 9)
    assert metrics.micro_f1(GOLD, SAID) == pytest.approx(4 / 6)  # TP 2, FP 1, FN 1
    assert metrics.weighted_f1(GOLD, SAID) == pytest.approx(2 / 3)


def test_indicator_takes_one_or_several_labels() -> None:
    made = metrics.indicator(["joy", ["joy", "fear"], [], "elsewhere"], ["fear", "joy"])
    assert made.tolist() == [[False, True], [True, True], [False, False], [False, False]]


def test_accuracy() -> None:
    assert metrics.accuracy(["a", "b", "c", "c"], ["a", "b", "b", "c"]) == 0.75


def test_ccc_and_pcc_by_hand() -> None:
    # Means 2 and 3, variances 2/3, covariance 2/3: CCC = (4/3) / (4/3 + 1), correlation 1.
    assert metrics.ccc([1, 2, 3], [2, 3, 4]) == pytest.approx(4 / 7)
    assert metrics.pcc([1, 2, 3], [2, 3, 4]) == pytest.approx(1.0)
    assert metrics.ccc([2, 2], [2, 2]) == 1.0
    with pytest.raises(InputError, match="constant"):
        metrics.pcc([1, 1], [1, 2])


def test_auc_counts_ties_as_half() -> None:
    assert metrics.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
    assert metrics.auc([0, 1], [0.5, 0.5]) == 0.5
    with pytest.raises(InputError, match="both classes"):
        metrics.auc([1, 1], [0.1, 0.2])


def test_brier_by_hand() -> None:
    assert metrics.brier([1, 0], [0.8, 0.4]) == pytest.approx((0.04 + 0.16) / 2)


def test_ece_by_hand() -> None:
    # Two bins of two: |0.5 - 0.15| and |1 - 0.85|, equal mass.
    assert metrics.ece([0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9], n_bins=2) == pytest.approx(0.25)


def test_ece_of_a_calibrated_judge_shrinks_with_n() -> None:
    p = np.random.default_rng(1).random(4000)
    assert 0 < metrics.ece_if_calibrated(p, n_draws=50) < metrics.ece_if_calibrated(p[:100], n_draws=50)


@pytest.mark.parametrize(("factor", "slope"), [(1.0, 1.0), (2.0, 0.5)])
def test_calibration_slope_finds_overconfidence(factor: float, slope: float) -> None:
    rng = np.random.default_rng(0)
    logit = rng.normal(size=50_000)
    gold = rng.random(50_000) < 1 / (1 + np.exp(-logit))
    said = 1 / (1 + np.exp(-factor * logit))
    assert metrics.calibration_slope(gold, said) == pytest.approx(slope, abs=0.03)


def test_calibration_slope_refuses_separated_outcomes() -> None:
    with pytest.raises(InputError, match="slope"):
        metrics.calibration_slope([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])


def test_risk_coverage_by_hand() -> None:
    curve = metrics.risk_coverage([0.9, 0.8, 0.5, 0.5], [1, 0, 1, 0])
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0.0, 0.5, 0.5, 0.5])  # the two at .5 share one error
    assert metrics.risk_at([0.9, 0.8, 0.5, 0.5], [1, 0, 1, 0], 0.25) == 0.0


def test_bootstrap_draws_whole_groups() -> None:
    values = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    by_item = metrics.bootstrap(lambda i: float(values[i].mean()), 6)
    by_group = metrics.bootstrap(lambda i: float(values[i].mean()), ["a", "a", "a", "b", "b", "b"])
    assert by_item.estimate == by_group.estimate == 0.5
    assert (by_group.low, by_group.high) == (0.0, 1.0)
    assert by_item.low > 0.0
    assert by_item == metrics.bootstrap(lambda i: float(values[i].mean()), 6)


def test_bootstrap_refuses_a_statistic_that_is_mostly_undefined() -> None:
    with pytest.raises(InputError, match="resamples"):
        metrics.bootstrap(lambda i: metrics.auc([1, 1, 1], np.ones(3)[i]), 3, n_draws=20)


@pytest.mark.parametrize("name", ["macro_f1", "micro_f1", "weighted_f1"])
def test_no_f1_of_an_empty_set(name: str) -> None:
    with pytest.raises(InputError, match="empty set"):
        getattr(metrics, name)(np.zeros((0, 3)), np.zeros((0, 3)))


@pytest.mark.parametrize(
    "name", ["accuracy", "ccc", "pcc", "auc", "brier", "ece", "risk_coverage", "calibration_slope"]
)
def test_no_metric_of_an_empty_set_or_of_unequal_lengths(name: str) -> None:
    with pytest.raises(InputError, match="empty set"):
        getattr(metrics, name)([], [])
    with pytest.raises(InputError, match="predictions"):
        getattr(metrics, name)([1.0], [1.0, 0.0])


def test_numbers_must_be_finite_and_probabilities_in_range() -> None:
    with pytest.raises(InputError, match="finite"):
        metrics.ccc([1.0, float("nan")], [1.0, 2.0])
    with pytest.raises(InputError, match=r"0\.\.1"):
        metrics.brier([1, 0], [1.2, 0.0])


@pytest.mark.skipif(not (DATA / "parity").is_dir(), reason=f"no official scores at {DATA}/parity")
def test_ccc_equals_the_official_small_example() -> None:
    official = json.loads((DATA / "parity" / "misc_metrics.json").read_text(encoding="utf-8"))["ccc_small"]
    assert metrics.ccc(official["y_true"], official["y_pred"]) == pytest.approx(official["ccc"])
    assert metrics.pcc(official["y_true"], official["y_pred"]) == pytest.approx(official["pcc"])
