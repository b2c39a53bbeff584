"""Locks whose files are removed while others wait for them: still one holder at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from emer.memory.file_lock import discard, locked, remove_held, try_locked

COUNTING = """
import sys
from pathlib import Path
from emer.memory.file_lock import discard, locked, remove_held
lock, count = Path(sys.argv[1]), Path(sys.argv[2])
for k in range(int(sys.argv[3])):
    with locked(lock):
        count.write_text(str(int(count.read_text()) + 1))
        if k % 2: remove_held(lock)
    discard(lock)
"""


def test_processes_that_lock_and_remove_the_lock_lose_no_count(tmp_path: Path) -> None:
    lock, count = tmp_path / "x.lock", tmp_path / "count"
    count.write_text("0")
    call = [sys.executable, "-c", COUNTING, str(lock), str(count), "400"]
    processes = [subprocess.Popen(call) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert count.read_text() == "1600"
    assert not lock.exists()


def test_who_waits_for_a_lock_that_is_removed_gets_the_next_one(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    held = threading.Event()

    def wait() -> None:
        with locked(lock):
            held.set()
            time.sleep(0.3)

    with locked(lock):
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.1)  # it has opened the file that is removed now
        assert not held.is_set()
        remove_held(lock)
    assert held.wait(5)
    with try_locked(lock) as is_held:
        assert not is_held
    waiting.join()


def test_a_lock_that_somebody_has_is_not_discarded(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    with locked(lock):
        discard(lock)
        assert lock.exists()
    discard(lock)
    assert not lock.exists()
    discard(lock)
