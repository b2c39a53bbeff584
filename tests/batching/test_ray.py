"""The engine ray: the same Reports as the local one, complete although a worker is killed; one limit, one budget."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("ray")

from tests.servers.scripted import Script, ScriptedServer

from emer.batching.ray_gate import Gate
from emer.models.budget import Budget
from emer.models.limiter import Limits

N_CLIPS = 12


@pytest.mark.timeout(300)
def test_it_ends_complete_and_equal_although_one_of_two_workers_is_killed(tmp_path: Path) -> None:
    manifest = tmp_path / "clips.jsonl"
    manifest.write_text("".join(json.dumps({"text": f"I lost game {n}, I am sad."}) + "\n" for n in range(N_CLIPS)))
    call = [sys.executable, "-c", "from emer.cli import main; main()", "batch", str(manifest), "--workers", "2", "-o"]
    output = tmp_path / "ray.jsonl"
    process = subprocess.Popen([*call, str(output), "--engine", "ray"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 200
    while _n_lines(output) < 4 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    victims = _ray_workers(process.pid)
    assert victims, process.communicate()[1]
    os.kill(victims[0], signal.SIGKILL)
    _, told = process.communicate(timeout=200)
    assert process.returncode == 0, told
    assert not (tmp_path / "ray.failures.jsonl").exists()
    local = tmp_path / "local.jsonl"
    assert subprocess.run([*call, str(local)], capture_output=True, timeout=200).returncode == 0
    assert _told(output) == _told(local)
    assert _n_lines(output) == N_CLIPS


def _asking(folder: Path, server: ScriptedServer, **settings: str) -> tuple[subprocess.Popen[str], Path]:
    """A run of two Ray workers that asks the server about four clips."""
    manifest, output = folder / "clips.jsonl", folder / "out.jsonl"
    manifest.write_text("".join(json.dumps({"text": f"I lost game {n}, I am sad."}) + "\n" for n in range(4)))
    (folder / "prices.toml").write_text('["vllm:m"]\ninput = 1000.0\noutput = 1000.0\n')
    call = [sys.executable, "-c", "from emer.cli import main; main()", "batch", str(manifest), "-o", str(output)]
    call += ["--engine", "ray", "--workers", "2", "--concurrency", "1", "--model", f"vllm:m@{server.base_url}"]
    environment = {**os.environ, "EMER_PRICES": str(folder / "prices.toml"), **settings}
    return subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True), output


@pytest.mark.timeout(300)
def test_one_limit_holds_over_all_workers_and_a_killed_one_gives_its_turn_back(tmp_path: Path) -> None:
    with ScriptedServer(Script(latency_s=0.1)) as server:
        process, output = _asking(tmp_path, server)
        deadline = time.monotonic() + 100
        while (server.seen.calls < 3 or not server.seen.in_flight) and time.monotonic() < deadline:
            time.sleep(0.005)
        for victim in _ray_workers(process.pid):  # whoever makes the one call that is allowed is among them
            os.kill(victim, signal.SIGKILL)
        _, told = process.communicate(timeout=200)
        assert process.returncode == 0, told
        assert server.seen.most_in_flight == 1
    assert _n_lines(output) == 4


@pytest.mark.timeout(300)
def test_one_budget_holds_over_all_workers_and_ends_the_run_cleanly(tmp_path: Path) -> None:
    with ScriptedServer(Script(latency_s=0.02)) as server:
        process, output = _asking(tmp_path, server, EMER_BUDGET_CALLS="7")
        _, told = process.communicate(timeout=200)
        assert server.seen.calls == 7, told
        assert process.returncode == 130, told
    failures = [json.loads(line) for line in (tmp_path / "out.failures.jsonl").read_text().splitlines()]
    assert {one["kind"] for one in failures} == {"BudgetError"}
    assert "7 of budget_calls = 7 in this run" in failures[0]["why"]
    record = json.loads((tmp_path / "out.run.json").read_text())
    assert record["state"] == "stopped"
    assert record["cost"] == pytest.approx((server.seen.input_tokens + server.seen.output_tokens) / 1000)
    assert _n_lines(output) < 4


async def test_the_tickets_of_a_task_that_is_silent_are_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emer.batching.ray_gate.LOST_S", 0.05)
    gate = Gate(Limits(concurrency=1), Budget(calls=1))
    await gate.enter("one", "killed", 5)
    waiting = [
        asyncio.create_task(gate.enter(name, holder, 5)) for name, holder in (("two", "killed"), ("three", "me"))
    ]
    await asyncio.sleep(0.06)
    assert not any(one.done() for one in waiting)
    await gate.beat("me")
    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert await gate.begin() is None
    assert "in this run" in str(await gate.begin())
    await gate.leave("three", 7)
    await asyncio.wait_for(gate.enter("four", "me", 5), 5)


def _n_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _ray_workers(ancestor: int) -> list[int]:
    """The processes at work on a clip below `ancestor`; a Ray of somebody else on this machine is not touched."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True).stdout.splitlines()
    rows = [(int(one[0]), int(one[1]), one[2]) for line in told if len(one := line.split(None, 2)) == 3]
    parents = {pid: parent for pid, parent, _ in rows}

    def is_below(pid: int) -> bool:
        while pid in parents and pid != ancestor:
            pid = parents[pid]
        return pid == ancestor

    return [pid for pid, _, args in rows if "ray::gated" in args and is_below(pid)]


def _told(path: Path) -> set[str]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line["provenance"].pop("timings_s")
    return {json.dumps(line) for line in lines}
