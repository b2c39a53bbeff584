"""The frozen set of claims, as objects: scenes with their cues, and claims with what is wrong with each, if anything.

`claims.jsonl` is the set; `freeze.py` made it, once, before the checker was tuned. Its halves are split by template:
hand-written claims by scene, those made by rule by the form of the sentence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.grounding.written import PRACTICE, Row, hand_rows

from emer.schemas import Cue, Person, Step, Utterance

FROZEN = Path(__file__).with_name("claims.jsonl")
RETIRED = (Path(__file__).with_name("second.jsonl"), Path(__file__).with_name("third.jsonl"))
"""Frozen sets on which code has been tuned since, the older first; the claim reader has learnt from both."""
KINDS = ("person", "time", "polarity", "modality", "negation", "cue", "object", "number", "quote", "emotion")
Half = Literal["tuning", "held-out", "practice"]


@dataclass(frozen=True)
class Scene:
    """What the claims of one scene are held against."""

    id: str
    people: tuple[Person, ...]
    utterances: tuple[Utterance, ...]
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Claim:
    """One claim; `kind` is None for a true one. `by` says whether a rule or a hand made it."""

    id: str
    scene: str
    by: Literal["rule", "hand"]
    template: str
    half: Half
    kind: str | None
    step: Step
    about: str | None


def read_frozen(path: Path = FROZEN) -> tuple[dict[str, Scene], list[Claim]]:
    """Scenes by id, and the claims in their order."""
    return _read([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])


def read_practice() -> tuple[dict[str, Scene], list[Claim]]:
    """The scenes and claims that the checker may be changed on as one likes."""
    return read_written(PRACTICE)


def read_written(paths: Sequence[Path]) -> tuple[dict[str, Scene], list[Claim]]:
    """The scenes and claims of files written by hand, all for practice."""
    return _read([row for path in paths for row in hand_rows(path, ("practice",))])


def _read(rows: Sequence[Row]) -> tuple[dict[str, Scene], list[Claim]]:
    scenes = {row["id"]: _scene(row) for row in rows if "cues" in row}
    claims = [Claim(**{**row, "step": Step.model_validate(row["step"])}) for row in rows if "cues" not in row]
    return scenes, claims


def digest(path: Path = FROZEN) -> str:
    """The set's SHA-256, which a test holds against the one that it was frozen with."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _scene(row: Row) -> Scene:
    return Scene(
        id=str(row["id"]),
        people=tuple(Person.model_validate(one) for one in row["people"]),
        utterances=tuple(Utterance.model_validate(one) for one in row["utterances"]),
        cues=tuple(Cue.model_validate(one) for one in row["cues"]),
    )
