"""`emer serve`: the page behind its guard, on this machine unless another address is asked for."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emer.errors import InputError, SetupError
from emer.installation import extra_command, is_installed
from emer.web.guard import Guard
from emer.web.shelf import Shelf, shown_page

LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Serving:
    """Where and how the page is served.

    Attributes:
        host: the address; any but this machine's own asks for a token.
        max_upload_mb: the largest file that is taken.
        results: a batch's results (JSON lines of Reports) that can be looked through.
        settings: options of an analysis, fields of `emer.config.Settings`.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    max_upload_mb: int = 500
    results: Path | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the address."""
        return self.host in LOCAL


@contextmanager
def application(serving: Serving) -> Iterator[tuple[Guard, str]]:
    """The ASGI application and the address to open; its files are deleted at the end.

    Raises:
        SetupError: gradio is not installed.
        InputError: the results of a batch cannot be read.
    """
    if not is_installed("gradio"):
        raise SetupError(f"the web page needs gradio; run {extra_command('web')}")
    with tempfile.TemporaryDirectory(prefix="emer-web-") as folder:
        # gradio reads these once, when it is imported: no telemetry, no hub, uploads where we delete them
        os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", GRADIO_TEMP_DIR=folder)
        shelf = Shelf(Path(folder))
        token = None if serving.is_local else secrets.token_urlsafe(24)
        ending = "" if serving.port == 80 else f":{serving.port}"  # browsers leave out the usual port
        hosts = frozenset(f"{one}{ending}" for one in ("127.0.0.1", "localhost", "[::1]"))
        guard = Guard(
            _app(serving, shelf),
            hosts=hosts if serving.is_local else frozenset(),
            token=token,
            max_bytes=serving.max_upload_mb * 1_000_000,
        )
        shown = f"[{serving.host}]" if ":" in serving.host else serving.host
        yield guard, f"http://{shown}:{serving.port}/" + (f"?token={token}" if token else "")


def run(serving: Serving) -> Iterator[str]:
    """The address, as soon as it is known; when the next item is asked for, serves until it is stopped.

    Raises:
        InputError: the address cannot be used.
    """
    import signal
    import socket
    import sys

    import uvicorn

    with application(serving) as (guard, address):
        try:
            family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
            bound = socket.create_server((serving.host, serving.port), family=family)
        except OSError as error:
            where = f"{serving.host}:{serving.port}"
            raise InputError(f"cannot listen on {where!r}: {error.strerror}; choose another with --port") from error
        yield address
        # uvicorn raises the signal that ended it once more; that must unwind us, so that the files are deleted
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
        config = uvicorn.Config(guard, log_level="warning", timeout_graceful_shutdown=2, ws="none")
        uvicorn.Server(config).run(sockets=[bound])


def _app(serving: Serving, shelf: Shelf) -> Any:
    import fastapi
    import gradio
    from fastapi.responses import FileResponse, HTMLResponse, Response

    from emer.web.layout import looks
    from emer.web.page import blocks

    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/report/{name}")
    def report(name: str) -> Response:
        item = shelf.find(name)
        return HTMLResponse(shown_page(item)) if item else Response("no such report", 404)

    @app.get("/clip/{name}")
    def clip(name: str) -> Response:
        item = shelf.find(name)
        return FileResponse(item.clip) if item and item.clip else Response("no such clip", 404)

    return gradio.mount_gradio_app(
        app,
        blocks(shelf, serving),
        path="",
        server_name=serving.host,
        server_port=serving.port,
        footer_links=[],
        show_error=True,
        max_file_size=serving.max_upload_mb * 1_000_000,
        ssr_mode=False,
        **looks(),
    )
