"""A conversation as HTML."""

from __future__ import annotations

from emer.agents.conversing.request import Fact, Reply
from emer.web.talk import as_html


def test_answers_name_their_cues_and_stay_words() -> None:
    reply = Reply(kind="why", facts=[Fact(text="She says <b>so</b> [face-1] and [other-2].", cues=["face-1"])])
    html = as_html([("<i>why?", reply)], {"face-1"}, pending="and?", doing="looking again")
    assert '<b class="emer-face">face-1</b>' in html
    assert "[other-2]" in html
    assert "&lt;b&gt;so&lt;/b&gt;" in html
    assert "&lt;i&gt;why?" in html
    assert "looking again …" in html


def test_before_the_first_question_it_says_what_can_be_asked() -> None:
    assert "Ask about this Report" in as_html([], set())
