"""An HTTP server that takes whatever is sent to it and keeps it: it stands in for a collector or for LangSmith."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    """The address of the server, and path and unpacked body of each request."""

    url: str
    requests: list[tuple[str, bytes]] = field(default_factory=list)

    def bodies(self, path: str) -> list[bytes]:
        """The bodies of the requests to one path."""
        return [body for at, body in self.requests if at == path]


@contextmanager
def receiver() -> Iterator[Received]:
    """A server that answers 200 and an empty object to everything; it ends with the block."""
    received = Received("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            packed = self.headers.get("content-encoding") == "gzip"
            received.requests.append((self.path, gzip.decompress(body) if packed else body))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_GET  # noqa: N815  (the names are the library's)

        def log_message(self, *_: object) -> None:
            """Prints nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield received
        server.shutdown()
        thread.join()
