"""The same work as Ray tasks, on this machine or on a running cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from emer.batching.explaining import Done, Failure, done_from, job
from emer.batching.plan import Plan
from emer.batching.ray_gate import Gate, gated, run_limits
from emer.batching.rows import Row
from emer.config import Settings
from emer.errors import SetupError
from emer.installation import extra_command
from emer.schemas import BatchRow

_RETRIES = 3
"""How often Ray gives a clip to another worker when the one that had it died."""


class RayEngine:
    """One task for each clip, perception, model calls and all; at most `n_at_once` tasks exist (back-pressure).

    A task takes one CPU of the cluster. Calls to a model pass one limiter and one budget, in an actor (see `Gate`).
    Files must have the same path on every node.
    """

    def __init__(self, settings: Settings, options: Mapping[str, Any], *, plan: Plan) -> None:
        """Joins the cluster at `plan.ray_address`, or Ray's own choice.

        Raises:
            SetupError: Ray is not installed, or no cluster answers at the address.
        """
        self._ray = _ray()
        self._timeout_s = plan.clip_timeout_s
        self._is_ours = not self._ray.is_initialized()
        if self._is_ours:
            self._join(plan)
        n_cpus = int(self._ray.cluster_resources().get("CPU", 1))
        self.n_at_once = n_cpus + 1
        # of this machine's environment, which the other nodes do not have, what a call costs must reach the tasks
        self._options = {**options, "prices": settings.prices, "budget_money": settings.budget_money}
        self._task = self._ray.remote(num_cpus=1, max_retries=_RETRIES)(gated)
        self._gate = self._ray.remote(num_cpus=0, max_concurrency=10_000)(Gate).remote(*run_limits(settings))
        self.cost = 0.0

    async def explain(self, row: Row, key: BatchRow) -> Done:
        """What became of the row; see `Engine`. The time that a task waits for a free CPU counts."""
        reference = self._task.remote(job(row, key, self._options), self._gate)
        try:
            async with asyncio.timeout(self._timeout_s):
                told = await reference
        except TimeoutError:
            self._ray.cancel(reference, force=True)
            why = f"it took longer than {self._timeout_s:g} s (--clip-timeout)"
            return Done(failure=Failure("TimeoutError", why, retryable=True))
        except self._ray.exceptions.RayError as error:
            why = f"Ray gave it up after {_RETRIES} more tries: {str(error).splitlines()[0]}"
            return Done(failure=Failure("CrashError", why, retryable=True))
        except asyncio.CancelledError:
            self._ray.cancel(reference, force=True)
            raise
        with suppress(self._ray.exceptions.RayError):
            self.cost = await self._gate.money.remote()
        return done_from(told)

    async def aclose(self) -> None:
        """Leaves the cluster; a Ray that this run started on this machine ends."""
        self._ray.kill(self._gate)
        if self._is_ours:
            await asyncio.to_thread(self._ray.shutdown)

    def _join(self, plan: Plan) -> None:
        own = {} if plan.ray_address else {"num_cpus": plan.workers, "include_dashboard": False}
        try:
            self._ray.init(address=plan.ray_address, log_to_driver=False, logging_level="ERROR", **own)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise SetupError(
                f"no Ray cluster at {plan.ray_address!r}: {error}; `ray start --head` starts one, and its address is "
                "what it prints"
            ) from error


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise SetupError(f"the engine ray needs Ray, which is not installed: {extra_command('ray')}") from error
    return ray
