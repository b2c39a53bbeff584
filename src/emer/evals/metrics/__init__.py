"""The field's metrics, one file a family, each with its source and formula. Numpy alone; an empty set is an error.

What reads files of a data set, or runs emer, belongs in the evaluations beside this package.
"""

from emer.evals.metrics.agreement import krippendorff_alpha
from emer.evals.metrics.calibration import (
    RiskCoverage,
    brier,
    calibration_slope,
    ece,
    ece_if_calibrated,
    risk_at,
    risk_coverage,
)
from emer.evals.metrics.dimensions import auc, ccc, pcc
from emer.evals.metrics.intervals import Interval, bootstrap, mean, paired
from emer.evals.metrics.labels import (
    accuracy,
    f1_per_label,
    indicator,
    jaccard,
    macro_f1,
    micro_f1,
    recall_per_label,
    sentiment_waf,
    uar,
    weighted_f1,
)

__all__ = [
    "Interval", "RiskCoverage", "accuracy", "auc", "bootstrap", "brier", "calibration_slope", "ccc", "ece",
    "ece_if_calibrated", "f1_per_label", "indicator", "jaccard", "krippendorff_alpha", "macro_f1", "mean",
    "micro_f1",
    "paired", "pcc", "recall_per_label", "risk_at", "risk_coverage", "sentiment_waf", "uar", "weighted_f1",
]  # fmt: skip
