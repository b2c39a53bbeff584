"""A reply by a strategy, with its reason; templates say that they are templates."""

from __future__ import annotations

import re

import pytest

from emer import analyze, reason
from emer.agents.conversing.responding import TEMPLATE_NOTE
from emer.chat import ChatSession
from emer.schemas import Report


def _reply(report: Report, text: str) -> str:
    with ChatSession.begin(report) as session:
        reply = session.ask(text)
        assert reply.kind == "respond"
        assert TEMPLATE_NOTE in reply.notes
        cues = {cue.id for cue in report.cues}
        assert all(set(fact.cues) <= cues and fact.cues for fact in reply.facts)
        return reply.text


@pytest.mark.parametrize(
    ("asked", "strategy"),
    [
        ("reply with a question", "question"),
        ("reply by restating", "restatement"),
        ("reply with a reflection of feelings", "reflection of feelings"),
        ("reply with self-disclosure", "self-disclosure"),
        ("reply with an affirmation", "affirmation"),
        ("reply with a suggestion", "suggestion"),
        ("reply with some information", "information"),
    ],
)
def test_each_strategy_can_be_asked_for(asked: str, strategy: str) -> None:
    told = _reply(analyze(text="ANNA: I am so disappointed. They gave the job to somebody else!"), asked)
    assert f"Reply ({strategy}):" in told
    assert "because you asked for it, and p1" in told


def test_what_is_pleasant_is_affirmed_and_what_is_not_is_reflected() -> None:
    happy = _reply(
        analyze(text="ANNA: I am so happy, I got the job! Thank you, thank you!"), "what should I say to her?"
    )
    assert re.search(r"^Affirmation, because p1 .*\[transcript-\d+\]", happy)
    sad = _reply(analyze(text="ANNA: I am so sad. My dog died."), "how can I comfort her?")
    assert re.search(r"Reply \((reflection of feelings|question)\)", sad)


def test_where_nothing_is_concluded_the_kind_thing_is_to_ask() -> None:
    told = _reply(reason([{"modality": "context", "text": "a desk with a lamp"}]), "how should I reply?")
    assert "Reply (question):" in told


def test_nobody_is_told_that_emer_has_a_life() -> None:
    told = _reply(analyze(text="ANNA: I am so sad. My dog died."), "reply with self-disclosure")
    assert "[a true story of yours" in told
