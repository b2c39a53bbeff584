"""The index on a real Chroma server: the same answers as without one, whatever becomes of the server."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import httpx
import numpy as np
import pytest
from memory_support import LetterEmbedder, make_case
from served import ChromaProcess

from emer import analyze
from emer.cli import main
from emer.errors import InputError, ToolError
from emer.memory.chroma_server import ServerIndex
from emer.memory.store import CaseMemory, open_memory

WORDS = ("apple", "bridge", "cloud", "drum", "ember", "flute", "garden", "harbour", "island", "jungle", "kite", "lamp")
CASES = [make_case("-".join(three), " ".join(three)) for three in combinations(WORDS, 3)]  # no two alike
PROBES = [
    {"transcript": "a garden by the harbour"},
    {"transcript": "kite over the bridge"},
    {"transcript": "an ember island"},
]
ROOT = "/api/v2/tenants/default_tenant/databases/default_database/collections"


@pytest.fixture(autouse=True)
def _questions_wait_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emer.memory.case_index.AT_ONCE", 500)
    monkeypatch.setattr("emer.memory.served_index.AT_ONCE", 500)
    monkeypatch.setattr("emer.memory.served_index.RESTS_S", 0.0)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    server = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def chroma(running: ChromaProcess) -> ChromaProcess:
    if running.process.poll() is not None:
        running.start()
    return running


def opened(folder: Path, url: str, embedder: LetterEmbedder | None = None) -> CaseMemory:
    return open_memory(folder, embedder or LetterEmbedder(), seed=(), server=ServerIndex(url))


def filled(folder: Path, url: str) -> CaseMemory:
    memory = opened(folder, url)
    memory.add(CASES)
    memory.catch_up()
    return memory


def expected(folder: Path, cases: list[object] | None = None) -> list[list[tuple[str, float]]]:
    memory = open_memory(folder, LetterEmbedder(), seed=())
    memory.add(CASES if cases is None else cases)  # type: ignore[arg-type]
    memory.catch_up(least=10)
    assert memory.coverage().n_shards == 1
    return found(memory)


def found(memory: CaseMemory) -> list[list[tuple[str, float]]]:
    """The 20 best; the last of the 40 that are asked for may be any of those that are as alike."""
    return [[(one.case.id, one.similarity) for one in each[:20]] for each in memory.query(PROBES, 40)]


def on_server(url: str, folder: Path) -> dict[str, set[str]]:
    """The ids in each collection of a memory."""
    prefix = f"emer-{(folder / 'identity').read_text()}-"
    ids = {}
    for one in httpx.get(url + ROOT).json():
        if one["name"].startswith(prefix):
            told = httpx.post(f"{url}{ROOT}/{one['id']}/get", json={"include": ["documents", "metadatas"]}).json()
            assert not any(told["documents"] or ())
            assert not any(told["metadatas"] or ())
            ids[one["name"]] = set(told["ids"])
    return ids


def test_an_empty_server_is_filled_and_finds_what_the_embedded_index_finds(chroma, tmp_path):  # type: ignore[no-untyped-def]
    memory = filled(tmp_path / "one", chroma.url)
    assert memory.coverage() == (220, 220, 0, 1)
    assert [len(ids) for ids in on_server(chroma.url, tmp_path / "one").values()] == [220]
    assert found(memory) == expected(tmp_path / "two")
    assert memory.warnings == ()
    assert not list(tmp_path.glob("one/index-*/shard-*"))


def test_the_server_proposes_and_it_is_asked(chroma, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    memory = filled(tmp_path / "one", chroma.url)
    monkeypatch.setattr("emer.memory.vector_log.VectorLog.chunks", None)  # nothing is compared one by one
    assert found(memory) == expected(tmp_path / "two")


def test_another_process_finds_it_and_goes_on_from_where_it_is(chroma, tmp_path):  # type: ignore[no-untyped-def]
    first = filled(tmp_path / "one", chroma.url)
    other = opened(tmp_path / "one", chroma.url)
    assert other.coverage() == (220, 220, 0, 1)
    other.add([make_case("zebra", "zebra zoo"), make_case("zoo", "zoo zebra zoo")])
    assert [len(ids) for ids in on_server(chroma.url, tmp_path / "one").values()] == [220]
    assert other.query([{"transcript": "zebra zoo"}], 1)[0][0].case.id == "zebra"
    assert [len(ids) for ids in on_server(chroma.url, tmp_path / "one").values()] == [222]
    assert first.query([{"transcript": "zebra zoo"}], 1)[0][0].case.id == "zebra"
    assert first.coverage() == (222, 222, 0, 1)


def test_what_is_forgotten_goes_there_too_also_in_the_collections_of_other_embedders(chroma, tmp_path):  # type: ignore[no-untyped-def]
    older = opened(tmp_path / "one", chroma.url, LetterEmbedder(version="0"))
    older.add(CASES)
    older.catch_up()
    memory, other = opened(tmp_path / "one", chroma.url), opened(tmp_path / "one", chroma.url)
    memory.catch_up()
    assert len(on_server(chroma.url, tmp_path / "one")) == 2
    assert found(other) == found(memory)
    best = found(memory)[0][0][0]
    assert memory.forget([best]) == 1
    (ids,) = on_server(chroma.url, tmp_path / "one").values()
    assert len(ids) == 219
    assert found(memory) == expected(tmp_path / "two", [case for case in CASES if case.id != best])
    memory.add([case for case in CASES if case.id == best])  # once more: another process must not think it is there
    assert found(memory) == found(other) == expected(tmp_path / "three")


def test_a_killed_server_costs_no_case_and_is_used_again_when_it_is_back(chroma, tmp_path):  # type: ignore[no-untyped-def]
    wanted = expected(tmp_path / "two")
    memory = filled(tmp_path / "one", chroma.url)
    chroma.kill()
    begun = time.monotonic()
    assert found(memory) == wanted
    assert time.monotonic() - begun < 3
    assert f"the Chroma server {chroma.url} was not asked" in memory.warnings[0]
    memory.add([make_case("zebra", "zebra zoo")])
    assert memory.query([{"transcript": "zebra zoo"}], 1)[0][0].case.id == "zebra"
    with pytest.raises(ToolError, match="may still be on the Chroma server"):
        memory.forget([CASES[0].id])
    assert memory.get(CASES[0].id) is None
    chroma.start()
    memory.catch_up()
    assert memory.warnings == ()
    assert memory.coverage() == (220, 220, 0, 1)
    (ids,) = on_server(chroma.url, tmp_path / "one").values()
    assert len(ids) == 220
    memory.add([CASES[0]])
    memory.forget(["zebra"])
    assert found(memory) == wanted


def test_a_server_killed_while_it_is_filled_is_filled_by_the_next(chroma, tmp_path):  # type: ignore[no-untyped-def]
    memory = opened(tmp_path / "one", chroma.url)
    memory.add(CASES)
    memory.catch_up(lambda what, n: chroma.kill() if what == "index" else None)
    assert len(memory.warnings) == 1
    assert found(memory) == expected(tmp_path / "two")
    chroma.start()
    assert opened(tmp_path / "one", chroma.url).coverage() == (220, 220, 0, 1)


@pytest.mark.parametrize("damage", ["wiped", "dropped", "poorer", "width", "vectors", "strangers", "foreign"])
def test_what_is_wrong_on_the_server_is_mended_at_opening(chroma, tmp_path, damage):  # type: ignore[no-untyped-def]
    wanted = expected(tmp_path / "two")
    memory = filled(tmp_path / "one", chroma.url)
    (name,) = on_server(chroma.url, tmp_path / "one")
    there = httpx.get(f"{chroma.url}{ROOT}/{name}").json()["id"]
    ids = sorted(on_server(chroma.url, tmp_path / "one")[name])
    if damage == "wiped":
        chroma.kill()
        shutil.rmtree(chroma.folder)
        chroma.start()
    elif damage in ("dropped", "width"):
        httpx.delete(f"{chroma.url}{ROOT}/{name}")
    elif damage == "poorer":
        httpx.post(f"{chroma.url}{ROOT}/{there}/delete", json={"ids": ids[:100]})
    elif damage == "vectors":
        rows = np.random.default_rng(0).normal(size=(len(ids), 64)).tolist()
        httpx.post(f"{chroma.url}{ROOT}/{there}/upsert", json={"ids": ids, "embeddings": rows})
    else:
        rows = [[1.0] * 64] * 50
        strangers = [f"{k:016x}" if damage == "strangers" else f"zebra-{k}" for k in range(50)]
        httpx.post(f"{chroma.url}{ROOT}/{there}/upsert", json={"ids": strangers, "embeddings": rows})
    if damage == "width":
        there = httpx.post(chroma.url + ROOT, json={"name": name}).json()["id"]
        httpx.post(f"{chroma.url}{ROOT}/{there}/upsert", json={"ids": ["1"], "embeddings": [[1.0, 2.0]]})
    if damage not in ("vectors", "strangers", "foreign"):
        assert found(memory) == wanted  # one that has it open already
    again = opened(tmp_path / "one", chroma.url)
    assert found(again) == wanted
    assert again.warnings == ()
    assert again.coverage() == (220, 220, 0, 1)
    assert sorted(on_server(chroma.url, tmp_path / "one")[name]) == ids


def test_a_server_that_takes_the_call_and_never_answers_holds_nobody(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr("emer.memory.chroma_server.ANSWER_S", 0.3)
    monkeypatch.setattr("emer.memory.served_index.RESTS_S", 30.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        memory = opened(tmp_path / "one", f"http://127.0.0.1:{silent.getsockname()[1]}")
        memory.add(CASES)
        begun = time.monotonic()
        assert found(memory) == expected(tmp_path / "two")
        for _ in range(3):
            found(memory)
        assert time.monotonic() - begun < 5
        assert "does not answer" in memory.warnings[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "http://127.0.0.1:1", "http://no-such-host.invalid:8000"])
def test_an_address_where_nobody_is_ends_no_run(url, tmp_path):  # type: ignore[no-untyped-def]
    open_memory(tmp_path / "memory", seed=()).add(CASES[:3])
    report = analyze(text="ANNA: a garden by the harbour", memory_server=url)
    assert [url in one for one in report.warnings if "was not asked" in one] == [True]


def test_a_report_an_analysis_and_the_program_say_so_without_the_key(chroma, tmp_path, monkeypatch, capsys):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("EMER_MEMORY_SERVER", chroma.url)
    monkeypatch.setenv("EMER_MEMORY_KEY", "secret-word")

    def emer(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["emer", *arguments])
        with pytest.raises(SystemExit):
            main()
        told = capsys.readouterr()
        assert "secret-word" not in told.out + told.err
        return told.out + told.err

    (tmp_path / "talks.csv").write_text("transcript,labels\nLeave me alone!,angry\nI won!,happy\n")
    emer("memory", "import", "talks.csv", "--format", "csv")
    assert f"2 on the Chroma server {chroma.url}" in " ".join(emer("memory", "stats").split())
    assert json.loads(emer("memory", "stats", "--json"))["server"] == chroma.url
    assert f"2 cases on the Chroma server {chroma.url}" in " ".join(emer("doctor").split())
    there = analyze(text="ANNA: Leave me alone, I said!")
    chroma.kill()
    away = analyze(text="ANNA: Leave me alone, I said!")
    told = [one for one in away.warnings if "was not asked" in one]
    assert len(told) == 1
    assert away.cases == there.cases
    assert away.cases
    assert "secret-word" not in away.to_json() + there.to_json()
    assert "was not asked" in " ".join(emer("doctor").split())
    assert "2 compared one by one" in " ".join(emer("memory", "stats").split())


@pytest.mark.parametrize("url", ["http://me:secret-word@127.0.0.1:8000", "127.0.0.1:8000", "ftp://host"])
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(url, tmp_path):  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="expected http://HOST:PORT") as refused:
        analyze(text="Oh.", memory_server=url)
    assert "secret-word" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_with_connections_off_no_server_is_reached(chroma, tmp_path):  # type: ignore[no-untyped-def]
    open_memory(tmp_path / "memory", seed=()).add(CASES[:3])
    program = (
        f"import emer; report = emer.analyze(text='Leave me alone!', memory_server={chroma.url!r}, no_network=True);"
        "print([one for one in report.warnings if 'Chroma' in one])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100)
    assert "setting no_network" in done.stdout, done.stderr
    assert not on_server(chroma.url, tmp_path / "memory")


def test_processes_that_add_forget_and_ask_at_once_end_with_one_whole_index(chroma, tmp_path):  # type: ignore[no-untyped-def]
    folder = tmp_path / "one"
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from test_served_index import CASES, PROBES, opened\n"
        "memory, part = opened(Path(sys.argv[2]), sys.argv[3]), int(sys.argv[4])\n"
        "for k, case in enumerate(CASES[part:60:3]):\n"
        "    memory.add([case]); memory.query(PROBES, 5)\n"
        "    if k % 10 == 9: memory.forget([case.id])\n"
    )
    call = [sys.executable, "-c", program, str(Path(__file__).parent), str(folder), chroma.url]
    running = [subprocess.Popen([*call, str(part)]) for part in range(3)]
    assert [one.wait(100) for one in running] == [0, 0, 0]
    kept = [case for part in range(3) for k, case in enumerate(CASES[part:60:3]) if k % 10 != 9]
    memory = opened(folder, chroma.url)
    memory.catch_up()
    assert memory.coverage() == (len(kept), len(kept), 0, 1)
    assert [len(ids) for ids in on_server(chroma.url, folder).values()] == [len(kept)]
    assert found(memory) == expected(tmp_path / "two", kept)
