"""The textualised clips as `emer reason` is given them, and what the judge answers from any set of modalities.

Nothing is fitted, retrieved or imported: the memory is an empty folder's (the cases that ship with emer). A clip on
which the judge abstains counts as neutral, the floor's answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.agents.fusion import tables
from emer.api import reason
from emer.errors import InputError
from emer.evals import readers
from emer.evals.evaluation import Sample
from emer.memory.ontology import words
from emer.schemas import Report

CLASSES = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
MODALITIES = ("words", "voice", "face", "scene")


@dataclass(frozen=True)
class Record:
    """One clip: its dialogue, its label, and each modality in words (None where it is blanked)."""

    name: str
    dialogue: str
    label: str
    words: str | None
    voice: str | None
    face: Mapping[str, Any] | None
    scene: str | None


@dataclass(frozen=True)
class Answers:
    """What the judge said of each clip: the class, the second, how likely, and how many labels.

    `confidence` is that of the first emotion (nan where it abstained), `named` the class of its label; `p` is the
    projection's for the class, `shares` (n, 7) for each of `CLASSES`.
    """

    top: tuple[str, ...]
    second: tuple[str, ...]
    confidence: NDArray[np.float64]
    named: tuple[str, ...]
    basis: frozenset[str]
    p: NDArray[np.float64]
    n_labels: NDArray[np.float64]
    shares: NDArray[np.float64]


def records(samples: Sequence[Sample]) -> list[Record]:
    """The clips of `readers.textualised`."""
    found = []
    for row in (sample.given for sample in samples):
        match = re.match(r"(dia\d+)_", row["video_id"])
        label = row["true_label"].strip().lower()
        if match is None or label not in CLASSES:
            raise InputError(f"{row['video_id']!r} with label {label!r}: expected diaN_uttM and one of {CLASSES}")
        face = {"text": row["visual_expression_description"], "action_units": row["raw_AU_values_at_peak"]}
        found.append(Record(
            row["video_id"], match.group(1), label, _clean(row["transcript"]), row["audio_description"],
            face, row["visual_objective_description"],
        ))  # fmt: skip
    return found


def observations(record: Record, modalities: Collection[str]) -> dict[str, Any]:
    """What `emer reason` is given of a clip."""
    cues: list[dict[str, Any]] = []
    if "voice" in modalities and record.voice:
        cues.append({"modality": "voice", "text": record.voice})
    if "face" in modalities and record.face:
        cues.append({"modality": "face", **record.face})
    if "scene" in modalities and record.scene:
        cues.append({"modality": "context", "text": record.scene})
    row: dict[str, Any] = {"id": record.name, "cues": cues, "language": "en"}
    return row | ({"transcript": record.words} if "words" in modalities and record.words else {})


def rows(data: Path) -> list[Sample]:
    """The clips as `emer reason` is given them -> their label; of the 191 under a data folder, or of a file like it."""
    clips = records(readers.textualised(data if data.is_file() else data / readers.CLIPS))
    return [Sample(clip.name, observations(clip, MODALITIES), clip.label, clip.dialogue) for clip in clips]


def answers(clips: Sequence[Record], modalities: Collection[str], memory: Path) -> Answers:
    """The judge's answers from one set of modalities."""
    reports = [_reasoned(observations(clip, modalities), memory) for clip in clips]
    shares = [_shares(report) for report in reports]
    ranked = [sorted(row, key=lambda name: (-row[name], name)) for row in shares]
    first = [report.emotions[0] if report and report.emotions else None for report in reports]
    return Answers(
        top=tuple(row[0] for row in ranked),
        second=tuple(row[1] for row in ranked),
        confidence=np.array([emotion.confidence if emotion else np.nan for emotion in first]),
        named=tuple(class_of(emotion.label) if emotion else "" for emotion in first),
        basis=frozenset(emotion.confidence_basis for emotion in first if emotion),
        p=np.array([row[names[0]] for row, names in zip(shares, ranked, strict=True)]),
        n_labels=np.array([len(report.emotions) if report else 0 for report in reports], dtype=float),
        shares=np.array([[row[name] for name in CLASSES] for row in shares]),
    )


def _reasoned(row: Mapping[str, Any], memory: Path) -> Report | None:
    """The Report, or None where a clip has nothing in the chosen modalities."""
    if not row["cues"] and not row.get("transcript"):
        return None
    return reason(row, memory_dir=memory)


def class_of(label: str) -> str:
    """The class that an open word goes to, by the judge's own table of states and classes."""
    shares = dict.fromkeys(CLASSES, 0.0)
    for state, weight in words()[label].states:
        for name, share in tables.EKMAN_SHARES[state]:
            shares[name] += weight * share
    shares["neutral"] = 1 - sum(shares.values())
    return max(shares, key=lambda name: (shares[name], name))


def _shares(report: Report | None) -> dict[str, float]:
    rows = report.projections.get("meld7", []) if report else []
    shares = dict.fromkeys(CLASSES, 0.0) | {row.label: row.p for row in rows if row.label in CLASSES}
    none = next((row.p for row in rows if row.label == "none"), 0.0 if rows else 1.0)
    return shares | {"neutral": shares["neutral"] + none}


def hits(clips: Sequence[Record], found: Answers) -> NDArray[np.float64]:
    """1 for each clip whose class is right, else 0, (n,)."""
    return np.array([float(clip.label == top) for clip, top in zip(clips, found.top, strict=True)])


def _clean(text: str) -> str:
    """The words with the C1 controls of a mislabelled Windows-1252 put right (0x92 is an apostrophe)."""
    if not re.search("[\x80-\x9f]", text):
        return text
    return text.encode("latin-1", errors="replace").decode("cp1252", errors="replace")
