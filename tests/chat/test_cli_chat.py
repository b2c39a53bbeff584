"""`emer chat` as a program: scripts on standard input, Ctrl-C, conversations listed, resumed and deleted."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from emer.cli import main
from emer.schemas import Report

PROGRAM = "import sys; from emer.cli import main; main()"
WORDS = "ANNA: I am so disappointed. They gave the job to somebody else!\n"


class Done(NamedTuple):
    """What a call of the program left behind."""

    returncode: int
    stdout: str
    stderr: str


Emer = Callable[..., Done]


@pytest.fixture
def emer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Emer:
    def call(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        monkeypatch.setattr(sys, "argv", ["emer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return call


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    (tmp_path / "talk.txt").write_text(WORDS)
    return tmp_path / "talk.txt"


def test_a_script_of_questions_is_answered_kept_and_gone_on_with(emer: Emer, talk: Path) -> None:
    done = emer("chat", talk, stdin="why?\n\nwhen?\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("you> why?\n")
    assert "[transcript-1]" in done.stdout
    id_ = done.stderr.rsplit("--resume ", 1)[1].strip()
    assert emer("chat", "--resume", id_, stdin="who?\nquit\nwhy?\n").stdout.count("you> ") == 2
    listed = emer("chat", "--list").stdout
    assert id_ in listed
    assert "3 turns" in listed
    assert "talk.txt" in listed
    assert emer("chat", "--forget", id_).returncode == 0
    assert emer("chat", "--list").stdout == ""
    again = emer("chat", "--resume", id_)
    assert again.returncode == 2
    assert "--list" in again.stderr


def test_a_report_is_talked_about_without_another_analysis(emer: Emer, talk: Path, tmp_path: Path) -> None:
    assert emer("analyze", talk, "-o", tmp_path / "r.json").returncode == 0
    done = emer("chat", tmp_path / "r.json", stdin="how sure are you?\nexport copy.json\n")
    assert "of independent annotators" in done.stdout
    assert (tmp_path / "copy.json").read_text() == (tmp_path / "r.json").read_text()


def test_nothing_from_a_clip_steers_the_terminal(emer: Emer, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("ANNA: I am so sad.\x1b]0;owned\x07 Really.\n")
    done = emer("chat", tmp_path / "talk.txt", stdin="why?\nwho \x1b[2J?\n")
    assert "\x1b" not in done.stdout
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give one of"),
        (("talk.txt", "--list"), "give one of"),
        (("none.mp4",), "no such file"),
        (("--resume", "zzz"), "no conversation"),
        (("broken.json",), "no Report"),
    ],
)
def test_wrong_use_is_told(emer: Emer, arguments: tuple[str, ...], says: str, talk: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"a": 1}')
    done = emer("chat", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_ctrl_c_breaks_off_the_turn_and_comes_back_to_the_prompt(demo_report: Report, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(demo_report.to_json())
    call = [sys.executable, "-c", PROGRAM, "chat", str(tmp_path / "r.json")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # what runs in the background ignores it
    chat = subprocess.Popen(
        call, text=True, bufsize=1, env={**os.environ, "PYTHONUNBUFFERED": "1"}, preexec_fn=heard, **pipes
    )
    assert chat.stdin is not None
    assert chat.stderr is not None
    assert chat.stdout is not None
    chat.stdin.write("look again at 1-8 s\n")
    while "Looked again" not in chat.stderr.readline():
        time.sleep(0.01)
    chat.send_signal(signal.SIGINT)
    while "broken off" not in (line := chat.stderr.readline()):
        assert line
    out, _ = chat.communicate("why disappointed?\n", timeout=60)
    assert chat.returncode == 0
    assert "So p1 appears disappointed" in out
    assert "Judged again" not in out
