"""Broken, hostile and odd input through the public doors: a clear refusal in one line, or an honest partial Report."""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import time
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from drawn_faces import ANNA, Placed, scene
from media_files import patch_durations, tone, video

import emer
from emer.cli import main
from emer.errors import InputError
from emer.report.terminal import render
from emer.schemas import Report

WORDS = "ANNA: I am so disappointed, because they gave the job to somebody else!\n"
HALF_SECOND = np.arange(0, 0.5, 0.25)
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Clears the screen, sets the title, "CSI" in one byte, carriage return, NUL, bidi controls, markup of rich.
HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b2J\rA\x00B\x08\x7f\u202eC\u2066 [bold red]D[/] [/nonsense]"


class Result(NamedTuple):
    """What a call of the program left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    def call(*arguments: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "argv", ["emer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Result(int(ended.value.code or 0), captured.out, captured.err)

    return call


def refused(result: Result) -> str:
    """The one line that a refused input gets."""
    assert result.status == 2, result
    assert result.out == ""
    assert result.err.count("\n") == 1
    assert result.err.startswith("emer: ")
    assert is_harmless(result.err)
    return result.err


def is_harmless(text: str) -> bool:
    """No control character but the line end, none that turns the line round, and no half of a character."""
    return all(char == "\n" or (unicodedata.category(char) not in ("Cc", "Cs") and char not in BIDI) for char in text)


def sound_report(text: str) -> Report:
    """The Report in a JSON text: valid, and every cue that it cites is in it."""
    report = Report.model_validate_json(text)
    assert report.cited() <= {cue.id for cue in report.cues}
    return report


def png(path: Path, width: int, height: int) -> Path:
    """A picture whose header says this size and that holds one line."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    line = chunk(b"IDAT", zlib.compress(bytes(3 * width + 1)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + line + chunk(b"IEND", b""))
    return path


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.mp4", None, "no such file"),
        ("empty.mp4", b"", "empty"),
        ("words.mp4", b"just some words in a file\n", "text"),
        ("cues.json", b'{"cues": []}', "emer reason"),
        ("broken.srt", b"1\n00:00:AB --> 00:00:02\nHello there\n", "subtitle"),
        ("blank.txt", b" \n\t\n", "no words"),
        ("noise.bin", bytes(range(256)) * 64, "noise.bin"),
        ("with space and ünïcödé 漢字.mp4", b"\x00\x00\x00\x18ftypmp42", "漢字"),
        ("hostile\x1b[2J\u202e\nline.mp4", b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(program, tmp_path: Path, name: str, content, says: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert says in refused(program("analyze", path))
    with pytest.raises(InputError):
        emer.analyze(path)


def test_directories_pipes_and_devices_are_refused_without_waiting_for_them(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    os.mkfifo(tmp_path / "pipe")
    assert "directory" in refused(program("analyze", tmp_path))
    for path in (tmp_path / "pipe", "/dev/zero", "/dev/null"):
        assert "not a regular file" in refused(program("analyze", path))
    video(tmp_path / "clip.mp4", times=HALF_SECOND)
    for path in (tmp_path, tmp_path / "pipe", "/dev/zero", "/dev/null"):
        refused(program("analyze", tmp_path / "clip.mp4", "--transcript", path))
        refused(program("reason", path))
        refused(program("analyze", "-", "--labels", path, stdin=WORDS.encode()))


def test_a_file_that_may_not_be_read_is_one_clear_line(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "secret.txt").write_text(WORDS)
    (tmp_path / "secret.txt").chmod(0)
    program("analyze", tmp_path / "none.txt")  # whatever is imported lazily is imported before the rights are dropped
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)  # root reads every file; nobody does not
    try:
        result = program("analyze", tmp_path / "secret.txt")
    finally:
        if is_root:
            os.seteuid(0)
    assert "ermission" in refused(result)


def test_an_mp4_whose_index_was_cut_off_is_refused(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = video(tmp_path / "cut.mp4", times=HALF_SECOND, sound=tone(0.5))
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.index(b"moov") - 4])
    assert "cut.mp4" in refused(program("analyze", path))


@pytest.mark.parametrize(("stdin", "says"), [(b"", "no words"), (b" \n ", "no words"), (b"x" * 2_000_001, "split")])
def test_standard_input_without_words_or_without_end_is_refused(program, stdin: bytes, says: str) -> None:  # type: ignore[no-untyped-def]
    assert says in refused(program("analyze", "-", stdin=stdin))


def test_binary_on_standard_input_is_refused(program) -> None:  # type: ignore[no-untyped-def]
    assert "text" in refused(program("analyze", "-", stdin=bytes(range(256)) * 64))
    assert "text" in refused(program("analyze", "-", stdin=b"\x00" * 5000))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("book.json", b"{"),
        ("book.csv", b""),
        ("book.csv", b"\x00\xff" * 99),
        ("book.yaml", b"a: [1"),
        ("book.json", b"[]"),
        ("book.xyz", b"anger"),
        ("missing.json", None),
    ],
)
def test_a_broken_codebook_is_one_clear_line(program, tmp_path: Path, name: str, content: bytes | None) -> None:  # type: ignore[no-untyped-def]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert name.partition(".")[0] in refused(program("analyze", "-", "--labels", tmp_path / name, stdin=WORDS.encode()))


