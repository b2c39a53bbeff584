"""Two writers, killed at random points: no acknowledged case is lost, none doubled, and every reopening is good."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kill_writers import LEAST, case_named
from memory_support import LetterEmbedder

from emer.memory.store import open_memory

KILLS = 200 if os.environ.get("EMER_STRESS") else 20
ROUNDS_A_MEMORY = 10
HERE = Path(__file__).parent


@pytest.fixture
def forker():
    paths = os.pathsep.join([str(HERE), *(path for path in sys.path if path)])
    command = [sys.executable, str(HERE / "kill_writers.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    ) as process:
        yield process


@pytest.mark.stress
@pytest.mark.timeout(3_600)
def test_killed_writers_lose_nothing_and_double_nothing(tmp_path, forker):
    chance = random.Random(0)
    n_seen = n_forgotten = 0
    for round_ in range(KILLS // 2):
        folder = tmp_path / f"memory-{round_ // ROUNDS_A_MEMORY}"
        told = [tmp_path / f"told-{round_ // ROUNDS_A_MEMORY}-{round_}-{writer}" for writer in "ab"]
        pids = [_start(forker, folder, path) for path in told]
        chance.shuffle(pids)
        for pid, most_s in zip(pids, (0.8, 0.2), strict=True):
            time.sleep(chance.uniform(0.02, most_s))
            os.kill(pid, signal.SIGKILL)
        _until_gone(pids)
        kept, forgotten = _check(folder, sorted(tmp_path.glob(f"told-{round_ // ROUNDS_A_MEMORY}-*-[ab]")))
        n_seen, n_forgotten = n_seen + kept, n_forgotten + forgotten
    print(f"{KILLS} kills, {n_seen} cases looked up, {n_forgotten} forgotten ones looked for")
    assert n_seen > KILLS
    assert n_forgotten > 0


def _start(forker: subprocess.Popen[str], folder: Path, told: Path) -> int:
    assert forker.stdin is not None
    assert forker.stdout is not None
    print(folder, told.name, told, file=forker.stdin, flush=True)
    return int(forker.stdout.readline())


def _until_gone(pids: list[int]) -> None:
    for pid in pids:
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.005)


def _check(folder: Path, told: list[Path]) -> tuple[int, int]:
    """How many acknowledged cases were found again, and how many forgotten ones were not."""
    begun, added, leaving, gone = (set[str]() for _ in range(4))
    sets = {"adding": begun, "added": added, "forgetting": leaving, "forgot": gone}
    for path in told:
        for line in path.read_text().splitlines():
            what, *names = line.split(" ")
            sets[what].update(names)
    memory = open_memory(folder, LetterEmbedder(), seed=())
    cases = list(memory.own())
    ids = [case.id for case in cases]
    assert len(ids) == len(set(ids))
    assert added - leaving <= set(ids) <= begun - gone
    assert cases == [case_named(id_) for id_ in ids]
    probe = [{"transcript": "said"}]
    while memory.query(probe, 1) and memory.warnings:  # a question embeds so many at most, and says how many are left
        assert "have no vector yet" in memory.warnings[0]
    for id_ in random.Random(len(ids)).sample(ids, min(3, len(ids))):
        best = memory.query([case_named(id_).cues], 20)[0]
        assert id_ in [found.case.id for found in best if found.similarity > 0.9999]
    assert memory.warnings == ()
    memory.catch_up(least=LEAST)
    assert memory.coverage().n_vectors == len(ids)
    left = b"".join(path.read_bytes() for path in (folder / "journal").glob("*"))
    assert not [id_ for id_ in begun - set(ids) if f'"{id_}"'.encode() in left]
    memory.close()
    return len(ids), len(gone)
