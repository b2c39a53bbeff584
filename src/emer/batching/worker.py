"""The worker process: reads a job from its socket, explains the clip, writes the answer back, until the socket closes.

Started as `python -m emer.batching.worker FD PARENT CORES`. It is a program of its own, not a copy of its parent, so
that a batch may be started from any script and a worker begins without its parent's threads.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import Any


def main() -> None:
    """Works until the parent closes the socket or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent says what to end
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(int(sys.argv[2]),), daemon=True).start()
    connection = Connection(int(sys.argv[1]))
    from emer.api import kept_open
    from emer.batching.explaining import explained
    from emer.tools.cores import share_cores

    share_cores(int(sys.argv[3]))
    connection.send_bytes(b"ready")
    todo = _received(connection)
    if todo is None:
        return
    with kept_open(todo["options"]):  # all jobs of one worker have the same options
        while todo is not None:
            connection.send_bytes(json.dumps(explained(todo)).encode())
            todo = _received(connection)


def _received(connection: Connection) -> dict[str, Any] | None:
    """The next job, or None once the parent has closed the socket."""
    try:
        todo: dict[str, Any] = json.loads(connection.recv_bytes())
    except (EOFError, OSError):
        return None
    return todo


def _end_with(parent: int) -> None:
    """Ends this process when its parent has ended: a run that was killed leaves nobody at work."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    main()
