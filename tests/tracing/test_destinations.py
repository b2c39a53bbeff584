"""Where traces go: what the environment says, what hinders it, and what a collector and LangSmith really get."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.receiver import Received, receiver

from emer import doctor
from emer.config import load_settings
from emer.tracing import exporter
from emer.tracing.exporter import HTTP, Destination, destination
from emer.tracing.langsmith_runs import langsmith_place

PROGRAM = "from emer.cli import main; main()"
SECRET = "xylophone"
CUES = {"id": SECRET, "cues": [{"modality": "face", "text": f"a {SECRET}"}], "transcript": f"ANNA: My {SECRET}!"}
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture
def received() -> Iterator[Received]:
    with receiver() as one:
        yield one


def reason(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`emer reason` on cues that hold the secret word, with a model, in a process of its own."""
    cues = folder / "cues.json"
    cues.write_text(json.dumps(CUES), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "reason", str(cues), "--model", "fake:", "--json"],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip


def everything(url: str) -> dict[str, str]:
    """An environment that asks for both kinds of traces."""
    return {
        ENDPOINT: url,
        "LANGSMITH_TRACING": "true",
        "LANGSMITH_ENDPOINT": url,
        "LANGSMITH_API_KEY": "k",
        "LANGSMITH_HIDE_INPUTS": "false",
    }


def test_a_collector_and_langsmith_get_names_and_times_and_no_word(received: Received, tmp_path: Path) -> None:
    pytest.importorskip(exporter.PACKAGE, reason="needs the extra otel: make extra NAME=otel")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    done = reason(tmp_path, **everything(received.url))
    assert done.returncode == 0, done.stderr
    assert SECRET in done.stdout
    sent = [ExportTraceServiceRequest.FromString(body) for body in received.bodies("/v1/traces")]
    resources = [resource for one in sent for resource in one.resource_spans]
    services = {pair.value.string_value for one in resources for pair in one.resource.attributes}
    assert "emer" in services
    names = [span.name for one in resources for scope in one.scope_spans for span in scope.spans]
    assert {"emer", "judge", "ask_face", "chat "} <= set(names)
    runs = b"".join(received.bodies("/runs/multipart"))
    assert {b"emer", b"judge", b"ask_face", b"verify"} <= set(re.findall(rb'"name":"(\w+)"', runs))
    assert not [path for path, body in received.requests if SECRET.encode() in body]


def test_without_connections_nothing_is_sent_and_both_are_told(received: Received, tmp_path: Path) -> None:
    pytest.importorskip(exporter.PACKAGE, reason="needs the extra otel: make extra NAME=otel")
    done = reason(tmp_path, EMER_NO_NETWORK="1", **everything(received.url))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clip"]
    assert done.stderr.splitlines() == [
        f"emer: no spans are sent to {received.url}/v1/traces: connections are off (EMER_NO_NETWORK)",
        f"emer: no runs are sent to LangSmith at {received.url}: connections are off (EMER_NO_NETWORK)",
    ]
    assert received.requests == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://c:4318"}, None),
        ({"OTEL_SDK_DISABLED": "true", ENDPOINT: "http://c:4318"}, None),
        ({ENDPOINT: "http://me:pass@c:4318/"}, Destination("http://c:4318/v1/traces")),
        ({exporter.TRACES: "https://c/in?key=1"}, Destination("https://c/in")),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, Destination("http://localhost:4318/v1/traces")),
        ({"OTEL_TRACES_EXPORTER": "console"}, Destination("standard error")),
    ],
)
def test_what_the_environment_says(
    environment: dict[str, str], expected: Destination | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporter, "is_installed", lambda _: True)
    assert destination(load_settings(), environment) == expected


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "emer knows otlp, console and none"),
        ({ENDPOINT: "http://c:4317", exporter.PROTOCOLS[1]: "grpc"}, f"set {exporter.PROTOCOLS[1]}={HTTP}"),
        ({ENDPOINT: "http://c:4318"}, "make extra NAME=otel"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "make extra NAME=otel"),
    ],
)
def test_what_hinders_spans_is_told(environment: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporter, "is_installed", lambda _: False)
    to = destination(load_settings(), environment)
    assert to is not None
    assert told in str(to.obstacle)


def test_langsmith_is_on_only_where_it_was_turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_API_KEY", "k")
    assert langsmith_place() is None
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    assert langsmith_place() == "https://api.smith.langchain.com"
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "https://me:pass@smith.example/api")
    assert langsmith_place() == "https://smith.example/api"


def test_doctor_says_where_traces_go_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporter, "is_installed", lambda _: True)
    assert doctor._tracing() == "off"
    for name, value in everything("http://me:pass@c:4318").items():
        monkeypatch.setenv(name, value)
    assert doctor._tracing() == (
        "spans to http://c:4318/v1/traces; names and times of runs to LangSmith at http://c:4318"
    )


def test_what_does_not_arrive_is_one_line_without_the_key_and_the_run_is_whole(tmp_path: Path) -> None:
    with receiver() as gone:
        pass
    told = {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": gone.url, "LANGSMITH_API_KEY": "ls-0123456789"}
    done = reason(tmp_path, **told)
    assert done.returncode == 0
    assert json.loads(done.stdout)["clip"]
    assert done.stderr.splitlines() == [f"emer: not all runs for LangSmith at {gone.url} arrived"]


TALK = f"""
import langsmith
import emer
from emer.chat import ChatSession
langsmith.configure(enabled=True)
report = emer.reason({CUES!r})
with ChatSession.begin(report) as chat:
    chat.ask("why the {SECRET}?")
    chat._doors.judge(report)
"""


def test_a_conversation_and_what_a_program_turned_on_itself_hold_no_word_either(received: Received) -> None:
    """A program may turn LangSmith on around emer without the environment."""
    told = {"LANGSMITH_ENDPOINT": received.url, "LANGSMITH_API_KEY": "k", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", TALK], env={**os.environ, **told}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    runs = b"".join(received.bodies("/runs/multipart"))
    names = set(re.findall(rb'"name":"([^"]+)"', runs))
    assert {b"emer", b"emer talks", b"understand", b"emer judges again", b"verify"} <= names
    assert SECRET.encode() not in b"".join(body for _, body in received.requests)
