"""The command line: results on stdout, messages on stderr, exit status, and bad input of every kind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from emer.cli import main
from emer.schemas import Report

WORDS = "ANNA: I am so disappointed. They gave the job to somebody else!\n"


class Result:
    """What a call of the program left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def report(self) -> Report:
        return Report.model_validate_json(self.out)


@pytest.fixture
def emer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def call(*arguments: object, stdin: str | bytes = "") -> Result:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        monkeypatch.setattr(sys, "argv", ["emer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Result(int(ended.value.code or 0), captured.out, captured.err)

    return call


def test_text_on_standard_input_gives_a_report_that_fits_the_schema(emer) -> None:  # type: ignore[no-untyped-def]
    result = emer("analyze", "-", "--json", stdin=WORDS)
    assert result.status == 0
    jsonschema.validate(json.loads(result.out), json.loads(emer("schema").out))
    report = result.report()
    assert report.cited() <= {cue.id for cue in report.cues}
    assert report.emotions
    assert report.emotions[0].valence < 0


def test_two_runs_are_equal_byte_for_byte_but_for_times(emer) -> None:  # type: ignore[no-untyped-def]
    first, second = (json.loads(emer("analyze", "-", "--json", stdin=WORDS).out) for _ in range(2))
    for report in (first, second):
        report["provenance"].pop("timings_s")
    assert json.dumps(first) == json.dumps(second)


def test_the_report_is_written_to_a_file_and_shown_for_reading(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "out.json"
    result = emer("analyze", "-", "-o", target, stdin=WORDS)
    assert result.status == 0
    assert result.out == ""
    assert Report.model_validate_json(target.read_text()).emotions
    shown = emer("analyze", "-", stdin=WORDS).out
    assert "Why" in shown
    assert "[transcript-1]" in shown


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.mp4", None, "no such file"),
        ("empty.mp4", b"", "empty"),
        ("words.mp4", b"just some words in a file\n", "text"),
        ("noise.mp4", bytes(range(256)) * 64, ""),
        ("with space and ünïcödé 漢字.mp4", b"\x00\x00\x00\x18ftypmp42", ""),
    ],
)
def test_a_bad_file_is_one_clear_line(emer, tmp_path: Path, name: str, content: bytes | None, says: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = emer("analyze", path)
    assert result.status == 2
    assert result.err.startswith("emer: ")
    assert len(result.err.strip().splitlines()) == 1
    assert says in result.err


def test_bad_uses_are_told(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "directory" in emer("analyze", tmp_path).err
    assert emer("analyze", "-", stdin="").status == 2
    assert emer("analyze", "-", "--effort", "heroic", stdin=WORDS).status == 2
    assert emer("analyze", "-", "--transcript", "x.srt", stdin=WORDS).status == 2
    assert emer("analyze", "-", "--role", "king", stdin=WORDS).status == 2
    assert emer("analyze", "-", "--labels", "no-such-set", stdin=WORDS).status == 2
    assert emer("analyze", "-", "-o", tmp_path / "no" / "folder.json", stdin=WORDS).status == 2


def test_not_utf8_is_read_as_far_as_it_can_be(emer) -> None:  # type: ignore[no-untyped-def]
    assert emer("analyze", "-", "--json", stdin=b"I am so happy \xff\xfe today!").status == 0


CUES = {
    "id": "talk-1",
    "cues": [
        {"modality": "face", "text": "brows lowered, lips pressed", "anchor": {"start_s": 0.5, "end_s": 1.5}},
        {"modality": "voice", "text": "louder than the rest of this recording", "arousal": 0.6},
    ],
    "transcript": "ANNA: You never listen to me!",
    "context": "A couple at home.",
}


def test_reason_answers_one_object_and_many_lines(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    one = emer("reason", "-", "--json", stdin=json.dumps(CUES))
    assert one.status == 0
    report = one.report()
    assert {"face", "voice", "transcript"} <= {cue.modality for cue in report.cues}
    assert report.emotions
    assert report.emotions[0].valence < 0
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({**CUES, "id": f"talk-{i}"}) for i in range(3)))
    many = emer("reason", path, "--json")
    assert [Report.model_validate_json(line).clip.source for line in many.out.splitlines()] == [
        "talk-0",
        "talk-1",
        "talk-2",
    ]


def test_a_reports_cues_are_valid_input_to_reason(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "report.json"
    emer("analyze", "-", "-o", path, stdin=WORDS)
    again = emer("reason", path, "--json").report()
    first = Report.model_validate_json(path.read_text())
    assert [cue.id for cue in again.cues] == [cue.id for cue in first.cues]
    assert [emotion.label for emotion in again.emotions] == [emotion.label for emotion in first.emotions]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1, 2]", '{"cues": 3}', '{"cues": [{"text": "no modality"}]}', '{"cues": [], "surprise": 1}', "null"],
)
def test_broken_cues_are_refused(emer, text: str) -> None:  # type: ignore[no-untyped-def]
    result = emer("reason", "-", stdin=text)
    assert result.status == 2
    assert result.err.startswith("emer: ")


def test_a_page_and_a_picture_are_written_instead_of_printed(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = emer(
        "reason", "-", "--html", tmp_path / "out.html", "--plot", tmp_path / "out.svg", stdin=json.dumps(CUES)
    )
    assert result.status == 0
    assert result.out == ""
    assert "lips pressed" in (tmp_path / "out.html").read_text()
    assert "lips pressed" in (tmp_path / "out.svg").read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--plot", "out.pdf"], ".svg or .png"),
        (["--embed-media"], "add --html"),
        (["--html", "no/folder/out.html"], "no such folder"),
        (["--html", "clip.mp4"], "the clip itself"),
    ],
)
def test_views_that_cannot_be_made_are_told_before_the_analysis(  # type: ignore[no-untyped-def]
    emer, tmp_path: Path, demo_dir: Path, options: list[str], says: str
) -> None:
    (tmp_path / "clip.mp4").write_bytes((demo_dir / "demo.mp4").read_bytes())
    result = emer("analyze", tmp_path / "clip.mp4", *options)
    assert result.status == 2
    assert says in result.err


def test_many_reports_are_not_one_page(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "two.jsonl").write_text(f"{json.dumps(CUES)}\n{json.dumps(CUES)}\n")
    result = emer("reason", tmp_path / "two.jsonl", "--html", tmp_path / "out.html")
    assert result.status == 2
    assert "here are 2" in result.err


def test_serve_refuses_what_it_cannot_do(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "1..65535" in emer("serve", "--port", "0").err
    assert "unknown role" in emer("serve", "--role", "king").err


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    program = f"{sys.executable} -c 'from emer.cli import main; main()' schema | head -1"
    result = subprocess.run(program, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
