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

from emer.models.chat import Image, Part, Sound, Text
from emer.models.files import write_atomically

JSON = dict[str, Any]
MIB = 1 << 20
LEFT = 0.8  # of the size, after a clearance

logger = logging.getLogger(__name__)


def answer_key(parameters: JSON, system: str, parts: list[Part]) -> str:
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
    """The folder of answers; a folder that cannot be written is told once and then left alone."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._bytes: int | None = None
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
        """Keeps the entry, and clears what was used longest ago when the folder is full."""
        content = json.dumps(entry, ensure_ascii=False).encode()
        if self._is_broken or len(content) > self._most_bytes:
            return
        with self._lock:
            try:
                write_atomically(self._path(key), content)
                self._bytes = self._measured() if self._bytes is None else self._bytes + len(content)
                if self._bytes > self._most_bytes:
                    self._clear()
            except OSError as error:
                self._is_broken = True
                logger.warning("answers cannot be kept in %s: %s", self._folder, error)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"

    def _measured(self) -> int:
        return sum(size for _, size, _ in self._entries())

    def _entries(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self._folder.glob("??/*.json"):
            try:
                stat = path.stat()
            except FileNotFoundError:  # another process cleared it
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        return sorted(found)

    def _clear(self) -> None:
        entries = self._entries()
        total = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if total <= self._most_bytes * LEFT:
                break
            path.unlink(missing_ok=True)
            total -= size
        self._bytes = total
