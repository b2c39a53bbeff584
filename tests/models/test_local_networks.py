"""Real networks on this machine: a random llama in this process and behind servers, with a grammar and without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from model_questions import Short, Verdict, ask_all, at, question, quick_settings
from pydantic import BaseModel, Field
from servers.scripted import Script, ScriptedServer, form

pytest.importorskip("torch", reason="needs the extra hf: make extra NAME=hf")
pytest.importorskip("transformers", reason="needs the extra hf: make extra NAME=hf")
pytest.importorskip("llguidance", reason="needs the extra hf: make extra NAME=hf")

from servers.tiny_llama import constrained_answers, write_network

from emer.errors import SetupError
from emer.models import Answer, Image, Text, open_model

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # torch's and transformers' own
    pytest.mark.timeout(240),
]


class Label(BaseModel):
    label: str = Field(max_length=8)


SAYS = '{"label":"glad","evidence":["face-1"]}'


@pytest.fixture(scope="module")
def random_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_network(tmp_path_factory.mktemp("random"))


@pytest.fixture(scope="module")
def taught_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_network(tmp_path_factory.mktemp("taught"), says=SAYS)


@pytest.mark.stress
async def test_a_random_llama_under_a_grammar_fits_every_schema(random_network: Path) -> None:
    """Through HTTP and the openai SDK: each question is answered at the first call."""
    n = 20 if os.environ.get("EMER_STRESS") else 6
    with ScriptedServer(Script(answer=constrained_answers(random_network))) as server:
        async with at(server, quick_settings(call_timeout_s=60)) as run:
            answers = await ask_all(run, [question(f"{seed}", seed=seed) for seed in range(n)])
    assert [type(one.value) for one in answers if isinstance(one, Answer)] == [Verdict] * n, answers
    assert server.seen.calls == n
    assert len({one.value.model_dump_json() for one in answers if isinstance(one, Answer)}) > n / 2  # it is random


async def test_a_local_network_decodes_under_the_schema_and_its_seed(random_network: Path) -> None:
    async def labels() -> list[str]:
        async with open_model(f"hf:{random_network}", quick_settings(call_timeout_s=60)) as run:
            answers = [await run.ask(question("w", Label, seed=seed)) for seed in (1, 2)]
        assert run.usage.calls == 2
        assert run.sent == []  # nothing left the process
        return [answer.value.label for answer in answers]

    first = await labels()
    assert first[0] != first[1]
    assert await labels() == first


async def test_a_local_network_that_does_not_see_goes_on_without(
    taught_network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emer.models import hf_backend

    # Under a grammar what is certain is decoded token by token, and this network knows its answer as one token.
    monkeypatch.setattr(hf_backend, "is_installed", lambda name: name != "llguidance")
    async with open_model(f"hf:{taught_network}", quick_settings(call_timeout_s=60)) as run:
        answer = await run.ask(question(schema=Short, parts=[Text("w"), Image(b"x", "frame at 1 s")]))
    assert answer.value == Short(label="glad", evidence=["face-1"])
    assert "does not see: frame at 1 s" in answer.warnings[0]


async def test_without_llguidance_the_schema_is_asked_for(
    taught_network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emer.models import hf_backend

    monkeypatch.setattr(hf_backend, "is_installed", lambda name: name != "llguidance")
    async with open_model(f"hf:{taught_network}", quick_settings(call_timeout_s=60)) as run:
        assert (await run.ask(question(schema=Short))).value.label == "glad"
    assert run.records[0].rung == "prompt"


@pytest.mark.parametrize("name", ["nobody/has-this", "no/such/folder/at/all", ""])
def test_weights_that_are_not_here_are_told_before_anything_is_asked(name: str) -> None:
    with pytest.raises(SetupError, match="not on this machine"):
        open_model(f"hf:{name}", quick_settings())


async def test_weights_that_are_not_whole_are_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    async with open_model(f"hf:{tmp_path}", quick_settings()) as run:
        with pytest.raises(SetupError, match="cannot be loaded"):
            await run.ask(question())


async def test_transformers_serve_which_ignores_formats(
    transformers_server: str, taught_network: Path, random_network: Path
) -> None:
    settings = quick_settings(call_timeout_s=60, max_output_tokens=64)
    async with open_model(f"openai:{taught_network}@{transformers_server}", settings) as run:
        answers = await ask_all(run, [question(f"{n}", Short) for n in range(3)])
        assert [one.value.label for one in answers if isinstance(one, Answer)] == ["glad"] * 3, answers
    async with open_model(f"openai:{random_network}@{transformers_server}", settings) as run:
        answers = await ask_all(run, [question("w", Short)])
    assert type(answers[0]).__name__ in ("AnswerError", "TruncatedError")  # a random network writes no JSON
    assert 2 <= run.usage.calls <= 8


async def test_a_server_that_answers_in_prose_around_its_json() -> None:
    def reads(_: object) -> str:
        return f"Of course. I would say:\n\n{SAYS}\n\nDo you want to hear more?"

    with ScriptedServer(Script(formats=["none"], answer=reads)) as server:
        async with at(server) as run:
            answers = await ask_all(run, [question(f"{n}", Short) for n in range(3)])
    assert [one.value.label for one in answers if isinstance(one, Answer)] == ["glad"] * 3
    assert form(server.seen.bodies[-1]) == "none"
