"""The results of a batch, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.report.made_reports import report

from emer.errors import InputError
from emer.web.results import report_at, rows


def test_each_row_leads_back_to_its_report(tmp_path: Path) -> None:
    clips = [report().clip.model_copy(update={"source": f"ünï {number}.mp4"}) for number in range(3)]
    path = tmp_path / "out.jsonl"
    lines = [report().model_copy(update={"clip": clip}).to_json(indent=None) for clip in clips]
    path.write_text("\n".join([lines[0], "", *lines[1:]]) + "\n", encoding="utf-8")
    found = rows(path)
    assert [(row.clip, row.emotions) for row in found] == [(f"ünï {number}.mp4", "sad .50") for number in range(3)]
    assert [report_at(path, row).clip.source for row in found] == [clip.source for clip in clips]


def test_a_line_that_is_no_report_is_named(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(report().to_json(indent=None) + '\n{"clip": 3}\n')
    with pytest.raises(InputError, match="line 2 of"):
        rows(path)
    with pytest.raises(InputError, match="cannot be read"):
        rows(tmp_path / "none.jsonl")
