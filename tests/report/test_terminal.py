"""The terminal view: readable wide, narrow, without colour and without UTF-8."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import emer
from emer.exporting.training import answer
from emer.report import wording
from emer.report.html import page
from emer.report.terminal import render, sparkline
from emer.schemas import Report

TEXT = "ANNA: Oh, great. Just great.\nANNA: I am so disappointed, because they gave the job to somebody else!\n"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return emer.analyze(text=TEXT, memory_dir=tmp_path_factory.mktemp("memory"))


def _rendered(report: Report, *, width: int, encoding: str = "utf-8", colour: bool = False) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="replace", write_through=True)
    render(report, Console(file=stream, width=width, force_terminal=colour, highlight=False))
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 80, 120, 400])
def test_every_line_fits_and_every_cited_cue_is_shown(report: Report, width: int) -> None:
    text = _rendered(report, width=width)
    assert max(map(len, text.splitlines())) <= min(width, 120)
    for step in report.reasoning:
        assert all(f"[{cue}]" in text.replace("\n", "") for cue in step.evidence)
    assert report.emotions[0].label in text


def test_without_colour_there_is_no_escape_and_with_colour_the_words_are_the_same(report: Report) -> None:
    plain = _rendered(report, width=100)
    assert "\x1b" not in plain
    assert "\x1b" in _rendered(report, width=100, colour=True)


def test_a_terminal_without_utf8_gets_bars_that_it_can_show(report: Report) -> None:
    text = _rendered(report, width=80, encoding="ascii")
    assert "#" in text
    assert "█" not in text


def test_sparkline_by_hand() -> None:
    assert sparkline([-1.0, 0.0, None, 1.0]) == "▁▅ █"
    assert sparkline([]) == ""
    assert len(sparkline([0.0] * 600)) == 48
    assert sparkline([-1.0, 1.0] * 48)[0] == "▅", "two values that share a character are averaged"


def test_nothing_that_a_terminal_obeys_is_printable() -> None:
    assert wording.printable("a\x1b[2J\tb\r\n") == "a\\x1b[2J b  "
    assert wording.printable("\x9b\u202e\ud800") == "\\x9b\\u202e\\ud800"
    assert wording.printable("Größe 漢字 👩\u200d🔬 [bold]") == "Größe 漢字 👩\u200d🔬 [bold]"


def test_where_nothing_is_concluded_the_observations_are_shown(report: Report) -> None:
    silent = report.model_copy(update={"emotions": [], "reasoning": [], "summary": ""})
    text = _rendered(silent, width=80)
    assert "What was observed" in text
    assert f"[{report.cues[0].id}]" in text
    assert "What was observed" not in _rendered(report, width=80)


def test_a_neutral_reading_has_no_strength_in_any_view(report: Report) -> None:
    emotion = report.emotions[0].model_copy(update={"intensity": 1.0})
    strong = report.model_copy(update={"emotions": [emotion]})
    neutral = report.model_copy(update={"emotions": [emotion.model_copy(update={"label": "neutral"})]})
    for view in (lambda shown: _rendered(shown, width=120), page, answer):
        assert "extreme" in view(strong)
        assert "extreme" not in view(neutral)
