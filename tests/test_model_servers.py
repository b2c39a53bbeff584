"""Whole analyses against real servers: a llama under a grammar, `transformers serve`, no formats, prose alone."""

from __future__ import annotations

import json
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


EFFORTS = pytest.mark.parametrize("effort", ["quick", "standard", "thorough"])
SPECIALISTS = ("cause", "context", "face", "transcript", "voice")


def _report(server: ScriptedServer, **options: Any) -> Report:
    return _valid(model=f"openai:m@{server.base_url}", **options)


def _valid(**options: Any) -> Report:
    report = emer.reason(CUES, answer_cache_mb=0, **options)
    jsonschema.validate(report.model_dump(mode="json", by_alias=True), SCHEMA)
    cues = {cue.id for cue in report.cues}
    assert report.cited() <= cues
    return report


@EFFORTS
def test_a_random_llama_under_a_grammar_ends_in_a_valid_report(effort: str, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the extra hf: make extra NAME=hf")
    pytest.importorskip("llguidance", reason="needs the extra hf: make extra NAME=hf")
    from servers.tiny_llama import constrained_answers, write_network

    with ScriptedServer(Script(answer=constrained_answers(write_network(tmp_path)))) as server:
        report = _report(server, effort=effort)
    assert report.provenance.mode == "model"
    assert report.provenance.usage.calls == server.seen.calls


VERDICT = {
    "cases": [], "observations": [], "conflicts": [], "rivals": [], "inferences": [],
    "emotions": [{"id": "e1", "evidence": ["face-1", "voice-1"], "label": "angry", "intensity": 0.7, "confidence": 0.5,
                  "valence": -0.6, "arousal": 0.6, "dominance": 0.2}],
    "conclusions": [{"evidence": ["face-1", "voice-1"], "supports": ["e1"],
                     "claim": "The brows are lowered and the voice is louder than the rest of this recording"}],
    "causes": [], "abstained": [], "summary": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that writes random letters."""
    pytest.importorskip("torch", reason="needs the extra hf: make extra NAME=hf")
    from servers.tiny_llama import ENDS, write_network

    return write_network(tmp_path_factory.mktemp("noise"), template=ENDS)


@pytest.fixture(scope="module")
def one_judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that says one verdict, whatever it is asked."""
    pytest.importorskip("torch", reason="needs the extra hf: make extra NAME=hf")
    from servers.tiny_llama import ENDS, write_network

    return write_network(tmp_path_factory.mktemp("judge"), says=json.dumps(VERDICT), template=ENDS)


@EFFORTS
def test_transformers_serve_with_a_network_that_writes_noise(
    effort: str, transformers_server: str, noise: Path, tmp_path: Path
) -> None:
    """It takes every format and heeds none, so each agent ends with the schema in words; whose model failed is told."""
    trace = tmp_path / "trace.json"
    report = _valid(
        model=f"openai:{noise}@{transformers_server}",
        effort=effort, fallback="offline", max_output_tokens=16, trace=trace,
    )  # fmt: skip
    assert report.provenance.mode == "offline"
    assert report.emotions
    asked = ["judge"] if effort == "quick" else [*SPECIALISTS, "judge"]
    for agent in asked:
        assert sum(text.startswith(f"The model of the {agent}") for text in report.warnings) == 1, report.warnings
    calls = json.loads(trace.read_text(encoding="utf-8"))["calls"]
    assert {call["agent"] for call in calls} == set(asked)
    assert {call["rung"] for call in calls} == {"json_object"}
    assert {call["error"] for call in calls} <= {"AnswerError", "TruncatedError"}
    assert report.provenance.usage.calls == sum(call["usage"]["calls"] for call in calls) >= 2 * len(calls)


@EFFORTS
def test_transformers_serve_with_a_judge_that_can_write(
    effort: str, transformers_server: str, noise: Path, one_judge: Path
) -> None:
    report = _valid(
        model=f"openai:{noise}@{transformers_server}", models={"judge": f"openai:{one_judge}@{transformers_server}"},
        effort=effort, max_output_tokens=16,
    )  # fmt: skip
    assert report.provenance.mode == "model"
    assert [one.label for one in report.emotions] == ["angry"]
    assert report.emotions[0].confidence_basis == ("agreement:3" if effort == "thorough" else "uncalibrated")
    failed = sorted(text.split(" ")[4] for text in report.warnings if text.startswith("The model of the "))
    assert failed == {"quick": [], "standard": [*SPECIALISTS], "thorough": sorted([*SPECIALISTS, "critic"])}[effort]


@EFFORTS
def test_a_server_that_takes_no_format_and_wraps_its_json_in_prose(effort: str) -> None:
    from servers.scripted import schema_of

    from emer.models.least_answer import least

    def answer(asked: dict[str, Any]) -> str:
        return f"Certainly. Here it is:\n```json\n{json.dumps(least(schema_of(asked) or {}))}\n```\nAnything else?"

    with ScriptedServer(Script(formats=["none"], answer=answer)) as server:
        report = _report(server, effort=effort)
    assert report.provenance.mode == "model"


@EFFORTS
def test_a_server_that_knows_only_prose_and_offline_reasoning_where_it_is_allowed(effort: str) -> None:
    with ScriptedServer(Script(ignores_format=True, answer=lambda _: "A rather angry talk.")) as server:
        with pytest.raises(emer.ModelError):
            _report(server, effort=effort)
        report = _report(server, effort=effort, fallback="offline")
    assert report.emotions
    assert report.warnings
