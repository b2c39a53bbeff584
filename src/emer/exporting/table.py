"""The formats of `emer export`, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from emer.errors import InputError
from emer.exporting import annotation, subtitles, tables, training
from emer.report.reading import name_of
from emer.schemas import Report

OneFile = Callable[[Iterable[Report], Path], int]
EachFile = Callable[[Report], str | None]


class Format(NamedTuple):
    """How Reports are written in one format: all into one file or folder, or each into a file of a folder."""

    told: str
    one: OneFile | None = None
    each: EachFile | None = None
    suffix: str = ""


FORMATS: dict[str, Format] = {
    "csv": Format("a table, one row for each emotion", one=tables.to_csv),
    "parquet": Format("the same table", one=tables.to_parquet),
    "hf": Format("a folder of Hugging Face datasets, one row for each clip", one=tables.to_dataset),
    "sharegpt": Format("conversations to tune a model on, as LLaVA reads them", one=training.to_conversations),
    "merr": Format("captions with the keys of MERR", one=training.to_merr),
    "srt": Format("subtitles with emotions, a folder", each=subtitles.to_srt, suffix=".srt"),
    "vtt": Format("WebVTT with emotions, a folder", each=subtitles.to_vtt, suffix=".vtt"),
    "textgrid": Format("Praat TextGrids, a folder", each=annotation.to_textgrid, suffix=".TextGrid"),
    "eaf": Format("ELAN documents, a folder", each=annotation.to_eaf, suffix=".eaf"),
}


class Exported(NamedTuple):
    """How many rows or files were written, and clips of which nothing could be."""

    n_written: int
    left_out: list[str]


def export(reports: Iterable[Report], name: str, target: Path) -> Exported:
    """What was written of the Reports in the format `name` to `target`.

    Raises:
        InputError: there is no such format, or the target cannot be written.
        SetupError: the format needs a package that is not installed.
    """
    if name not in FORMATS:
        raise InputError(f"unknown format {name!r}; there are {', '.join(FORMATS)}")
    how = FORMATS[name]
    if not target.parent.is_dir():
        raise InputError(f"nothing can be written to {str(target)!r}: there is no such folder")
    try:
        if how.one is not None:
            return Exported(how.one(reports, target), [])
        assert how.each is not None
        return _files(reports, how.each, suffix=how.suffix, folder=target)
    except OSError as error:
        raise InputError(f"{str(target)!r} cannot be written: {error.strerror or error}") from error


def _files(reports: Iterable[Report], each: EachFile, *, suffix: str, folder: Path) -> Exported:
    folder.mkdir(exist_ok=True)
    names: set[str] = set()
    left_out = []
    for report in reports:
        text = each(report)
        if text is None:
            left_out.append(name_of(report))
            continue
        name = next(one for one in _names(report) if one not in names)
        names.add(name)
        (folder / f"{name}{suffix}").write_text(text, encoding="utf-8", newline="\n")
    return Exported(len(names), left_out)


def _names(report: Report) -> Iterator[str]:
    """The clip's own file name, then with numbers, since a batch may hold two files of one name."""
    plain = "".join(one if one.isalnum() or one in "-_. " else "_" for one in Path(name_of(report)).stem) or "clip"
    yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1
