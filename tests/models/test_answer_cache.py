"""Answers on disk: what makes two questions the same, what is never kept, what is cleared; one call for many."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from model_questions import Short, ask_all, at, question, quick_settings
from servers.scripted import Script, ScriptedServer

from emer.errors import AnswerError, DeadlineError
from emer.models import Answer, Image, Text
from emer.models.answer_cache import SHARDS, AnswerCache
from emer.models.single_flight import SingleFlight


async def test_a_second_run_is_answered_from_the_disk() -> None:
    settings = quick_settings(answer_cache_mb=8)
    with ScriptedServer() as server:
        async with at(server, settings) as run:
            first = await run.ask(question())
        async with at(server, settings) as run:
            second = await run.ask(question())
            assert run.records[0].is_cached
            assert run.sent == []
    assert server.seen.calls == 1
    assert second.value == first.value
    assert second.is_cached
    assert (second.usage.calls, second.sent) == (0, ())
    kept = next((settings.cache_dir / "answers").rglob("*.json"))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE((settings.cache_dir / "answers").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "changed",
    [
        {"words": "other"},
        {"seed": 1},
        {"schema": Short},
        {"parts": [Text("w"), Image(b"a", "frame")]},
        {"parts": [Text("w"), Image(b"b", "frame")]},
        {"prompt": "judge@2:1111"},
        {"system": "Other instructions."},
    ],
)
async def test_what_could_change_an_answer_changes_its_key(changed: dict[str, Any]) -> None:
    from dataclasses import replace

    fields = {name: changed.pop(name) for name in ("prompt", "system") if name in changed}
    settings = quick_settings(answer_cache_mb=8)
    with ScriptedServer() as server:
        async with at(server, settings) as run:
            await run.ask(question())
            await run.ask(replace(question(**changed), **fields))
    assert server.seen.calls == 2


async def test_other_settings_and_models_have_other_answers() -> None:
    with ScriptedServer() as server:
        for given in ({}, {"temperature": 0.5}, {"seed": 3}, {"max_output_tokens": 64}):
            async with at(server, quick_settings(answer_cache_mb=8, **given)) as run:
                await run.ask(question())
        async with at(server, quick_settings(answer_cache_mb=8), provider="openai") as run:
            await run.ask(question())
    assert server.seen.calls == 5


async def test_failures_are_never_kept() -> None:
    settings = quick_settings(answer_cache_mb=8)
    with ScriptedServer(Script(plan=["prose"] * 4)) as server:
        for outcome in (AnswerError, Answer):
            async with at(server, settings) as run:
                assert isinstance((await ask_all(run, [question()]))[0], outcome)
    assert len(list((settings.cache_dir / "answers").rglob("*.json"))) == 1


async def test_an_answer_made_without_the_picture_is_found_again_with_its_warning() -> None:
    settings = quick_settings(answer_cache_mb=8)
    with ScriptedServer(Script(refuses=["image"])) as server:
        for _ in range(2):
            async with at(server, settings) as run:
                answer = await run.ask(question(parts=[Text("w"), Image(b"a", "frame")]))
            assert len(answer.warnings) == 1
    assert server.seen.calls == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"answer": "{}"}', '{"other": 1}'])
async def test_an_entry_that_is_broken_or_of_another_shape_is_asked_anew(text: str) -> None:
    settings = quick_settings(answer_cache_mb=8)
    with ScriptedServer() as server:
        async with at(server, settings) as run:
            await run.ask(question())
        next((settings.cache_dir / "answers").rglob("*.json")).write_text(text)
        async with at(server, settings) as run:
            assert (await run.ask(question())).value.label == "-"
    assert server.seen.calls == 2


def test_a_shard_stays_below_its_share_and_loses_what_was_used_longest_ago(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, most_bytes=10_000 * SHARDS)
    for n in range(9):
        cache.put(f"ab{n}", {"answer": "x" * 990})
        os.utime(tmp_path / "ab" / f"ab{n}.json", (n, n))
    cache.put("cd0", {"answer": "x" * 990})
    assert cache.get("ab0") is not None  # used now
    cache.put("ab9", {"answer": "x" * 990})
    kept = {path.stem for path in tmp_path.rglob("*.json")}
    assert sum(path.stat().st_size for path in (tmp_path / "ab").iterdir()) <= 8_000
    assert {"ab0", "ab9", "cd0"} <= kept
    assert "ab1" not in kept
    cache.put("ab99", {"answer": "x" * 20_000})  # larger than all there is room for
    assert cache.get("ab99") is None


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file", most_bytes=1_000 * SHARDS)
    for n in range(3):
        cache.put(f"{n:02}", {"answer": "x"})
    assert cache.get("00") is None
    assert len(caplog.records) == 1


async def test_identical_calls_in_flight_are_made_once() -> None:
    with ScriptedServer(Script(latency_s=0.1)) as server:
        async with at(server) as run, at(server) as other:
            answers = await asyncio.gather(*(one.ask(question()) for one in [run, other] * 5))
    assert server.seen.calls == 1
    assert len({answer.value.model_dump_json() for answer in answers}) == 1
    assert sum(answer.usage.calls for answer in answers) == 1
    assert sum(answer.is_cached for answer in answers) == 9


async def test_when_the_first_is_cancelled_or_out_of_time_the_next_does_the_work() -> None:
    flights: SingleFlight[int] = SingleFlight()
    begun = []

    async def work() -> int:
        begun.append(1)
        await asyncio.sleep(0.05)
        if len(begun) == 2:
            raise DeadlineError("that one's own")
        return 7

    tasks = [asyncio.create_task(flights.do("key", work)) for _ in range(4)]
    await asyncio.sleep(0.01)
    tasks[0].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert sum(isinstance(one, DeadlineError) for one in results) == 1
    assert [one.result for one in results if not isinstance(one, BaseException)] == [7, 7]
    assert len(begun) == 3


def test_identical_calls_of_other_threads_are_made_once() -> None:
    flights: SingleFlight[int] = SingleFlight()
    begun: list[int] = []
    results: list[int] = []

    async def work() -> int:
        begun.append(1)
        await asyncio.sleep(0.3)
        return 7

    async def one() -> None:
        results.append((await flights.do("key", work)).result)

    threads = [threading.Thread(target=lambda: asyncio.run(one())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (len(begun), results) == (1, [7] * 4)
