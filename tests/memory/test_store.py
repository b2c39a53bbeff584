from __future__ import annotations

import json
import os
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


def test_vectors_are_made_once_and_answer_the_same_after_reopening(tmp_path, embedder):
    built = open_memory(tmp_path, embedder, seed=())
    built.add(SEED)
    first = built.query([{"transcript": "brown fox"}], 3)
    built.close()
    before = embedder.n_embedded
    assert open_memory(tmp_path, embedder, seed=()).query([{"transcript": "brown fox"}], 3) == first
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


def test_another_version_of_the_embedder_makes_vectors_of_its_own(tmp_path):
    one, two = LetterEmbedder(version="1"), LetterEmbedder(version="2")
    open_memory(tmp_path, one, seed=()).add(SEED)
    for each in (one, two):
        assert _ids(open_memory(tmp_path, each, seed=()), "jumped over it", 1) == ["s2"]
    assert two.n_embedded == 2 * len(SEED) + 2
    facts = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("index-*/facts.json"))]
    assert sorted(fact["version"] for fact in facts) == ["1", "2"]


def test_rebuild_makes_the_vectors_anew(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    memory.add(SEED)
    first = memory.query([{"transcript": "brown fox"}], 3)
    before = embedder.n_embedded
    memory.rebuild()
    assert embedder.n_embedded == before + 2 * len(SEED)
    assert memory.query([{"transcript": "brown fox"}], 3) == first


def test_a_case_that_another_process_adds_or_forgets_is_seen_at_the_next_query(tmp_path, embedder):
    reader, writer = (open_memory(tmp_path, embedder, seed=()) for _ in range(2))
    writer.add([make_case("u1", "zebra zoo"), make_case("u2", "apple")])
    assert _ids(reader, "zebra zoo", 1) == ["u1"]
    writer.forget(["u1"])
    assert _ids(reader, "zebra zoo", 2) == ["u2"]
    assert reader.get("u1") is None


def test_an_id_of_a_case_that_comes_with_emer_is_refused(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    with pytest.raises(InputError, match="comes with emer"):
        memory.add([make_case("s1", "other words")])
    with pytest.raises(InputError, match="comes with emer"):
        memory.forget(["s1"])


def test_forgetting_leaves_nothing_on_disk(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=())
    memory.add([make_case("secret-1", "zebra zoo"), make_case("u2", "apple pie")])
    memory.catch_up(least=1)
    vector = memory.query([{"transcript": "zebra zoo"}], 1)[0][0].vector
    assert _holds(tmp_path, vector.astype("<f2").tobytes()) == ["rows.f16"]
    assert memory.forget(["secret-1", "secret-1", "nobody"]) == 1
    assert _holds(tmp_path, b"zebra") == _holds(tmp_path, b"secret") == []
    assert _holds(tmp_path, vector.astype("<f2").tobytes()) == []
    assert not list(tmp_path.glob("index-*/shard-*"))
    memory.catch_up(least=1)
    assert _ids(memory, "zebra zoo", 2) == _ids(open_memory(tmp_path, embedder, seed=()), "zebra zoo", 2) == ["u2"]
    assert memory.add([make_case("secret-1", "zebra zoo")]) == 1  # it may come back
    assert _ids(memory, "zebra zoo", 1) == ["secret-1"]


def _holds(folder: Path, what: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and what in path.read_bytes()]


def test_a_memory_folder_that_is_a_file_is_a_tool_error(tmp_path, embedder):
    (tmp_path / "memory").write_text("not a folder")
    with pytest.raises(ToolError, match="journal"):
        open_memory(tmp_path / "memory", embedder, seed=())


def test_a_memory_that_is_closed_while_it_warms_leaves_no_thread_and_answers_later(tmp_path, embedder):
    memory = open_memory(tmp_path, embedder, seed=SEED)
    memory.warm()
    memory.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "emer-memory"]
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


READER = """
import sys
from pathlib import Path
from emer.memory.store import open_memory
found = open_memory(Path(sys.argv[1])).query([{"transcript": "I got the job!"}], 5)[0]
print([(one.case.id, one.similarity) for one in found])
"""


def _started(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here)


def test_two_processes_that_open_a_fresh_memory_answer_the_same(tmp_path):
    readers = [_started(READER, tmp_path) for _ in range(2)]
    first, second = (reader.communicate()[0] for reader in readers)
    assert first == second
    assert "emer-joyful-1" in first
