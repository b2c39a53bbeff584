"""The page as a person uses it: the real server in a process of its own, a real browser."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import SIZES, chromium, opened
from tests.report.made_reports import report

pytest.importorskip("gradio", reason="needs gradio (the web extra)")

SHOUT = "ANNA: <script>window.owned=1</script> <img src=http://evil.example/x onerror=window.owned=1> I am so sad!"


class Server:
    """`emer serve` in a process of its own, with a folder for its temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tmp"
        self.folder.mkdir()
        results = folder / "results.jsonl"
        results.write_text(report().to_json(indent=None) + "\n")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        environment = {**os.environ, "TMPDIR": str(self.folder), "EMER_MEMORY_DIR": str(folder / "memory")}
        environment["EMER_CACHE"] = "false"  # a second look is over before a cue could be seen to arrive
        program = "from emer.cli import main; main()"
        options = ["--port", str(self.port), "--results", str(results), "--max-upload-mb", "1"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "serve", *options],
            env=environment, cwd=folder, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        self.told = ""
        while "emer is at" not in self.told:
            line = self.process.stderr.readline()
            assert line, self.told
            self.told += line
        self.url = re.search(r"http://\S+", self.told)[0]  # type: ignore[index]

    def files(self) -> list[Path]:
        """The files that hold something."""
        return [path for path in self.folder.rglob("*") if path.is_file() and path.stat().st_size]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("served"))
    yield started
    started.process.send_signal(signal.SIGTERM)
    started.process.communicate(timeout=20)
    assert not list(started.folder.glob("emer-web-*"))  # the end of every session deletes its files


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_a_clip_is_uploaded_watched_explained_and_gone_afterwards(
    browser: Any, server: Server, demo_dir: Path, size: str, scheme: str
) -> None:
    with opened(browser, server.url, size=size, scheme=scheme) as watched:
        page = watched.page
        _upload(page, demo_dir / "demo.mp4")
        page.locator("#emer-start").click()
        page.locator(".emer-cue").first.wait_for(timeout=60_000)
        page.locator("iframe.emer-report").wait_for(timeout=60_000)
        frame = page.frame_locator("iframe.emer-report")
        player = frame.locator("#player")
        frame.locator(".card").first.click()
        assert frame.locator(".bar.lit").count() > 0
        player.evaluate("one => new Promise(done => one.readyState ? done() : one.onloadedmetadata = done)")
        frame.locator(".lane.face .bar").last.click()
        assert player.evaluate("one => one.currentTime") > 1
        page.get_by_label("Ask about it").fill("why?")
        page.get_by_role("button", name="Ask").click()
        page.locator(".emer-answered").wait_for(timeout=60_000)
        assert page.locator(".emer-answered b").count() > 0  # the cues that it cites
        assert watched.faults("#emer-arriving") == watched.faults("#emer-head") == []
        assert {address.split("/")[2] for address in watched.asked if address.startswith("http")} == {
            f"127.0.0.1:{server.port}"
        }
        assert [one for one in watched.complaints if one.startswith("error")] == []
        assert server.files()
        page.close()
        for _ in range(100):
            if not server.files():
                break
            time.sleep(0.2)
        assert server.files() == []


@pytest.mark.parametrize(("size", "scheme"), [("desk", "dark"), ("phone", "light")])
def test_words_that_would_be_a_script_stay_words(browser: Any, server: Server, size: str, scheme: str) -> None:
    with opened(browser, server.url, size=size, scheme=scheme) as watched:
        page = watched.page
        page.get_by_role("tab", name="Words").click()
        page.get_by_label("What is said").fill(SHOUT)
        page.locator("#emer-start").click()
        page.locator("iframe.emer-report").wait_for(timeout=60_000)
        frame = page.frame_locator("iframe.emer-report")
        frame.locator(".step .claim").first.click()
        assert frame.locator("body").evaluate("() => window.owned") is None
        assert page.evaluate("window.owned") is None
        assert not [address for address in watched.asked if "evil" in address]
        assert page.locator("#emer-history").get_by_text("words").count() > 0
        page.wait_for_function(f"document.documentElement.scrollWidth <= {SIZES[size][0]}")


def _upload(page: Any, path: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(path)
    page.locator("#emer-given").get_by_text(path.suffix, exact=True).wait_for()  # gradio writes name and ending apart


def test_nothing_given_is_told(browser: Any, server: Server) -> None:
    with opened(browser, server.url) as watched:
        watched.page.locator("#emer-start").click()
        watched.page.get_by_text("Give a file, a recording or some words first.").wait_for()


def test_a_broken_file_is_told_by_its_own_name(browser: Any, server: Server, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(bytes(range(256)) * 9)
    with opened(browser, server.url) as watched:
        _upload(watched.page, tmp_path / "broken.mp4")
        watched.page.locator("#emer-start").click()
        told = watched.page.locator(".emer-failed").filter(has_text="broken.mp4")
        told.wait_for()
        assert str(server.folder) not in told.inner_text()


def test_a_row_of_a_batch_opens_its_report(browser: Any, server: Server) -> None:
    with opened(browser, server.url) as watched:
        page = watched.page
        page.locator("#emer-batch input").click()
        page.get_by_role("option").first.click()
        heading = page.frame_locator("iframe.emer-report").locator("h1")
        heading.wait_for()
        assert heading.inner_text() == "clip.mp4"
        assert page.locator("#emer-history input").count() == 1


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_a_question_is_answered_from_the_cues(browser: Any, server: Server, size: str, scheme: str) -> None:
    with opened(browser, server.url, size=size, scheme=scheme) as watched:
        page = watched.page
        page.locator("#emer-batch input").click()
        page.get_by_role("option").first.click()
        page.get_by_label("Ask about it").fill("Why sad? <script>window.owned=1</script>")
        page.get_by_role("button", name="Ask").click()
        answer = page.locator(".emer-answered")
        answer.wait_for(timeout=60_000)
        assert answer.locator("b.emer-transcript").first.inner_text() == "transcript-1"
        assert "<script>" in page.locator(".emer-asked").inner_text()
        assert page.evaluate("window.owned") is None
        page.wait_for_function(f"document.documentElement.scrollWidth <= {SIZES[size][0]}")
        assert watched.faults(".emer-turns") == []
        assert [one for one in watched.complaints if one.startswith("error")] == []


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("", {"Host": "evil.example"}, 421),
        ("gradio_api/queue/join", {"Origin": "http://evil.example"}, 403),
        ("report/../../etc/passwd", {}, 404),
        ("clip/%2Fetc%2Fpasswd", {}, 404),
        ("gradio_api/file=/etc/passwd", {}, 403),
        ("docs", {}, 404),
    ],
)
def test_what_is_not_for_others_is_refused(server: Server, path: str, headers: dict[str, str], status: int) -> None:
    assert _status(server.url + path, b"{}" if "Origin" in headers else None, headers) == status


def test_a_file_over_the_limit_is_refused(server: Server) -> None:
    head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 1000001\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def _status(url: str, data: bytes | None, headers: dict[str, str]) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def test_uploads_lie_where_only_this_user_can_read(server: Server) -> None:
    (folder,) = server.folder.glob("emer-web-*")
    assert folder.stat().st_mode & 0o077 == 0


def _jumps(frame: Any) -> bool:
    """Whether the clip jumps to a bar that is chosen; the frame may still be drawn anew meanwhile."""
    for _ in range(25):
        frame.locator(".lane.face .bar").last.click()
        if frame.locator("#player").evaluate("one => one.currentTime") > 1:
            return True
        time.sleep(0.2)
    return False
