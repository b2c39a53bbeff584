"""Cases from files: each record is taken, known already, or skipped with the reason; the journal stays sound."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from emer.errors import InputError
from emer.memory.formats import CUES, FIELDS, Format, case_fields, format_named
from emer.memory.resolution import resolve
from emer.memory.rows import Row
from emer.memory.store import CaseMemory
from emer.schemas import Case
from emer.tools.content import check_file

BATCH = 2_000  # cases that are acknowledged together
LONGEST_TEXT = 20_000  # characters of one field
_MOST_LABELS = 20
_LONGEST_LABEL = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_C1 = re.compile(r"[\x80-\x9f]")  # Windows-1252 that was read as Latin-1: common in old data sets


class Skipped(NamedTuple):
    """A record that did not become a case: where it stands and why not."""

    where: str
    why: str


@dataclass(frozen=True)
class Imported:
    """What became of the records of a file: how many were read, added, there already, and skipped."""

    n_read: int
    n_added: int
    n_known: int
    n_skipped: int


class _RefusedError(ValueError):
    """A record that cannot become a case, with why."""


def import_file(
    memory: CaseMemory,
    path: Path,
    *,
    form: str,
    columns: Mapping[str, str] | None = None,
    skipped: Callable[[Skipped], None] = lambda one: None,
) -> Imported:
    """Return what became of the records of a file; the cases that were added are on disk, not yet in the index.

    Args:
        memory: where they go.
        path: the file; its name without the ending names the set in the cases' ids and provenance.
        form: a name of `FORMATS`.
        columns: the file's column for a field of a case, by field.
        skipped: is told each record that did not become a case.

    Raises:
        InputError: the file, the format or a field in `columns` is not there, or the file is not of the format.
        SetupError: Parquet, and pyarrow is not installed.
        ToolError: the journal cannot be written.
    """
    check_file(path)
    columns = columns or {}
    for field in columns:
        if field not in FIELDS:
            raise InputError(f"a case has no field {field!r}; its fields are {', '.join(FIELDS)}")
    importing = _Importing(memory, path.stem, format_named(form), columns, skipped)
    for row in importing.form.rows(path):
        importing.take(row)
    importing.flush()
    return Imported(importing.n_read, importing.n_added, importing.n_known, importing.n_skipped)


class _Importing:
    """One file on its way: what was counted, and the cases that wait to be acknowledged together."""

    def __init__(
        self,
        memory: CaseMemory,
        name: str,
        form: Format,
        columns: Mapping[str, str],
        skipped: Callable[[Skipped], None],
    ) -> None:
        self.memory, self.name, self.form, self.columns, self._told = memory, name, form, columns, skipped
        self.n_read = self.n_added = self.n_known = self.n_skipped = 0
        self._waiting: list[tuple[str, Case]] = []

    def take(self, row: Row) -> None:
        self.n_read += 1
        try:
            if row.problem is not None:
                raise _RefusedError(row.problem)
            case = _exported_case(row, self.name) if not self.form.names else self._case(row)
        except _RefusedError as error:
            self._skip(row.where, str(error))
            return
        self._waiting.append((row.where, case))
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        done = self.memory.admit(case for _, case in self._waiting)
        self.n_added += len(done.added)
        self.n_known += len(done.known)
        taken = {id(case) for case in done.taken}
        for where, case in self._waiting:
            if id(case) in taken:
                self._skip(where, f"contradicts case {case.id!r}, which is there and says something else")
        self._waiting.clear()

    def _case(self, row: Row) -> Case:
        found = case_fields(row.fields, self.form, self.columns)
        cues = {name: _text(found[name], name) for name in CUES if name in found}
        cues = {name: text for name, text in cues.items() if text}
        if not cues:
            raise _RefusedError("holds no cue: no words, face, voice or context")
        named = _text(found["id"], "id") if "id" in found else _hash(cues)
        return _valid(
            id=f"{self.name}:{named}",
            labels=_labels(found["labels"]),
            why=_text(found["why"], "why") if "why" in found else f"Labelled so in {self.name}.",
            provenance=f"imported:{self.name}",
            cues=cues,
            source=f"{self.name}:{row.where}",
            **{name: found[name] for name in ("intensity", "person", "culture") if name in found},
        )

    def _skip(self, where: str, why: str) -> None:
        self.n_skipped += 1
        self._told(Skipped(where, why))


def _exported_case(row: Row, name: str) -> Case:
    """Return a case as it was exported; only emer's own cases are "authored", so no imported one stays so."""
    fields = {key: value for key, value in row.fields.items() if value is not None}
    if isinstance(fields.get("cues"), list):  # Parquet gives a map as pairs
        fields["cues"] = {pair[0]: pair[1] for pair in fields["cues"] if isinstance(pair, tuple)}
    if isinstance(fields.get("cues"), dict):
        cues = {key: _text(text, key) for key, text in fields["cues"].items() if text is not None}
        fields["cues"] = {key: text for key, text in cues.items() if text}
    if not fields.get("cues"):
        raise _RefusedError("holds no cue: no words, face, voice or context")
    if fields.get("provenance") == "authored":
        fields["provenance"] = f"imported:{name}"
    given = fields.get("labels")
    return _valid(**{**fields, "labels": _labels(given if isinstance(given, list) else [])})


def _valid(**fields: Any) -> Case:
    for name in ("id", "why", "provenance", "person", "culture", "source"):
        if name in fields:
            fields[name] = _text(fields[name], name)
    try:
        return Case.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _RefusedError(f"{where}: {first['msg']}, got {str(first['input'])[:60]!r}") from error


def _text(value: Any, name: str) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if len(text) > LONGEST_TEXT:
        raise _RefusedError(f"{name} is {len(text)} characters long; the most is {LONGEST_TEXT}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _RefusedError(f"{name} is not UTF-8") from error
    if _CONTROL.search(text):
        raise _RefusedError(f"{name} holds control characters")
    return _C1.sub(lambda found: bytes([ord(found[0])]).decode("cp1252", "ignore"), text).strip()


def _labels(labels: list[Any]) -> list[str]:
    texts = list(dict.fromkeys(_text(label, "a label").lower() for label in labels))
    if not texts:
        raise _RefusedError("holds no label")
    if len(texts) > _MOST_LABELS:
        raise _RefusedError(f"holds {len(texts)} labels; the most is {_MOST_LABELS}")
    for text in texts:
        if len(text) > _LONGEST_LABEL or not _means_something(text):
            raise _RefusedError(f"label {text[:60]!r} is no emotion word that emer knows")
    return texts


@lru_cache(maxsize=10_000)
def _means_something(label: str) -> bool:
    return resolve(label).how != "none"


def _hash(cues: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(cues, sort_keys=True).encode()).hexdigest()[:12]
