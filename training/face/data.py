"""FER2013 as training material: near-duplicates found, a tenth held back, labels of duplicates averaged.

FER2013 holds the same photograph several times, sometimes under two labels. Duplicates are grouped first, and a group
goes to one side of the split as a whole; otherwise the held-back tenth would partly measure memory.
"""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("EMER_TEST_DATA", ROOT.parent / "shared" / "data"))
CHECKPOINTS = Path(__file__).parent / "checkpoints"
SPLIT_SEED = 2013
HELD_BACK = 0.1
NEAR_DUPLICATE = 0.97
"""Correlation of the 24x24 images above which two faces count as one photograph (above it 91 % share their label)."""
MIN_STD = 4.0
"""Grey levels; below it an image is blank (11 of 28,709 are)."""


class Faces(NamedTuple):
    """Images (n, 48, 48) uint8, hard labels (n,) and soft labels (n, 7) averaged over duplicates."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    soft: NDArray[np.float32]


class Split(NamedTuple):
    train: Faces
    held: Faces


def load(part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64], list[str]]:
    """Images (n, 48, 48), labels (n,) and class names of `train` or `public_test`."""
    with np.load(DATA / "media" / "fer2013" / f"fer2013_{part}.npz") as archive:
        return archive["images"], archive["labels"].astype(np.int64), [str(name) for name in archive["classes"]]


def signatures(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 576) zero-mean unit vectors of the 24x24 images, so that a product is a correlation."""
    small = images.reshape(-1, 24, 2, 24, 2).astype(np.float32).mean((2, 4)).reshape(len(images), -1)
    small -= small.mean(1, keepdims=True)
    return small / (np.linalg.norm(small, axis=1, keepdims=True) + 1e-6)


def duplicate_pairs(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.int64]:
    """(m, 2) index pairs of signatures that correlate above `NEAR_DUPLICATE`."""
    found = [
        np.argwhere(left[start : start + 2000] @ right.T > NEAR_DUPLICATE) + np.array([start, 0])
        for start in range(0, len(left), 2000)
    ]
    return np.concatenate(found).astype(np.int64)


def groups(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """(n,) group numbers; photographs that are near-duplicates, mirrored or not, share one; kept on disk."""
    path = CHECKPOINTS / f"groups-{hashlib.sha256(images.tobytes()).hexdigest()[:16]}.npy"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        np.save(path, _find_groups(images))
    return np.asarray(np.load(path), np.int64)


def _find_groups(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    plain, mirrored = signatures(images), signatures(images[:, :, ::-1])
    parent = np.arange(len(images))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = int(parent[node])
        return node

    for a, b in np.concatenate([duplicate_pairs(plain, plain), duplicate_pairs(plain, mirrored)]):
        parent[root(int(a))] = root(int(b))
    return np.array([root(node) for node in range(len(images))])


def split(seed: int = SPLIT_SEED) -> Split:
    """The nine tenths that train and the tenth held back for every choice; blank images are left out of both."""
    images, labels, classes = load("train")
    keep = images.std((1, 2)) >= MIN_STD
    images, labels = images[keep], labels[keep]
    group = np.unique(groups(images), return_inverse=True)[1]
    counts = np.zeros((group.max() + 1, len(classes)))
    np.add.at(counts, (group, labels), 1)
    soft = (counts / counts.sum(1, keepdims=True)).astype(np.float32)[group]
    held = np.isin(group, _held_groups(counts, seed))
    return Split(Faces(images[~held], labels[~held], soft[~held]), Faces(images[held], labels[held], soft[held]))


def _held_groups(counts: NDArray[np.float64], seed: int) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    order, majority = rng.permutation(len(counts)), counts.argmax(1)
    chosen = []
    for label in range(counts.shape[1]):
        members = order[majority[order] == label]
        before = np.cumsum(counts[members].sum(1)) - counts[members].sum(1)
        chosen.append(members[before < HELD_BACK * counts[members].sum()])
    return np.concatenate(chosen)
