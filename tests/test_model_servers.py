"""Whole analyses against real servers: a llama under a grammar, one without formats, one that only knows prose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from servers.scripted import Script, ScriptedServer

import emer
from emer.schemas import Report

pytestmark = pytest.mark.filterwarnings("ignore")  # torch's own, some in the thread of the server
SCHEMA = Report.model_json_schema(by_alias=True)
CUES = {
    "cues": [
        {"modality": "face", "text": "brows lowered, lips pressed", "anchor": {"start_s": 0.5, "end_s": 1.5}},
        {"modality": "voice", "text": "louder than the rest of this recording"},
    ],
    "transcript": "ANNA: They gave it to somebody else!\nBEN: I am sorry to hear that.",
    "context": "A talk between friends.",
}


def _report(server: ScriptedServer, **options: Any) -> Report:
    report = emer.reason(CUES, model=f"openai:m@{server.base_url}", answer_cache_mb=0, **options)
    jsonschema.validate(report.model_dump(mode="json", by_alias=True), SCHEMA)
    cues = {cue.id for cue in report.cues}
    assert report.cited() <= cues
    return report


@pytest.mark.parametrize("effort", ["quick", "standard", "thorough"])
def test_a_random_llama_under_a_grammar_ends_in_a_valid_report(effort: str, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the extra hf: make extra NAME=hf")
    pytest.importorskip("llguidance", reason="needs the extra hf: make extra NAME=hf")
    from servers.tiny_llama import constrained_answers, write_network

    with ScriptedServer(Script(answer=constrained_answers(write_network(tmp_path)))) as server:
        report = _report(server, effort=effort)
    assert report.provenance.mode == "model"
    assert report.provenance.usage.calls == server.seen.calls


@pytest.mark.parametrize("effort", ["quick", "standard", "thorough"])
def test_a_server_that_takes_no_format_and_wraps_its_json_in_prose(effort: str) -> None:
    from servers.scripted import schema_of

    from emer.models.least_answer import least

    def answer(asked: dict[str, Any]) -> str:
        import json

        return f"Certainly. Here it is:\n```json\n{json.dumps(least(schema_of(asked) or {}))}\n```\nAnything else?"

    with ScriptedServer(Script(formats=["none"], answer=answer)) as server:
        report = _report(server, effort=effort)
    assert report.provenance.mode == "model"


@pytest.mark.parametrize("effort", ["quick", "standard", "thorough"])
def test_a_server_that_knows_only_prose_and_offline_reasoning_where_it_is_allowed(effort: str) -> None:
    with ScriptedServer(Script(ignores_format=True, answer=lambda _: "A rather angry talk.")) as server:
        with pytest.raises(emer.ModelError):
            _report(server, effort=effort)
        report = _report(server, effort=effort, fallback="offline")
    assert report.emotions
    assert report.warnings
