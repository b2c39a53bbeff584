"""Spans of a run: which there are, whose child each is, what they say, and that no word of the clip is among it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pytest
from servers.scripted import Script, ScriptedServer

pytest.importorskip("opentelemetry.sdk.trace")
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import emer
from emer.agents.graph import STEPS
from emer.tracing import spans

SECRET = "xylophone"
CUES = {
    "id": f"{SECRET}-7",
    "cues": [{"modality": "face", "text": f"brows lowered at the {SECRET}"}],
    "transcript": f"ANNA: They took my {SECRET}!",
    "context": f"About a {SECRET}.",
}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> TracerProvider:
    """A tracer provider as a program sets one; it can be set but once in a process, so it is put into its place."""
    made = TracerProvider()
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", made)
    return made


@pytest.fixture
def exported(provider: TracerProvider) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


def one(found: Sequence[ReadableSpan], name: str) -> ReadableSpan:
    (span,) = [span for span in found if span.name == name]
    return span


def parent(span: ReadableSpan, found: Sequence[ReadableSpan]) -> str | None:
    names = {one.context.span_id: one.name for one in found if one.context}
    return names.get(span.parent.span_id) if span.parent else None


def test_a_run_has_a_span_each_node_one_in_it_and_each_call_one_in_its_node(exported: InMemorySpanExporter) -> None:
    with ScriptedServer(Script(plan=["429"])) as server:
        report = emer.reason(CUES, model=f"vllm:tiny@{server.base_url}", effort="quick", answer_cache_mb=0)
    found = exported.get_finished_spans()
    nodes = {"transcript", "context", "gather", "cause", "recall", "judge", "verify", "report"}
    assert {span.name for span in found} == {"emer", "chat tiny", *nodes}
    assert {parent(one(found, name), found) for name in nodes} == {"emer"}
    calls = [span for span in found if span.name == "chat tiny"]
    assert len(calls) == report.provenance.usage.calls == 2
    assert [parent(call, found) for call in calls] == ["judge", "judge"]
    assert {parent(one(found, "emer"), found)} == {None}
    refused, answered = (dict(call.attributes or {}) for call in calls)
    assert refused["error.type"] == "429"
    assert answered == {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "vllm", "gen_ai.request.model": "tiny",
        "gen_ai.request.max_tokens": 4096, "gen_ai.request.temperature": 0.0, "gen_ai.request.seed": 0,
        "gen_ai.output.type": "json", "gen_ai.agent.name": "judge", "emer.rung": "json_schema",
        "server.address": "127.0.0.1", "server.port": int(server.base_url.split(":")[2].removesuffix("/v1")),
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": report.provenance.usage.input_tokens,
        "gen_ai.usage.output_tokens": report.provenance.usage.output_tokens,
    }  # fmt: skip
    assert dict(one(found, "emer").attributes or {}) == {
        "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "emer", "emer.clip.kind": "cues",
        "emer.effort": "quick", "emer.mode": "model",
    }  # fmt: skip


@pytest.mark.parametrize("effort", ["standard", "thorough"])
def test_no_word_of_the_clip_is_in_any_span(effort: str, exported: InMemorySpanExporter) -> None:
    report = emer.reason(CUES, model="fake:", effort=effort)
    assert SECRET in report.to_json()
    told = "".join(span.to_json() for span in exported.get_finished_spans())
    assert "gen_ai.agent.name" in told
    assert SECRET not in told
    assert report.clip.id not in told


def test_of_an_error_its_kind_is_told_and_not_its_message(
    exported: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError(f"cannot use {SECRET!r}")

    monkeypatch.setitem(STEPS, "recall", fails)
    assert [text for text in emer.reason(CUES).warnings if SECRET in text]
    recall = one(exported.get_finished_spans(), "recall")
    assert (recall.attributes or {})["error.type"] == "ValueError"
    assert not recall.status.is_ok
    assert SECRET not in recall.to_json()


def test_the_span_of_a_run_is_the_child_of_the_callers(
    provider: TracerProvider, exported: InMemorySpanExporter
) -> None:
    with provider.get_tracer("theirs").start_as_current_span("their work"):
        emer.reason(CUES)
    found = exported.get_finished_spans()
    assert parent(one(found, "emer"), found) == "their work"


async def test_a_stream_that_is_left_early_ends_its_span_without_an_error(exported: InMemorySpanExporter) -> None:
    events = emer.stream(text="They took it!")
    await anext(events)
    await events.aclose()
    run = one(exported.get_finished_spans(), "emer")
    assert run.end_time is not None
    assert "error.type" not in (run.attributes or {})


def test_without_a_provider_there_is_no_span_and_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.trace")
    with spans.analysis_span("emer", {}) as (span, note), spans.node_span("face", {}, within=span) as other:
        note({"a": 1})
        other({"b": 2})
    assert span is None
    assert "opentelemetry.trace" not in sys.modules
