"""The official emotion-wheel tables, read from the folder that a user has; none of them ships with emer.

Two formats are published: MER2025's (`format.csv`, `synonym.xlsx`, `wheel1.xlsx` to `wheel5.xlsx`) and MER2026's
(`wheel_mapping.npz`, the same three tables as pickled dicts). The 2025 tables lead `fear` to *happy* by way of
`fearless`; the 2026 tables mend 64 such words. Source: OV-MER (Lian et al. 2024), MER2025 and MER2026 baselines.
"""

from __future__ import annotations

import csv
import pickle
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emer.errors import InputError, SetupError
from emer.installation import extra_command

N_WHEELS = 5
LEVELS = (1, 2)
_ALLOWED = {("numpy", "ndarray"), ("numpy", "dtype"), ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct")}  # fmt: skip


@dataclass(frozen=True)
class WheelTables:
    """The three tables.

    Attributes:
        bases: an inflected form to its base words ("fears" to "fear", "fearful" …).
        words: a synonym to the wheel words that have it, in any of the eight runs.
        classes: per wheel (1 to 5) and level (1, 2), a wheel word to its class.
    """

    bases: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    classes: Mapping[tuple[int, int], Mapping[str, str]]


def read_tables(folder: Path) -> WheelTables:
    """The official tables in a folder, of whichever of the two formats it holds.

    Raises:
        InputError: neither format is complete there, or a file cannot be read.
        SetupError: the xlsx format needs openpyxl, and it is not installed.
    """
    if (folder / "wheel_mapping.npz").is_file():
        return _of_archive(folder / "wheel_mapping.npz")
    needed = ["format.csv", "synonym.xlsx", *(f"wheel{n}.xlsx" for n in range(1, N_WHEELS + 1))]
    absent = [name for name in needed if not (folder / name).is_file()]
    if absent:
        raise InputError(
            f"no emotion-wheel tables in {str(folder)!r}: expected wheel_mapping.npz (MER2026), or {', '.join(needed)} "
            f"(MER2025), of which {', '.join(absent)} are not there"
        )
    try:
        return WheelTables(_bases(folder), _synonyms(folder), _wheels(folder))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"the emotion-wheel tables in {str(folder)!r} cannot be read: {error}") from error


def _bases(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (folder / "format.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            base = _clean(row["name"])
            for form in dict.fromkeys([base, *_listed(row["format"])]):
                found.setdefault(form, []).append(base)
    return found


def _synonyms(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    head, *rows = _rows(folder / "synonym.xlsx")
    runs = [n for n, name in enumerate(head) if str(name).startswith("word_run")]
    for row in rows:
        for n in runs:
            if row[n] is None:
                continue
            word = _clean(row[n])
            for synonym in dict.fromkeys([word, *_listed(row[n + 1] or "")]):
                if word not in (known := found.setdefault(synonym, [])):
                    known.append(word)
    return found


def _wheels(folder: Path) -> dict[tuple[int, int], dict[str, str]]:
    found: dict[tuple[int, int], dict[str, str]] = {}
    for wheel in range(1, N_WHEELS + 1):
        tree: dict[str, dict[str, list[str]]] = {}
        first = second = ""
        for row in _rows(folder / f"wheel{wheel}.xlsx")[1:]:
            first, second = _clean(row[0]) or first, _clean(row[1]) or second
            leaf = _clean(row[2])
            tree.setdefault(first, {}).setdefault(second, []).extend([leaf] if leaf else [])
        found[wheel, 1], found[wheel, 2] = _ring(tree)
    return found


def _ring(tree: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[dict[str, str], dict[str, str]]:
    """Word to class at both levels; a later branch wins, an inner word goes to its alphabetically first child."""
    inner: dict[str, str] = {}
    outer: dict[str, str] = {}
    for first, branches in tree.items():
        inner[first], outer[first] = first, min(branches)
        for second, leaves in branches.items():
            for word in (second, *leaves):
                inner[word], outer[word] = first, second
    return inner, outer


def _rows(path: Path) -> list[tuple[Any, ...]]:
    try:
        import openpyxl
    except ImportError as error:
        raise SetupError(f"the xlsx tables need openpyxl; {extra_command('evals')} brings it") from error
    book = openpyxl.load_workbook(path)
    return list(book.worksheets[0].iter_rows(values_only=True))


def _clean(cell: object) -> str:
    return "" if cell is None else str(cell).strip().lower()


def _listed(cell: str) -> Iterator[str]:
    return (word for word in (_clean(part) for part in str(cell).split(",")) if word)


def _of_archive(path: Path) -> WheelTables:
    try:
        bases, words, rings = (_unpickled(path, name) for name in ("format_mapping", "raw_mapping", "wheel_map_whole"))
        classes = {
            (wheel, level): dict(rings[f"wheel{wheel}"][f"level{level}"])
            for wheel in range(1, N_WHEELS + 1)
            for level in LEVELS
        }
    except (OSError, ValueError, KeyError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
        raise InputError(f"the emotion-wheel tables {str(path)!r} cannot be read: {error}") from error
    return WheelTables(bases, words, classes)


class _DataOnly(pickle.Unpickler):
    """Refuses everything but numpy's own arrays: a file that somebody passes on must not run code here."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it holds {module}.{name}, expected plain tables")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def _unpickled(path: Path, name: str) -> Any:
    """The one object of a 0-d object array in an npz archive."""
    from numpy.lib import format as npy

    with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as file:
        version = npy.read_magic(file)
        {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version](file)
        return _DataOnly(file).load().item()
