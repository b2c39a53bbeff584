"""Set the ten constants of `causal_turns.py` on ECF train: `PYTHONPATH=src:. python -m training.cause.fit`.

Prints the weights of a logistic regression over all pairs within reach, five-fold validation by conversation at several
thresholds, and the floors on the same conversations. Reads no test file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from training.face.data import DATA

from emer.agents.speech.causal_turns import LIKELY, WEIGHTS, Weights, candidates, traits
from emer.evals.conversations import FLOORS, ecf, pairs_by, weighted_f1
from emer.evals.evaluation import Sample

THRESHOLDS = (0.25, 0.28, 0.31, 0.34, 0.37, 0.40)
Floats = NDArray[np.float64]


def rows(samples: Sequence[Sample]) -> tuple[Floats, Floats, list[tuple[int, int, int]]]:
    """Traits (n, 9), outcomes (n,), and which conversation, turn and candidate each row is."""
    found, gold, keys = [], [], []
    for number, sample in enumerate(samples):
        true = {(at, cause) for at, _, cause in sample.target}
        for at, turn in enumerate(sample.given):
            for other in candidates(len(sample.given), at) if turn.emotion else ():
                found.append(traits(sample.given, at, other))
                gold.append(float((at, other) in true))
                keys.append((number, at, other))
    return np.array(found), np.array(gold), keys


def fit(x: Floats, y: Floats, ridge: float = 1.0) -> Floats:
    """Weights of a logistic regression by Newton's method."""
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(weights))
        weights += np.linalg.solve(hessian, x.T @ (y - p) - ridge * weights)
    return weights


def folds(samples: Sequence[Sample], n: int = 5) -> NDArray[np.intp]:
    """The fold of each conversation, seed 0."""
    return np.random.default_rng(0).permutation(len(samples)) % n


def main() -> None:
    samples = ecf(DATA, "Subtask_1_train.json")
    x, y, keys = rows(samples)
    print("weights:", dict(zip(Weights._fields, fit(x, y).round(2).tolist(), strict=True)))
    fold = folds(samples)[[key[0] for key in keys]]
    p = np.zeros(len(y))
    for k in range(5):
        p[fold == k] = 1 / (1 + np.exp(-x[fold == k] @ fit(x[fold != k], y[fold != k])))
    for threshold in THRESHOLDS:
        found = weighted_f1(samples, _said(samples, keys, p >= threshold))
        print(f"five-fold, threshold {threshold:.2f}: w-avg F1 {found:.4f}")
    shipped = 1 / (1 + np.exp(-x @ np.array(WEIGHTS)))
    print(f"shipped constants on the same: {weighted_f1(samples, _said(samples, keys, shipped >= LIKELY)):.4f}")
    for name, floor in FLOORS.items():
        print(f"{name}: {weighted_f1(samples, [pairs_by(sample.given, floor) for sample in samples]):.4f}")


def _said(
    samples: Sequence[Sample], keys: Sequence[tuple[int, int, int]], chosen: NDArray[np.bool_]
) -> list[list[tuple[int, str, int]]]:
    said: list[list[tuple[int, str, int]]] = [[] for _ in samples]
    for (number, at, other), is_cause in zip(keys, chosen, strict=True):
        if is_cause:
            said[number].append((at, samples[number].given[at].emotion, other))
    return said


if __name__ == "__main__":
    main()
