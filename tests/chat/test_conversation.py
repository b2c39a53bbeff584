"""A conversation of 30 turns over a real analysis, offline: what is answered, and that every fact cites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chat_script import SCRIPT, check

from emer.chat import ChatSession
from emer.schemas import Report


def test_a_conversation_of_31_turns(chat: ChatSession, demo_report: Report) -> None:
    for question, kind, expected in SCRIPT:
        before = chat.report
        reply = chat.ask(question)
        assert reply.kind == kind, f"{question!r} was read as {reply.kind}"
        assert re.search(expected, reply.text, re.DOTALL), f"{question!r}: {reply.text}"
        after = chat.report
        known = after if {cue.id for cue in after.cues} >= {cue.id for cue in before.cues} else before
        check(reply, after if kind in ("look", "listen") else known)
    assert len(chat.turns) == len(SCRIPT) >= 25
    assert chat.report == demo_report  # whatever was changed was undone


def test_judging_again_with_nothing_left_out_changes_nothing(chat: ChatSession, demo_report: Report) -> None:
    again = chat._doors.judge(demo_report)
    assert again.emotions == demo_report.emotions
    assert again.alternatives == demo_report.alternatives
    assert again.reasoning == demo_report.reasoning
    assert again.cases == demo_report.cases
    assert again.causes == demo_report.causes


def test_a_report_on_words_alone_and_one_on_nothing_answer_every_turn() -> None:
    from emer import analyze

    for text in ("I am so disappointed. They gave the job to somebody else!", "The meeting starts at nine."):
        report = analyze(text=text)
        with ChatSession.begin(report) as session:
            for question, _, _ in SCRIPT:
                reply = session.ask(question)
                assert reply.text
                check(reply, report.model_copy(update={"reviews": []}))


def test_a_correction_is_met_by_the_next_clip_and_gone_after_undo() -> None:
    from emer import analyze

    def recalled() -> list[str]:
        again = analyze(text="CLEO: They gave the job that I wanted to somebody else.")
        return [label for case in again.cases if case.provenance == "corrected" for label in case.labels]

    with ChatSession.begin(analyze(text="ANNA: They gave my job to somebody else.")) as chat:
        assert "p1 appears humiliated" in chat.ask("no, Anna is humiliated, not sad").text
        assert not recalled()  # not before the yes
        assert chat.ask("yes, please").kind == "confirm"
        assert recalled() == ["humiliated"]
        assert [review.label for review in chat.report.reviews] == ["humiliated"]
        chat.ask("undo")
        assert not recalled()
        assert not chat.report.reviews


@pytest.mark.parametrize("answer", ["no", "never mind", "why?"])
def test_without_a_yes_nothing_is_remembered(chat: ChatSession, answer: str) -> None:
    chat.ask("no, she is embarrassed")
    chat.ask(answer)
    assert chat.ask("yes").kind != "confirm"
    assert not list(chat._memory.own())


def test_irony_is_remembered_as_what_face_and_voice_say_without_the_words() -> None:
    from emer import reason

    report = reason(
        [
            {"modality": "face", "text": "brows lowered, lips pressed, jaw clenched"},
            {"modality": "voice", "text": "loud and harsh, shouting", "arousal": 0.7, "valence": -0.7},
        ],
        transcript="Oh, great. Just great.",
    )
    with ChatSession.begin(report) as session:
        asked = session.ask("she is being ironic")
        assert asked.kind == "correct"
        assert re.search(r"appears \w+", asked.text) or "emotion word" in asked.text
        assert session.ask("yes").kind == "confirm"


def test_export_writes_new_files_into_its_folder_only(chat: ChatSession, tmp_path: Path, demo_report: Report) -> None:
    chat.ask("why?")
    assert "Written to" in chat.ask("export ../../escape.json").text
    assert Report.model_validate_json((tmp_path / "out" / "escape.json").read_text()) == demo_report
    assert "is there already" in chat.ask("export escape.json").text
    chat.ask("save the conversation as talk.md")
    assert "**You:** why?" in (tmp_path / "out" / "talk.md").read_text()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["escape.json", "talk.md"]


def test_a_session_without_folder_and_clip_says_so(demo_report: Report) -> None:
    with ChatSession.begin(demo_report) as session:
        assert "cannot be written" in session.ask("export report.json").text
        assert "not at hand" in session.ask("look again at 1-2 s").text


@pytest.mark.parametrize(
    ("setting", "says"), [({"no_biometrics": True}, "without biometrics"), ({"exclude_persons": ["p2"]}, "left out")]
)
def test_who_was_left_out_stays_left_out(
    demo_report: Report, demo_dir: Path, setting: dict[str, object], says: str
) -> None:
    made = {**demo_report.provenance.settings, **setting}
    kept = demo_report.provenance.model_copy(update={"settings": made})
    report = demo_report.model_copy(update={"provenance": kept})
    with ChatSession.begin(report, media=demo_dir / "demo.mp4") as session:
        for ask in ("look again at 1-2 s", "listen again at 6 s"):
            assert says in session.ask(ask).text


def test_a_protected_person_is_not_measured_again(demo_report: Report, demo_dir: Path) -> None:
    people = [demo_report.people[0].model_copy(update={"role": "employee"})]
    with ChatSession.begin(demo_report.model_copy(update={"people": people}), media=demo_dir / "demo.mp4") as session:
        assert "prohibited" in session.ask("look again at 1-2 s").text
