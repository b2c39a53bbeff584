"""How a record of each known format becomes the fields of a case.

A format is one entry of `FORMATS`: how its file is read, and which of its fields mean what. Of several names for a
field, the first that a record has counts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emer.errors import InputError
from emer.memory.rows import Row, json_lines, json_records, parquet_rows, table
from emer.memory.states import STATES

CUES = ("transcript", "face", "voice", "context")
FIELDS = ("id", "labels", "why", "intensity", "person", "culture", *CUES)


@dataclass(frozen=True)
class Format:
    """A format of files that hold labelled clips.

    Attributes:
        told: what it is, in a few words.
        rows: reads a file.
        names: the names under which a record has each field of a case, the best first.
        id_names: the fields that together name a record, when it has no `id`.
        label_names: what a label that is a number stands for.
    """

    told: str
    rows: Callable[[Path], Iterator[Row]]
    names: Mapping[str, Sequence[str]]
    id_names: Sequence[str] = ()
    label_names: Sequence[str] = ()


_PLAIN = {name: (name,) for name in FIELDS} | {
    "labels": ("labels", "label", "emotions", "emotion"),
    "transcript": ("transcript", "text", "utterance"),
}

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "emer": Format("cases that `emer memory export` wrote, JSONL or Parquet", lambda path: _exported(path), {}),
        "csv": Format("a table whose first line names its columns", table, _PLAIN),
        "jsonl": Format("one JSON object a line", json_lines, _PLAIN),
        "merr": Format(
            "JSON records as in MERR (Cheng et al. 2024): action units, visual, audio, text, pseudo label",
            json_records,
            {
                "id": ("id",),
                "labels": ("pseu_emotion", "pseudo_label", "true_label", "emotion"),
                "why": ("smp_reason_caption", "reason", "caption"),
                "transcript": ("text", "transcript", "subtitle"),
                "face": ("visual_prior_list", "visual_expression_description", "AU_list", "peak_AU_list"),
                "voice": ("audio_prior_list", "audio_description"),
                "context": ("visual_objective_description",),
            },
        ),
        "emer-csv": Format(
            "the table of the EMER data set (Lian et al. 2023): names, emotions, subtitles, reasons",
            table,
            {"id": ("names",), "labels": ("emotions",), "why": ("reasons",), "transcript": ("subtitles",)},
        ),
        "meld": Format(
            "the table of MELD (Poria et al. 2019)",
            table,
            {"labels": ("Emotion",), "transcript": ("Utterance",), "person": ("Speaker",)},
            id_names=("Dialogue_ID", "Utterance_ID"),
        ),
        "goemotions": Format(
            "the TSV of GoEmotions (Demszky et al. 2020)",
            lambda path: table(path, "\t", ("text", "labels", "id")),
            {"id": ("id",), "labels": ("labels",), "transcript": ("text",)},
            label_names=STATES,
        ),
    }
)


def format_named(name: str) -> Format:
    """Return the format of this name.

    Raises:
        InputError: there is none, with those that are known.
    """
    if name not in FORMATS:
        known = "; ".join(f"{one}: {entry.told}" for one, entry in FORMATS.items())
        raise InputError(f"unknown format {name!r}; the formats are {known}")
    return FORMATS[name]


def case_fields(fields: Mapping[str, Any], form: Format, mapped: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a case that a record has, by their names in `FIELDS`; labels as a list.

    Args:
        fields: the record.
        form: its format.
        mapped: columns that the user names, by field; they win.
    """
    names = {name: (mapped[name],) if name in mapped else form.names.get(name, ()) for name in FIELDS}
    found = {name: _first(fields, columns) for name, columns in names.items()}
    if found["id"] is None and all(name in fields for name in form.id_names):
        found["id"] = "-".join(str(fields[name]) for name in form.id_names) or None
    found["labels"] = [_label(one, form.label_names) for one in _listed(found["labels"])]
    return {name: value for name, value in found.items() if value is not None}


def _exported(path: Path) -> Iterator[Row]:
    return parquet_rows(path) if path.suffix == ".parquet" else json_lines(path)


def _first(fields: Mapping[str, Any], columns: Sequence[str]) -> Any:
    values = (fields.get(column) for column in columns)
    return next((value for value in values if value not in (None, "", [])), None)


def _listed(value: Any) -> list[str]:
    """Return labels given as a list, as the text of a list, or with separators between them."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            value = value.strip("[] ")
    if isinstance(value, list | tuple):
        return [str(one).strip() for one in value if str(one).strip()]
    return [one.strip() for one in re.split(r"[,;|]", str(value)) if one.strip()] if value is not None else []


def _label(label: str, names: Sequence[str]) -> str:
    return names[int(label)] if label.isdecimal() and int(label) < len(names) else label
