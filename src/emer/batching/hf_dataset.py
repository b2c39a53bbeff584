"""Reads a folder that Hugging Face `datasets` saved (`Dataset.save_to_disk`), when that package is installed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from emer.batching.manifest_file import row_of
from emer.batching.rows import Row
from emer.errors import InputError, SetupError
from emer.installation import extra_command

MEDIA_COLUMNS = ("video", "audio", "image")
_MARKS = ("state.json", "dataset_dict.json")


def is_dataset(folder: Path) -> bool:
    """Whether `datasets` saved this folder."""
    return any((folder / name).is_file() for name in _MARKS)


def read_dataset(folder: Path, media_dir: Path) -> Iterator[Row]:
    """The rows of a saved data set, split by split; columns are named as in a manifest.

    A column `video`, `audio` or `image` stands for `path`; where it holds the bytes themselves they are written to
    `media_dir`, once, under their digest.

    Raises:
        InputError: the folder cannot be read, or a row names no clip.
        SetupError: `datasets` is not installed.
    """
    for split, data in _splits(folder).items():
        for number, entry in enumerate(data):
            where = f"{folder}, {split or 'row'} {number}"
            row = {**_with_path(entry, folder, media_dir)}
            if row.get("id") in (None, ""):
                row["id"] = f"{split}/{number}" if split else str(number)
            yield row_of(row, folder=folder, where=where, number=number)


def _splits(folder: Path) -> Mapping[str, Any]:
    try:
        import datasets
    except ImportError as error:
        raise SetupError(
            f"{str(folder)!r} is a folder of Hugging Face datasets, and that package is not installed; "
            f"{extra_command('export')} brings it"
        ) from error
    try:
        loaded = datasets.load_from_disk(str(folder))
    except (OSError, ValueError) as error:
        raise InputError(f"{str(folder)!r} cannot be read as a data set: {error}") from error
    splits = loaded if isinstance(loaded, datasets.DatasetDict) else {"": loaded}
    return {name: _undecoded(data) for name, data in splits.items()}


def _undecoded(data: Any) -> Any:
    """The data set with media as paths and bytes: decoding is ours, and needs no further package."""
    for name, feature in data.features.items():
        if hasattr(feature, "decode"):
            data = data.cast_column(name, type(feature)(decode=False))
    return data


def _with_path(entry: Mapping[str, Any], folder: Path, media_dir: Path) -> dict[str, Any]:
    row = dict(entry)
    for name in MEDIA_COLUMNS:
        held = row.get(name)
        if held is None or row.get("path"):
            continue
        row.pop(name)
        row["path"] = held if isinstance(held, str) else _file(held, folder, media_dir)
    return row


def _file(held: Mapping[str, Any], folder: Path, media_dir: Path) -> str:
    raw, path = held.get("bytes"), held.get("path") or ""
    if raw is None or (path and (folder / path).is_file()):
        return str(path)
    target = media_dir / (hashlib.sha256(raw).hexdigest()[:32] + Path(path).suffix.lower())
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(".half")
        half.write_bytes(raw)
        half.replace(target)
    return str(target.absolute())
