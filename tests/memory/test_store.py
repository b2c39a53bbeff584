from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from memory_support import LetterEmbedder, make_case

from emer.errors import InputError, ToolError
from emer.memory.store import open_memory

SEED = (
    make_case("s1", "the quick brown fox", "happy"),
    make_case("s2", "jumped over it", "sad"),
    make_case("s3", "and was never seen again", "angry"),
)


def _ids(memory, said: str, n: int = 3) -> list[str]:
    return [found.case.id for found in memory.query([{"transcript": said}], n)[0]]


def test_the_nearest_case_comes_first_and_its_own_words_are_at_cosine_one(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    found = memory.query([{"transcript": "jumped over it"}], 2)[0]
    assert next(one.case.id for one in found) == "s2"
    assert found[0].similarity == pytest.approx(1.0, abs=1e-6)
    assert found[0].similarity > found[1].similarity


def test_said_and_described_count_half_each(tmp_path, embedder):
    both = make_case("b", cues={"transcript": "abc", "face": "smile"})
    memory = open_memory(tmp_path, embedder, seed=(both,))
    by_words, by_all = memory.query([{"transcript": "abc"}, {"transcript": "abc", "face": "smile"}], 1)
    assert by_all[0].similarity == pytest.approx(1.0, abs=1e-6)
    assert by_words[0].similarity == pytest.approx(0.5**0.5, abs=1e-6)  # (1, 0) and (1, 1) / sqrt 2


def test_equally_similar_cases_come_in_the_order_of_their_ids(tmp_path, embedder):
    twins = [make_case(name, "same words") for name in ("z", "a", "m")]
    assert _ids(open_memory(tmp_path, embedder, seed=twins), "same words") == ["a", "m", "z"]


def test_an_index_that_was_built_and_one_that_was_loaded_answer_the_same(tmp_path, embedder):
    built = open_memory(tmp_path, embedder, seed=SEED)
    first = built.query([{"transcript": "brown fox"}], 3)
    built.close()
    loaded = open_memory(tmp_path, embedder, seed=SEED)
    before = embedder.n_embedded
    assert loaded.query([{"transcript": "brown fox"}], 3) == first
    assert embedder.n_embedded == before + 2  # only the probe's two halves


def test_an_added_case_is_found_at_once_and_after_reopening(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    digest = memory.digest
    assert memory.add([make_case("u1", "zebra zoo")]) == 1
    assert _ids(memory, "zebra zoo", 1) == ["u1"]
    assert memory.digest != digest
    again = open_memory(tmp_path, embedder, seed=SEED)
    assert again.digest == memory.digest
    assert len(again) == 4
    assert _ids(again, "zebra zoo", 1) == ["u1"]


def test_one_more_case_costs_one_embedding(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    memory.query([{"transcript": "x"}], 1)
    memory.add([make_case("u1", "zebra zoo")])
    before = embedder.n_embedded
    memory.query([{"transcript": "x"}], 1)
    assert embedder.n_embedded - before == 4  # two halves of the new case, two of the probe


def test_adding_the_same_case_twice_keeps_one(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    assert memory.add([make_case("u1"), make_case("u1")]) == 1
    assert memory.add([make_case("u1")]) == 0
    assert len(memory) == 1


def test_an_id_that_is_taken_by_another_case_is_refused(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    memory.add([make_case("u1")])
    with pytest.raises(InputError, match="'u1' is taken"):
        memory.add([make_case("u1", "other words")])


def test_another_version_of_the_embedder_builds_another_index(tmp_path):
    one, two = LetterEmbedder(version="1"), LetterEmbedder(version="2")
    open_memory(tmp_path, one, seed=SEED).query([{"transcript": "x"}], 1)
    open_memory(tmp_path, two, seed=SEED).query([{"transcript": "x"}], 1)
    assert two.n_embedded == 2 * len(SEED) + 2
    facts = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("index-*/index.json"))]
    assert sorted(fact["version"] for fact in facts) == ["1", "2"]


@pytest.mark.parametrize("damage", ["remove", "truncate", "scribble"])
def test_a_damaged_index_is_built_again(tmp_path, embedder, damage):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    expected = memory.query([{"transcript": "brown fox"}], 3)
    memory.close()
    database = next(tmp_path.glob("index-*/chroma.sqlite3"))
    if damage == "remove":
        database.unlink()
    elif damage == "truncate":
        os.truncate(database, 5_000)
    else:
        database.write_bytes(b"no database" * 4_000)
    assert open_memory(tmp_path, embedder, seed=SEED).query([{"transcript": "brown fox"}], 3) == expected


def test_what_a_killed_builder_left_is_swept_away(tmp_path, embedder):
    (tmp_path / "making-dead").mkdir()
    open_memory(tmp_path, embedder, seed=SEED).query([{"transcript": "x"}], 1)
    assert not list(tmp_path.glob("making-*"))


def test_rebuild_makes_the_index_anew(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    first = memory.query([{"transcript": "brown fox"}], 3)
    before = embedder.n_embedded
    memory.rebuild()
    assert embedder.n_embedded == before + 2 * len(SEED)
    assert memory.query([{"transcript": "brown fox"}], 3) == first


def test_a_torn_last_line_is_no_case_and_the_next_append_mends_it(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    memory.add([make_case("u1"), make_case("u2")])
    journal = tmp_path / "cases.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-20])
    mended = open_memory(tmp_path, embedder, seed=())
    assert [case.id for case in mended.cases] == ["u1"]
    assert mended.warnings == ()
    mended.add([make_case("u3")])
    assert [case.id for case in open_memory(tmp_path, embedder, seed=()).cases] == ["u1", "u3"]


def test_a_changed_line_is_left_out_with_a_warning(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    memory.add([make_case("u1", "glad to hear"), make_case("u2")])
    journal = tmp_path / "cases.jsonl"
    journal.write_text(journal.read_text().replace("glad to hear", "sad to hear"))
    reopened = open_memory(tmp_path, embedder, seed=())
    assert [case.id for case in reopened.cases] == ["u2"]
    assert reopened.warnings == ("the case journal has 1 unreadable lines (1), left out",)


def test_a_memory_folder_that_is_a_file_is_a_tool_error(tmp_path, embedder):
    (tmp_path / "memory").write_text("not a folder")
    with pytest.raises(ToolError, match="journal"):
        open_memory(tmp_path / "memory", embedder, seed=())


def test_a_memory_that_is_closed_while_it_warms_leaves_no_thread_and_answers_later(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    memory.warm()
    memory.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "emer-memory"]
    assert len(list(tmp_path.glob("index-*/"))) == 1
    assert _ids(memory, "jumped over it", 1) == ["s2"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody can write")
def test_where_nothing_can_be_written_cases_are_still_found_and_none_is_added(embedder):
    memory = open_memory(Path("/proc/emer-memory"), embedder, seed=SEED)
    assert _ids(memory, "jumped over it", 1) == ["s2"]
    with pytest.raises(ToolError, match="cannot be written"):
        memory.add([make_case("u1")])
    memory.close()


def test_an_empty_memory_answers_with_nothing(tmp_path, embedder):
    assert open_memory(tmp_path, embedder, seed=()).query([{"transcript": "x"}], 5) == [[]]


WRITER = """
import sys
import threading
from pathlib import Path
import threading
from pathlib import Path
from pathlib import Path
from emer.memory.journal import Journal
from emer.schemas import Case
journal = Journal(Path(sys.argv[1]))
for k in range(int(sys.argv[3])):
    id_ = f"{sys.argv[2]}-{k}"
    journal.append([Case(id=id_, labels=["happy"], why="w" * 2000, provenance="user", cues={"transcript": "x"})])
    print(id_, flush=True)
"""


def _started(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here)


def test_two_processes_append_without_losing_a_case(tmp_path, embedder):
    writers = [_started(WRITER, tmp_path / "cases.jsonl", name, 20) for name in ("a", "b")]
    acknowledged = [line for writer in writers for line in writer.communicate()[0].split()]
    assert len(acknowledged) == 40
    kept = [case.id for case in open_memory(tmp_path, embedder, seed=()).cases]
    assert sorted(kept) == sorted(acknowledged)


def test_a_writer_that_is_killed_loses_no_acknowledged_case(tmp_path, embedder):
    acknowledged: list[str] = []
    for round_ in range(3):
        writer = _started(WRITER, tmp_path / "cases.jsonl", f"r{round_}", 100_000)
        assert writer.stdout is not None
        acknowledged += [writer.stdout.readline().strip() for _ in range(5 + round_)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.communicate()[0].split()
    kept = [case.id for case in open_memory(tmp_path, embedder, seed=()).cases]
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)


READER = """
import sys
import threading
from pathlib import Path
import threading
from pathlib import Path
from pathlib import Path
from emer.memory.store import open_memory
found = open_memory(Path(sys.argv[1])).query([{"transcript": "I got the job!"}], 5)[0]
print([(one.case.id, one.similarity) for one in found])
"""


def test_two_processes_that_open_a_fresh_memory_answer_the_same(tmp_path):
    readers = [_started(READER, tmp_path) for _ in range(2)]
    first, second = (reader.communicate()[0] for reader in readers)
    assert first == second
    assert "emer-joyful-1" in first
