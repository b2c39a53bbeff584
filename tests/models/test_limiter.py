"""The limiter: calls in flight, calls and tokens a minute on a clock of our own, and fewer at once after a 429."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from model_questions import ask_all, at, question, quick_settings
from servers.scripted import Script, ScriptedServer

from emer.models import limiter as limiting
from emer.models.limiter import Limiter, Limits


class Clock:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limiting.asyncio, "sleep", clock.sleep)
    return clock


async def _starts(limiter: Limiter, clock: Clock, tokens: list[int]) -> list[float]:
    starts = []
    for n in tokens:
        async with limiter.turn(n):
            starts.append(clock.now)
    return starts


async def test_calls_a_minute(clock: Clock) -> None:
    limiter = Limiter(Limits(requests_per_minute=2), clock=clock)
    assert await _starts(limiter, clock, [1] * 5) == [0, 0, 60, 60, 120]


async def test_tokens_a_minute_and_a_call_larger_than_the_minute(clock: Clock) -> None:
    limiter = Limiter(Limits(tokens_per_minute=100), clock=clock)
    assert await _starts(limiter, clock, [60, 40, 10, 500, 1]) == [0, 0, 60, 120, 180]


async def test_the_true_number_of_tokens_replaces_the_estimate(clock: Clock) -> None:
    limiter = Limiter(Limits(tokens_per_minute=100), clock=clock)
    async with limiter.turn(90) as spent:
        spent.tokens = 10
    assert await _starts(limiter, clock, [90]) == [0]


async def test_fewer_at_once_after_a_429_and_slowly_more_again(clock: Clock) -> None:
    limiter = Limiter(Limits(concurrency=16), clock=clock)
    limiter.too_many()
    limiter.too_many()  # of the same burst
    assert limiter.allowed == 8
    clock.now = 2.0
    limiter.too_many()
    assert limiter.allowed == 4
    for _ in range(5):
        limiter.succeeded()
    assert limiter.allowed == 5  # 4 + 1/4 + 1/4.25 + … after five successes: 5.1
    for n in range(20):
        clock.now += 2.0 + n
        limiter.too_many()
    assert limiter.allowed == 1


async def _most_at_once(limiter: Limiter, n: int, note: Callable[[int], None]) -> None:
    async def one() -> None:
        async with limiter.turn(1):
            note(1)
            await asyncio.sleep(0.002)
            note(-1)

    await asyncio.gather(*(one() for _ in range(n)))


def test_the_limit_holds_across_threads_with_loops_of_their_own() -> None:
    limiter, lock = Limiter(Limits(concurrency=3)), threading.Lock()
    now = most = total = 0

    def note(change: int) -> None:
        nonlocal now, most, total
        with lock:
            now += change
            most, total = max(most, now), total + (change > 0)

    threads = [threading.Thread(target=lambda: asyncio.run(_most_at_once(limiter, 40, note))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (most, total, now) == (3, 160, 0)


async def test_a_caller_that_is_cancelled_while_it_waits_or_begins_gives_its_turn_on() -> None:
    limiter = Limiter(Limits(concurrency=1))
    async with limiter.turn(1):
        waiting = [asyncio.create_task(_take(limiter)) for _ in range(4)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    waiting[1].cancel()  # the turn has just been handed to it
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert [isinstance(one, BaseException) for one in results] == [True, True, False, False]
    await asyncio.wait_for(_take(limiter), 5)


async def _take(limiter: Limiter) -> None:
    async with limiter.turn(1):
        await asyncio.sleep(0)


async def test_calls_in_flight_at_a_real_server() -> None:
    with ScriptedServer(Script(latency_s=0.05)) as server:
        async with at(server, quick_settings(max_concurrency=5)) as run:
            await ask_all(run, [question(f"{n}") for n in range(20)])
    assert server.seen.most_in_flight == 5
