"""Weights that lie on this disk: where they are, and what is said when they cannot be read. Nothing is fetched here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emer.errors import EmerError, ToolError


def find_weights(folder: Path, pattern: str, name: str | None) -> Path | None:
    """The file or folder named `name`, or the weights below `folder`, or None.

    Args:
        folder: where pulled weights of one back end lie.
        pattern: how a file of weights is called, e.g. `*.pt` or `model.bin`.
        name: a path, or the name of a file or folder below `folder`; None means the largest that is there.
    """
    if name is not None and Path(name).expanduser().exists():
        return Path(name).expanduser()
    found = [path for path in sorted(folder.rglob(pattern)) if path.is_file()] if folder.is_dir() else []
    if name is not None:
        found = [path for path in found if name in (path.stem, path.name, *path.relative_to(folder).parts[:-1])]
    return max(found, key=lambda path: path.stat().st_size, default=None)


def stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of the weights at `path` from another: names, sizes and times of its files.

    Raises:
        ToolError: they are gone.
    """
    try:
        files = [path] if path.is_file() else sorted(one for one in path.iterdir() if one.is_file())
        return tuple((one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in files)
    except OSError as error:
        raise ToolError(f"the weights in {str(path)!r} are gone ({error.strerror})") from error


@contextmanager
def loading(path: Path, what: str, remedy: str) -> Iterator[None]:
    """Turns whatever a loader raises on broken weights into one clear error.

    Raises:
        ToolError: the weights at `path` cannot be loaded.
    """
    try:
        yield
    except EmerError:
        raise
    except Exception as error:  # loaders of pickles, zips and safetensors have no common root for "this file is broken"
        first = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise ToolError(
            f"the {what} weights in {str(path)!r} cannot be loaded ({first}); they may be cut short or of another "
            f"model: bring them again with `{remedy}`"
        ) from error
