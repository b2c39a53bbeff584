"""A person's verdicts: written in a sheet, read back into the Reports, kept apart when given blind."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from tests.made_report import made_report, silent_report

from emer.cli import main
from emer.errors import InputError
from emer.report.reading import read_reports
from emer.reviewing.labels import agreement, settled_emotions, settled_steps, soft_labels
from emer.reviewing.sheet import COLUMNS, read_sheet, write_sheet
from emer.reviewing.verdicts import reviewed
from emer.schemas import Report

AT = "2026-11-25T12:00:00+00:00"


def _fill(path: Path, filled: dict[str, dict[str, str]], separator: str = ",") -> None:
    """Writes into the lines of the items, as a spreadsheet would save them."""
    lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=separator)
        writer.writeheader()
        writer.writerows({**line, **filled.get(line["item"], {})} for line in lines)


def _reviewed(report: Report, path: Path, filled: dict[str, dict[str, str]], *, by: str, blind: bool = False) -> Report:
    path.unlink(missing_ok=True)
    write_sheet([report], path, is_blind=blind)
    _fill(path, filled)
    (changed,) = reviewed([report], read_sheet(path), by=by, at=AT)
    return changed


def test_labels_and_sentences_are_accepted_corrected_and_rejected(tmp_path: Path) -> None:
    filled = {
        "e1": {"verdict": "Accept"},
        "e2": {"label": "ironic", "intensity": "0,4"},  # a label alone is a correction; a decimal comma
        "e3": {"verdict": "no"},
        "r1": {"verdict": "correct", "text": "p1 smiles and looks away"},
    }
    report = _reviewed(made_report(), tmp_path / "sheet.csv", filled, by="anna")
    assert [(one.item, one.verdict, one.label, one.blind) for one in report.reviews] == [
        ("e1", "accept", None, False),
        ("e2", "correct", "ironic", False),
        ("e3", "reject", None, False),
        ("r1", "correct", None, False),
    ]
    settled = settled_emotions(report)
    assert [(one.label, one.intensity) for one in settled] == [("relieved", 0.66), ("ironic", 0.4)]
    assert [step.claim for step in settled_steps(report)] == ["p1 smiles and looks away", "p2 lowers the brows"]


def test_who_judges_again_replaces_her_own_verdict_only(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    report = _reviewed(made_report(), sheet, {"e1": {"verdict": "reject"}}, by="anna")
    report = _reviewed(report, sheet, {"e1": {"verdict": "accept"}}, by="ben")
    report = _reviewed(report, sheet, {"e1": {"label": "proud"}}, by="anna")
    assert sorted((one.by, one.verdict) for one in report.reviews) == [("anna", "correct"), ("ben", "accept")]


def test_several_people_give_soft_labels(tmp_path: Path) -> None:
    report = made_report()
    for by, said in (
        ("a", {"label": "proud"}),
        ("b", {"label": "proud"}),
        ("c", {"verdict": "accept"}),
        ("d", {"verdict": "reject"}),
    ):
        report = _reviewed(report, tmp_path / "sheet.csv", {"e1": said}, by=by)
    assert soft_labels(report) == {"e1": {"none": 0.25, "proud": 0.5, "relieved": 0.25}}
    assert settled_emotions(report)[0].label == "proud"


def test_a_blind_sheet_shows_nothing_that_emer_concluded(tmp_path: Path) -> None:
    write_sheet([made_report()], tmp_path / "blind.csv", is_blind=True)
    told = (tmp_path / "blind.csv").read_text()
    assert "für immer" in told
    for hidden in ("relieved", "amused", "angry", "smile", "brows"):
        assert hidden not in told


def test_blind_and_seen_agreement_stand_apart(tmp_path: Path) -> None:
    blind = {"p1": {"label": "relief; proud"}, "p2": {"label": "sad"}}
    report = _reviewed(made_report(), tmp_path / "blind.csv", blind, by="anna", blind=True)
    assert [(one.item, one.verdict, one.label) for one in report.reviews] == [
        ("e1", "accept", "relief"),  # another word of the same state
        ("e1", "correct", "proud"),
        ("e3", "correct", "sad"),
    ]
    report = _reviewed(report, tmp_path / "seen.csv", {"e1": {"verdict": "accept"}}, by="ben")
    found = agreement([report], is_blind=True)
    assert found is not None
    assert (found.n, round(found.accepted, 4)) == (3, 0.3333)
    seen = agreement([report], is_blind=False)
    assert seen is not None
    assert (seen.n, seen.accepted, seen.n_pairs) == (1, 1.0, 0)
    assert agreement([made_report()], is_blind=True) is None


def test_a_blind_label_where_emer_said_nothing_counts_as_not_accepted(tmp_path: Path) -> None:
    report = _reviewed(silent_report(), tmp_path / "blind.csv", {"clip": {"label": "sad"}}, by="anna", blind=True)
    found = agreement([report], is_blind=True)
    assert found is not None
    assert (found.n, found.accepted) == (1, 0.0)


@pytest.mark.parametrize(
    ("item", "filled", "says"),
    [
        ("e1", {"verdict": "maybe"}, "verdict 'maybe'; expected accept, correct or reject"),
        ("e1", {"verdict": "correct"}, "'correct' needs a label"),
        ("e1", {"label": "proud", "intensity": "strong"}, "intensity 'strong'; expected 0 to 1"),
    ],
)
def test_a_verdict_that_says_nothing_clear_is_refused(
    item: str, filled: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=says):
        _reviewed(made_report(), tmp_path / "sheet.csv", {item: filled}, by="anna")


def test_a_sheet_of_other_reports_is_refused_and_a_filled_one_never_overwritten(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    write_sheet([made_report()], sheet, is_blind=False)
    _fill(sheet, {"e1": {"verdict": "accept"}}, separator=";")
    with pytest.raises(InputError, match="not among these Reports"):
        list(reviewed([made_report("other.mp4")], read_sheet(sheet), by="anna", at=AT))
    with pytest.raises(InputError, match="holds verdicts already"):
        write_sheet([made_report()], sheet, is_blind=False)


def test_the_program_writes_reads_and_reports_agreement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def emer(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["emer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code, capsys.readouterr().err
        return capsys.readouterr().out

    path, sheet = tmp_path / "out.jsonl", tmp_path / "sheet.csv"
    path.write_text("".join(made_report(name).to_json(indent=None) + "\n" for name in ("a", "b")))
    emer("review", "write", path, "-o", sheet)
    _fill(sheet, {"e1": {"verdict": "accept"}, "e3": {"label": "sad", "text": "she looks down"}})
    emer("review", "read", path, sheet, "--by", "anna")
    assert [len(report.reviews) for report in read_reports(path)] == [2, 2]
    emer("memory", "export", "-o", tmp_path / "cases.jsonl")
    cases = [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text().splitlines()]
    told_of = [(case["labels"], case["why"], case["person"]) for case in cases if case["provenance"] == "corrected"]
    assert told_of == [(["sad"], "she looks down", "p2")] * 2
    told = emer("review", "agreement", path)
    assert "blind  no verdict" in told
    assert "seen   emer's label accepted 0.50 (n = 4)" in told
