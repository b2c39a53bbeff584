"""The rating sheet: blind, complete, and read back with the raters' agreement."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from emer import reason
from emer.errors import InputError
from emer.evals.rating_sheet import COLUMNS, read_sheets, write_sheet
from emer.evals.table import ratings_table
from emer.schemas import Report


def _reports() -> list[Report]:
    texts = ["I am so happy today!", "I am furious with you!", "I miss her. I am so sad."]
    return [reason({"id": f"c{n}", "cues": [], "transcript": text}) for n, text in enumerate(texts)]


def _fill(sheet: Path, to: Path, key: dict[str, str], stars: dict[str, str]) -> Path:
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            system = key[row["item"]]
            seen = "no" if system == "another clip" else "yes"
            writer.writerow([row["item"], row["clip"], row["explanation"], stars[system], seen])
    return to


def test_a_sheet_is_written_filled_in_and_read_back(tmp_path: Path) -> None:
    sheet = write_sheet(_reports(), tmp_path / "human", seed=3)
    key = json.loads(sheet.key.read_text(encoding="utf-8"))["systems"]
    text = sheet.sheet.read_text(encoding="utf-8")
    assert sorted(key.values()) == sorted(["emer", "floor", "another clip"] * 3)
    assert "another clip" not in text and "face-1" not in text and "transcript-1" not in text
    one = _fill(sheet.sheet, tmp_path / "a.csv", key, {"emer": "5", "floor": "3", "another clip": "1"})
    two = _fill(sheet.sheet, tmp_path / "b.csv", key, {"emer": "4", "floor": "3", "another clip": "1"})
    found = read_sheets([one, two], sheet.key)
    ours = found.systems[0]
    assert (ours.system, ours.n, ours.plausible.estimate, ours.seen.estimate) == ("emer", 6, 4.5, 1.0)
    assert found.systems[2].seen.estimate == 0.0
    assert found.alpha_seen == 1.0
    assert found.alpha_plausible is not None and 0.8 < found.alpha_plausible < 1.0
    assert "| emer | 6 | 4.50 [4.50, 4.50] | 1.00 [1.00, 1.00] |" in ratings_table(found)


def test_bad_ratings_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two Reports"):
        write_sheet(_reports()[:1], tmp_path)
    sheet = write_sheet(_reports(), tmp_path)
    with pytest.raises(InputError, match="no sheet holds a rating"):
        read_sheets([sheet.sheet], sheet.key)
    key = json.loads(sheet.key.read_text(encoding="utf-8"))["systems"]
    wrong = _fill(sheet.sheet, tmp_path / "a.csv", key, {"emer": "9", "floor": "3", "another clip": "1"})
    with pytest.raises(InputError, match="1 to 5"):
        read_sheets([wrong], sheet.key)
