"""The measurement cache: sound entries come back, damaged ones are dropped, the size is kept, processes share it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emer.tools.measurement_cache import MeasurementCache

KEYS = [f"{number:02x}" * 32 for number in range(40)]


def test_what_was_kept_comes_back_and_another_key_does_not(tmp_path: Path) -> None:
    cache = MeasurementCache(tmp_path / "cache", max_mb=1)
    assert cache.get(KEYS[0]) is None
    assert cache.put(KEYS[0], b"body")
    assert cache.get(KEYS[0]) == b"body"
    assert cache.get(KEYS[1]) is None


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_entry_is_dropped_and_can_be_made_again(tmp_path: Path, damage: bytes | None) -> None:
    cache = MeasurementCache(tmp_path, max_mb=1)
    cache.put(KEYS[0], b"body of some length")
    (path,) = tmp_path.glob("??/*")
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + b"!" if damage is None else damage)
    assert cache.get(KEYS[0]) is None
    assert not path.exists()
    cache.put(KEYS[0], b"body of some length")
    assert cache.get(KEYS[0]) == b"body of some length"


def test_the_entries_not_read_for_the_longest_time_go_first(tmp_path: Path) -> None:
    cache = MeasurementCache(tmp_path, max_mb=0.03)
    for age, key in enumerate(KEYS[:20]):
        cache.put(key, bytes(1000))
        for path in tmp_path.glob(f"??/{key}*"):
            os.utime(path, (1e9 - age, 1e9 - age))
    assert cache.get(KEYS[19]) is not None  # the oldest by far, but just read
    for key in KEYS[20:]:
        cache.put(key, bytes(1000))
    cache.make_room()
    n_bytes = sum(path.stat().st_size for path in tmp_path.glob("??/*"))
    assert n_bytes <= 30_000
    assert cache.get(KEYS[19]) is not None
    assert cache.get(KEYS[39]) is not None
    assert cache.get(KEYS[18]) is None


def test_writing_alone_keeps_the_folder_near_its_size(tmp_path: Path) -> None:
    cache = MeasurementCache(tmp_path, max_mb=0.01)
    for key in KEYS:
        cache.put(key, bytes(1000))
    assert sum(path.stat().st_size for path in tmp_path.glob("??/*")) <= 12_000


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = MeasurementCache(tmp_path / "file", max_mb=1)
    assert not cache.put(KEYS[0], b"body")
    assert cache.get(KEYS[0]) is None


WRITER = """
import sys
from pathlib import Path
from emer.tools.measurement_cache import MeasurementCache
cache = MeasurementCache(Path(sys.argv[1]), max_mb=0.02)
for n in range(300):
    key = f"{n % 40:02x}" * 32
    body = cache.get(key)
    assert body is None or body == key.encode() * 20, body
    assert cache.put(key, key.encode() * 20)
    if n % 50 == 0:
        cache.make_room()
"""


def test_processes_that_write_and_make_room_at_once_never_see_half_an_entry(tmp_path: Path) -> None:
    calls = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stderr=subprocess.PIPE) for _ in range(3)]
    for call in calls:
        _, said = call.communicate(timeout=60)
        assert call.returncode == 0, said.decode()
    assert not list(tmp_path.glob("??/half-*"))
