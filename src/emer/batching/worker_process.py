"""One worker process as its parent sees it: given a job, watched, and replaced when it crashes, hangs or grows."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from emer.batching.explaining import Done, Failure, done_from

START_TIMEOUT_S = 300.0
_LOOK_EVERY_S = 0.2
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_LOG_CHARS = 300


@dataclass(frozen=True)
class Limits:
    """What one clip may take: seconds, megabytes of resident memory (watched on Linux), cores."""

    timeout_s: float = 600.0
    memory_mb: float = 4096.0
    n_cores: int = 1


class WorkerProcess:
    """A worker that is there when it is needed. `work` blocks, so call it from a thread of its own."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._log: IO[bytes] | None = None
        self._is_closed = False

    def work(self, job: Mapping[str, Any]) -> Done:
        """What became of the job; never raises for what the worker does or dies of."""
        failure = self._start()
        if failure is None:
            failure = self._send(job)
        begun = time.monotonic()
        while failure is None:
            if self._has_answer():
                return self._answer()
            failure = self._trouble(time.monotonic() - begun)
        self._stop()
        return Done(failure=failure)

    def close(self) -> None:
        """Ends the process, also in the middle of a clip; a worker that is closed starts no process again."""
        self._is_closed = True
        self._stop()

    def _start(self) -> Failure | None:
        """Starts the process if there is none and waits until it is ready; what came in between."""
        if self._process is not None and self._process.poll() is None:
            return None
        self._stop()
        if self._is_closed:
            return Failure("StoppedError", "the run was stopped", retryable=True)
        ours, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        call = [sys.executable, "-m", "emer.batching.worker", str(theirs.fileno()), str(os.getpid())]
        call.append(str(self._limits.n_cores))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        with theirs:
            self._process = subprocess.Popen(
                call, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                env=environment,
            )  # fmt: skip
        self._connection = Connection(ours.detach())
        begun = time.monotonic()
        while not self._has_answer():
            if self._process.poll() is not None or time.monotonic() - begun > START_TIMEOUT_S:
                return Failure("CrashError", f"a worker process did not start{self._last_words()}", retryable=True)
        return None if self._receive() == b"ready" else self._crashed()

    def _send(self, job: Mapping[str, Any]) -> Failure | None:
        assert self._connection is not None
        try:
            self._connection.send_bytes(json.dumps(job, default=str).encode())
        except OSError:
            return self._crashed()
        return None

    def _has_answer(self) -> bool:
        try:
            return self._connection is not None and self._connection.poll(_LOOK_EVERY_S)
        except (OSError, ValueError):
            return True  # closed from another thread: reading tells

    def _receive(self) -> bytes | None:
        try:
            return self._connection.recv_bytes() if self._connection is not None else None
        except (EOFError, OSError):
            return None

    def _answer(self) -> Done:
        raw = self._receive()
        if raw is None:
            failure = self._crashed()
            self._stop()
            return Done(failure=failure)
        if self._resident_mb() > self._limits.memory_mb / 2:
            self._stop()  # it has grown; the next clip gets a new one
        return done_from(json.loads(raw))

    def _trouble(self, took_s: float) -> Failure | None:
        limits = self._limits
        if self._process is None or self._process.poll() is not None:
            return self._crashed()
        if took_s > limits.timeout_s:
            why = f"it took longer than {limits.timeout_s:g} s (--clip-timeout)"
            return Failure("TimeoutError", why, retryable=True)
        if self._resident_mb() > limits.memory_mb:
            why = f"the worker needed more than {limits.memory_mb:g} MB of memory (--memory-mb)"
            return Failure("MemoryError", why, retryable=True)
        return None

    def _crashed(self) -> Failure:
        if self._is_closed:
            return Failure("StoppedError", "the run was stopped", retryable=True)
        status = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                status = self._process.wait(2)
        how = "went silent" if status is None else f"ended with status {status}"
        if status is not None and status < 0:
            how = f"was ended by {signal.Signals(-status).name}"
        return Failure("CrashError", f"the worker process {how} in the middle of this clip{self._last_words()}", True)

    def _last_words(self) -> str:
        """What the process last said on its standard streams."""
        if self._log is None:
            return ""
        self._log.seek(0)
        said = self._log.read().decode("utf-8", "replace").strip()
        return f": {said[-_LOG_CHARS:]}" if said else ""

    def _resident_mb(self) -> float:
        """Resident memory of the process; 0 where the system does not tell."""
        try:
            assert self._process is not None
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0.0
        return int(pages) * _PAGE / 1e6

    def _stop(self) -> None:
        process, connection, log = self._process, self._connection, self._log
        if process is not None:
            process.kill()
            process.wait()
        for held in (connection, log):
            if held is not None:
                with suppress(OSError):
                    held.close()
        self._process = self._connection = self._log = None
