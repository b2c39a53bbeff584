"""Whom emer reads: roles, purposes, no biometrics, people who are left out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import emer
from emer.errors import InputError

DIALOGUE = "ANNA: I am so disappointed. They gave the job to Karla!\nBEN: Zounds, I would be furious.\nANNA: Yes.\n"


@pytest.mark.parametrize("role", ["employee", "candidate", "pupil", "student"])
def test_a_protected_role_is_not_read_from_face_or_voice(role: str, demo_dir: Path) -> None:
    with pytest.raises(InputError, match=r"art\. 5\(1\)\(f\)") as refused:
        emer.analyze(demo_dir / "demo.mp4", roles={"*": role})
    assert refused.value.exit_status == 2


def test_a_lawful_purpose_lifts_the_bar_and_is_recorded(demo_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.mp4", roles={"p1": "employee"}, purpose="safety: driver fatigue")
    assert report.provenance.purpose == "safety: driver fatigue"
    assert report.people[0].role == "employee"
    with pytest.raises(InputError, match="unknown purpose"):
        emer.analyze(text="Hi.", purpose="marketing")


def test_words_of_a_protected_person_may_be_read() -> None:
    assert emer.analyze(text=DIALOGUE, roles={"*": "employee"}).emotions


def test_without_biometrics_no_face_or_voice_is_measured_and_no_such_code_is_loaded(demo_dir: Path) -> None:
    program = (
        "import sys, emer\n"
        f"clip, words = {str(demo_dir / 'demo.mp4')!r}, {str(demo_dir / 'demo.srt')!r}\n"
        "report = emer.analyze(clip, transcript=words, no_biometrics=True, roles={'*': 'employee'})\n"
        "assert not {c.modality for c in report.cues} & {'face', 'voice'}\n"
        "assert report.emotions\n"
        "print([m for m in sys.modules if m.startswith('emer.') and ('face' in m or 'voice' in m)])\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"


def test_nothing_of_a_person_who_is_left_out_remains(tmp_path: Path) -> None:
    whole = emer.analyze(text=DIALOGUE, cache=False)
    assert [person.id for person in whole.people] == ["p1", "p2"]
    trace = tmp_path / "trace.json"
    report = emer.analyze(text=DIALOGUE, exclude_persons=("p2",), trace=trace)
    assert [person.id for person in report.people] == ["p1"]
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for place, content in {**kept, tmp_path / "report": report.to_json().encode()}.items():
        assert b"Zounds" not in content, place
        assert b"BEN" not in content, place
    owners = (
        [cue.person for cue in report.cues]
        + [e.person for e in report.emotions]
        + [u.person for u in report.utterances]
    )
    assert "p2" not in owners


async def test_no_event_of_the_stream_shows_a_person_who_is_left_out() -> None:
    events = [event async for event in emer.stream(text=DIALOGUE, exclude_persons=("p2",))]
    assert not any("Zounds" in event.cue.text for event in events if event.cue)
    assert any(event.cue for event in events)


def test_an_unknown_person_is_a_warning_not_a_silence() -> None:
    report = emer.analyze(text=DIALOGUE, exclude_persons=("p7",))
    assert any("p7" in warning for warning in report.warnings)


def test_the_trace_holds_no_word_of_the_clip(tmp_path: Path) -> None:
    trace = tmp_path / "trace.json"
    emer.analyze(text=DIALOGUE, context="Xylophone class", trace=trace)
    text = trace.read_text()
    assert json.loads(text)["events"]
    assert "disappointed" not in text
    assert "Xylophone" not in text
