"""What each endpoint was found to refuse, so that it is found out once: its rung of the ladder and what to leave out.

Kept for the process, and for a week on disk: a server that is upgraded gets another chance.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from emer.files import write_atomically
from emer.models.backend import RUNGS, Rung, Trait

KEPT_S = 7 * 86_400.0
STRIKES = 2  # questions in a row that a rung failed before it is left for good: one may be the model's slip

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Traits:
    """What one model of one endpoint takes: the strictest rung that is not known to fail, and what it refused."""

    rung: Rung = "json_schema"
    omitted: frozenset[Trait] = frozenset()


def below(rung: Rung) -> Rung | None:
    """The next rung down; none below the last."""
    return RUNGS[RUNGS.index(rung) + 1] if rung != RUNGS[-1] else None


def below_in_words(rung: Rung) -> Rung | None:
    """The next rung down whose prompt holds the schema, for an endpoint that takes a format and does not heed it."""
    return "json_object" if rung in ("json_schema", "json_object_schema") else below(rung)


class TraitBook:
    """The traits of every model that this process has asked, and of those that the file remembers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._traits: dict[str, Traits] = {}
        self._since: dict[str, float] = {}
        self._strikes: dict[str, int] = {}
        self._accepted: set[tuple[str, Rung]] = set()
        self._load()

    def of(self, key: str) -> Traits:
        """What is known of `key`; the hopeful default when nothing is."""
        return self._traits.get(key, Traits())

    def has_accepted(self, key: str, rung: Rung) -> bool:
        """Whether this process has had a completion from `key` on this rung."""
        return (key, rung) in self._accepted

    def accepted(self, key: str, form: Traits, *, after_refusal: bool) -> None:
        """Remembers that a call in this form was taken, and for good if what it leaves out was refused before."""
        self._accepted.add((key, form.rung))
        now = self.of(key)
        learned = Traits(max(now.rung, form.rung, key=RUNGS.index), now.omitted | form.omitted)
        if after_refusal and learned != now:
            self._learn(key, learned)

    def fits(self, key: str) -> None:
        """Remembers that an answer fitted on the rung where questions begin."""
        self._strikes.pop(key, None)

    def strikes(self, key: str, rung: Rung) -> None:
        """Counts a question whose answers did not fit on `rung`, where questions begin; `STRIKES` leave it for good."""
        now, lower = self.of(key), below_in_words(rung)
        if rung != now.rung or lower is None:
            return
        self._strikes[key] = self._strikes.get(key, 0) + 1
        if self._strikes[key] >= STRIKES:
            self.fits(key)
            self._learn(key, replace(now, rung=lower))

    def _learn(self, key: str, traits: Traits) -> None:
        with self._lock:
            self._traits[key], self._since[key] = traits, time.time()
            entries = {
                name: {"rung": one.rung, "omitted": sorted(one.omitted), "since": self._since[name]}
                for name, one in self._traits.items()
            }
            try:
                write_atomically(self._path, json.dumps(entries, indent=1).encode())
            except OSError as error:
                logger.warning("what the endpoint takes could not be kept in %s: %s", self._path, error)

    def _load(self) -> None:
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
            for key, entry in entries.items():
                self._take(key, entry)
        except FileNotFoundError:
            return
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            logger.warning("%s could not be read (%s); what endpoints take is found out again", self._path, error)

    def _take(self, key: str, entry: Mapping[str, Any]) -> None:
        since = float(entry["since"])
        if time.time() - since < KEPT_S and entry["rung"] in RUNGS:
            omitted = frozenset(cast("Trait", name) for name in entry["omitted"] if name in get_args(Trait))
            self._traits[key], self._since[key] = Traits(cast("Rung", entry["rung"]), omitted), since
