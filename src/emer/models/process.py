"""What all runs of this process share: the limiter, the ledger, what is under way, what endpoints take, the answers."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from emer.config import Settings
from emer.models.answer_cache import MIB, AnswerCache
from emer.models.budget import Ledger
from emer.models.endpoint_traits import TraitBook
from emer.models.limiter import Limiter, Limits
from emer.models.single_flight import SingleFlight


@dataclass(frozen=True)
class Made:
    """An answer as JSON text, and what was left out of the question for it."""

    text: str
    warnings: tuple[str, ...] = ()


@dataclass
class Process:
    """The shared parts; books and caches by their folder."""

    limiter: Limiter = field(default_factory=lambda: Limiter(Limits()))
    ledger: Ledger = field(default_factory=Ledger)
    flights: SingleFlight[Made] = field(default_factory=SingleFlight)
    _books: dict[Path, TraitBook] = field(default_factory=dict)
    _caches: dict[tuple[Path, int], AnswerCache] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def book(self, settings: Settings) -> TraitBook:
        """What endpoints were found to take, by the cache folder of the settings."""
        path = settings.cache_dir / "endpoints.json"
        with self._lock:
            return self._books.get(path) or self._books.setdefault(path, TraitBook(path))

    def cache(self, settings: Settings) -> AnswerCache:
        """The answers in the cache folder of the settings."""
        folder, size = settings.cache_dir / "answers", settings.answer_cache_mb * MIB
        with self._lock:
            return self._caches.get((folder, size)) or self._caches.setdefault(
                (folder, size), AnswerCache(folder, most_bytes=size)
            )


PROCESS = Process()
