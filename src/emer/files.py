"""Files that are whole or not there, and that only their owner may read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Writes `content` to `path` in one step, so that no reader and no crash ever sees half of it.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    for folder in reversed([one for one in path.parents if not one.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would make all but the last for everybody to read
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="half-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
