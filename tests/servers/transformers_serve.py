"""`transformers serve` in a process of its own: it answers with whichever network a request names by its folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAM = "import sys; from transformers.cli.transformers import main; sys.exit(main())"
STARTS_S = 120


@contextmanager
def transformers_serve() -> Iterator[str]:
    """The base URL of a server that is up; it ends with the block."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", "--port", str(port), "--device", "cpu"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},  # two threads wait for each other on 2 cores
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(address: str) -> None:
    ends = time.monotonic() + STARTS_S
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise TimeoutError(f"transformers serve did not answer at {address} within {STARTS_S} s")
