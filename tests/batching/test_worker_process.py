"""A worker that crashes, hangs or grows is replaced, and its clip is named with the reason."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from emer.batching.explaining import Done, job
from emer.batching.keys import batch_row
from emer.batching.rows import Row
from emer.batching.worker_process import Limits, WorkerProcess


def _job(demo_dir: Path) -> dict[str, object]:
    row = Row(id="clip", source=str(demo_dir / "demo.mp4"), transcript=str(demo_dir / "demo.srt"))
    return job(row, batch_row(row, "s"), {})


def _words(text: str) -> dict[str, object]:
    row = Row(id="words", text=text)
    return job(row, batch_row(row, "s"), {})


def _file(path: Path) -> dict[str, object]:
    row = Row(id="file", source=str(path))
    return job(row, batch_row(row, "s"), {})


def _children() -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return [int(line.split()[0]) for line in told.stdout.splitlines() if "emer.batching.worker" in line]


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    made = WorkerProcess(Limits())
    yield made
    made.close()
    assert not _children()


def _in_the_middle(worker: WorkerProcess, job: dict[str, object], number: signal.Signals) -> Done:
    """What a worker answers whose process gets a signal as soon as it is at work."""
    ended: list[Done] = []
    thread = threading.Thread(target=lambda: ended.append(worker.work(job)))
    thread.start()
    deadline = time.monotonic() + 60
    while not _children() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    os.kill(_children()[0], number)
    thread.join(100)
    return ended[0]


def test_a_crashed_worker_is_named_and_the_next_clip_gets_a_new_one(worker: WorkerProcess, demo_dir: Path) -> None:
    failure = _in_the_middle(worker, _job(demo_dir), signal.SIGKILL).failure
    assert failure is not None
    assert (failure.kind, failure.retryable) == ("CrashError", True)
    assert "SIGKILL" in failure.why or "did not start" in failure.why
    answer = worker.work(_words("I am so happy!"))
    assert answer.failure is None
    assert answer.line is not None


def test_a_worker_that_hangs_is_ended_at_the_time_out(demo_dir: Path) -> None:
    worker = WorkerProcess(Limits(timeout_s=0.5))
    failure = worker.work(_job(demo_dir)).failure
    assert failure is not None
    assert (failure.kind, failure.retryable) == ("TimeoutError", True)
    assert "--clip-timeout" in failure.why
    assert not _children()


def test_a_worker_that_needs_too_much_memory_is_ended(demo_dir: Path) -> None:
    worker = WorkerProcess(Limits(memory_mb=60))
    failure = worker.work(_job(demo_dir)).failure
    assert failure is not None
    assert (failure.kind, failure.retryable) == ("MemoryError", True)
    assert not _children()


def test_a_clip_that_cannot_be_read_is_no_reason_to_replace_the_worker(worker: WorkerProcess, tmp_path: Path) -> None:
    failure = worker.work(_file(tmp_path / "none.mp4")).failure
    assert failure is not None
    assert (failure.kind, failure.retryable) == ("InputError", False)
    before = _children()
    assert worker.work(_words("No!")).failure is None
    assert _children() == before
