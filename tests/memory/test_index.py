from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from memory_support import make_case

from emer.errors import ToolError
from emer.memory.case_vectors import cues_vectors
from emer.memory.file_lock import locked
from emer.memory.shards import Rows, uncovered
from emer.memory.store import open_memory

WORDS = ("apple", "bridge", "cloud", "drum", "ember", "flute", "garden", "harbour", "island", "jungle")
CASES = [make_case(f"{one}-{other}", f"{one} {other} {one}") for one in WORDS for other in WORDS]
PROBE = [{"transcript": "a garden by the harbour"}]


@pytest.fixture(autouse=True)
def _questions_wait_for_all(monkeypatch):
    monkeypatch.setattr("emer.memory.case_index.AT_ONCE", 500)


@pytest.fixture
def memory(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    memory.add(CASES)
    yield memory
    memory.close()


def _exactly(embedder, n: int) -> list[str]:
    vectors = cues_vectors([case.cues for case in CASES], embedder)
    cosines = (vectors @ cues_vectors(PROBE, embedder)[0]).round(4)
    return [CASES[k].id for k in sorted(range(len(CASES)), key=lambda k: (-cosines[k], CASES[k].id))][:n]


def _found(memory, n: int = 10) -> list[str]:
    return [found.case.id for found in memory.query(PROBE, n)[0]]


def test_a_shard_and_a_scan_find_what_comparing_all_finds(memory, embedder):
    scanned = memory.query(PROBE, 10)
    memory.catch_up(least=10)
    assert memory.coverage() == (100, 100, 0, 1)
    assert memory.query(PROBE, 10) == scanned
    assert [found.case.id for found in scanned[0]] == _exactly(embedder, 10)


def test_what_comes_after_a_shard_is_scanned_then_merged_or_indexed_beside_it(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    sizes = []
    for start, stop in ((0, 80), (80, 85), (85, 100)):
        memory.add(CASES[start:stop])
        memory.catch_up(least=10)
        sizes.append((memory.coverage().n_sharded, memory.coverage().n_shards))
        assert len(memory.query(PROBE, 200)[0]) == stop
    assert sizes == [(80, 1), (80, 1), (100, 2)]
    memory.add([make_case(f"more-{k}", "more") for k in range(60)])
    memory.catch_up(least=10)
    assert memory.coverage().n_shards == 1  # 80 is at most twice what is new with the 20 before it
    assert _found(memory) == _exactly(embedder, 10)


def test_the_ranges_that_no_shard_covers():
    assert uncovered(10, []) == [(0, 10)]
    assert uncovered(10, [Rows(6, 8), Rows(0, 2)]) == [(2, 6), (8, 10)]
    assert uncovered(8, [Rows(0, 8)]) == []


@pytest.mark.parametrize("damage", ["remove", "truncate", "scribble", "vectors", "all"])
def test_damage_to_the_index_is_mended_without_a_person(memory, tmp_path, embedder, damage):
    memory.catch_up(least=10)
    expected = memory.query(PROBE, 10)
    memory.close()
    place = next(tmp_path.glob("index-*/"))
    database = next(place.glob("shard-*/chroma.sqlite3"))
    if damage == "remove":
        database.unlink()
    elif damage == "truncate":
        os.truncate(database, 5_000)
    elif damage == "scribble":
        database.write_bytes(b"no database" * 4_000)
    elif damage == "vectors":
        os.truncate(place / "rows.f16", 999)
    else:
        shutil.rmtree(place)
    again = open_memory(tmp_path, embedder, seed=())
    assert again.query(PROBE, 10) == expected
    again.catch_up(least=10)
    assert again.coverage() == (100, 100, 0, 1)
    assert again.query(PROBE, 10) == expected


def test_a_row_that_is_not_what_was_written_is_made_again(memory, tmp_path, embedder):
    expected = memory.query(PROBE, 10)
    memory.close()
    rows = next(tmp_path.glob("index-*/rows.f16"))
    with rows.open("r+b") as file:
        file.write(np.full(64 * 60, np.nan, dtype="<f2").tobytes())
    again = open_memory(tmp_path, embedder, seed=())
    assert again.query(PROBE, 10) == expected
    assert len(again.query(PROBE, 200)[0]) == 100


def test_what_a_killed_builder_left_is_swept_away(memory, tmp_path):
    memory.catch_up(least=10)
    place = next(tmp_path.glob("index-*/"))
    (place / "making-dead").mkdir()
    (place / "shard-0-7-0123456789abcdef-dead").mkdir()
    memory.catch_up(least=10)
    assert len(list(place.glob("making-*"))) == 0
    assert len(list(place.glob("shard-*"))) == 1


def test_a_shard_that_another_process_dropped_is_done_without(memory, tmp_path, embedder):
    memory.catch_up(least=10)
    expected = memory.query(PROBE, 5)
    other = open_memory(tmp_path, embedder, seed=())
    other.forget([expected[0][0].case.id])
    assert memory.query(PROBE, 4)[0] == expected[0][1:5]
    other.rebuild()
    assert memory.query(PROBE, 4)[0] == expected[0][1:5]


def test_while_another_writes_the_index_the_newest_cases_are_found(memory, tmp_path, embedder, monkeypatch):
    memory.query(PROBE, 1)
    monkeypatch.setattr("emer.memory.case_index.AT_ONCE", 2)
    with locked(tmp_path / "index.lock"):
        memory.add([make_case(f"new-{k}", "zebra zoo") for k in range(3)])
        assert [found.case.id for found in memory.query([{"transcript": "zebra zoo"}], 3)[0]][:2] == ["new-1", "new-2"]
        assert "1 cases have no vector yet" in memory.warnings[0]
    memory.catch_up()
    assert memory.warnings == ()
    assert len(memory.query(PROBE, 200)[0]) == 103


def test_threads_that_add_and_ask_at_once_lose_nothing(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())

    def work(part: int) -> None:
        for case in CASES[part::4]:
            memory.add([case])
            memory.query(PROBE, 3)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found.case.id for found in memory.query(PROBE, 200)[0]) == sorted(case.id for case in CASES)


def test_a_question_waits_for_a_few_cases_and_says_how_many_are_left(memory, monkeypatch):
    monkeypatch.setattr("emer.memory.case_index.AT_ONCE", 30)
    assert len(memory.query(PROBE, 200)[0]) == 30
    assert memory.warnings[0].startswith("70 cases have no vector yet")
    assert len(memory.query(PROBE, 200)[0]) == 60
    memory.catch_up()
    assert memory.warnings == ()


def test_rows_that_were_torn_before_they_were_indexed_are_made_again(memory, tmp_path):
    expected = memory.query(PROBE, 10)
    with next(tmp_path.glob("index-*/rows.f16")).open("r+b") as file:
        file.write(bytes(64 * 60))
    memory.catch_up(least=10)
    assert memory.coverage().n_sharded == 100
    assert memory.query(PROBE, 10) == expected


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody can write")
def test_where_nothing_can_be_written_rebuilding_is_one_clear_error(embedder):
    with pytest.raises(ToolError, match="cannot be written"):
        open_memory(Path("/proc/emer-memory"), embedder, seed=()).rebuild()
