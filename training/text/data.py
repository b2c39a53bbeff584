"""The data that the text encoder is trained and judged on, with a check that it is the data we mean.

Only GoEmotions and EmoBank may train shipped weights (see README.md); ISEAR is read for evaluation alone.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.text_encoder import plain

Split = Literal["train", "dev", "test"]

_ROWS = {
    ("goemotions", "train"): 43_410,
    ("goemotions", "dev"): 5_426,
    ("goemotions", "test"): 5_427,
    ("emobank", "train"): 8_062,
    ("emobank", "dev"): 1_000,
    ("emobank", "test"): 1_000,
}


class Labelled(NamedTuple):
    """Texts as the encoder reads them, and targets: 0/1 (n, 28), VAD (n, 3) in -1..1, or classes (n,)."""

    texts: list[str]
    targets: NDArray[np.float32]


def data_folder() -> Path:
    """Return the folder of the text sets: `EMER_TEST_DATA`/text, else ../shared/data/text beside the checkout."""
    default = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("EMER_TEST_DATA", default)) / "text"


def goemotions_labels() -> tuple[str, ...]:
    """Return the 28 labels in the order of the GoEmotions files (27 emotions, then neutral)."""
    return tuple((data_folder() / "goemotions" / "labels.txt").read_text(encoding="utf-8").split())


def goemotions(split: Split) -> Labelled:
    """Return one split of GoEmotions (Demszky et al. 2020, simplified configuration) as multi-hot targets."""
    rows = (data_folder() / "goemotions" / f"{split}.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    texts, targets = [], np.zeros((len(rows), len(goemotions_labels())), dtype=np.float32)
    for i, row in enumerate(rows):
        text, labels, _ = row.split("\t")
        texts.append(plain(text))
        targets[i, [int(label) for label in labels.split(",")]] = 1.0
    return _checked("goemotions", split, Labelled(texts, targets))


def emobank(split: Split) -> Labelled:
    """Return one split of EmoBank (Buechel and Hahn 2017, readers and writers weighted), mapped from 1..5 to -1..1."""
    with (data_folder() / "emobank" / "emobank.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    vad = np.array([[float(row[axis]) for axis in "VAD"] for row in rows], dtype=np.float32)
    return _checked("emobank", split, Labelled([plain(row["text"]) for row in rows], (vad - 3.0) / 2.0))


def isear() -> Labelled:
    """Return ISEAR (evaluation only): situations, and the index of their emotion among the seven, sorted by name.

    Answers of at most three words, non-answers and repetitions are left out.
    """
    with (data_folder() / "isear" / "isear.csv").open(encoding="utf-8", errors="replace") as file:
        rows = [(row["SIT"], row["Field1"]) for row in csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE)]
    names = sorted({name for _, name in rows})
    seen = {}
    for text, name in rows:
        words = plain(text.replace("á", " "))  # a line break of the original, misread
        if len(words.split()) > 3 and not words.startswith("["):  # "[ No response.]"
            seen.setdefault(words, names.index(name))
    kept = list(seen.items())
    return Labelled([text for text, _ in kept], np.array([label for _, label in kept], dtype=np.float32))


def _checked(name: str, split: str, labelled: Labelled) -> Labelled:
    """Return the set, or raise if it is not the one that the model card describes."""
    expected = _ROWS[name, split]
    if len(labelled.texts) != expected or len(labelled.targets) != expected:
        raise ValueError(
            f"{name}/{split} has {len(labelled.texts)} rows, expected {expected}: not the data of the card"
        )
    return labelled
