"""The graph: order, failure and time-outs of the specialists, run through the public door."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace

import pytest

import emer
from emer.agents import graph as wiring
from emer.agents.state import Observation, Services
from emer.errors import InputError, ToolError
from emer.schemas import Clip, Report, Utterance

TEXT = "ANNA: I am so disappointed. They gave the job to somebody else!\nBEN: Oh no, I'm sorry.\n"
Observe = Callable[[Clip, Sequence[Utterance], Services], Observation]


@pytest.fixture(autouse=True)
def _fresh_graphs() -> Iterator[None]:
    wiring.build_graph.cache_clear()
    yield
    wiring.build_graph.cache_clear()


def _wrap(monkeypatch: pytest.MonkeyPatch, name: str, wrapper: Callable[[Observe], Observe]) -> None:
    """Puts `wrapper` around the real specialist `name`."""
    module = importlib.import_module(wiring.SPECIALISTS[name].module)
    monkeypatch.setattr(module, "observe", wrapper(module.observe))


def _bytes(report: Report) -> str:
    return report.model_copy(update={"provenance": report.provenance.model_copy(update={"timings_s": {}})}).to_json()


def test_the_order_in_which_parallel_agents_finish_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = _bytes(emer.analyze(text=TEXT, context="A talk at work."))
    for slow in ("transcript", "context", "voice"):
        with monkeypatch.context() as patch:

            def delayed(observe: Observe) -> Observe:
                def late(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
                    time.sleep(0.2)
                    return observe(clip, utterances, services)

                return late

            _wrap(patch, slow, delayed)
            assert _bytes(emer.analyze(text=TEXT, context="A talk at work.")) == reference


@pytest.mark.parametrize("error", [ToolError("the decoder gave up"), ZeroDivisionError("oops"), MemoryError()])
def test_a_failed_specialist_is_missing_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def failing(observe: Observe) -> Observe:
        def fail(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
            raise error

        return fail

    _wrap(monkeypatch, "context", failing)
    report = emer.analyze(text=TEXT, context="A talk at work.")
    why = {missing.modality: missing.why for missing in report.missing}
    assert str(error) in why["context"]
    assert report.emotions, "the words are still there"


def test_a_specialist_that_hangs_is_missing_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def hanging(observe: Observe) -> Observe:
        def hang(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
            time.sleep(20)
            return observe(clip, utterances, services)

        return hang

    emer.analyze(text=TEXT, cache=False)  # whatever is loaded once is loaded
    _wrap(monkeypatch, "context", hanging)
    begun = time.monotonic()
    report = emer.analyze(text=TEXT, specialist_timeout_s=3.0)
    assert time.monotonic() - begun < 12
    assert "time limit" in {missing.modality: missing.why for missing in report.missing}["context"]


def test_a_judge_that_fails_leaves_the_cues_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("no verdict")

    monkeypatch.setattr("emer.agents.judge.judge", broken)
    report = emer.analyze(text=TEXT)
    assert report.cues
    assert not report.emotions
    assert any("judge" in warning and "no verdict" in warning for warning in report.warnings)


def test_an_unverified_verdict_never_reaches_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("no check")

    monkeypatch.setattr("emer.agents.verify.verify", broken)
    report = emer.analyze(text=TEXT)
    assert not report.emotions
    assert not report.reasoning
    assert any("verify" in warning for warning in report.warnings)


async def test_stream_tells_who_started_what_was_found_and_ends_with_the_report() -> None:
    events = [event async for event in emer.stream(text=TEXT)]
    kinds = [event.kind for event in events]
    assert {event.agent for event in events if event.kind == "started"} == set(wiring.SPECIALISTS)
    assert "cue" in kinds
    assert "verdict" in kinds
    assert kinds[-1] == "report"
    assert kinds.count("report") == 1


def test_the_table_of_specialists_is_the_only_list_of_them() -> None:
    drawn = wiring.build_graph().get_graph().nodes
    assert set(wiring.SPECIALISTS) <= set(drawn)
    with pytest.raises(InputError, match="unknown specialist 'body'"):
        wiring.build_graph(("body",))


async def test_langgraphs_own_tools_open_the_graph() -> None:
    graph = wiring.studio()
    state = await graph.ainvoke({"clip": _text_clip(), "utterances": [{"id": "u1", "text": "I am so happy!"}]})
    assert Report.model_validate(state["report"]).cues


def _text_clip() -> dict[str, str]:
    return Clip(id="sha256:0", source="-", kind="text").model_dump(mode="json")


def test_the_wiring_has_a_line_for_a_new_specialist(monkeypatch: pytest.MonkeyPatch) -> None:
    def observe(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
        return Observation(warnings=["the body was looked at"])

    monkeypatch.setitem(wiring.SPECIALISTS, "body", wiring.Entry("tests_body", biometric=True))
    monkeypatch.setitem(__import__("sys").modules, "tests_body", SimpleNamespace(observe=observe))
    assert "the body was looked at" in emer.analyze(text=TEXT).warnings
