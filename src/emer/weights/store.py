"""Pulls weights into their folder, says whether they are there, and removes them."""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from emer.errors import SetupError
from emer.files import write_atomically
from emer.weights.fetch import Tell, fetch, file_hash, through_mirror
from emer.weights.hub import ask
from emer.weights.table import File, Weights


class Pulled(NamedTuple):
    """What a pull brought: where it lies, how many bytes, its licence, and how its content is known to be right."""

    folder: Path
    n_bytes: int
    licence: str
    pinned_by: str


def is_here(weights: Weights, weights_dir: Path) -> bool:
    """Whether all its files lie in their folder."""
    folder = weights_dir / weights.folder
    if weights.files:
        return all((folder / file.name).is_file() for file in weights.files)
    return (folder / "config.json").is_file()  # a folder of the hub is moved there whole


def pull(weights: Weights, weights_dir: Path, *, mirror: str | None = None, tell: Callable[[File], Tell]) -> Pulled:
    """Fetches the weights; the folder is complete or as it was before.

    Args:
        weights: a line of the table.
        weights_dir: the folder of all weights.
        mirror: what stands in the place of scheme and host of every address.
        tell: called for each file, gives what is told of its progress.

    Raises:
        SetupError: they cannot be fetched, or are not the files that were published, or not those of the first pull.
    """
    files, licence, commit = weights.files, weights.licence, None
    if weights.repo is not None:
        commit, stated, files = ask(weights.repo, mirror)
        licence = stated if weights.back_end == "hf" else licence
    record = weights_dir / "lock" / (weights.name.replace("/", "--").replace(":", "--") + ".json")
    known = _known(record)
    staging = weights_dir / ".pulling" / record.stem
    hashes: dict[str, str] = {}
    with _alone(staging, weights.name):
        for file in files:
            expected = file.sha256 or (known.get(file.name) if commit in (None, known.get("commit")) else None)
            place = staging / file.name
            hashes[file.name] = _fetched(file, place, expected, _Way(mirror, tell(file), record))
        n_bytes = sum((staging / file.name).stat().st_size for file in files)
        _move(staging, weights_dir / weights.folder, whole=weights.repo is not None)
        _write(record, hashes | ({"commit": commit} if commit else {}))
    pinned = all(file.sha256 for file in files)
    by = "published hash" if pinned else f"unpinned; recorded in {record}"
    return Pulled(weights_dir / weights.folder, n_bytes, licence, by)


def remove(weights: Weights, weights_dir: Path) -> int:
    """Deletes the weights, not the record of their hashes; the bytes that this freed, 0 if they were not here."""
    folder = weights_dir / weights.folder
    paths = [folder / file.name for file in weights.files] or list(folder.rglob("*"))
    there = [path for path in paths if path.is_file()]
    n_bytes = sum(path.stat().st_size for path in there)
    if weights.repo is not None and folder.is_dir():
        shutil.rmtree(folder)
    for path in there:
        path.unlink(missing_ok=True)
    for parent in (folder, *folder.parents):
        if parent == weights_dir or not parent.is_relative_to(weights_dir):
            break
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
    return n_bytes


@contextmanager
def _alone(staging: Path, name: str) -> Iterator[None]:
    """No other process pulls the same weights inside; the lock ends with the process, however it ends."""
    staging.parent.mkdir(parents=True, exist_ok=True)
    with staging.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SetupError(f"{name!r} is being pulled by another process; wait for it") from error
        yield


class _Way(NamedTuple):
    """How a file is fetched, and where its hash was recorded."""

    mirror: str | None
    tell: Tell
    record: Path


def _fetched(file: File, place: Path, expected: str | None, way: _Way) -> str:
    """The SHA-256 of the file, which lies at `place`: left there by a pull that broke off later, or fetched now."""
    if place.is_file() and (expected is None or file_hash(place) == expected):
        return file_hash(place)
    try:
        return fetch(through_mirror(file.url, way.mirror), place, sha256=expected, tell=way.tell)
    except SetupError as error:
        if file.sha256 is None and expected is not None and expected in str(error):
            raise SetupError(f"{error}. To accept the new content, delete {str(way.record)!r}") from error
        raise


def _move(staging: Path, folder: Path, *, whole: bool) -> None:
    """Puts what was fetched in its place, a whole folder in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not whole:
        folder.mkdir(exist_ok=True)
        for path in [one for one in staging.rglob("*") if one.is_file()]:
            path.replace(folder / path.name)
    elif folder.exists():
        old = Path(tempfile.mkdtemp(dir=staging.parent)) / "old"
        folder.rename(old)
        staging.rename(folder)
        shutil.rmtree(old.parent)
    else:
        staging.rename(folder)
    shutil.rmtree(staging, ignore_errors=True)


def _known(record: Path) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SetupError(f"{str(record)!r} cannot be read ({error}); delete it to record the hashes anew") from error
    return known


def _write(record: Path, hashes: dict[str, str]) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(record, json.dumps(hashes, indent=2, sort_keys=True).encode())
