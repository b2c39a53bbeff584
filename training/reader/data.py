"""Pairs of what a claim cites and the claim itself, borne out or not, with what is wrong where something is."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from training.grounding.by_rule import SWAPS, reports
from training.grounding.planted import RETIRED, Claim, Scene, read_frozen, read_written
from training.grounding.written import PRACTICE

from emer.agents.grounding import record
from emer.agents.grounding.reading import SPAN, hypothesis, premises
from emer.schemas import Cue, Step
from emer.tools.claim_reader import OUTCOMES

SCENES = tuple(sorted(Path(__file__).with_name("scenes").glob("*.txt")))
"""What was written for the network alone."""
HELD_BACK = tuple(sorted(Path(__file__).with_name("held_back").glob("*.txt")))
"""Scenes by a hand of its own, from which nothing is learnt."""
BY_RULE = 3
"""Sentences of the offline judge per scene and label: enough to know them, few enough not to swamp the rest."""
_ID = re.compile(r"\bp(\d)\b")
_NUMBERS = re.compile(rf" ?\([^“”()]*\)|{SPAN.pattern}")
_VERB = re.compile(r"[a-z]+s\b(?<!lips)(?<!brows)(?<!eyes)")


class Pair(NamedTuple):
    """What the network reads, and what it should say of it."""

    premises: tuple[str, ...]
    hypothesis: str
    outcome: int
    """Index into `OUTCOMES`."""


def learnt_from() -> list[list[Pair]]:
    """Pairs that may be learnt from, by scene.

    Those written for it and for the frozen sets that measure no longer, the offline judge's sentences with swaps by
    rule, and claims in a cue's own words.
    """
    scenes, claims = read_written([*PRACTICE, *SCENES])
    for path in RETIRED:
        more, also = read_frozen(path)
        claims += [replace(one, scene=f"{path.stem} {one.scene}") for one in also if one.by == "hand"]
        scenes |= {f"{path.stem} {name}": one for name, one in more.items() if name.startswith("hand:")}
    return [*_by_scene(scenes, claims), *_by_rule(scenes), *_as_cued(scenes)]


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


def _as_cued(scenes: dict[str, Scene]) -> Iterator[list[Pair]]:
    """Claims that repeat a cue about a person, cited to it (borne) or to another of the same person, or told of another
    person (planted)."""
    dice = random.Random(1)
    for one in scenes.values():
        of = record.record_of(one.cues, one.utterances, one.people)
        cues = [cue for cue in one.cues if cue.person and _NUMBERS.sub("", cue.text)]
        made = []
        for cue in dice.sample(cues, min(len(cues), 2 * BY_RULE)):
            elsewhere = [other for other in cues if other.person == cue.person and not _alike(other, cue)]
            others = [name for name in of.people if name != cue.person]
            made.append((None, cue.person, cue, cue))
            if others and dice.random() < 0.5:
                made.append(("person", dice.choice(others), cue, cue))
            elif elsewhere:
                made.append(("cue", cue.person, cue, dice.choice(elsewhere)))
        yield [pair(_repeated(who, cue, cited), of, kind) for kind, who, cue, cited in made]


def _alike(one: Cue, other: Cue) -> bool:
    return one.text in other.text or other.text in one.text


def _repeated(who: str, told: Cue, cited: Cue) -> Step:
    link = " " if _VERB.match(told.text) else ": "
    claim = f"{who}{link}{_NUMBERS.sub('', told.text)} [{cited.id}]."
    return Step(id="r1", type="observation", claim=claim, evidence=(cited.id,))


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
