"""Three in ten calls fail, each in another way: every question is answered, and the tries are told."""

from __future__ import annotations

import os

import pytest
from model_questions import Verdict, ask_all, at, question, quick_settings
from servers.scripted import FAULTS, Script, ScriptedServer

from emer.models import Answer

N = 200 if os.environ.get("EMER_STRESS") else 60


@pytest.mark.stress
@pytest.mark.parametrize("formats", [("json_schema", "none"), ("json_object", "none"), ("none",)])
async def test_every_question_is_answered_though_three_calls_in_ten_fail(formats: tuple[str, ...]) -> None:
    with ScriptedServer(Script(fault_share=0.3, formats=formats, slow_s=0.1, seed=3)) as server:
        async with at(server, quick_settings(max_concurrency=32)) as run:
            answers = await ask_all(run, [question(f"clip {n}") for n in range(N)])
    whole = [one for one in answers if isinstance(one, Answer) and isinstance(one.value, Verdict)]
    assert len(whole) == N, [one for one in answers if not isinstance(one, Answer)]
    repeated = sum(server.seen.served[fault] for fault in ("429", "500", "dropped", "half body", "empty", "HTML"))
    assert run.usage.retries == repeated > 0  # what is mended by a repair turn or by patience is no retry
    assert run.usage.calls == server.seen.calls
    assert sum(one.usage.retries for one in whole) == run.usage.retries
    assert set(FAULTS) <= set(server.seen.served)


async def test_the_same_seed_serves_the_same_faults() -> None:
    served = []
    for _ in range(2):
        with ScriptedServer(Script(fault_share=0.3, slow_s=0.0, retry_after_s=0.0)) as server:
            async with at(server, quick_settings(max_concurrency=1)) as run:
                await ask_all(run, [question(f"clip {n}") for n in range(10)])
            served.append(server.seen.served)
    assert served[0] == served[1]
