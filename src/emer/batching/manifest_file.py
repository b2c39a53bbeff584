"""Reads manifests: a CSV, TSV or JSONL file with one clip a line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from emer.batching.rows import Row
from emer.errors import InputError
from emer.tools.content import check_file

MANIFEST_SUFFIXES = frozenset({".csv", ".tsv", ".jsonl"})
OWN = ("id", "path", "text", "cues", "transcript", "context", "label")
_TRANSCRIPT_SUFFIXES = (".srt", ".vtt", ".txt")


def read_manifest(path: Path) -> Iterator[Row]:
    """The rows of a manifest: `path`, or `text`, or in JSONL `cues`; further columns are carried through.

    Paths are taken from the manifest's folder. Without an `id` it is the path, or the number of the line.

    Raises:
        InputError: it cannot be read, or a line names no clip, with the number of the line.
    """
    check_file(path)
    read = _jsonl if path.suffix.lower() == ".jsonl" else _table
    try:
        for number, entry in read(path):
            yield row_of(entry, folder=path.parent, where=f"{path}, line {number}", number=number)
    except UnicodeDecodeError as error:
        raise InputError(f"{str(path)!r} is not UTF-8; save the manifest as UTF-8") from error
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def row_of(entry: Mapping[str, Any], *, folder: Path, where: str, number: int) -> Row:
    """The row that an entry of a manifest or of a data set describes.

    Raises:
        InputError: it names no clip, or more than one.
    """
    given = {name: entry[name] for name in OWN if entry.get(name) not in (None, "")}
    kinds = [name for name in ("path", "text", "cues") if name in given]
    if len(kinds) != 1:
        had = f"{' and '.join(kinds)}" if kinds else f"the columns {', '.join(map(str, entry)) or 'none'}"
        raise InputError(f"{where}: expected one of path, text and cues, got {had}")
    source = str(_beside(folder, str(given["path"]))) if "path" in given else None
    id_ = given.get("id", given.get("path", f"line {number}"))
    return Row(
        id=str(id_),
        source=source,
        text=_text(given, "text"),
        cues=_listed(given["cues"], where) if "cues" in given else None,
        transcript=_transcript(_text(given, "transcript"), folder),
        context=_text(given, "context"),
        label=_label(given.get("label")),
        columns={str(name): value for name, value in entry.items() if name not in OWN and name is not None},
    )


def _table(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        file.seek(0)
        separator = "\t" if path.suffix.lower() == ".tsv" or "\t" in head else ";" if _is_semicolons(head) else ","
        reader = csv.DictReader(file, delimiter=separator)
        for entry in reader:
            yield reader.line_num, entry


def _is_semicolons(head: str) -> bool:
    """A spreadsheet in a language that writes decimals with a comma saves "CSV" with semicolons."""
    return head.count(";") > head.count(",")


def _jsonl(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise InputError(f"{path}, line {number}: not JSON ({error}); expected one object per line") from error
            if not isinstance(entry, dict):
                raise InputError(f"{path}, line {number}: expected an object, got {type(entry).__name__}")
            yield number, entry


def _text(given: Mapping[str, Any], name: str) -> str | None:
    return str(given[name]) if name in given else None


def _label(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _listed(cues: Any, where: str) -> list[Any]:
    if not isinstance(cues, list):
        raise InputError(f"{where}: 'cues' must be a list of observations, got {type(cues).__name__}")
    return cues


def _transcript(told: str | None, folder: Path) -> str | None:
    """The words; of what names a file, its path from the manifest's folder."""
    if told is None or "\n" in told or not told.lower().endswith(_TRANSCRIPT_SUFFIXES):
        return told
    return str(_beside(folder, told))


def _beside(folder: Path, name: str) -> Path:
    return folder / Path(name).expanduser()
