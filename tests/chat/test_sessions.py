"""Conversations are kept: listed, resumed, forgotten, broken off, and killed in the middle of a turn."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emer.chat import ChatSession, forget_session, list_sessions
from emer.chat.session import BrokenOffError
from emer.errors import InputError, ToolError
from emer.schemas import Report

KILLS = 30 if os.environ.get("EMER_STRESS") else 3
TALKER = """
import sys
from emer.chat import ChatSession
session = ChatSession.resume(sys.argv[1])
for turn in range(1000):
    session.ask("no, she is embarrassed" if turn % 3 == 0 else "yes" if turn % 3 == 1 else "why disappointed?")
    print(len(session.turns), flush=True)
"""


def _folder() -> Path:
    return Path(os.environ["EMER_CHATS_DIR"])


def test_sessions_are_listed_resumed_and_forgotten(demo_report: Report) -> None:
    with ChatSession.begin(demo_report) as first:
        first.ask("why not fear?")
    with ChatSession.begin(demo_report) as second:
        second.ask("when is she disappointed?")
        second.ask("and why?")
    assert [(one.id, one.n_turns) for one in list_sessions(_folder())] == [(second.id, 2), (first.id, 1)]
    with ChatSession.resume(first.id[:6]) as again:
        assert again.report == demo_report
        assert [question for question, _ in again.turns] == ["why not fear?"]
        again.ask("who?")
    assert list_sessions(_folder())[0].n_turns == 2
    forget_session(_folder(), second.id)
    assert [one.id for one in list_sessions(_folder())] == [first.id]
    with pytest.raises(InputError, match="no conversation"):
        ChatSession.resume(second.id)
    with pytest.raises(InputError, match="no conversation"):
        ChatSession.resume("")


def test_nothing_of_a_forgotten_conversation_is_left_on_disk(demo_report: Report) -> None:
    with ChatSession.begin(demo_report) as session:
        session.ask("no, she is embarrassed because of the xylophone")
    assert any(b"xylophone" in path.read_bytes() for path in _folder().iterdir())
    forget_session(_folder(), session.id)
    assert not any(b"xylophone" in path.read_bytes() for path in _folder().iterdir())
    assert not any(b"prize to somebody" in path.read_bytes() for path in _folder().iterdir())


def test_only_the_user_may_read_what_is_kept(demo_report: Report) -> None:
    with ChatSession.begin(demo_report) as session:
        session.ask("why?")
        assert {path.stat().st_mode & 0o077 for path in _folder().iterdir()} == {0}


def test_a_file_that_is_no_database_is_told() -> None:
    _folder().mkdir()
    (_folder() / "chats.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(ToolError, match="EMER_CHATS_DIR"):
        list_sessions(_folder())


@pytest.mark.stress
@pytest.mark.parametrize("run", range(KILLS))
def test_a_killed_conversation_goes_on(demo_report: Report, run: int) -> None:
    """A turn that was answered is there after SIGKILL; one that was not left no half of itself."""
    with ChatSession.begin(demo_report) as session:
        id_ = session.id
    talker = subprocess.Popen([sys.executable, "-c", TALKER, id_], stdout=subprocess.PIPE, text=True)
    assert talker.stdout is not None
    answered = [int(talker.stdout.readline()) for _ in range(3 + run % 3)]
    time.sleep(0.013 * run)
    talker.send_signal(signal.SIGKILL)
    answered += [int(line) for line in talker.stdout.read().split() if line.isdigit()]
    talker.wait()
    talker.stdout.close()
    with ChatSession.resume(id_) as again:
        n_turns = len(again.turns)
        assert answered[-1] <= n_turns <= answered[-1] + 1
        assert all(reply.text for _, reply in again.turns)
        assert again.ask("why disappointed?").facts
        assert len(again.turns) == n_turns + 1
    with sqlite3.connect(_folder() / "chats.sqlite") as rows:
        assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows.close()


def test_a_turn_that_is_broken_off_leaves_the_conversation_as_it_was(chat: ChatSession) -> None:
    chat.ask("why disappointed?")
    events = chat.stream("look again at 1-5 s")
    assert next(events).kind == "progress"
    events.close()
    reply = chat.ask("when is she disappointed?")  # waits until the thread of the other has ended
    assert reply.kind == "when"
    assert [question for question, _ in chat.turns] == ["why disappointed?", "when is she disappointed?"]


def test_breaking_off_ends_a_judging_too(chat: ChatSession) -> None:
    def told(what: str) -> None:
        chat.break_off()

    with pytest.raises(BrokenOffError):
        chat.ask("without the voice", told=told)
    assert not chat.turns
    assert chat.ask("without the voice").kind == "what_if"


def test_a_stream_tells_progress_then_pieces_then_the_reply(chat: ChatSession) -> None:
    events = list(chat.stream("listen again at 6 s"))
    kinds = [event.kind for event in events]
    assert kinds.index("progress") < kinds.index("text") < kinds.index("reply") == len(kinds) - 1
    assert events[-1].reply is not None
    pieces = [event.text for event in events if event.kind == "text"]
    assert pieces == [*(fact.text for fact in events[-1].reply.facts), *events[-1].reply.notes]


def test_two_windows_on_one_conversation_both_get_their_answer(demo_report: Report) -> None:
    with ChatSession.begin(demo_report) as one, ChatSession.resume(one.id) as other:
        one.ask("why?")
        other.ask("when?")
        assert [question for question, _ in one.turns] == ["why?", "when?"]


def test_any_text_can_be_asked(demo_report: Report) -> None:
    with ChatSession.begin(demo_report) as session:
        for text in ("\ud800 why?", "why" * 100_000, "\x00", "’‘“”", "🙂", "why\nnot\nfear?", "(" * 3000, " "):
            assert session.ask(text).text
        assert len(session.turns) == 8
