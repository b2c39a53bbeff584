"""Tables: CSV, Parquet and folders of Hugging Face `datasets`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from emer.errors import InputError, SetupError
from emer.exporting.records import Record, clip_record, emotion_records
from emer.installation import extra_command
from emer.schemas import Report


def to_csv(reports: Iterable[Report], path: Path) -> int:
    """How many rows were written: one for each emotion, numbers with points, empty where nothing is known."""
    rows = [record for report in reports for record in emotion_records(report)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _names(rows))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return len(rows)


def to_parquet(reports: Iterable[Report], path: Path) -> int:
    """How many rows were written, as in the CSV; `soft_labels` is JSON.

    Raises:
        SetupError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise SetupError(f"Parquet needs pyarrow, which is not installed: {extra_command('export')}") from error
    rows = [record for report in reports for record in emotion_records(report)]
    names = _names(rows)
    columns = {name: _column([row.get(name) for row in rows]) for name in names}
    parquet.write_table(pyarrow.table(columns), str(path))
    return len(rows)


def to_dataset(reports: Iterable[Report], path: Path) -> int:
    """How many rows were written: one for each clip, with its cues, emotions and reasoning as lists.

    Raises:
        InputError: there is something at `path` already.
        SetupError: `datasets` is not installed.
    """
    try:
        import datasets
    except ImportError as error:
        raise SetupError(f"this needs Hugging Face datasets, not installed: {extra_command('export')}") from error
    if path.exists():
        raise InputError(f"{str(path)!r} is there already; name a folder that is not")
    rows = [clip_record(report) for report in reports]
    names = _names(rows)
    data = datasets.Dataset.from_list([{name: row.get(name) for name in names} for row in rows])
    data.save_to_disk(str(path))
    return len(rows)


def _names(rows: Iterable[Record]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _cell(value: Any) -> Any:
    """The value for a CSV; words that a spreadsheet would take for a formula are quoted."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{value}"
    return value


def _column(values: list[Any]) -> list[Any]:
    """The values of one type: columns of a manifest may mix them."""
    plain = [json.dumps(one, ensure_ascii=False) if isinstance(one, dict | list) else one for one in values]
    kinds = {type(one) for one in plain if one is not None}
    if len(kinds) <= 1 or kinds == {int, float}:
        return [float(one) if kinds == {int, float} and one is not None else one for one in plain]
    return [one if one is None else str(one) for one in plain]
