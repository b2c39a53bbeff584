"""What emer writes: appears, says, would strike a viewer as; never feels, a trait, a diagnosis, a lie, a sex or an age.

Quotations are the clip's own words and are left out of the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import emer
from emer.schemas import NOTICE, Report

FORBIDDEN = re.compile(
    r"\b(feels|felt|is feeling|truly|really is|personality|introvert\w*|extrovert\w*|neurotic\w*|depress(?:ed|ion|ive)|"
    r"diagnos\w+|disorder\w*|autis\w+|l(?:ies|iar|ying)|dishonest|decei\w+|"
    r"guilty of|man|woman|boy|girl|male|female|he|she|his|her|him|"
    r"young|old|elderly|black|white|asian|african|european)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
TEXTS = [
    "ANNA: I am so disappointed. They gave the job to somebody else!\nBEN: Oh no, I'm so sorry for you.",
    "I am not happy at all, I'm scared to death.",
    "Oh, great. Just great. My phone died again.",
    "Thank you so much! This is the best day of my life!!!",
    "The meeting starts at nine.",
    "I feel depressed and my doctor lied to me, she is an old liar.",
    "She died last spring. I miss her every day.",
    "我今天非常高兴。",
]


def _written(report: Report) -> Iterator[str]:
    """Every sentence of the Report that emer wrote."""
    yield report.summary
    yield from (cue.text for cue in report.cues)
    yield from (step.claim for step in report.reasoning)
    yield from (rival.why_not for rival in report.alternatives)
    yield from (one.why for one in [*report.abstained, *report.missing])
    yield from (person.description for person in report.people)
    yield from report.warnings


def _check(report: Report) -> None:
    for text in _written(report):
        found = FORBIDDEN.search(QUOTED.sub("", text))
        assert found is None, f"{found} in {text!r}"


@pytest.mark.parametrize("text", TEXTS)
def test_words_about_words(text: str) -> None:
    _check(emer.analyze(text=text))


def test_words_about_the_demonstration_clip(demo_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.mp4", transcript=demo_dir / "demo.srt", context="A talk between friends.")
    assert {cue.modality for cue in report.cues} >= {"face", "voice", "transcript"}
    _check(report)


def test_every_report_carries_the_notice() -> None:
    report = emer.analyze(text="Hello.")
    assert report.notice == NOTICE
    assert "does not say what anybody feels" in report.notice
    assert "art. 5(1)(f)" in report.notice
