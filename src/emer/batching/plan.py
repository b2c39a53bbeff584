"""How a batch is run, apart from how a clip is analysed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from emer.config import Settings, load_settings
from emer.errors import InputError
from emer.tools.cores import usable_cores

EngineName = Literal["local", "ray"]


@dataclass(frozen=True)
class Plan:
    """What a person may say about a run.

    Attributes:
        resume: keep what is finished; False begins the output anew.
        engine: worker processes of this machine, or Ray tasks.
        workers: processes that measure; by default one for each core.
        concurrency: calls to a chat model in flight, and as many clips between measurements and verdict; by default
            the setting `max_concurrency`.
        limit: only the first so many clips.
        sample: so many clips, spread over all.
        shard: (i, n), the i-th (from 1) of n parts.
        clip_timeout_s: after which a clip is given up.
        memory_mb: resident memory at which a worker is ended and its clip given up.
        ray_address: of a running cluster; by default Ray's own choice (RAY_ADDRESS, else this machine).
    """

    resume: bool = True
    engine: EngineName = "local"
    workers: int | None = None
    concurrency: int | None = None
    limit: int | None = None
    sample: int | None = None
    shard: tuple[int, int] | None = None
    clip_timeout_s: float = 600.0
    memory_mb: float = 4096.0
    ray_address: str | None = None

    @property
    def n_workers(self) -> int:
        """How many processes measure."""
        return self.workers or usable_cores()

    @property
    def cores_each(self) -> int:
        """How many cores each of them may count on."""
        return max(1, usable_cores() // self.n_workers)


def split_options(options: Mapping[str, Any]) -> tuple[Plan, dict[str, Any], Settings]:
    """The plan, the settings that were given, and all settings; both kinds come as keyword arguments of `batch`.

    Raises:
        InputError: an option is unknown or out of its range.
    """
    names = {one.name for one in fields(Plan)}
    plan = Plan(**{name: value for name, value in options.items() if name in names and value is not None})
    given = {name: value for name, value in options.items() if name not in names and value is not None}
    _check(plan)
    settings = load_settings(**given)
    if settings.trace is not None:
        raise InputError("a trace is of one clip: analyse that clip alone with emer analyze --trace FILE")
    return plan, {name: _plain(value) for name, value in given.items()}, settings


def read_shard(text: str) -> tuple[int, int]:
    """The part that `i/n` names.

    Raises:
        InputError: it is not of this form, or i is not in 1..n.
    """
    number, slash, n = text.partition("/")
    if not (slash and number.isdecimal() and n.isdecimal() and 1 <= int(number) <= int(n)):
        raise InputError(f"shard {text!r}: expected i/n with i from 1 to n, e.g. 2/8")
    return int(number), int(n)


def _check(plan: Plan) -> None:
    if plan.engine not in ("local", "ray"):
        raise InputError(f"unknown engine {plan.engine!r}; there are local and ray")
    for name in ("workers", "concurrency", "limit", "sample", "clip_timeout_s", "memory_mb"):
        value = getattr(plan, name)
        if value is not None and value <= 0:
            raise InputError(f"{name} must be above 0, got {value!r}")
    if plan.shard is not None and not 1 <= plan.shard[0] <= plan.shard[1]:
        raise InputError(f"shard {plan.shard!r}: expected (i, n) with i from 1 to n")


def _plain(value: Any) -> Any:
    """The value as JSON has it, for another process."""
    return str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
