"""The small parts: names of models, refusals in the words of real endpoints, answers in prose, strict schemas."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from model_questions import Short, Verdict
from pydantic import BaseModel, Field

from emer.errors import InputError
from emer.models.backend import Rejected
from emer.models.endpoint_traits import Traits
from emer.models.ladder import next_form
from emer.models.least_answer import least
from emer.models.reading import read_answer
from emer.models.schema_forms import in_words, is_closed, strict_schema
from emer.models.spec import ModelSpec, parse_spec


@pytest.mark.parametrize(
    ("spec", "base_url", "expected"),
    [
        ("openai:gpt-4.1-mini", None, ("openai", "gpt-4.1-mini", "https://api.openai.com/v1")),
        ("ollama:qwen2.5:7b", None, ("ollama", "qwen2.5:7b", "http://127.0.0.1:11434/v1")),
        ("vllm:org/name", "http://h:1/v1/", ("vllm", "org/name", "http://h:1/v1")),
        ("llamacpp:x@https://h/v1", "http://other/v1", ("llamacpp", "x", "https://h/v1")),
        ("openai:@cf/meta/llama", "http://h/v1", ("openai", "@cf/meta/llama", "http://h/v1")),
        ("hf:/some/folder", "http://h/v1", ("hf", "/some/folder", None)),
        ("fake:", None, ("fake", "", None)),
    ],
)
def test_the_name_of_a_model(spec: str, base_url: str | None, expected: tuple[str, str, str | None]) -> None:
    assert parse_spec(spec, base_url) == ModelSpec(*expected)


@pytest.mark.parametrize("spec", ["gpt-4", "azure:gpt", "openai:", "", "vllm:m@ftp://h"])
def test_a_model_that_cannot_be_meant(spec: str) -> None:
    if spec == "vllm:m@ftp://h":
        assert parse_spec(spec).name == "m@ftp://h"  # an @ before anything but an HTTP URL belongs to the name
        return
    with pytest.raises(InputError, match=r"PROVIDER:MODEL|no name"):
        parse_spec(spec)
    with pytest.raises(InputError, match="no http"):
        parse_spec("vllm:m", "h:8000")


def test_an_unknown_provider_lists_the_known() -> None:
    with pytest.raises(InputError, match="openai, vllm, ollama, llamacpp, hf, fake"):
        parse_spec("claude:x")


def test_a_password_in_an_address_is_not_shown() -> None:
    spec = parse_spec("vllm:m@http://me:secret@host:8000/v1")
    assert spec.place == "http://host:8000/v1"
    assert "secret" not in str(spec)


SEES = frozenset({"image"})
# What endpoints say, shortened; each from the error that its server sends.
REFUSALS: list[tuple[int, str, str, frozenset[Any], Traits]] = [
    (400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
     "max_tokens", frozenset(), Traits(omitted=frozenset({"max_tokens"}))),
    (400, "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is supported.",
     "temperature", frozenset(), Traits(omitted=frozenset({"temperature"}))),
    (400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
     "response_format", frozenset(), Traits("json_object_schema")),
    (400, "This response_format type is unavailable now", "", SEES, Traits("json_object_schema")),
    (500, "Failed to initialize samplers: failed to parse grammar", "", frozenset(), Traits("json_object_schema")),
    (500, "image input is not supported - hint: you may need to provide the mmproj", "", SEES, Traits(omitted=SEES)),
    (400, "m is not a multimodal model", "", SEES, Traits(omitted=SEES)),
    (400, "At most 0 image(s) may be provided in one request.", "", SEES, Traits(omitted=SEES)),
    (422, "Input should be a valid string", "", SEES, Traits(omitted=SEES)),
    (400, "bad request", "", frozenset(), Traits("json_object_schema")),
    (400, "'max_tokens' or 'max_completion_tokens' is too large: 4096. The maximum context length is 2048 tokens",
     "", frozenset(), Traits(omitted=frozenset({"max_tokens"}))),
]  # fmt: skip


@pytest.mark.parametrize(("status", "said", "about", "media", "expected"), REFUSALS)
def test_what_is_left_out_after_a_refusal(
    status: int, said: str, about: str, media: frozenset[Any], expected: Traits
) -> None:
    assert next_form(Traits(), Rejected(status, said, about=about), media=media) == expected


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        (Traits(), 400, "This model's maximum context length is 8192 tokens, the messages have 9000"),
        (Traits(), 413, "Payload too large"),
        (Traits("prompt"), 400, "bad request"),
    ],
)
def test_when_there_is_nothing_to_leave_out(form: Traits, status: int, said: str) -> None:
    assert next_form(form, Rejected(status, said), media=frozenset()) is None


GLAD = '{"label": "glad", "evidence": ["face-1"]}'


@pytest.mark.parametrize(
    "text",
    [
        GLAD,
        f"```json\n{GLAD}\n```",
        f"Here is {{my}} answer:\n{GLAD}\nI hope that helps {{}}.",
        f'<think>Is it {{"label": "sad", "evidence": []}}? No.</think>{GLAD}',
        f'First {{"label": "unfit"}}, then {GLAD}',
        f'{{"broken": {GLAD}',
    ],
)
def test_an_answer_is_found_in_what_stands_around_it(text: str) -> None:
    assert read_answer(text, Short) == Short(label="glad", evidence=["face-1"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("I cannot see.", "no JSON object"),
        (GLAD[:20], "not valid JSON"),
        ('{"label": 3, "evidence": "secret words"}', "label: Input should be a valid string; evidence: "),
        ("{" * 5000, "not valid JSON"),
        ('{"label": "x", "evidence": ' + "[" * 3000 + "]" * 3000 + "}", "evidence.0: |not valid JSON"),
    ],
)
def test_an_answer_that_is_none_is_told_without_its_words(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        read_answer(text, Short)
    assert "secret" not in str(raised.value)


class Inner(BaseModel):
    title: str = Field(default="x", title="A title")
    default: int = 3


class Outer(BaseModel):
    one: Inner = Field(description="the first")
    many: list[Inner] = []
    free: str | None = None


class Open(BaseModel):
    named: dict[str, float]


def test_a_strict_schema_closes_objects_and_requires_all() -> None:
    schema = strict_schema(Outer)
    assert schema["required"] == ["one", "many", "free"]
    assert schema["additionalProperties"] is False
    one = schema["properties"]["one"]
    assert "$ref" not in one  # a reference beside a description is written out
    assert one["required"] == ["title", "default"]  # properties that are called like keywords stay
    assert one["properties"]["default"] == {"type": "integer"}
    assert one["description"] == "the first"
    assert (is_closed(Outer), is_closed(Open)) == (True, False)
    assert json.loads(in_words(Outer).partition("JSON Schema:\n")[2]) == schema


@pytest.mark.parametrize("model", [Verdict, Short, Outer, Open])
def test_the_least_answer_fits_its_schema(model: type[BaseModel]) -> None:
    for schema in (strict_schema(model), model.model_json_schema()):
        value = least(schema)
        jsonschema.validate(value, schema)
        model.model_validate(value)


def test_the_least_answer_of_bounds_by_hand() -> None:
    ranges = {"minimum": 2, "maximum": 5, "type": "integer"}, {"maximum": -1, "type": "number"}
    assert [least(one) for one in ranges] == [2, -1]
    assert least({"type": "array", "minItems": 2, "items": {"type": "string", "minLength": 3}}) == ["---"] * 2
    assert least({"anyOf": [{"type": "string"}, {"type": "null"}]}) is None
