"""Files of cases as rows, each with where it stands; a row that cannot be read says why and harms no other."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from emer.errors import InputError, SetupError
from emer.installation import extra_command

LONGEST_LINE = 1 << 20  # bytes; a case is a few hundred
_LARGEST_JSON = 1 << 30  # a JSON file that is one object must be read whole


class Row(NamedTuple):
    """One record: where it stands ("line 12"), its fields, or why it could not be read."""

    where: str
    fields: Mapping[str, Any]
    problem: str | None = None


def json_lines(path: Path) -> Iterator[Row]:
    """Yield the objects of a file with one JSON object a line."""
    for number, line, problem in _lines(path):
        if problem is None and not line.strip():
            continue
        yield _json_row(f"line {number}", line, problem)


def table(path: Path, delimiter: str | None = None, columns: tuple[str, ...] | None = None) -> Iterator[Row]:
    """Yield the records of a CSV or TSV file.

    Args:
        path: the file.
        delimiter: what separates two fields; without it the comma, semicolon, bar or tab that the first line has most.
        columns: their names; without them the first line holds them.
    """
    problems: list[Row] = []
    number = 0

    def readable() -> Iterator[str]:
        nonlocal number
        for number, line, problem in _lines(path):  # the reader asks how far this has come
            if problem is None:
                yield line
            else:
                problems.append(Row(f"line {number}", {}, problem))

    delimiter = delimiter or _delimiter(path)
    is_plain = delimiter == "\t"  # quotation marks in a TSV are just that
    records = csv.reader(readable(), delimiter=delimiter, quoting=csv.QUOTE_NONE if is_plain else csv.QUOTE_MINIMAL)
    while True:
        try:
            record = next(records)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(Row(f"line {number}", {}, f"not a record: {error}"))
            record = []
        yield from problems
        problems.clear()
        if record and columns is None:
            columns = tuple(name.strip().lstrip("\ufeff") for name in record)
        elif record and columns is not None:
            yield _record(f"line {number}", record, columns)
    yield from problems


def json_records(path: Path) -> Iterator[Row]:
    """Yield the records of a JSON file that is one list of objects, or one object of them by name.

    Raises:
        InputError: it is neither.
    """
    if path.stat().st_size > _LARGEST_JSON:
        raise InputError(f"{str(path)!r} is larger than 1 GiB; make it JSON Lines, one object a line")
    try:
        whole = json.loads(path.read_bytes().decode("utf-8-sig", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{str(path)!r} is not JSON: {error}") from error
    if isinstance(whole, list):
        whole = {str(number): one for number, one in enumerate(whole, start=1)}
    if not isinstance(whole, dict):
        raise InputError(f"{str(path)!r} holds {type(whole).__name__}; expected records by name, or a list of them")
    for name, one in whole.items():
        is_record = isinstance(one, dict)
        yield Row(f"record {name}", {"id": name, **one} if is_record else {}, None if is_record else "not an object")


def parquet_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a Parquet file.

    Raises:
        SetupError: pyarrow is not installed.
        InputError: it is not a Parquet file.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise SetupError(f"Parquet needs pyarrow; run: {extra_command('export')}") from error
    try:
        batches = parquet.ParquetFile(path).iter_batches(batch_size=2_000)
        for first, batch in enumerate(batches):
            for k, one in enumerate(batch.to_pylist(), start=first * 2_000 + 1):
                yield Row(f"row {k}", one)
    except (OSError, arrow.ArrowException) as error:
        raise InputError(f"{str(path)!r} cannot be read as Parquet: {error}") from error


def _delimiter(path: Path) -> str:
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE)
    return max(",;|\t", key=lambda mark: first.count(mark.encode()))


def _json_row(where: str, line: str, problem: str | None) -> Row:
    if problem is not None:
        return Row(where, {}, problem)
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(where, {}, f"not JSON: {error}")
    if not isinstance(fields, dict):
        return Row(where, {}, f"expected an object, got {type(fields).__name__}")
    return Row(where, fields)


def _record(where: str, record: list[str], columns: tuple[str, ...]) -> Row:
    if len(record) != len(columns):
        return Row(where, {}, f"{len(record)} fields, expected {len(columns)}")
    return Row(where, dict(zip(columns, record, strict=True)))


def _lines(path: Path) -> Iterator[tuple[int, str, str | None]]:
    """Yield each line's number, its text, and why it cannot be used; bytes that are not UTF-8 become surrogates."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                _skip_line(file)
                yield number, "", f"longer than {LONGEST_LINE} bytes"
                continue
            text = line.decode("utf-8", "surrogateescape")
            yield number, text.removeprefix("\ufeff") if number == 1 else text, None


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass
