"""Answers on disk, by everything that they depend on: model, parameters, prompt, schema and content. Never a failure.

An entry is one JSON file that is whole or not there and that only its owner may read; the folder is kept below a size
by removing what was used longest ago.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any

from emer.files import write_atomically
from emer.models.chat import Image, Part, Sound, Text

JSON = dict[str, Any]
MIB = 1 << 20
SHARDS = 256  # by the first two digits of the key
LEFT = 0.8  # of the size, after a clearance

logger = logging.getLogger(__name__)


def answer_key(parameters: JSON, *, system: str, parts: list[Part]) -> str:
    """The key of an answer: a digest of all that could change it."""
    digest = hashlib.sha256()
    pieces = [json.dumps(parameters, sort_keys=True).encode(), system.encode()]
    for piece in [*pieces, *(_content(part) for part in parts)]:
        digest.update(len(piece).to_bytes(8, "big"))  # so that no two lists of pieces look alike
        digest.update(piece)
    return digest.hexdigest()


def _content(part: Part) -> bytes:
    if isinstance(part, Text):
        return b"text " + part.text.encode("utf-8", "surrogatepass")
    if isinstance(part, Image):
        return b"image " + part.jpeg
    assert isinstance(part, Sound)
    return b"sound " + part.wav


class AnswerCache:
    """The folder of answers, in `SHARDS` folders that each keep below their share of the size.

    A shard's size is measured when the first answer is put into it, so that no run waits for the whole folder to be
    looked through. A folder that cannot be written is told once and then left alone.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes // SHARDS
        self._bytes: dict[Path, int] = {}
        self._lock = threading.Lock()
        self._is_broken = False

    def get(self, key: str) -> JSON | None:
        """The entry; none if there is none or it is not readable."""
        if not self._most_bytes:
            return None
        path = self._path(key)
        try:
            entry: JSON = json.loads(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError):
            return None
        return entry if isinstance(entry, dict) else None

    def put(self, key: str, entry: JSON) -> None:
        """Keeps the entry, and clears what was used longest ago when its shard is full."""
        content = json.dumps(entry, ensure_ascii=False).encode()
        if self._is_broken or len(content) > self._most_bytes:
            return
        path = self._path(key)
        with self._lock:
            try:
                write_atomically(path, content)
                known = self._bytes.get(path.parent)
                total = sum(size for _, size, _ in _entries(path.parent)) if known is None else known + len(content)
                self._bytes[path.parent] = total if total <= self._most_bytes else self._cleared(path.parent)
            except OSError as error:
                self._is_broken = True
                logger.warning("answers cannot be kept in %s: %s", self._folder, error)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"

    def _cleared(self, shard: Path) -> int:
        """The bytes that are left in the shard after what was used longest ago is gone."""
        entries = _entries(shard)
        total = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if total <= self._most_bytes * LEFT:
                break
            path.unlink(missing_ok=True)
            total -= size
        return total


def _entries(shard: Path) -> list[tuple[float, int, Path]]:
    """When each entry was used last, its bytes and its path, longest ago first."""
    found = []
    for path in shard.glob("*.json"):
        try:
            stat = path.stat()
        except FileNotFoundError:  # another process cleared it
            continue
        found.append((stat.st_mtime, stat.st_size, path))
    return sorted(found)
