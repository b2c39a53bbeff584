"""Readers of the published files, each to `Sample`s; nothing is changed, dropped or balanced unless the reader says so.

`data` is the folder that holds `text/` and `media/`.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Literal

import numpy as np

from emer.evals.evaluation import Sample

Split = Literal["train", "dev", "test"]
CLIPS = Path("text") / "cues" / "meld_cues_191.json"
"""The textualised clips of MELD: a test, never to be fitted on."""


def goemotions(data: Path, split: Split = "test") -> list[Sample]:
    """GoEmotions (Demszky et al. 2020): comment -> its labels (names); groups are single comments."""
    folder = data / "text" / "goemotions"
    names = (folder / "labels.txt").read_text(encoding="utf-8").split()
    samples = []
    with (folder / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
        for line in file:
            text, labels, key = line.rstrip("\n").split("\t")
            samples.append(Sample(key, text, [names[int(label)] for label in labels.split(",")], key))
    return samples


def emobank(data: Path, split: Split = "test") -> list[Sample]:
    """EmoBank (Buechel and Hahn 2017): sentence -> (valence, arousal, dominance), mapped from 1..5 to -1..1."""
    with (data / "text" / "emobank" / "emobank.csv").open(encoding="utf-8", newline="") as file:
        return [
            Sample(row["id"], row["text"], tuple((float(row[axis]) - 3) / 2 for axis in "VAD"), row["id"])
            for row in csv.DictReader(file)
            if row["split"] == split
        ]


def isear(data: Path) -> list[Sample]:
    """ISEAR (Scherer and Wallbott 1994): situation -> emotion; `[ No response.]` and its kin are left out."""
    samples = []
    with (data / "text" / "isear" / "isear.csv").open(encoding="utf-8", errors="replace", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE)):
            text = (row.get("SIT") or "").replace("á", " ").strip()
            if text and not text.startswith("["):
                samples.append(Sample(str(number), text, row["Field1"], row["ID"]))
    return samples


def fer2013(data: Path, part: str = "public_test") -> list[Sample]:
    """FER2013 (Goodfellow et al. 2013): grey face uint8 (48, 48) -> class name."""
    with np.load(data / "media" / "fer2013" / f"fer2013_{part}.npz") as archive:
        images, labels = archive["images"], archive["labels"]
        names = [str(name) for name in archive["classes"]]
    return [
        Sample(str(i), image, names[int(label)], str(i))
        for i, (image, label) in enumerate(zip(images, labels, strict=True))
    ]


def acted_voices(data: Path, corpus: Literal["audio_ravdess", "audio_emodb"]) -> list[Sample]:
    """RAVDESS or EmoDB: path of a wav -> acted emotion; groups are the speakers."""
    with (data / "media" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith(corpus)]
    return [
        Sample(row["path"], data / "media" / row["path"], row["label"], _speaker(Path(row["path"]))) for row in rows
    ]


def _speaker(path: Path) -> str:
    """The actor of a RAVDESS name (its seventh number), or of an EmoDB name (`angry_03a07Wc`: the two digits)."""
    stem = path.stem
    return stem.split("-")[-1] if stem.count("-") == 6 else stem.split("_")[-1][:2]


def textualised(path: Path) -> list[Sample]:
    """Clips textualised by modality, such as the 191 of MELD: four descriptions -> label; groups are the dialogues."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Sample(row["video_id"], row, row["true_label"].lower(), row["video_id"].split("_")[0]) for row in rows]
