"""Labelled texts as clips and as cases, and a memory that compares them all exactly.

Nothing of a set is fitted here. Labels go into cases as the set spells them but for one unknown word.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from emer.evals import readers
from emer.evals.evaluation import Sample
from emer.memory.case_vectors import cues_vectors
from emer.memory.embedder import Embedder, EncoderEmbedder
from emer.memory.store import Found
from emer.schemas import Case

KEPT = Path(__file__).parent / "checkpoints"
SPELLED = {"powerful": "confident"}
"""A label that the ontology would guess from its letters, and its neighbour on the feeling wheel (Willcox 1982)."""


@dataclass(frozen=True)
class Item:
    """One labelled clip: its cues in words by modality, its labels, and the group that it must not be recalled from."""

    id: str
    cues: dict[str, str]
    labels: tuple[str, ...]
    group: Hashable

    @property
    def text(self) -> str:
        """All its words, what was said first, for methods that know no modalities and cut long texts."""
        return " ".join(self.cues[name] for name in sorted(self.cues, key=lambda name: (name != "transcript", name)))


def emorynlp(data: Path, split: Literal["train", "dev", "test"]) -> list[Item]:
    """EmoryNLP (Zahiri and Choi 2018): utterance -> one of seven; groups are the scenes."""
    path = data / "text" / "emorynlp" / f"emorynlp_{split}_final.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Item(f"{split}-{n}", {"transcript": row["Utterance"]}, (row["Emotion"].lower(),),
                 (row["Season"], row["Episode"], row["Scene_ID"]))
            for n, row in enumerate(csv.DictReader(file))
        ]  # fmt: skip


def of_samples(samples: Sequence[Sample]) -> list[Item]:
    """Items of texts with one label or several."""
    return [
        Item(one.id, {"transcript": one.given}, (one.target,) if isinstance(one.target, str) else tuple(one.target),
             one.group)
        for one in samples
    ]  # fmt: skip


def isear_halves(items: Sequence[Item], *, share: float = 0.7, seed: int = 20261125) -> tuple[list[Item], list[Item]]:
    """ISEAR in two, whole people each: the cases, and those that are judged."""
    people = sorted({str(item.group) for item in items})
    chosen = set(np.random.default_rng(seed).permutation(people)[: int(share * len(people))].tolist())
    return [one for one in items if one.group in chosen], [one for one in items if one.group not in chosen]


def textualised(data: Path) -> list[Item]:
    """The 191 textualised clips, each modality in words; groups are the dialogues."""
    found = []
    for sample in readers.textualised(data / readers.CLIPS):
        row: dict[str, Any] = sample.given
        told = {
            "transcript": row["transcript"], "voice": row["audio_description"],
            "face": row["visual_expression_description"], "context": row["visual_objective_description"],
        }  # fmt: skip
        joined = {name: text if isinstance(text, str) else ", ".join(text or ()) for name, text in told.items()}
        cues = {name: text for name, text in joined.items() if text}
        found.append(Item(sample.id, cues, (sample.target,), sample.group))
    return found


def as_case(item: Item, source: str) -> Case:
    """The case that an import makes of an item."""
    labels = [SPELLED.get(label, label) for label in item.labels]
    return Case(
        id=f"{source}-{item.id}", labels=labels, why="as labelled", provenance=f"imported:{source}", cues=item.cues
    )


def vectors_of(name: str, all_cues: Sequence[dict[str, str]], embedder: Embedder) -> NDArray[np.float32]:
    """The joint vectors (n, d); each is made once and kept, so that a stopped run goes on where it was."""
    path = KEPT / f"{name}_{mark_of((embedder.name, embedder.version))}.npz"
    known: dict[str, NDArray[np.float32]] = {}
    if path.exists():
        with np.load(path) as kept:
            known = dict(zip(kept["marks"].tolist(), kept["vectors"], strict=True))
    marks = [mark_of(cues) for cues in all_cues]
    missing = {mark: cues for mark, cues in zip(marks, all_cues, strict=True) if mark not in known}
    for start in range(0, len(missing), 1000):
        batch = list(missing.items())[start : start + 1000]
        known.update(zip((mark for mark, _ in batch), _made([cues for _, cues in batch], embedder), strict=True))
        KEPT.mkdir(exist_ok=True)
        np.savez(path, marks=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[mark] for mark in marks])


def _made(all_cues: Sequence[dict[str, str]], embedder: Embedder) -> NDArray[np.float32]:
    """`cues_vectors`; where there are words alone, without encoding an empty text for each."""
    if any(set(cues) != {"transcript"} for cues in all_cues):
        return cues_vectors(all_cues, embedder)
    said = embedder.embed([cues["transcript"].strip() for cues in all_cues])
    return np.concatenate([said, np.zeros_like(said)], axis=1)


def mark_of(made_from: object) -> str:
    """16 hex digits that tell what something kept was made from."""
    return hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]


class Remembering:
    """The encoder's embedder, which reads each text once."""

    def __init__(self) -> None:
        self._made = EncoderEmbedder()
        self.name, self.version, self._known = self._made.name, self._made.version, dict[str, NDArray[np.float32]]()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `EncoderEmbedder.embed`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._made.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def steered(self, vectors: NDArray[np.float32], states: Mapping[str, float]) -> NDArray[np.float32]:
        """As `EncoderEmbedder.steered`."""
        return self._made.steered(vectors, states)


class ExactMemory:
    """Cases and their vectors, compared one by one; those of `without` are not there."""

    embedder: Embedder = Remembering()

    def __init__(self, cases: Sequence[Case], vectors: NDArray[np.float32], groups: Sequence[Hashable] = ()) -> None:
        self._cases, self._vectors = cases, vectors
        self._groups = np.array([hash(group) for group in groups] or [0] * len(cases))
        self._open = np.ones(len(cases), dtype=bool)

    def without(self, group: Hashable) -> ExactMemory:
        """The same memory without the cases of one group."""
        other = ExactMemory(self._cases, self._vectors)
        other._groups, other._open = self._groups, self._groups != hash(group)
        return other

    def query_vectors(self, vectors: NDArray[np.float32], n: int) -> list[list[Found]]:
        """The n nearest cases of each vector, as `CaseMemory.query_vectors` gives them."""
        cosines = np.where(self._open, vectors @ self._vectors.T, -9.0)
        answers = []
        for row in cosines:
            best = np.argsort(-row, kind="stable")[: min(n, int(self._open.sum()))]
            answers.append([Found(self._cases[k], float(row[k]), self._vectors[k]) for k in best])
        return answers


def joined(*memories: tuple[Sequence[Case], NDArray[np.float32]]) -> ExactMemory:
    """One memory of several."""
    cases = [case for some, _ in memories for case in some]
    return ExactMemory(cases, np.concatenate([vectors for _, vectors in memories]))
