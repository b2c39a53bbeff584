"""`emer memory` as a person uses it: on real files, through the program."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import cv2
import pytest

from emer.cli import main


@pytest.fixture
def emer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def call(*arguments: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr(sys, "argv", ["emer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return int(ended.value.code or 0), captured.out, captured.err

    return call


def test_a_correction_is_remembered_found_shown_and_forgotten(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    report = tmp_path / "r.json"
    assert emer("analyze", "-", "-o", report, stdin="ANNA: They gave the job to somebody else.\n")[0] == 0
    correction = ("memory", "add", report, "--label", "humiliated", "--why", "Passed over.", "--intensity", ".66")
    status, out, err = emer(*correction)
    assert status == 0
    assert "humiliated, clear" in out
    id_ = err.split()[-1]
    assert emer(*correction)[2].startswith("Remembered already")
    found = json.loads(emer("memory", "search", "the job went to somebody else", "--json")[1])
    assert found[0]["id"] == id_
    assert id_ in emer("memory", "search", "the job went to somebody else")[1]
    assert json.loads(emer("memory", "show", id_, "--json")[1])["why"] == "Passed over."
    assert "your correction" in emer("memory", "show", id_)[1]
    assert emer("memory", "forget", "--id", id_)[:2] == (0, "1 forgotten\n")
    assert emer("memory", "show", id_)[0] == 2


def test_import_names_what_it_skips_and_forget_by_source_asks(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = tmp_path / "talks.csv"
    table.write_text("Words,Mood\nLeave me alone!,angry\nWhat a day,\n" + ",sad\n" * 30)
    arguments = ("memory", "import", table, "--format", "csv", "--map", "transcript=Words", "--map", "labels=Mood")
    status, out, err = emer(*arguments, "--skipped", tmp_path / "skipped.jsonl")
    assert (status, out) == (0, "32 records: 1 added, 31 skipped\n")
    assert "skipped line 3: holds no label" in err
    assert "and 11 more" in err
    assert len((tmp_path / "skipped.jsonl").read_text().splitlines()) == 31
    assert emer("memory", "forget", "--source", "talks")[0] == 2  # nobody there to ask
    assert emer("memory", "forget", "--source", "talks", "--yes")[1] == "1 forgotten\n"


def test_stats_export_rebuild_and_map(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = tmp_path / "talks.jsonl"
    table.write_text("".join(f'{{"text": "line {k} of it", "label": "sad"}}\n' for k in range(12)))
    assert emer("memory", "import", table, "--format", "jsonl", "--json")[0] == 0
    counts = json.loads(emer("memory", "stats", "--json")[1])
    assert counts["provenances"]["imported:talks"] == 12
    assert counts["index"]["n_vectors"] == 12
    assert "imported from talks" in emer("memory", "stats")[1]
    assert emer("memory", "export", "-o", tmp_path / "own.jsonl")[0] == 0
    assert len((tmp_path / "own.jsonl").read_text().splitlines()) == 12
    assert emer("memory", "rebuild")[1].startswith("12 cases of your own")
    assert emer("memory", "rebuild", "--missing")[0] == 0
    assert emer("memory", "map", "-o", tmp_path / "map.png", "--most", "100")[0] == 0
    picture = cv2.imread(str(tmp_path / "map.png"))
    assert picture.shape == (1200, 1600, 3)
    assert (picture < 250).any(axis=2).mean() > 0.005


def test_wrong_uses_are_one_line_each(emer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "r.json").write_text("{}")
    (tmp_path / "none.csv").write_text("a,b\n1,2\n")
    for arguments, says in [
        (("show", "nobody"), "no case 'nobody'"),
        (("forget",), "say what to forget"),
        (("forget", "--id", "nobody"), "no case 'nobody'"),
        (("forget", "--id", "emer-relieved-1"), "no case 'emer-relieved-1' among your own"),
        (("add", tmp_path / "r.json", "--label", "sad", "--why", "so"), "is no Report"),
        (("add", tmp_path / "gone.json", "--label", "sad", "--why", "so"), "no such file"),
        (("import", tmp_path / "none.csv", "--format", "csv"), "no record"),
        (("import", tmp_path / "none.csv", "--format", "csv", "--map", "nonsense"), "expected FIELD=COLUMN"),
        (("import", tmp_path / "none.csv", "--format", "xml"), "unknown format 'xml'"),
        (("export", "-o", tmp_path / "x.txt"), ".jsonl or something.parquet"),
        (("export", "-o", tmp_path / "no" / "x.jsonl"), "cannot be written"),
        (("map", "-o", tmp_path / "x.gif"), "should end with .png"),
    ]:
        status, _, err = emer("memory", *arguments)
        assert status == 2, arguments
        assert says in err, arguments
