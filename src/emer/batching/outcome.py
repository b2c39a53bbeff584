"""What a batch tells while it runs: the outcome of each clip, and how the whole stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from emer.batching.explaining import Failure
from emer.schemas import BatchRow, Report, Usage


@dataclass
class Counts:
    """How the run stands.

    Attributes:
        n_clips: all that this run is about.
        n_before: finished by an earlier run, so not done again.
        n_done: finished by this run.
        n_failed: without a Report, those included which an earlier run gave up for good.
        usage: of the chat model, by the clips that this run finished.
        cost: of all calls of this run, those of failed clips too, by the price table; None without one.
    """

    n_clips: int = 0
    n_before: int = 0
    n_done: int = 0
    n_failed: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float | None = None

    @property
    def n_left(self) -> int:
        """Clips that nothing was concluded about yet."""
        return self.n_clips - self.n_before - self.n_done - self.n_failed


@dataclass(frozen=True)
class Outcome:
    """What became of one clip: `line` holds its Report as JSON, or `failure` says why there is none."""

    row: BatchRow
    line: str | None
    failure: Failure | None

    @property
    def report(self) -> Report | None:
        """The Report, read from its line."""
        return None if self.line is None else Report.model_validate_json(self.line)


class Stop:
    """A request to end: once, and clips at work are finished first; twice, and nothing more is waited for."""

    def __init__(self) -> None:
        self.is_draining = False
        self.now = asyncio.Event()

    def request(self) -> None:
        """Asks the run to end; a second time at once."""
        if self.is_draining:
            self.now.set()
        self.is_draining = True


def added(one: Usage, other: Usage) -> Usage:
    """What both took together."""
    return Usage(**{name: getattr(one, name) + getattr(other, name) for name in Usage.model_fields})
