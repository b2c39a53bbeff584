"""Fit what the reader's odds and code's objections mean together, set the threshold, and write the shipped files.

python -m training.reader.calibrate --name first       # checkpoints/first.onnx -> src/emer/tools/weights/

Odds and weights are fitted on the scenes held back and on the hand-written tuning half of the frozen set, on neither of
which network or checks were made; the threshold is fixed on that half.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from training.grounding.evaluate import record_of
from training.grounding.planted import Claim, Scene, digest, read_frozen, read_written
from training.reader.data import HELD_BACK
from training.reader.export import CHECKPOINTS, ENCODER

from emer.agents.grounding import check, record
from emer.agents.grounding.reading import hypothesis, premises
from emer.tools import claim_reader
from emer.tools.shipped import WEIGHTS

RIDGE = 2.0
"""How strongly a check's weight is drawn to the mean of all; a check that fired seldom tells little."""


class Row(NamedTuple):
    """What is known of one claim that nothing plain speaks against."""

    odds: float
    check: str
    is_true: bool


def rows(scenes: dict[str, Scene], claims: Sequence[Claim]) -> list[Row]:
    """The claims that nothing plain speaks against, with the network's odds and the check that objects, or "none"."""
    records = {name: record_of(one) for name, one in scenes.items()}
    found = []
    for one in claims:
        claim = record.Claim(one.step, records[one.scene], one.about)
        if check.plain_objection(claim) is None:
            name, _ = check.soft_objection(claim)
            logits = claim_reader.logits(premises(claim), hypothesis(claim))
            found.append(Row(claim_reader.borne_odds(logits), name or "none", one.kind is None))
    return found


def fitted(many: Sequence[Row]) -> tuple[float, dict[str, float]]:
    """Slope of the odds and a weight for each check: a logistic fit by Newton's method.

    The weight of a check is that of any objection (free) and its own difference (drawn to 0); "none" has its own.
    """
    names = sorted({row.check for row in many} - {"none"})
    design = np.array([
        [row.odds, 1.0, row.check != "none", *(row.check == name for name in names)] for row in many
    ], dtype=float)  # fmt: skip
    gold, penalty = np.array([row.is_true for row in many]), np.array([0.0, 0.0, 0.0, *[RIDGE] * len(names)])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        hessian = design.T * (p * (1 - p)) @ design + np.diag(penalty + 1e-6)
        beta -= np.linalg.solve(hessian, design.T @ (p - gold) + penalty * beta)
    weights = {name: float(beta[1] + beta[2] + own) for name, own in zip(names, beta[3:], strict=True)}
    return float(beta[0]), {"none": float(beta[1]), "other": float(beta[1] + beta[2]), **weights}


def borne(many: Sequence[Row], slope: float, weights: dict[str, float]) -> np.ndarray:
    """The probability (n,) that each claim is borne out."""
    odds = np.array([slope * row.odds + weights.get(row.check, weights["other"]) for row in many])
    return 1 / (1 + np.exp(-odds))


def main() -> None:
    """Writes the shipped files, and prints what thresholds do to the tuning half, by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--threshold", type=float, default=0.75)
    args = parser.parse_args()
    graph, card = WEIGHTS / "claim_reader.onnx", WEIGHTS / "claim_reader.json"
    shutil.copyfile(CHECKPOINTS / f"{args.name}.onnx", graph)
    facts = {
        "name": "emer-claim-reader", "version": claim_reader.READER_VERSION, "outcomes": claim_reader.OUTCOMES,
        "max_tokens": claim_reader.MAX_TOKENS, "states": [6, 12, 32], "sha256": digest(graph),
        "word_table": digest(ENCODER),
        "slope": 1.0, "weights": {"none": 0.0, "other": 0.0}, "threshold": args.threshold,
    }  # fmt: skip
    _write(card, facts)
    scenes, claims = read_frozen()
    tuning = [one for one in claims if one.half == "tuning" and one.by == "hand"]
    seen = rows(scenes, tuning)
    known = rows(*read_written(HELD_BACK)) + seen
    slope, weights = fitted(known)
    weights = {name: round(value, 4) for name, value in weights.items()}
    _write(card, facts | {"slope": round(slope, 4), "weights": weights, "n_fitted": len(known)})
    print(f"fitted on {len(known)} claims: slope {slope:.3f}, weights {weights}")
    n_true, n_planted = (sum((one.kind is None) is wanted for one in tuning) for wanted in (True, False))
    found, is_true = borne(seen, slope, weights), np.array([row.is_true for row in seen])
    for at in np.arange(0.3, 0.9, 0.05):
        caught, lost = n_planted - int((found[~is_true] >= at).sum()), n_true - int((found[is_true] >= at).sum())
        print(f"threshold {at:.2f}: caught {caught}/{n_planted}, lost {lost}/{n_true}")


def _write(card: Path, facts: dict[str, object]) -> None:
    card.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    claim_reader._load.cache_clear()


if __name__ == "__main__":
    main()
