"""`emer serve`: the web page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emer.cli.options import Settings, takes_settings
from emer.errors import InputError


def register(app: typer.Typer) -> None:
    """Adds the command of this module to the program."""
    app.command()(serve)


@takes_settings
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Another address than this machine's asks for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port.")] = 7860,
    results: Annotated[
        Path | None, typer.Option("--results", help="Results of a batch (JSONL) to look through.")
    ] = None,
    max_upload_mb: Annotated[int, typer.Option("--max-upload-mb", help="The largest file that is taken.")] = 500,
    *,
    settings: Settings,
) -> None:
    """Open the web page: upload or record a clip, watch the cues arrive, read the Report, ask about it."""
    from emer.config import load_settings
    from emer.web.server import Serving, run

    if not 0 < port < 65_536 or max_upload_mb < 1:
        raise InputError(f"the port lies in 1..65535 and an upload has at least 1 MB, got {port} and {max_upload_mb}")
    load_settings(**settings)  # a wrong setting is told now, not at the first upload
    serving = Serving(host=host, port=port, max_upload_mb=max_upload_mb, results=results, settings=settings)
    for address in run(serving):
        typer.echo(f"emer is at {address}\nStop it with Ctrl-C; what was uploaded is deleted then.", err=True)
