"""Label sets that users bring: a CSV, JSON or YAML file with labels, definitions and examples, or a built-in name.

A broken file is refused with the line. JSON is read by the YAML composer too, because its nodes know their lines.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from emer.errors import InputError
from emer.memory.closed_sets import CLOSED_SETS, back
from emer.memory.codebook_projection import project_codebook, readings

__all__ = ["Codebook", "CodebookLabel", "project_codebook", "read_codebook", "readings"]

MAX_BYTES = 1_000_000
MAX_LABELS = 500
MAX_LABEL_CHARS = 80
_COLUMNS = ("label", "definition", "examples")


@dataclass(frozen=True)
class CodebookLabel:
    """One label with what its authors say that it means."""

    label: str
    definition: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """A closed set of a user, or a built-in one. `name` is the file's stem or the built-in name."""

    name: str
    labels: tuple[CodebookLabel, ...]


class _Entry(NamedTuple):
    label: str
    definition: str
    examples: tuple[str, ...]
    line: int


def read_codebook(path_or_name: str | Path) -> Codebook:
    """Return a codebook from a file, or a built-in set by its name.

    Raises:
        InputError: no such file or set; or the file is broken, with the line: not text, no `label` column, an empty,
            overlong or doubled label, more than 500 labels.
    """
    name = str(path_or_name)
    if name in CLOSED_SETS:
        chosen = CLOSED_SETS[name]
        return Codebook(name, tuple(CodebookLabel(each, back(name, each).gloss) for each in chosen.classes))
    path = Path(path_or_name)
    text = _text(path)
    suffix = path.suffix.lower()
    if suffix in (".json", ".yaml", ".yml"):
        entries = _from_nodes(path, text, is_json=suffix == ".json")
    elif suffix in (".csv", ".tsv"):
        entries = _from_csv(path, text)
    else:
        raise InputError(f"codebook {name!r} must be a .csv, .tsv, .json or .yaml file")
    return Codebook(path.stem, _checked(path, entries))


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"no codebook file {str(path)!r}, and no built-in set of that name: {', '.join(CLOSED_SETS)}")
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise InputError(f"codebook {str(path)!r} cannot be read: {error.strerror}") from error
    if raw is None:
        raise InputError(
            f"codebook {str(path)!r} is over {MAX_BYTES} bytes; a codebook has at most {MAX_LABELS} labels"
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(path, raw, "utf-16")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded(path, raw, "cp1252")  # what spreadsheets on Windows write
    if "\x00" in text:
        raise InputError(
            f"codebook {str(path)!r}, line {text[: text.index(chr(0))].count(chr(10)) + 1}: not a text file"
        )
    return text


def _decoded(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(f"codebook {str(path)!r}, line {line}: not UTF-8 text; save it as UTF-8") from error


def _from_csv(path: Path, text: str) -> Iterator[_Entry]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    start = 1
    try:
        for row in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = _header(path, row, line)
                continue
            if len(row) > len(header):
                raise _broken(
                    path, line, f"{len(row)} cells under {len(header)} columns; quote a cell that holds {delimiter!r}"
                )
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            examples = tuple(part.strip() for part in cells.get("examples", "").split("|") if part.strip())
            yield _Entry(cells.get("label", ""), cells.get("definition", ""), examples, line)
    except csv.Error as error:
        raise _broken(path, reader.line_num, str(error)) from error


def _header(path: Path, row: Sequence[str], line: int) -> list[str]:
    names = [cell.strip().lower() for cell in row]
    if "label" not in names:
        raise _broken(
            path, line, f"the columns are {names!r}, expected a column 'label' (and 'definition', 'examples')"
        )
    return names


def _from_nodes(path: Path, text: str, *, is_json: bool) -> Iterator[_Entry]:
    import yaml

    if is_json:
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _broken(path, getattr(error, "lineno", 1), f"not JSON: {error}") from error
        text = text.replace("\t", " ")  # YAML allows no tab before a token; inside JSON strings none can stand
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken(path, line, f"not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _broken(path, 1, f"not YAML: {error}") from error
    yield from _entries(path, root)


def _entries(path: Path, root: Any) -> Iterator[_Entry]:
    """Yield the entries of a list of labels or objects, of `{"labels": …}`, or of `{label: definition}`."""
    kind = type(root).__name__
    if kind == "MappingNode":
        fields = {key.value: value for key, value in root.value if isinstance(key.value, str)}
        if "labels" in fields:
            yield from _entries(path, fields["labels"])
            return
        for key, value in root.value:
            yield _Entry(_scalar(path, key), _scalar(path, value), (), key.start_mark.line + 1)
    elif kind == "SequenceNode":
        for node in root.value:
            yield _entry(path, node)
    else:
        raise _broken(path, root.start_mark.line + 1 if root else 1, "expected a list of labels")


def _entry(path: Path, node: Any) -> _Entry:
    line = node.start_mark.line + 1
    if type(node).__name__ == "ScalarNode":
        return _Entry(_scalar(path, node), "", (), line)
    if type(node).__name__ != "MappingNode":
        raise _broken(path, line, "expected a label or an object with 'label', 'definition' and 'examples'")
    fields = {_scalar(path, key): value for key, value in node.value}
    unknown = sorted(set(fields) - set(_COLUMNS))
    if unknown or "label" not in fields:
        what = f"unknown field {unknown[0]!r}" if unknown else "an object without 'label'"
        raise _broken(path, line, f"{what}; the fields are {', '.join(_COLUMNS)}")
    definition = _scalar(path, fields["definition"]) if "definition" in fields else ""
    return _Entry(_scalar(path, fields["label"]), definition, _examples(path, fields.get("examples")), line)


def _examples(path: Path, node: Any) -> tuple[str, ...]:
    if node is None:
        return ()
    if type(node).__name__ == "SequenceNode":
        return tuple(_scalar(path, each) for each in node.value)
    return tuple(part.strip() for part in _scalar(path, node).split("|") if part.strip())


def _scalar(path: Path, node: Any) -> str:
    if type(node).__name__ != "ScalarNode":
        raise _broken(path, node.start_mark.line + 1, "expected text here, found a list or an object")
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    # JSON writes an emoji as two escapes, which YAML leaves apart
    return str(node.value).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _checked(path: Path, entries: Iterator[_Entry]) -> tuple[CodebookLabel, ...]:
    lines: dict[str, int] = {}
    labels: list[CodebookLabel] = []
    for entry in entries:
        key = entry.label.casefold()
        if not entry.label:
            raise _broken(path, entry.line, "the label is empty")
        if len(entry.label) > MAX_LABEL_CHARS:
            raise _broken(
                path, entry.line, f"the label has {len(entry.label)} characters, at most {MAX_LABEL_CHARS} are allowed"
            )
        if key in lines:
            raise _broken(path, entry.line, f"label {entry.label!r} stands already on line {lines[key]}")
        if len(labels) == MAX_LABELS:
            raise _broken(path, entry.line, f"more than {MAX_LABELS} labels")
        lines[key] = entry.line
        labels.append(CodebookLabel(entry.label, entry.definition, entry.examples))
    if not labels:
        raise InputError(f"codebook {str(path)!r} holds no label")
    return tuple(labels)


def _broken(path: Path, line: int, why: str) -> InputError:
    return InputError(f"codebook {str(path)!r}, line {line}: {why}")
