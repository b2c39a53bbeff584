"""Finds the clips that a person names: files, folders, globs, manifests and folders of Hugging Face `datasets`."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path

from emer.batching.hf_dataset import is_dataset, read_dataset
from emer.batching.manifest_file import MANIFEST_SUFFIXES, read_manifest
from emer.batching.rows import Row, with_own_ids
from emer.errors import InputError
from emer.tools.content import MEDIA_SUFFIXES

TEXT_SUFFIXES = frozenset({".txt", ".srt", ".vtt"})


def find_rows(sources: Sequence[str | PathLike[str]], media_dir: Path) -> list[Row]:
    """Every clip of the sources, in the order of the sources and of their names.

    In a folder every file with the ending of a video, a sound, a picture or a text counts, in any case, at any depth. A
    text or subtitle file beside a media file of the same name is its transcript, not a clip. A `.csv`, `.tsv` or
    `.jsonl` file is a manifest.

    Args:
        sources: paths and globs.
        media_dir: where media that stand inside a data set are written as files, when there are any.

    Raises:
        InputError: a source names nothing, or a manifest cannot be read.
    """
    rows = with_own_ids(row for source in sources for row in _of(str(source), media_dir))
    if not rows:
        raise InputError(f"no clip in {', '.join(map(str, sources))}; expected files that end in .mp4, .wav, .txt …")
    return rows


def _of(source: str, media_dir: Path) -> Iterator[Row]:
    path = Path(source).expanduser()
    if path.is_dir():
        yield from read_dataset(path, media_dir) if is_dataset(path) else _folder(path)
    elif not path.exists() and glob.has_magic(source):
        found = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207  # Path.glob takes no absolute pattern
        if not found:
            raise InputError(f"no file matches {source!r}; quote the pattern so that the shell does not change it")
        files = [Path(name) for name in found if Path(name).is_file()]
        yield from _clips(files, None)
    elif path.suffix.lower() in MANIFEST_SUFFIXES:
        yield from read_manifest(path)
    elif path.exists():
        yield Row(id=path.name, source=str(path))
    else:
        raise InputError(f"no such file or folder: {source!r}; check the path")


def _folder(folder: Path) -> Iterator[Row]:
    yield from _clips(sorted(path for path in folder.rglob("*") if path.is_file()), folder)


def _clips(files: Sequence[Path], folder: Path | None) -> Iterator[Row]:
    """The media and the texts among the files; a text beside a medium of its name goes with it."""
    media = [path for path in files if path.suffix.lower() in MEDIA_SUFFIXES]
    texts = [path for path in files if path.suffix.lower() in TEXT_SUFFIXES]
    spoken = {path.with_suffix("") for path in media}
    words = {path.with_suffix(""): path for path in sorted(texts, key=_preference)}
    for path in sorted([*media, *(text for text in texts if text.with_suffix("") not in spoken)]):
        transcript = words.get(path.with_suffix("")) if path in media else None
        yield Row(
            id=(path.relative_to(folder) if folder else path).as_posix(),
            source=str(path),
            transcript=str(transcript) if transcript else None,
        )


def _preference(path: Path) -> int:
    """Subtitles have times, so they beat a plain text: the last one wins."""
    return (".txt", ".vtt", ".srt").index(path.suffix.lower())
