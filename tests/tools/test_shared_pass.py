"""One pass over a file for several readers."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emer.errors import ToolError
from emer.tools import media as media_module
from emer.tools.media import Media, Window, open_media
from emer.tools.shared_pass import SharedPass


@pytest.fixture
def long_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Media, list[int]]:
    """A clip of six windows, and the list to which every pass over the file adds one."""
    passes: list[int] = []
    real = media_module.windows

    def counted(*args: object) -> Iterable[Window]:
        passes.append(1)
        yield from real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(media_module, "windows", counted)
    monkeypatch.setattr(media_module, "N_KEPT_SOUND", 2)
    soundfile.write(tmp_path / "long.wav", np.zeros(90 * 8000, np.float32), 8000)
    return open_media(tmp_path / "long.wav"), passes


def test_readers_in_several_threads_share_one_pass(long_clip: tuple[Media, list[int]]) -> None:
    media, passes = long_clip
    readers = [media.windows() for _ in range(4)]
    seen: list[list[int]] = [[] for _ in readers]

    def read(k: int) -> None:
        for window in readers[k]:
            seen[k].append(window.index)
            threading.Event().wait(0.002 * k)

    run_all(threading.Thread(target=read, args=(k,)) for k in range(4))
    assert seen == [list(range(6))] * 4
    assert len(passes) == 1


def test_a_reader_that_stopped_holds_nobody_up(long_clip: tuple[Media, list[int]]) -> None:
    media, passes = long_clip
    for _ in media.windows():
        break
    finished = media.windows()

    run_all([threading.Thread(target=next, args=(finished,))])
    gc.collect()
    assert [w.index for w in media.windows()] == list(range(6))
    assert len(passes) == 1


def test_a_reader_that_comes_late_makes_its_own_pass(long_clip: tuple[Media, list[int]]) -> None:
    media, passes = long_clip
    first = [w.index for w in media.windows()]
    assert [w.index for w in media.windows()] == first == list(range(6))
    assert len(passes) == 2


def test_two_readers_in_one_thread_do_not_wait_for_one_another(long_clip: tuple[Media, list[int]]) -> None:
    media, _ = long_clip
    one, other = media.windows(), media.windows()
    assert len(list(one)) == len(list(other)) == 6


def test_a_hung_reader_is_waited_for_no_longer_than_agreed() -> None:
    shared: SharedPass[int] = SharedPass(lambda: iter(range(10)), n_kept=2, patience_s=0.1)
    hung, go_on, answers = shared.reader(), threading.Event(), []

    def hang() -> None:
        answers.append(next(hung))
        go_on.wait(10)
        answers.extend(hung)

    thread = threading.Thread(target=hang)
    thread.start()
    assert list(shared.reader()) == list(range(10))
    go_on.set()
    thread.join()
    assert answers == list(range(10))


def test_the_beginning_is_kept_for_a_while_for_a_reader_that_is_still_to_come() -> None:
    starts: list[int] = []

    def start() -> Iterator[int]:
        starts.append(1)
        return iter(range(10))

    shared: SharedPass[int] = SharedPass(start, n_kept=2, grace_s=0.5)
    early: list[int] = []
    first = shared.reader()
    thread = threading.Thread(target=lambda: early.extend(first))
    thread.start()
    threading.Event().wait(0.1)
    assert list(shared.reader()) == list(range(10))
    thread.join()
    assert early == list(range(10)) and len(starts) == 1


def test_an_error_reaches_every_reader_after_what_was_read() -> None:
    def broken() -> Iterable[int]:
        yield 1
        raise ToolError("broken")

    shared: SharedPass[int] = SharedPass(lambda: iter(broken()))
    for reader in (shared.reader(), shared.reader()):
        assert next(reader) == 1
        with pytest.raises(ToolError, match="broken"):
            next(reader)


def run_all(threads: Iterable[threading.Thread]) -> None:
    started = list(threads)
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(20)
        assert not thread.is_alive()
