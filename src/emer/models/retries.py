"""Another try, when one may help: tenacity decides whether, and after how long."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from emer.errors import DeadlineError
from emer.models.backend import Passing

T = TypeVar("T")

MOST_TRIES = 10
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 20.0

logger = logging.getLogger(__name__)


@dataclass
class Deadline:
    """The time that all questions about one clip may take, counted from the first one."""

    after_s: float
    _ends: float | None = field(default=None, init=False)

    def left_s(self) -> float:
        """Seconds that are left."""
        if self._ends is None:
            self._ends = time.monotonic() + self.after_s
        return self._ends - time.monotonic()

    def check(self) -> None:
        """Nothing, while there is time.

        Raises:
            DeadlineError: there is none left.
        """
        if self.left_s() <= 0:
            raise self.error()

    def error(self, last: str = "") -> DeadlineError:
        """The error that says that the time is over, and what happened last."""
        last = f"; the last try ended with: {last}" if last else ""
        return DeadlineError(
            f"the questions about this clip took longer than clip_deadline_s = {self.after_s:g} s{last}"
        )


async def with_retries(attempt: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
    """The result of `attempt`, tried again after each `Passing` fault, `MOST_TRIES` times or as its kind is worth.

    The wait is what the endpoint asks for, else it doubles from a quarter of a second, with jitter, so that calls that
    failed together do not come back together.

    Raises:
        DeadlineError: the clip's time ends before the next try could begin.
        Passing: the last fault, when the tries are used up.
    """
    from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

    def is_over(state: RetryCallState) -> bool:
        fault = _fault(state)
        seen[fault.kind] += 1
        return seen[fault.kind] >= fault.tries or state.attempt_number >= MOST_TRIES

    def wait_s(state: RetryCallState) -> float:
        fault = _fault(state)
        asked_s = fault.retry_after_s
        longest_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (state.attempt_number - 1))
        jitter_s = random.uniform(0.5, 1.0) * longest_s
        return jitter_s if asked_s is None else asked_s + random.uniform(0.0, FIRST_WAIT_S)

    async def sleep(seconds: float) -> None:
        if seconds >= deadline.left_s():
            raise deadline.error(str(last[-1]))
        await asyncio.sleep(seconds)

    last: list[Passing] = []
    seen: Counter[str] = Counter()

    def note(state: RetryCallState) -> None:
        last[:] = [_fault(state)]
        logger.info("a call failed (%s), try %d follows", last[0].kind, state.attempt_number + 1)

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(Passing), stop=is_over, wait=wait_s, sleep=sleep, before_sleep=note, reraise=True
    )
    return await retrying(attempt)


def _fault(state: object) -> Passing:
    outcome = getattr(state, "outcome", None)
    error = outcome.exception() if outcome is not None else None
    assert isinstance(error, Passing)
    return error
