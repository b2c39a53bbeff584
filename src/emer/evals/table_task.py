"""One task over any table: a CSV or JSONL file, a map of its columns, a kind. Presets of it are in `presets.py`.

Fields that columns can be mapped to: id, group (a dialogue, a speaker; the id if absent), text (what is said, as
`emer --transcript` reads it), context, clip (a path, relative to the table), face, voice, scene (descriptions in
words), label (one label, or several as `[a, b]` or `a;b`; a number for sentiment; first, second or same for a
preference), valence, arousal, dominance (-1..1), first and second (the two texts of a preference).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from emer.errors import InputError
from emer.evals import kinds, reported
from emer.evals.evaluation import Eval, Predict, Sample
from emer.evals.kinds import Kind, Scorer
from emer.evals.metrics.wheel import parse_labels
from emer.evals.own_wheel import wheels_for

FIELDS = (
    "id", "group", "text", "context", "clip", "face", "voice", "scene", "label", "valence", "arousal", "dominance",
    "first", "second",
)  # fmt: skip
_DESCRIBED = {"face": "face", "voice": "voice", "scene": "context"}
_AXES = ("valence", "arousal", "dominance")


@dataclass(frozen=True)
class Table:
    """What a table is: its kind, its labels with a gloss each (closed and multilabel), which of them is neutral."""

    kind: Kind
    labels: Mapping[str, str]
    neutral: str | None = None


@dataclass(frozen=True)
class About:
    """Whose table it is, where one gets it and under which terms."""

    name: str
    title: str
    where: str
    terms: str


def table_eval(about: About, table: Table, columns: Mapping[str, str], *, wheel_folder: Path | None = None) -> Eval:
    """The evaluation of a table; its `--data` is the file.

    Args:
        about: for the listing.
        table: what it holds.
        columns: a field to the column that holds it; a field that is not named here has its own name.
        wheel_folder: a data folder with the official wheel tables under `parity/`, for open labels.

    Raises:
        InputError: a field is unknown.
    """
    unknown = sorted(set(columns) - set(FIELDS))
    if unknown:
        raise InputError(f"unknown field {unknown[0]!r} in --map; the fields are {', '.join(FIELDS)}")
    wheels, which = wheels_for(wheel_folder) if table.kind == "open" else (None, "")
    scorers: dict[Kind, Scorer] = {
        "closed": partial(kinds.score_closed, labels=tuple(table.labels)),
        "multilabel": partial(kinds.score_multilabel, labels=tuple(table.labels)),
        "sentiment": kinds.score_sentiment,
        "dimensions": kinds.score_dimensions,
        "preference": kinds.score_preference,
        "steps": kinds.score_steps,
    }
    if wheels is not None:
        scorers["open"] = partial(kinds.score_open, wheels=wheels)
    return Eval(
        name=about.name,
        title=f"{about.title} ({which})" if which else about.title,
        data=about.where,
        terms=about.terms,
        read=partial(read_table, kind=table.kind, columns=columns),
        predict=predictor(table),
        score=scorers[table.kind],
        headline=kinds.headline(table.kind, labels=tuple(table.labels), wheels=wheels),
        parse=PARSERS[table.kind],
    )


PARSERS: dict[Kind, Callable[[Any], Any]] = {
    "closed": kinds.parse_list, "multilabel": kinds.parse_list, "open": kinds.parse_list,
    "sentiment": kinds.parse_sentiment, "dimensions": kinds.parse_dimensions, "preference": kinds.parse_choice,
    "steps": str,
}  # fmt: skip


def predictor(table: Table) -> Predict | None:
    """What emer predicts for a kind of task; None for a preference and graded steps, which score a grader."""
    if table.kind == "open":
        return partial(reported.predict, read=reported.open_labels)
    if table.kind == "sentiment":
        return partial(reported.predict, read=reported.sentiment)
    if table.kind == "dimensions":
        return partial(reported.predict, read=reported.dimensions)
    if table.kind in ("preference", "steps"):
        return None
    return partial(_labelled, table=table)


def _labelled(samples: Sequence[Sample], *, table: Table) -> list[list[str]]:
    with reported.codebook("set", dict(table.labels)) as path:
        if table.kind == "closed":
            read = partial(reported.ranked, name="set", neutral=table.neutral)
            return reported.predict(samples, read, labels=(path,))
        return reported.predict(samples, partial(_several, n=len(table.labels)), labels=(path,))


def _several(report: Any, *, n: int) -> list[str]:
    """The labels that have at least the share they would have by chance."""
    return [label for label, share in reported.shares(report, "set").items() if label != "none" and share >= 1 / n]


def read_table(path: Path, *, kind: Kind, columns: Mapping[str, str]) -> list[Sample]:
    """The rows of a CSV or JSONL file as samples.

    Raises:
        InputError: the file cannot be read, or a row lacks what the kind needs, with its number.
    """
    found = []
    for number, row in enumerate(_rows(path), start=1):
        fields = {name: row[columns.get(name, name)] for name in FIELDS if row.get(columns.get(name, name)) is not None}
        try:
            name = str(fields.get("id", number))
            group = str(fields.get("group", name))
            found.append(Sample(name, _given(fields, name, path.parent, kind), _target(fields, kind), group))
        except (KeyError, ValueError) as error:
            raise InputError(f"{path}, row {number}: {error}; map its columns with --map field=column,…") from error
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise InputError(f"{str(path)!r} is no file; this evaluation reads one CSV or JSONL table")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() in (".jsonl", ".json"):
                return [json.loads(line) for line in file if line.strip()]
            return list(csv.DictReader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ","))
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise InputError(f"the table {str(path)!r} cannot be read: {error}") from error


def _given(fields: Mapping[str, Any], name: str, folder: Path, kind: Kind) -> dict[str, Any]:
    if kind == "preference":
        return {"lengths": [len(str(fields["first"])), len(str(fields["second"]))]}
    given: dict[str, Any] = {"id": name}
    cues = [{"modality": to, "text": str(fields[field])} for field, to in _DESCRIBED.items() if fields.get(field)]
    if cues or "clip" not in fields:
        given["cues"] = cues
    for field, to in (("text", "transcript"), ("context", "context")):
        if fields.get(field):
            given[to] = str(fields[field])
    if "clip" in fields:
        given["clip"] = folder / str(fields["clip"])
    return given


def _target(fields: Mapping[str, Any], kind: Kind) -> Any:
    if kind == "steps":
        return None
    if kind == "dimensions":
        return tuple(float(fields[axis]) if axis in fields else float("nan") for axis in _AXES)
    if "label" not in fields:
        raise KeyError("it has no label")
    label = fields["label"]
    if kind == "sentiment":
        return float(label)
    if kind in ("multilabel", "open"):
        return label if isinstance(label, list) else parse_labels(str(label).replace(";", ","))
    return str(label).strip()
