"""Lines are whole or not there, whoever writes and whatever dies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from emer.batching.journal import Journal

WRITER = """
import json, sys
from pathlib import Path
from emer.batching.journal import Journal
journal = Journal(Path(sys.argv[1]))
for n in range(50):
    journal.append(json.dumps({"who": sys.argv[2], "n": n, "long": "x" * 20_000}))
"""


def test_two_processes_write_whole_lines_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), who]) for who in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted((entry["who"], entry["n"]) for entry in entries) == [(who, n) for who in "ab" for n in range(50)]


def test_a_half_written_last_line_is_cut_off_and_nothing_else(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "out.jsonl")
    journal.append('{"n": 1}')
    with journal.path.open("ab") as file:
        file.write(b'{"n": 2, "long": "' + b"x" * 200_000)
    assert journal.mend() == 200_018
    journal.append('{"n": 3}')
    assert [entry["n"] for entry in journal.lines()] == [1, 3]
    assert journal.mend() == 0


def test_a_file_of_one_half_line_becomes_empty_and_one_that_is_not_there_stays_away(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "out.jsonl")
    assert journal.mend() == 0
    assert not journal.path.exists()
    journal.path.write_bytes(b'{"n"')
    assert journal.mend() == 4
    assert journal.path.read_bytes() == b""


def test_keeping_some_lines_leaves_them_as_they_were(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "out.jsonl")
    for n in range(4):
        journal.append(json.dumps({"n": n, "word": "é"}))
    journal.keep(lambda entry: entry["n"] % 2 == 0)
    assert [entry["n"] for entry in journal.lines()] == [0, 2]
    assert "é" in journal.path.read_text()
