"""The engine ray: the same Reports as the local one, complete although a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("ray")

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

    return [pid for pid, _, args in rows if "ray::explained" in args and is_below(pid)]


def _told(path: Path) -> set[str]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line["provenance"].pop("timings_s")
    return {json.dumps(line) for line in lines}
