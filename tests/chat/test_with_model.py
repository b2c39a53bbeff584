"""A conversation with a chat model behind a real server: what it may say, what it costs, and what never reaches it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from chat_script import SCRIPT, check
from servers.scripted import Script, ScriptedServer

from emer.agents.conversing.asked import WRITTEN_NOTE
from emer.chat import ChatSession
from emer.models import opening
from emer.models.least_answer import least
from emer.models.process import Process
from emer.schemas import Report

CHAT = "Your part: the conversation"
SAID = "p1 says “Honestly, I'm just so disappointed.”"
NOTHING: dict[str, Any] = {"danger": False, "tool": "none", "labels": [], "cues": [], "claims": [], "note": ""}


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PROCESS", Process())


class Talker:
    """A server that answers questions of the conversation with `answer`, all else with the least that fits."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] = {}
        self.server = ScriptedServer(Script(answer=self._text))

    def _text(self, body: dict[str, Any]) -> str:
        if CHAT in json.dumps(body["messages"]):
            return json.dumps({**NOTHING, **self.answer})
        return json.dumps(least(body["response_format"]["json_schema"]["schema"]))

    def begin(self, report: Report, **options: Any) -> ChatSession:
        return ChatSession.begin(report, model=f"openai:m@{self.server.base_url}", **options)


@pytest.fixture
def talker() -> Iterator[Talker]:
    made = Talker()
    with made.server:
        yield made


def test_only_what_its_cues_bear_is_told(talker: Talker, demo_report: Report) -> None:
    talker.answer = {"claims": [
        {"evidence": ["transcript-5"], "text": SAID},
        {"evidence": ["voice-5"], "text": "p1 bursts into tears at the piano"},
        {"evidence": ["voice-99"], "text": "The voice trembles"},
    ]}  # fmt: skip
    with talker.begin(demo_report) as session:
        reply = session.ask("why disappointed?")
    assert talker.server.seen.calls == 1
    assert [fact.cues for fact in reply.facts] == [["transcript-5"]]
    assert "bear it: 2 of 3" in reply.text
    assert "piano" not in reply.text
    assert reply.sent[0].to.startswith("http://127.0.0.1")
    check(reply, demo_report)


def test_a_tool_that_the_model_names_acts(talker: Talker, demo_report: Report) -> None:
    talker.answer = {"tool": "what_if", "modality": "voice"}
    with talker.begin(demo_report) as session:
        reply = session.ask("qwertz asdf, you know what I mean")
        assert reply.kind == "what_if"
        talker.answer = {"tool": "compare", "labels": ["disappointed", "angry"]}
        assert "rather than angry" in session.ask("hm, qwertz asdf").text


def test_judging_again_is_one_call_and_no_perception(talker: Talker, demo_report: Report) -> None:
    with talker.begin(demo_report) as session:  # no clip is at hand, so nothing can be measured
        reply = session.ask("what if we leave out the voice?")
    assert reply.kind == "what_if"
    assert talker.server.seen.calls == 1
    assert "voice-1" not in json.dumps(talker.server.seen.bodies)


def test_the_whole_conversation_with_a_model(talker: Talker, demo_report: Report) -> None:
    talker.answer = {
        "claims": [{"evidence": ["transcript-5"], "text": "p1 says “Honestly, I'm just so disappointed.”"}]
    }
    with talker.begin(demo_report) as session:
        for question, kind, _ in SCRIPT:
            reply = session.ask(question)
            assert reply.kind == kind or kind == "respond"
            assert reply.text
            if kind not in ("look", "listen"):
                check(reply, demo_report)
        assert len(session.turns) == len(SCRIPT)


def test_a_reply_of_the_model_names_its_strategy_and_its_reason(talker: Talker, demo_report: Report) -> None:
    talker.answer = {"reply": {
        "strategy": "reflection of feelings", "evidence": ["transcript-5"],
        "because": "p1 names the disappointment", "text": "That sounds like a real blow.",
    }}  # fmt: skip
    with talker.begin(demo_report) as session:
        reply = session.ask("what should I say to her?")
    assert reply.facts[0].text == "Reflection of feelings, because p1 names the disappointment [transcript-5]."
    assert reply.notes == ["Reply (reflection of feelings): That sounds like a real blow.", WRITTEN_NOTE]


def test_danger_reaches_no_model_and_what_a_model_finds_ends_the_talk(talker: Talker, demo_report: Report) -> None:
    said = demo_report.utterances[0].model_copy(update={"text": "I wish I were dead."})
    in_clip = demo_report.model_copy(update={"utterances": [said, *demo_report.utterances[1:]]})
    with talker.begin(in_clip) as session:
        assert session.ask("I want to kill myself").kind == "danger"
        assert session.ask("reply to her as her best friend").kind == "danger"
        assert talker.server.seen.calls == 0
    talker.answer = {"danger": True, "reply": {"strategy": "suggestion", "evidence": [], "because": "x", "text": "y"}}
    with talker.begin(demo_report) as session:
        reply = session.ask("qwertz: I will walk into the sea tonight and not come back")
        assert reply.kind == "danger"
        assert not reply.facts
        assert not re.search(r"Reply \(", reply.text)


def test_a_model_that_fails_leaves_the_offline_answer(demo_report: Report) -> None:
    with ChatSession.begin(demo_report, model="openai:m@http://127.0.0.1:9/v1", clip_deadline_s=2) as session:
        reply = session.ask("why disappointed?")
        assert reply.facts
        assert "this is the offline answer" in reply.text
        assert "That did not work" in session.ask("without the voice").text


def test_a_model_that_cannot_be_opened_leaves_it_too(demo_report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ChatSession.begin(demo_report, model="openai:gpt") as session:
        reply = session.ask("why disappointed?")
    assert reply.facts
    assert "OPENAI_API_KEY" in reply.text


def test_offline_wins_over_a_model(talker: Talker, demo_report: Report) -> None:
    with talker.begin(demo_report, offline=True) as session:
        assert session.ask("why?").facts
    assert talker.server.seen.calls == 0
