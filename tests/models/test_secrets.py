"""What nobody may find: a key at another's endpoint, a key, a prompt or a picture in a log, a record or a message."""

from __future__ import annotations

import json
import logging

import pytest
from model_questions import ask_all, at, question, quick_settings
from servers.scripted import Script, ScriptedServer

from emer.config import load_settings
from emer.errors import EndpointError, InputError, SetupError
from emer.models import Image, Text, configured_model, open_model


def test_a_key_in_the_environment_names_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    assert configured_model(load_settings()) is None
    assert configured_model(load_settings(model="openai:x", offline=True)) is None
    assert configured_model(load_settings(model="openai:x")) is not None


async def test_openais_key_goes_to_openai_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, f"from-{name}")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # names no endpoint of ours
    with ScriptedServer() as server:
        for provider in ("openai", "vllm"):
            async with at(server, provider=provider) as run:
                await run.ask(question(provider))
        async with at(server, quick_settings(api_key="given")) as run:
            await run.ask(question())
    assert "from-" not in json.dumps(server.seen.headers)
    assert [headers["authorization"] for headers in server.seen.headers] == ["Bearer none"] * 2 + ["Bearer given"]


def test_without_a_key_openai_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SetupError, match="OPENAI_API_KEY or EMER_API_KEY"):
        open_model("openai:m", quick_settings())
    open_model("openai:m", quick_settings(api_key="given"))


async def test_no_key_no_words_and_no_picture_reach_a_log_a_record_or_a_message(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMER_API_KEY", "sk-very-secret")
    caplog.set_level(logging.DEBUG)
    secrets = ["sk-very-secret", "WORDS-OF-THE-CLIP", "You weigh evidence", "V09SRFM"]
    parts = [Text("WORDS-OF-THE-CLIP"), Image(b"WORDS-OF-THE-CLIP", "frame at 1 s")]
    plans = [["ok"], ["429", "500", "prose", "wrong schema", "prose", "prose"], ["401"], ["refusal"]]
    shown = []
    for plan in plans:
        with ScriptedServer(Script(plan=plan)) as server:
            settings = quick_settings()
            async with at(server, settings) as run:
                answers = await ask_all(run, [question(parts=parts)])
                shown += [json.dumps(record.to_json()) for record in run.records]
            shown += [str(one) for one in answers if isinstance(one, Exception)] + [repr(settings), str(settings)]
            assert "sk-very-secret" in server.seen.headers[0]["authorization"]
    shown.append(caplog.text)
    assert "tri" in caplog.text  # the retries are logged
    assert not [secret for secret in secrets for text in shown if secret in text]


async def test_a_key_that_the_endpoint_repeats_is_masked() -> None:
    with ScriptedServer(Script(plan=["401"], error="Incorrect API key provided: sk-abc")) as server:
        async with at(server, quick_settings(api_key="sk-abc")) as run:
            with pytest.raises(EndpointError, match=r"Incorrect API key provided: \*\*\*"):
                await run.ask(question())


def test_a_setting_that_is_wrong_does_not_show_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMER_API_KEY", "sk-very-secret")
    monkeypatch.setenv("EMER_MODEL_JUDGE", "openai:x")
    with pytest.raises(InputError) as raised:
        load_settings()
    assert "sk-very-secret" not in str(raised.value)
    assert "sk-very-secret" not in str(raised.value.__cause__)


async def test_a_redirect_to_another_host_is_not_followed() -> None:
    with ScriptedServer(Script(plan=["307"])) as server:
        async with at(server) as run:
            with pytest.raises(EndpointError, match="HTTP 307"):
                await run.ask(question())
    assert server.seen.calls == 1
