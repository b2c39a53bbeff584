"""One question against a real server: the ladder, the repair turn, what is left out, and each error by name."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from model_questions import Short, Verdict, ask_all, at, question, quick_settings
from servers.scripted import Script, ScriptedServer, form

from emer.errors import AnswerError, DeadlineError, EndpointError, ModelError, RefusedError, SetupError, TruncatedError
from emer.models import Image, Sound, Text, open_model
from emer.schemas import Usage


def _rungs(server: ScriptedServer) -> list[str]:
    return [form(body) for body in server.seen.bodies]


async def test_an_answer_is_validated_and_counted() -> None:
    with ScriptedServer() as server:
        async with at(server) as run:
            answer = await run.ask(question("hello"))
    assert answer.value == Verdict(evidence=[], label="-", intensity=0)
    assert answer.model == "vllm:m"
    body = server.seen.bodies[0]
    n_input = len(json.dumps(body["messages"])) // 4
    assert answer.usage == Usage(calls=1, input_tokens=n_input, output_tokens=answer.usage.output_tokens)
    assert [(one.what, one.to, one.bytes) for one in answer.sent] == [
        ("words", f"{server.base_url} (vllm:m)", len("You weigh evidence.hello"))
    ]
    assert body["temperature"] == 0
    assert body["response_format"]["json_schema"]["strict"] is True


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        (["json_schema"], ["json_schema"]),
        (["json_object_schema"], ["json_schema", "json_object_schema"]),
        (["json_object"], ["json_schema", "json_object_schema", "json_object"]),
        (["none"], ["json_schema", "json_object_schema", "json_object", "none"]),
    ],
)
@pytest.mark.parametrize("status", [400, 500])
async def test_the_ladder_is_climbed_down_once_and_remembered(
    formats: list[str], expected: list[str], status: int
) -> None:
    settings = quick_settings()
    with ScriptedServer(Script(formats=formats, format_status=status)) as server:
        async with at(server, settings) as run:
            first = await run.ask(question("one"))
        assert _rungs(server) == expected
        async with at(server, settings) as run:
            await run.ask(question("two"))
        assert _rungs(server) == [*expected, expected[-1]]
    assert first.usage.calls == len(expected)
    assert first.usage.retries == 0
    assert (settings.cache_dir / "endpoints.json").exists() == (len(expected) > 1)


async def test_a_new_process_knows_what_the_endpoint_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    from emer.models import opening
    from emer.models.process import Process

    with ScriptedServer(Script(formats=["none"])) as server:
        async with at(server) as run:
            await run.ask(question("one"))
        monkeypatch.setattr(opening, "PROCESS", Process())
        async with at(server) as run:
            await run.ask(question("two"))
    assert _rungs(server)[4:] == ["none"]


async def test_a_500_that_names_nothing_is_tried_again_before_the_rung_is_left() -> None:
    with ScriptedServer(Script(plan=["500", "500", "500"])) as server:
        async with at(server) as run:
            answer = await run.ask(question())
    assert _rungs(server) == ["json_schema"] * 3 + ["json_object_schema"]
    assert answer.usage.retries == 2


@pytest.mark.parametrize("broken", ["half JSON", "wrong schema", "prose"])
async def test_one_repair_turn_shows_what_is_wrong(broken: str) -> None:
    with ScriptedServer(Script(plan=[broken])) as server:
        async with at(server) as run:
            answer = await run.ask(question())
    assert answer.value.label == "-"
    roles = [message["role"] for message in server.seen.bodies[1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    said = server.seen.bodies[1]["messages"][3]["content"]
    assert "cannot be used" in said
    if broken == "wrong schema":
        assert "evidence: Field required" in said
        assert "unasked: Extra inputs are not permitted" in said


async def test_an_endpoint_that_ignores_formats_is_told_the_schema_in_words() -> None:
    def reads(asked: dict[str, Any]) -> str:
        """A server that takes any format, heeds none, and a model that does what its instructions say."""
        told = "JSON Schema" in asked["messages"][0]["content"]
        return 'Sure!\n```json\n{"label": "glad", "evidence": ["face-1"]}\n```' if told else "glad, I think"

    with ScriptedServer(Script(ignores_format=True, answer=reads)) as server:
        for words in "abc":
            async with at(server) as run:
                answer = await run.ask(question(words, Short))
            assert answer.value == Short(label="glad", evidence=["face-1"])
    assert _rungs(server) == (["json_schema"] * 2 + ["json_object"]) * 2 + ["json_object"]


async def test_a_server_that_answers_only_plain_text_is_an_error_after_four_calls() -> None:
    with ScriptedServer(Script(ignores_format=True, answer=lambda _: "I see a smile.")) as server:
        async with at(server) as run:
            with pytest.raises(AnswerError, match=r"vllm:m gave no usable answer to judge.*no JSON object"):
                await run.ask(question())
            assert run.usage.calls == 4
            assert run.records[0].error == "AnswerError"


@pytest.mark.parametrize("plan", ["refusal", "filtered"])
async def test_a_refusal_is_told_and_not_repeated(plan: str) -> None:
    with ScriptedServer(Script(plan=[plan])) as server:
        async with at(server) as run:
            with pytest.raises(RefusedError, match="declined to answer judge"):
                await run.ask(question())
    assert server.seen.calls == 1


async def test_a_cut_off_answer_gets_twice_the_tokens_once() -> None:
    with ScriptedServer(Script(plan=["length", "ok", "length", "length"])) as server:
        async with at(server, quick_settings(max_output_tokens=500)) as run:
            await run.ask(question("one"))
            with pytest.raises(TruncatedError, match=r"cut off at 1000 tokens.*EMER_MAX_OUTPUT_TOKENS"):
                await run.ask(question("two"))
    assert [body["max_tokens"] for body in server.seen.bodies] == [500, 1000, 500, 1000]


@pytest.mark.parametrize(("plan", "n_tries"), [("no choices", 4), ("empty", 4), ("HTML", 4)])
async def test_nothing_to_read_is_asked_again_and_then_told(plan: str, n_tries: int) -> None:
    with ScriptedServer(Script(plan=[plan])) as server:
        async with at(server) as run:
            assert (await run.ask(question())).usage == run.usage
            assert run.usage.retries == 1
    with ScriptedServer(Script(plan=[plan] * 9)) as server:
        async with at(server) as run:
            with pytest.raises(EndpointError, match=f"failed {n_tries} times"):
                await run.ask(question())
    assert server.seen.calls == n_tries


async def test_a_reasoning_model_that_takes_no_temperature_and_another_limit() -> None:
    with ScriptedServer(Script(refuses=["temperature", "max_tokens", "seed"])) as server:
        for words in ("one", "two"):
            async with at(server) as run:
                await run.ask(question(words))
    last = server.seen.bodies[-1]
    assert server.seen.calls == 5  # three things are found out once
    assert not {"temperature", "seed", "max_tokens"} & set(last)
    assert last["max_completion_tokens"] == 4096
    assert form(last) == "json_schema"


async def test_a_model_that_neither_sees_nor_hears_is_found_out_once_and_told() -> None:
    parts = [Text("w"), Image(b"\xff\xd8jpeg", "frame at 1.6 s"), Sound(b"RIFFwav", "sound, 0.0-6.0 s")]
    with ScriptedServer(Script(refuses=["image", "sound"])) as server:
        async with at(server) as run:
            first = await run.ask(question(parts=parts))
            second = await run.ask(question(parts=[Text("other"), *parts[1:]]))
    assert server.seen.calls == 4
    for answer in (first, second):
        assert answer.warnings == (
            "vllm:m does not see: frame at 1.6 s went unused; the measurements were used.",
            "vllm:m does not hear: sound, 0.0-6.0 s went unused; the measurements were used.",
        )
    assert [one.what for one in first.sent] == ["words", "frame at 1.6 s", "sound, 0.0-6.0 s"]  # it had left
    assert [one.what for one in second.sent] == ["words"]


async def test_what_is_seen_and_heard_is_sent_as_it_is() -> None:
    parts = [Text("w"), Image(b"\xff\xd8jpeg", "frame"), Sound(b"RIFFwav", "sound")]
    with ScriptedServer() as server:
        async with at(server) as run:
            await run.ask(question(parts=parts))
    content = server.seen.bodies[0]["messages"][1]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "input_audio"]
    assert content[1]["image_url"]["url"] == "data:image/jpeg;base64,/9hqcGVn"
    assert content[2]["input_audio"] == {"data": "UklGRndhdg==", "format": "wav"}


@pytest.mark.parametrize("status", ["400", "401", "403", "404"])
async def test_what_no_other_try_mends_is_not_tried_again(status: str) -> None:
    with ScriptedServer(Script(plan=[status] * 9, formats=["json_schema"])) as server:
        async with at(server) as run:
            with pytest.raises(EndpointError) as raised:
                await run.ask(question())
    assert run.usage.retries == 0
    assert server.seen.calls == (4 if status == "400" else 1)  # a 400 that names nothing costs each form one call
    assert {"401": "EMER_API_KEY", "403": "EMER_API_KEY", "404": "/v1", "400": "refuses the request"}[status] in str(
        raised.value
    )


async def test_a_question_that_is_too_long_is_told_as_that() -> None:
    with ScriptedServer(Script(plan=["413"])) as server:
        async with at(server) as run:
            with pytest.raises(EndpointError, match="longer than vllm:m takes"):
                await run.ask(question())
    assert server.seen.calls == 1


async def test_a_dead_server_is_told_fast_and_nothing_is_cached() -> None:
    import openai  # noqa: F401  (its import is not what is timed)

    begun = time.perf_counter()
    settings = quick_settings(answer_cache_mb=8)
    async with open_model("vllm:m@http://127.0.0.1:9/v1", settings) as run:
        with pytest.raises(EndpointError, match=r"nothing answers at http://127\.0\.0\.1:9/v1.*start the server"):
            await run.ask(question())
        assert run.sent == []
    assert time.perf_counter() - begun < 3
    assert not list(settings.cache_dir.rglob("*.json"))


async def test_connections_that_are_switched_off_are_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    class OffError(SetupError, OSError):
        pass

    def refuse(self: object, address: object) -> None:
        raise OffError("connections are off")

    async with open_model("vllm:m@http://127.0.0.1:9/v1", quick_settings()) as run:
        monkeypatch.setattr("socket.socket.connect", refuse)
        with pytest.raises(OffError, match="connections are off"):
            await run.ask(question())
    assert run.usage.calls == 1


async def test_the_clips_time_ends_a_hanging_call_and_a_long_wait() -> None:
    with ScriptedServer(Script(latency_s=30)) as server:
        async with at(server, quick_settings(clip_deadline_s=0.4, call_timeout_s=60)) as run:
            begun = time.perf_counter()
            with pytest.raises(DeadlineError, match=r"clip_deadline_s = 0\.4 s"):
                await run.ask(question())
            with pytest.raises(DeadlineError):
                await run.ask(question("late"))
            assert time.perf_counter() - begun < 2
    with ScriptedServer(Script(plan=["429"], retry_after_s=50)) as server:
        async with at(server, quick_settings(clip_deadline_s=5)) as run:
            begun = time.perf_counter()
            with pytest.raises(DeadlineError, match="too many requests"):
                await run.ask(question())
            assert time.perf_counter() - begun < 2  # nobody waits for what cannot come in time


async def test_retry_after_is_heeded() -> None:
    with ScriptedServer(Script(plan=["429"], retry_after_s=0.6)) as server:
        async with at(server) as run:
            begun = time.perf_counter()
            answer = await run.ask(question())
    assert 0.6 <= time.perf_counter() - begun < 2.5
    assert (answer.usage.calls, answer.usage.retries) == (2, 1)
    assert run.records[0].faults == ("429",)


async def test_a_date_to_retry_after_is_heeded() -> None:
    from email.utils import formatdate

    with ScriptedServer(Script(plan=["429"], retry_after_s=formatdate(time.time() + 2, usegmt=True))) as server:
        async with at(server) as run:
            begun = time.perf_counter()
            await run.ask(question())
    assert 0.9 <= time.perf_counter() - begun < 4  # a date has whole seconds


async def test_what_a_server_repeats_of_the_question_is_not_told() -> None:
    told = [{"loc": ["body", "messages"], "msg": "Input should be a string", "input": "WORDS OF THE CLIP"}]
    with ScriptedServer(Script(plan=["422"] * 9, error_body={"detail": told})) as server:
        async with at(server) as run:
            with pytest.raises(EndpointError, match="Input should be a string") as raised:
                await run.ask(question())
    assert "WORDS" not in str(raised.value)


async def test_a_slow_call_is_ended_by_its_own_limit_and_tried_again() -> None:
    with ScriptedServer(Script(plan=["slow"], slow_s=8)) as server:
        async with at(server, quick_settings(call_timeout_s=0.5)) as run:
            answer = await run.ask(question())
    assert run.records[0].faults == ("time-out",)
    assert answer.usage.retries == 1


async def test_agents_may_have_models_of_their_own() -> None:
    with ScriptedServer() as general, ScriptedServer() as wise:
        settings = quick_settings(model="vllm:m", models={"judge": f"openai:wise@{wise.base_url}"})
        async with at(general, settings) as run:
            answers = await ask_all(run, [question(agent="face"), question(agent="judge")])
        assert [one.model for one in answers if not isinstance(one, BaseException)] == ["vllm:m", "openai:wise"]
    assert (general.seen.bodies[0]["model"], wise.seen.bodies[0]["model"]) == ("m", "wise")
    assert "max_completion_tokens" in wise.seen.bodies[0]


async def test_judges_that_vote_differ_by_seed_and_temperature() -> None:
    with ScriptedServer() as server:
        async with at(server, quick_settings(seed=10)) as run:
            await ask_all(run, [question(seed=seed) for seed in range(3)])
    asked = {(body["seed"], body["temperature"]) for body in server.seen.bodies}
    assert asked == {(10, 0.0), (11, 0.7), (12, 0.7)}


async def test_every_error_of_a_model_is_one_of_the_tree(tmp_path: Path) -> None:
    assert {AnswerError, DeadlineError, EndpointError, RefusedError, TruncatedError} <= set(ModelError.__subclasses__())
