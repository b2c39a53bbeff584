"""The vectors of the cases, one row each, in two files that only grow: made once, however often the index is.

`rows.f16` holds the vectors in half precision, `keys.bin` the key of each row's case and a checksum of the row. A row
counts once its key is written, so that a killed writer leaves nothing that is read. A forgotten case's row and key are
overwritten with zeros: the other rows keep their numbers, which is what the index knows them by.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emer.errors import ToolError
from emer.memory.opened_file import OpenedFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RECORD = 16  # key (8), checksum (4), unused (4)
_CHUNK = 4_096  # rows that are read at once when all are compared


class VectorLog:
    """The vectors in one folder. Reading needs no lock; `append` and `erase` need the lock of the index."""

    def __init__(self, folder: Path) -> None:
        """Open the log.

        Raises:
            ToolError: it is not there or not whole.
        """
        import numpy as np

        self.folder = folder
        try:
            self._width = int(json.loads((folder / "facts.json").read_text(encoding="utf-8"))["dimensions"])
            self._rows, self._keys = OpenedFile(folder / "rows.f16"), OpenedFile(folder / "keys.bin")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ToolError(f"the vectors in {str(folder)!r} cannot be opened: {error}") from error
        self.keys: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._sums: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)
        self.refresh()

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return self._width

    @property
    def is_current(self) -> bool:
        """Whether these are still the files under this name."""
        return self._keys.is_current

    def refresh(self) -> None:
        """Read the keys of all whole rows, erased ones as 0."""
        import numpy as np

        n = self._n_whole()
        records = np.frombuffer(self._keys.read(0, n * _RECORD), dtype=[("key", "<u8"), ("sum", "<u4"), ("", "<u4")])
        self.keys, self._sums = records["key"].copy(), records["sum"].copy()

    @property
    def is_stale(self) -> bool:
        """Whether rows were added since the last `refresh`."""
        return self._n_whole() != len(self)

    def append(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add a row for each key; what a killed writer left half written is cut off first.

        Raises:
            OSError: the files cannot be written.
        """
        import numpy as np

        halves = np.ascontiguousarray(vectors, dtype="<f2")
        records = np.zeros(len(keys), dtype=[("key", "<u8"), ("sum", "<u4"), ("", "<u4")])
        records["key"], records["sum"] = np.array(keys, dtype=np.uint64), [zlib.crc32(row.tobytes()) for row in halves]
        n = self._n_whole()
        for name, width, data in (("rows.f16", 2 * self._width, halves), ("keys.bin", _RECORD, records)):
            with (self.folder / name).open("r+b") as file:
                file.truncate(n * width)
                file.seek(0, os.SEEK_END)
                file.write(data.tobytes())
        self.refresh()

    def erase(self, rows: Sequence[int]) -> None:
        """Overwrite rows and their keys with zeros; when this returns that is on disk.

        Raises:
            OSError: the files cannot be written.
        """
        for name, width in (("rows.f16", 2 * self._width), ("keys.bin", _RECORD)):
            with (self.folder / name).open("r+b") as file:
                for row in rows:
                    file.seek(row * width)
                    file.write(bytes(width))
                file.flush()
                os.fsync(file.fileno())
        self.refresh()

    def gather(self, rows: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return some rows, float32 (n, width), each of length 1 or 0, and whether each is what was written."""
        import numpy as np

        size = 2 * self._width
        raws = [self._rows.read(row * size, size) for row in rows]
        sums = self._sums[np.array(rows, dtype=np.int64)].tolist()
        good = [len(raw) == size and zlib.crc32(raw) == wanted for raw, wanted in zip(raws, sums, strict=True)]
        whole = b"".join(raw if is_good else bytes(size) for raw, is_good in zip(raws, good, strict=True))
        found = np.frombuffer(whole, dtype="<f2").reshape(-1, self._width).astype(np.float32)
        return unit(found), np.array(good, dtype=np.bool_)

    def torn_rows(self, start: int, stop: int) -> list[int]:
        """Return the numbers of the rows from `start` to before `stop` that are not what was written."""
        live = [row for row in range(start, stop) if self.keys[row]]
        parts = (live[at : at + _CHUNK] for at in range(0, len(live), _CHUNK))
        return [row for part in parts for row, good in zip(part, self.gather(part)[1], strict=True) if not good]

    def chunks(self, start: int, stop: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield the rows from `start` to before `stop`, float32 (n, width), unchecked, with the first one's number."""
        import numpy as np

        for at in range(start, stop, _CHUNK):
            n = min(_CHUNK, stop - at)
            raw = self._rows.read(at * 2 * self._width, n * 2 * self._width)
            yield at, np.frombuffer(raw, dtype="<f2").reshape(-1, self._width).astype(np.float32)

    def close(self) -> None:
        """Let the files go."""
        self._rows.close()
        self._keys.close()

    def _n_whole(self) -> int:
        return min(self._rows.n_bytes // (2 * self._width), self._keys.n_bytes // _RECORD)


def make_log(folder: Path, *, width: int, facts: dict[str, Any]) -> VectorLog:
    """Return a new, empty log in a folder that is not there yet; it appears whole, by one rename.

    Raises:
        OSError: nothing can be written there.
    """
    making = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    (making / "facts.json").write_text(json.dumps({**facts, "dimensions": width}) + "\n", encoding="utf-8")
    (making / "rows.f16").touch()
    (making / "keys.bin").touch()
    try:
        making.rename(folder)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return VectorLog(folder)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows scaled to length 1; a row of zeros stays one."""
    import numpy as np

    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0), dtype=np.float32)
