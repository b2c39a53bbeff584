"""Pairs of what a claim cites and the claim itself, borne out or not, with what is wrong where something is."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from training.grounding.by_rule import SWAPS, reports
from training.grounding.planted import Claim, Scene, read_written
from training.grounding.written import PRACTICE
from training.reader.network import OUTCOMES
from training.reader.reading import hypothesis, premises

from emer.agents.grounding import record
from emer.schemas import Step

SCENES = tuple(sorted(Path(__file__).with_name("scenes").glob("*.txt")))
"""What was written for the network alone."""
HELD_BACK = tuple(sorted(Path(__file__).with_name("held_back").glob("*.txt")))
"""Scenes by a hand of its own, from which nothing is learnt."""
BY_RULE = 3
"""Sentences of the offline judge per scene and label: enough to know them, few enough not to swamp the rest."""
_ID = re.compile(r"\bp(\d)\b")


class Pair(NamedTuple):
    """What the network reads, and what it should say of it."""

    premises: tuple[str, ...]
    hypothesis: str
    outcome: int
    """Index into `OUTCOMES`."""


def learnt_from() -> list[list[Pair]]:
    """Pairs that may be learnt from, by scene: those written, and the offline judge's sentences with swaps by rule."""
    scenes, claims = read_written([*PRACTICE, *SCENES])
    return [*_by_scene(scenes, claims), *_by_rule(scenes)]


def held_back() -> list[list[Pair]]:
    """Pairs from the scenes held back."""
    return _by_scene(*read_written(HELD_BACK))


def _by_scene(scenes: dict[str, Scene], claims: Iterable[Claim]) -> list[list[Pair]]:
    found: dict[str, list[Pair]] = {name: [] for name in scenes}
    records = {name: record.record_of(one.cues, one.utterances, one.people) for name, one in scenes.items()}
    for one in claims:
        found[one.scene].append(pair(one.step, records[one.scene], one.kind))
    return list(found.values())


def _by_rule(scenes: dict[str, Scene]) -> Iterator[list[Pair]]:
    dice = random.Random(0)
    rows = [{"id": name, "cues": [cue.model_dump(mode="json") for cue in one.cues]} for name, one in scenes.items()]
    for _, report in reports(rows):
        of = record.record_of(report.cues, report.utterances, report.people)
        true = [(None, step) for step in report.reasoning]
        swapped = [(kind, swap(step, report)) for step in report.reasoning for kind, swap in SWAPS.items()]
        planted = [(kind, step) for kind, step in swapped if step is not None]
        taken = [one for many in (true, planted) for one in dice.sample(many, min(BY_RULE, len(many)))]
        yield [pair(step, of, kind) for kind, step in taken]


def pair(step: Step, of: record.Record, kind: str | None) -> Pair:
    """One claim as a pair."""
    claim = record.Claim(step, of)
    return Pair(premises(claim), hypothesis(claim), OUTCOMES.index(kind or "borne"))


def renamed(scene: Sequence[Pair], dice: random.Random) -> list[Pair]:
    """The pairs of a scene with its persons' numbers exchanged at random, so that no number means anything."""
    found = sorted(
        {number for one in scene for text in (*one.premises, one.hypothesis) for number in _ID.findall(text)}
    )
    new = dict(zip(found, dice.sample(found, len(found)), strict=True))

    def other(text: str) -> str:
        return _ID.sub(lambda m: f"p{new[m[1]]}", text)

    return [Pair(tuple(map(other, one.premises)), other(one.hypothesis), one.outcome) for one in scene]
