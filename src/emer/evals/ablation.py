"""What each part is good for: every modality alone and all but it, without memory, without verify, at every effort.

One row is one condition: accuracy, what it differs from all parts by on the same samples (paired), macro F1 and the
share of samples on which nothing was concluded. Offline the three efforts are one, so they are rows with a model only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emer.errors import InputError
from emer.evals import labelled_text, metrics, reported, textualised
from emer.evals.evaluation import Sample
from emer.evals.metrics import Interval
from emer.schemas import Report

WORDS, TOLD = "words", "what was told"


@dataclass(frozen=True)
class Subject:
    """A labelled set of rows that can be ablated: how it is read, and its labels with a gloss each.

    `built_in` is the name of the built-in set with these labels; without one a codebook is made of the glosses.
    """

    read: Callable[[Path], Sequence[Sample]]
    labels: Mapping[str, str]
    built_in: str | None = None


@dataclass(frozen=True)
class Condition:
    """Which modalities are given (None: all) and which settings differ."""

    name: str
    modalities: frozenset[str] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


class Row(NamedTuple):
    """One condition: accuracy with its interval, the paired difference to all, macro F1, share concluded, and n."""

    name: str
    accuracy: Interval
    difference: Interval
    macro_f1: float
    concluded: float
    n: int


SUBJECTS = {
    "merr-cues": Subject(textualised.rows, labelled_text.MELD, "meld7"),
    "meld": Subject(labelled_text.meld, labelled_text.MELD),
    "emorynlp": Subject(labelled_text.emorynlp, labelled_text.EMORYNLP),
}


def subject(name: str, columns: Mapping[str, str]) -> Subject:
    """The subject called `name`: one of `SUBJECTS`, or a preset of the table task whose labels are a closed set.

    Raises:
        InputError: there is none, or its labels are no closed set.
    """
    from emer.evals.presets import PRESETS
    from emer.evals.table_task import read_table

    if name in SUBJECTS:
        return SUBJECTS[name]
    closed = [preset for preset, (_, table) in PRESETS.items() if table.kind == "closed"]
    if name not in closed:
        raise InputError(f"{name!r} cannot be ablated; those that can are {', '.join([*SUBJECTS, *closed])}")
    table = PRESETS[name][1]
    return Subject(partial(read_table, kind=table.kind, columns=columns), table.labels)


def modalities_of(samples: Sequence[Sample]) -> list[str]:
    """The modalities that the rows hold, in the order in which they are met."""
    return list(dict.fromkeys(one for sample in samples for one in _held(sample.given)))


def _held(row: Mapping[str, Any]) -> list[str]:
    if "clip" in row:
        raise InputError("a clip's modalities cannot be taken apart: ablate rows of words and described cues")
    cues = [str(cue["modality"]) for cue in row.get("cues", [])]
    return [
        *([WORDS] if row.get("transcript") else []),
        *cues,
        *([TOLD] if row.get("context") else []),
    ]


def conditions(modalities: Sequence[str], *, has_model: bool) -> list[Condition]:
    """All, each modality alone, all but each, without memory, without verify, and with a model every other effort."""
    found = [Condition("all")]
    if len(modalities) > 1:
        found += [Condition(f"{one} alone", frozenset({one})) for one in modalities]
    if len(modalities) > 2:
        found += [Condition(f"all but {one}", frozenset(modalities) - {one}) for one in modalities]
    found += [Condition(f"without {part}", None, {"without": (part,)}) for part in ("memory", "verify")]
    if has_model:
        found += [Condition(f"effort {effort}", None, {"effort": effort}) for effort in ("quick", "thorough")]
    return found


def reduced(row: Mapping[str, Any], modalities: frozenset[str] | None) -> dict[str, Any]:
    """The row with these modalities only."""
    if modalities is None:
        return dict(row)
    kept = {key: value for key, value in row.items() if key not in ("transcript", "context", "cues")}
    kept["cues"] = [cue for cue in row.get("cues", []) if cue["modality"] in modalities]
    for key, name in (("transcript", WORDS), ("context", TOLD)):
        if name in modalities and row.get(key):
            kept[key] = row[key]
    return kept


class _Said(NamedTuple):
    first: str
    is_concluded: bool


def ablate(about: Subject, samples: Sequence[Sample], settings: Mapping[str, Any]) -> list[Row]:
    """The rows of the matrix; `settings` hold for every condition (a model, an effort).

    Raises:
        InputError: there is no sample.
    """
    if not samples:
        raise InputError("no metric of an empty set: there is no sample to ablate")
    said = {
        condition.name: _said(about, samples, condition, settings)
        for condition in conditions(modalities_of(samples), has_model=bool(settings.get("model")))
    }
    gold, groups = [sample.target for sample in samples], [sample.group for sample in samples]
    truth = metrics.indicator(gold, tuple(about.labels))
    hits = {name: np.array([g == one.first for g, one in zip(gold, row, strict=True)], float)
            for name, row in said.items()}  # fmt: skip
    return [
        Row(
            name,
            metrics.mean(hits[name], groups),
            metrics.mean(hits[name] - hits["all"], groups),
            metrics.macro_f1(truth, metrics.indicator([one.first for one in row], tuple(about.labels))),
            float(np.mean([one.is_concluded for one in row])),
            len(samples),
        )
        for name, row in said.items()
    ]


def _said(about: Subject, samples: Sequence[Sample], condition: Condition, settings: Mapping[str, Any]) -> list[_Said]:
    """What emer answers under one condition, nothing concluded counting as neutral where the set has it."""
    rows = [Sample(s.id, reduced(s.given, condition.modalities), s.target, s.group) for s in samples]
    neutral = "neutral" if "neutral" in about.labels else None

    def read(report: Report | None, book: str) -> _Said:
        ranked = reported.ranked(report, book, neutral=neutral)
        return _Said(ranked[0] if ranked else "", report is not None and bool(report.emotions))

    chosen = {**settings, **condition.settings}
    if about.built_in is not None:
        return reported.predict(rows, partial(read, book=about.built_in), labels=(about.built_in,), **chosen)
    with reported.codebook("set", dict(about.labels)) as path:
        return reported.predict(rows, partial(read, book="set"), labels=(path,), **chosen)


def told(name: str, rows: Sequence[Row]) -> str:
    """The matrix as a Markdown table."""
    lines = [
        f"| {name}, n {rows[0].n} | accuracy | difference to all | macro F1 | concluded |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        difference = "" if row.name == "all" else _interval(row.difference, sign="+")
        figures = f"{_interval(row.accuracy)} | {difference} | {row.macro_f1:.3f} | {row.concluded:.3f}"
        lines.append(f"| {row.name} | {figures} |")
    return "\n".join(lines)


def _interval(found: Interval, sign: str = "") -> str:
    return f"{found.estimate:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"