def test_a_broken_subtitle_file_beside_a_clip_is_refused(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    clip = video(tmp_path / "clip.mp4", times=HALF_SECOND)
    for name, content in (
        ("a.srt", b"1\n00:00:AB --> x\nHi\n"),
        ("b.vtt", b"WEBVTT\n\nno times\n"),
        ("c.txt", b"\0" * 99),
    ):
        (tmp_path / name).write_bytes(content)
        assert name in refused(program("analyze", clip, "--transcript", tmp_path / name))
    refused(program("analyze", clip, "--transcript", tmp_path / "missing.srt"))


def test_a_path_with_a_nul_byte_is_refused() -> None:
    with pytest.raises(InputError):
        emer.analyze("clip\0.mp4")
    with pytest.raises(InputError):
        emer.analyze("")
    with pytest.raises(InputError):
        emer.analyze("a" * 5000)


# --- analysed as far as they go -----------------------------------------------------------------------------------


def test_a_clip_with_a_part_only_says_what_is_missing(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    loud = video(tmp_path / "sound only.mp4", sound=tone(1.0))
    mute = video(tmp_path / "没有声音 ünï.mp4", times=HALF_SECOND)
    for path, kind, gone in ((loud, "audio", "face"), (mute, "video", "voice")):
        result = program("analyze", path, "--json")
        assert result.status == 0, result.err
        report = sound_report(result.out)
        assert report.clip.kind == kind
        assert Path(report.clip.source) == path
        assert {gone, "transcript"} <= {missing.modality for missing in report.missing}
        assert report.emotions == []
    shown = program("analyze", mute)
    assert shown.status == 0
    assert "What is missing" in shown.out


def test_a_video_cut_in_the_middle_is_read_as_far_as_it_goes(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = video(
        tmp_path / "cut.mp4",
        times=np.arange(0, 4, 0.1),
        levels=[*range(40)],
        gop=5,
        options=[("movflags", "faststart")],
    )
    path.write_bytes(path.read_bytes()[:-1200])
    result = program("analyze", path, "--json")
    assert result.status == 0, result.err
    sound_report(result.out)


def test_a_lying_header_costs_neither_time_nor_memory(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = video(tmp_path / "ten hours.mp4", times=np.arange(0, 1, 0.25), sound=tone(1.0))
    patch_durations(path, 36_000)
    begun = time.monotonic()
    report = sound_report(program("analyze", path, "--json").out)
    assert time.monotonic() - begun < 30
    assert report.clip.duration_s is None or report.clip.duration_s < 60
    assert all(len(series.values) <= 600 for series in report.series)


def test_a_picture_of_400_million_points_is_refused_or_read_small(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    begun = time.monotonic()
    assert "20" in refused(program("analyze", png(tmp_path / "huge.png", 20_000, 20_000)))
    assert time.monotonic() - begun < 10


def test_words_beyond_the_end_of_the_clip_are_read_with_a_warning_or_without_times(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    clip = video(tmp_path / "clip.mp4", times=HALF_SECOND, sound=tone(0.5))
    lines = tmp_path / "lines.srt"
    lines.write_text(
        "1\n00:59:00,000 --> 00:59:04,000\nANNA: I am so happy!\n\n2\n01:00:00,000 --> 01:00:01,000\nBye.\n"
    )
    result = program("analyze", clip, "--transcript", lines, "--json")
    assert result.status == 0, result.err
    report = sound_report(result.out)
    assert [utterance.text for utterance in report.utterances] == ["I am so happy!", "Bye."]
    assert any("after the end of the clip" in warning for warning in report.warnings)


def test_a_broken_codebook_or_trace_is_refused_before_the_clip_is_read(
    program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("emer.api.take_text", lambda *_: pytest.fail("the clip was read first"))
    assert "no-such-set" in refused(program("analyze", "-", "--labels", "no-such-set", stdin=WORDS.encode()))
    assert "trace" in refused(program("analyze", "-", "--trace", tmp_path / "no" / "t.json", stdin=WORDS.encode()))
    assert "written" in refused(program("analyze", "-", "-o", tmp_path / "no" / "r.json", stdin=WORDS.encode()))


@pytest.mark.stress
def test_thousands_of_turns_take_time_in_proportion(program) -> None:  # type: ignore[no-untyped-def]
    n = 5000 if os.environ.get("EMER_STRESS") else 500
    turns = "".join(f"{'AB'[i % 2]}: I {('love', 'hate', 'saw')[i % 3]} number {i}!\n" for i in range(n))
    begun = time.process_time()
    result = program("analyze", "-", "--json", stdin=turns.encode())
    assert result.status == 0, result.err
    assert time.process_time() - begun < 10 + 0.02 * n
    assert len(sound_report(result.out).utterances) == n


def test_a_context_of_a_megabyte_is_refused_or_read_in_bounded_time(program) -> None:  # type: ignore[no-untyped-def]
    begun = time.process_time()
    result = program("analyze", "-", "--json", "--context", "They met at a wake. " * 50_000, stdin=WORDS.encode())
    assert time.process_time() - begun < 20
    if result.status:
        refused(result)
    else:
        sound_report(result.out)


# --- hostile characters -------------------------------------------------------------------------------------------


def test_control_characters_of_the_input_do_not_reach_the_terminal(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    words = f"AN{HOSTILE}NA: I am so disappointed {HOSTILE}, because {HOSTILE} they left!\n"
    shown = program("analyze", "-", "--context", f"At work {HOSTILE}.", stdin=words.encode())
    assert shown.status == 0, shown.err
    assert is_harmless(shown.out)
    assert "[bold red]" in shown.out, "markup is shown, not obeyed"
    path = tmp_path / f"{HOSTILE.translate({0: None, ord('/'): None})}.txt"
    path.write_text(WORDS)
    shown = program("analyze", path)
    assert shown.status == 0, shown.err
    assert is_harmless(shown.out)


def test_cues_that_somebody_else_made_do_not_reach_the_terminal_raw(program) -> None:  # type: ignore[no-untyped-def]
    cues = [
        {"modality": "face", "text": f"brows lowered {HOSTILE}, lips pressed", "person": "p1"},
        {"modality": "voice", "text": f"shouts {HOSTILE} loudly", "person": "p1"},
    ]
    shown = program("reason", "-", stdin=json.dumps({"id": HOSTILE, "cues": cues, "context": HOSTILE}).encode())
    assert shown.status in (0, 2), shown.err
    assert is_harmless(shown.out + shown.err)


def test_hostile_input_leaves_valid_json(program) -> None:  # type: ignore[no-untyped-def]
    words = f"AN{HOSTILE}NA: I am so disappointed {HOSTILE}!\n"
    result = program("analyze", "-", "--json", "--context", HOSTILE, stdin=words.encode())
    assert result.status == 0, result.err
    sound_report(json.dumps(json.loads(result.out)))


@pytest.mark.parametrize("broken", ["\ud800", "\udcff", "a\ud83d b \ude00"])
def test_half_a_character_is_replaced(broken: str) -> None:
    report = emer.analyze(text=f"AN{broken}NA: I am so happy {broken}!", context=f"At home {broken}.")
    sound_report(report.to_json())
    told = emer.reason([{"modality": "face", "text": f"brows lowered {broken}"}], transcript=f"B: Oh{broken}, no!")
    sound_report(told.to_json())


def test_a_file_name_that_is_not_utf8_is_read(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(name, "w") as file:  # noqa: PTH123  (a path of bytes)
        file.write(WORDS)
    result = program("analyze", os.fsdecode(name), "--json")
    assert result.status == 0, result.err
    sound_report(result.out)


def test_the_view_shows_a_report_of_unknown_origin_without_obeying_it() -> None:
    from rich.console import Console

    report = emer.analyze(text=WORDS)
    evil = Report.model_validate_json(report.to_json().replace("disappointed", "\\u001b[2J\\u202e\\u0000"))
    stream = io.StringIO()
    render(evil, Console(file=stream, width=80, highlight=False))
    assert is_harmless(stream.getvalue())


def test_a_face_beside_hostile_words_still_gives_a_sound_report(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    image = scene([Placed(ANNA, 240, 130, side=90)])
    clip = video(tmp_path / "face.mp4", times=np.arange(0, 1, 0.25), picture=image, sound=tone(1.0))
    result = program("analyze", clip, "--transcript", f"AN{HOSTILE}NA: I am so happy {HOSTILE}!", "--json")
    assert result.status in (0, 2), result.err
    if result.status == 0:
        sound_report(result.out)
