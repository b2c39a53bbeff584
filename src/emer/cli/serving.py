"""`emer mcp`: emer as a tool of other agents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emer.cli.options import Settings, takes_settings
from emer.errors import InputError


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.command()(mcp)


@takes_settings
def mcp(
    folder: Annotated[
        Path, typer.Option("--folder", help="Files are opened in this folder and below it only.")
    ] = Path(),
    *,
    settings: Settings,
) -> None:
    """Serve the tools analyze, ask and recall to an agent (Model Context Protocol, standard input and output)."""
    from emer.agent_doors import AgentDoors
    from emer.mcp import serve

    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is no folder")
    serve(AgentDoors(folder, settings))
