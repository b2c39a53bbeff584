"""Whether a rebuilt network scores as the shipped one: `PYTHONPATH=src python -m training.face.check_rebuild FOLDER`.

FOLDER holds another export (`export.py --out FOLDER`). Both read the held-back tenth; the paired difference of their
accuracies is bootstrapped over groups of near-duplicates. Exit status 1 if the rebuilt one is worse than noise or than
TOLERANCE allows: training on a CPU is repeatable to the bit on one machine only.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training.face.data import groups, split

from emer.evals.metrics import bootstrap, ece
from emer.tools import face_expression

TOLERANCE = 0.015
"""Accuracy; two seeds of one recipe differ by about a point on 2,873 faces (standard error .9)."""
MAX_ECE = 0.05


def read(folder: Path, images: list[NDArray[np.uint8]]) -> NDArray[np.float64]:
    face_expression._WEIGHTS = folder
    face_expression._session.cache_clear()
    face_expression._card.cache_clear()
    return face_expression.read_expressions(images).probabilities.astype(np.float64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    held = split().held
    images, group = list(held.images), groups(held.images).tolist()
    shipped, rebuilt = read(face_expression._WEIGHTS, images), read(options.folder, images)
    right = [(found.argmax(1) == held.labels).astype(float) for found in (shipped, rebuilt)]
    change = bootstrap(lambda rows: float((right[1] - right[0])[rows].mean()), group, n_draws=1000)
    error = ece(right[1] > 0, rebuilt.max(1), n_bins=15)
    print(f"held back n={len(images)}: shipped {right[0].mean():.4f}, rebuilt {right[1].mean():.4f}", end=", ")
    print(f"difference {change.estimate:+.4f} [{change.low:+.4f}, {change.high:+.4f}], ECE of the rebuilt {error:.4f}")
    same = (change.high >= 0 or change.estimate >= -TOLERANCE) and error < MAX_ECE
    print("the same within noise" if same else "NOT the same")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
