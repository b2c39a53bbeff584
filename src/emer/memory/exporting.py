"""The user's cases as a file: JSON Lines, or Parquet where pyarrow is installed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from emer.errors import InputError, SetupError
from emer.installation import extra_command
from emer.schemas import Case

_BATCH = 2_000


def export_file(cases: Iterable[Case], path: Path) -> int:
    """Return how many cases were written; the file appears whole or not at all.

    Args:
        cases: what is written, one at a time.
        path: ends with .jsonl or .parquet; a file that is there is replaced.

    Raises:
        InputError: another ending, or the file cannot be written.
        SetupError: Parquet, and pyarrow is not installed.
    """
    writers = {".jsonl": _write_lines, ".parquet": _write_parquet}
    if path.suffix not in writers:
        raise InputError(f"cannot tell what {str(path)!r} should hold; name it something.jsonl or something.parquet")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(descriptor)
        making = Path(name)
        try:
            n = writers[path.suffix](cases, making)
            making.replace(path)
        finally:
            making.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}") from error
    return n


def _write_lines(cases: Iterable[Case], path: Path) -> int:
    n = 0
    with path.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(case.model_dump_json(exclude_defaults=True) + "\n")
            n += 1
    return n


def _write_parquet(cases: Iterable[Case], path: Path) -> int:
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise SetupError(f"Parquet needs pyarrow; run: {extra_command('export')}") from error
    text = arrow.string()
    schema = arrow.schema(
        [("id", text), ("labels", arrow.list_(text)), ("why", text), ("provenance", text)]
        + [("cues", arrow.map_(text, text)), ("intensity", arrow.float64())]
        + [(name, text) for name in ("person", "culture", "source")]
    )
    n = 0
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in _batches(cases):
            rows: list[dict[str, Any]] = [{**case.model_dump(), "cues": list(case.cues.items())} for case in batch]
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))
            n += len(batch)
    return n


def _batches(cases: Iterable[Case]) -> Iterator[list[Case]]:
    left = iter(cases)
    while batch := list(islice(left, _BATCH)):
        yield batch
