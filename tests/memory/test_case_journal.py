from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from memory_support import make_case

from emer.errors import InputError, ToolError
from emer.memory import journal as journal_module
from emer.memory.journal import Journal
from emer.memory.journal_lines import add_line


def _opened(folder: Path) -> Journal:
    journal = Journal(folder)
    journal.refresh()
    return journal


def _file(folder: Path, number: int = 1) -> Path:
    return folder / "journal" / f"{number:08d}.jsonl"


def test_a_line_is_json_and_its_sum_is_that_of_the_bytes_that_follow(tmp_path):
    Journal(tmp_path).append([make_case("u1", "glad")])
    line = _file(tmp_path).read_bytes().rstrip(b"\n")
    entry = json.loads(line)
    assert entry["op"] == "add"
    assert entry["case"]["cues"] == {"transcript": "glad"}
    assert entry["sum"] == hashlib.sha256(line.split(b'"', 4)[4]).hexdigest()[:16]


@pytest.mark.parametrize("id_", ["plain", 'with "quotes" and \\', "ünïcödé 漢字", "line\nbreak"])
def test_every_id_comes_back(tmp_path, id_):
    journal = Journal(tmp_path)
    journal.append([make_case(id_)])
    again = _opened(tmp_path)
    assert list(again.keys) == [id_]
    assert again.case(again.keys[id_]) == make_case(id_)


def test_the_same_case_is_kept_once_and_another_with_its_id_refuses_the_batch(tmp_path):
    journal = Journal(tmp_path)
    two_cues = make_case("u1", cues={"face": "smile", "transcript": "hi"})
    assert len(journal.append([two_cues, two_cues]).added) == 1
    assert len(journal.append([make_case("u1", cues={"transcript": "hi", "face": "smile"})]).known) == 1
    with pytest.raises(InputError, match="'u1' is taken"):
        journal.append([make_case("u2"), make_case("u1", "other words")])
    assert list(_opened(tmp_path).keys) == ["u1"]
    done = journal.append([make_case("u2"), make_case("u1", "other words")], refuse=False)
    assert ([case.id for case in done.added], [case.id for case in done.taken]) == (["u2"], ["u1"])


def test_a_torn_last_line_is_no_case_and_the_next_append_cuts_it_off(tmp_path):
    Journal(tmp_path).append([make_case("u1"), make_case("u2")])
    whole = _file(tmp_path).read_bytes()
    _file(tmp_path).write_bytes(whole[:-20])
    torn = _opened(tmp_path)
    assert (list(torn.keys), torn.damaged) == (["u1"], ())
    torn.append([make_case("u3")])
    assert list(_opened(tmp_path).keys) == ["u1", "u3"]


def test_a_changed_line_is_left_out_and_named(tmp_path):
    Journal(tmp_path).append([make_case("u1", "glad to hear"), make_case("u2")])
    _file(tmp_path).write_text(_file(tmp_path).read_text().replace("glad to hear", "sad to hear"))
    damaged = _opened(tmp_path)
    assert list(damaged.keys) == ["u2"]
    assert damaged.damaged == ("1:1",)


def test_noise_in_a_segment_harms_no_other_line(tmp_path):
    Journal(tmp_path).append([make_case("u1")])
    with _file(tmp_path).open("ab") as file:
        file.write(b"\x00\xff\xfe noise\n{}\nnull\n" + add_line(make_case("u2")))
    noisy = _opened(tmp_path)
    assert list(noisy.keys) == ["u1", "u2"]
    assert noisy.damaged == ("1:2", "1:3", "1:4")


def test_full_segments_are_left_alone_and_read_in_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 100)
    journal = Journal(tmp_path)
    for k in range(5):
        journal.append([make_case(f"u{k}")])
    assert len(list((tmp_path / "journal").iterdir())) == 5
    before = _file(tmp_path, 1).stat().st_mtime_ns
    journal.forget(["u3"])
    assert _file(tmp_path, 1).stat().st_mtime_ns == before
    assert list(_opened(tmp_path).keys) == ["u0", "u1", "u2", "u4"]


def test_forgetting_removes_the_line_and_names_nothing_in_its_stead(tmp_path):
    journal = Journal(tmp_path)
    journal.append([make_case("secret", "zebra"), make_case("u2")])
    assert journal.forget(["secret", "nobody"]) == 1
    text = _file(tmp_path).read_text()
    assert "secret" not in text
    assert "zebra" not in text
    assert list(_opened(tmp_path).keys) == ["u2"]
    journal.append([make_case("secret", "zebra")])
    assert list(_opened(tmp_path).keys) == ["u2", "secret"]


def test_a_compaction_whose_writer_was_killed_is_finished_by_the_next(tmp_path, monkeypatch):
    journal = Journal(tmp_path)
    journal.append([make_case("secret", "zebra"), make_case("u2")])
    monkeypatch.setattr(Journal, "_compact", lambda self: None)
    journal.forget(["secret"])
    monkeypatch.undo()
    killed = _opened(tmp_path)
    assert list(killed.keys) == ["u2"]  # forgotten for every reader, and still in the file
    assert killed.is_unfinished
    assert b"zebra" in _file(tmp_path).read_bytes()
    killed.mend()
    assert b"zebra" not in _file(tmp_path).read_bytes()
    assert not killed.is_unfinished


def test_a_reader_goes_on_where_it_stopped_and_notices_a_segment_that_was_replaced(tmp_path):
    writer, reader = Journal(tmp_path), Journal(tmp_path)
    for id_ in ("u1", "u2"):
        writer.append([make_case(id_)])
        reader.refresh()
        assert list(reader.keys)[-1] == id_
    key = reader.keys["u1"]
    writer.forget(["u1"])
    assert reader.case(key) == make_case("u1")  # until it looks again
    reader.refresh()
    assert list(reader.keys) == ["u2"]
    (tmp_path / "journal").rename(tmp_path / "gone")
    reader.refresh()
    assert not reader.keys


def test_the_digest_tells_the_cases_and_not_how_they_came_about(tmp_path):
    one, other = Journal(tmp_path / "one"), Journal(tmp_path / "other")
    one.append([make_case("a"), make_case("b")])
    for id_ in ("a", "x", "b"):
        other.append([make_case(id_)])
    assert one.digest() != other.digest()
    other.forget(["x"])
    assert one.digest() == other.digest()


def test_a_full_disk_leaves_no_part_of_the_batch(tmp_path, monkeypatch):
    journal = Journal(tmp_path)
    journal.append([make_case("u1")])

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ToolError, match="No space left"):
        journal.append([make_case("u2")])
    monkeypatch.undo()
    assert list(_opened(tmp_path).keys) == ["u1"]
    assert len(journal.append([make_case("u2")]).added) == 1
