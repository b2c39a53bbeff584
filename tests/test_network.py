"""`EMER_NO_NETWORK=1`: a real server beside it is not reached, by Python or by C; every analysis works all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """The port of a web server on this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd.server_port, asked
    httpd.shutdown()
    httpd.server_close()


def run(program: str, *arguments: object, no_network: str = "1") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "EMER_NO_NETWORK": no_network}
    call = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(call, env=environment, capture_output=True, text=True, timeout=110, check=False)


TRIES = """
import asyncio, ctypes, socket, struct, subprocess, sys, urllib.request
from emer.config import load_settings
from emer.network import refuse_connections
from emer.errors import EmerError
load_settings()
port = int(sys.argv[1])
def by_udp(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port))
def by_curl():  # another process
    code = f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/child')"
    if subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode: raise OSError("child failed")
def by_c():
    if refuse_connections() and ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0) < 0: raise OSError("C")
tries = {
    "urllib": lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/urllib"),
    "name": lambda: socket.create_connection(("localhost", port)),
    "connect": lambda: socket.socket().connect(("127.0.0.1", port)),
    "asyncio": lambda: asyncio.run(asyncio.open_connection("127.0.0.1", port)),
    "udp": by_udp, "child": by_curl, "c": by_c,
}
for name, attempt in tries.items():
    try: attempt()
    except (EmerError, OSError) as error: print(name, "refused", error)
    else: print(name, "reached")
left, right = socket.socketpair(); left.send(b"local"); print(right.recv(5).decode())
"""


def test_no_way_leads_to_a_server(server: tuple[int, list[str]]) -> None:
    port, asked = server
    result = run(TRIES, port)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    has_kernel_lock = "c refused C" in lines
    expected = 7 if has_kernel_lock else 5
    assert sum(" refused" in line for line in lines) >= expected, lines
    assert lines[-1] == "local"
    assert not asked


def test_without_the_setting_the_server_is_reached(server: tuple[int, list[str]]) -> None:
    port, asked = server
    assert "urllib reached" in run(TRIES, port, no_network="0").stdout
    assert "/urllib" in asked


def test_python_alone_refuses_with_a_message_that_names_the_setting(server: tuple[int, list[str]]) -> None:
    port, asked = server
    program = TRIES.replace(
        "load_settings()", "import emer.network as n; n._lock_kernel = lambda: False; load_settings()"
    )
    lines = run(program, port).stdout.splitlines()
    told = [line for line in lines if "EMER_NO_NETWORK" in line]
    assert {line.split()[0] for line in told} >= {"name", "connect", "asyncio", "udp"}
    assert not [path for path in asked if path != "/child"]


ANALYSES = """
import sys, emer
from pathlib import Path
demo = Path(sys.argv[1])
given = {"cache": False, "frames_per_s": 1.0}
reports = [
    emer.analyze(demo / "demo.mp4", transcript=demo / "demo.srt", context="A talk.", labels=("ekman",), **given),
    emer.analyze(demo / "demo.flac", **given),
    emer.analyze(text="I am so disappointed."),
    emer.reason([{"modality": "face", "text": "brows lowered"}]),
]
import socket
assert all(report.cues for report in reports)
print([len(report.cues) for report in reports])
"""


def test_every_analysis_works_with_connections_off(demo_dir: Path) -> None:
    result = run(ANALYSES, demo_dir)
    assert result.returncode == 0, result.stderr
    assert len(json.loads(result.stdout)) == 4


def test_pulling_weights_is_refused_in_one_line() -> None:
    program = "import sys; sys.argv = ['emer', 'models', 'pull', 'yunet']; from emer.cli import main; main()"
    result = run(program)
    assert result.returncode == 1
    assert "unset EMER_NO_NETWORK" in result.stderr.splitlines()[-1]
    assert "could not be fetched" not in result.stderr
