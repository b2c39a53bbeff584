"""Turns at the processor: the oldest clip first, never more than allowed, none lost to a clip that gave up."""

from __future__ import annotations

import asyncio
import random

import pytest

from emer.agents.turns import Turns, turns


async def test_the_clip_that_began_first_goes_first_whenever_it_comes() -> None:
    shared, done = Turns(1), []

    async def step(number: int) -> None:
        async with shared.turn(number):
            await asyncio.sleep(0)
            done.append(number)

    async with asyncio.TaskGroup() as group:
        for number in (3, 1, 4, 1, 0, 2):
            group.create_task(step(number))
    assert done == [3, 0, 1, 1, 2, 4]  # the first found a free turn


async def test_no_more_at_once_than_allowed_and_no_turn_is_lost_to_those_who_give_up() -> None:
    shared, chance = Turns(2), random.Random(4)
    within, most, n_done = 0, 0, 0

    async def step(number: int) -> None:
        nonlocal within, most, n_done
        async with shared.turn(number):
            within += 1
            most = max(most, within)
            try:
                await asyncio.sleep(chance.random() * 0.004)
            finally:
                within -= 1
            n_done += 1

    tasks = [asyncio.create_task(step(number)) for number in range(200)]
    for task in chance.sample(tasks, 80):
        await asyncio.sleep(chance.random() * 0.002)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert most == 2
    assert n_done >= 120
    async with asyncio.timeout(1), shared.turn(0), shared.turn(0):
        pass  # both turns are there


async def test_a_turn_that_was_given_to_somebody_who_gives_up_at_that_moment_goes_to_the_next() -> None:
    shared = Turns(1)
    first = shared.turn(0)
    await first.__aenter__()
    second, third = (asyncio.create_task(_enter(shared, number)) for number in (1, 2))
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)  # gives the turn to the second, which has not run since
    second.cancel()
    async with asyncio.timeout(1):
        await third
    with pytest.raises(asyncio.CancelledError):
        await second


async def _enter(shared: Turns, number: int) -> None:
    async with shared.turn(number):
        pass


async def test_clips_of_one_loop_share_their_turns() -> None:
    assert turns() is turns()


def test_another_loop_has_its_own() -> None:
    async def own() -> Turns:
        return turns()

    assert asyncio.run(own()) is not asyncio.run(own())


async def test_a_turn_may_be_given_back_early_and_only_once() -> None:
    shared = Turns(1)
    async with asyncio.timeout(1), shared.turn(0) as give_back:
        give_back()
        give_back()
        async with shared.turn(1):
            waiting = asyncio.create_task(_enter(shared, 2))
            await asyncio.sleep(0)
            assert not waiting.done()  # one turn was given back, not two
        await waiting
