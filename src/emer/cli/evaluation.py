"""`emer eval`: evaluations on labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

evals = typer.Typer(no_args_is_help=True, help="Evaluate emer on labelled data.")


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.add_typer(evals, name="eval")


@evals.command("list")
def list_evals() -> None:
    """List the evaluations, their data and terms."""
    from emer.evals.table import EVALS, find

    for name in EVALS:
        found = find(name)
        typer.echo(f"{name:<12} {found.title}\n{'':<12} data: {found.data} ({found.terms})")


@evals.command("run")
def run_evals(
    names: Annotated[list[str], typer.Argument(help="Names from `emer eval list`, or all.")],
    data: Annotated[Path, typer.Option("--data", help="The folder that holds text/ and media/.")],
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first so many samples.", min=1)] = None,
) -> None:
    """Run evaluations and print their figures with n and intervals as a Markdown table."""
    from emer.evals.evaluation import run
    from emer.evals.table import EVALS, find, markdown

    chosen = list(EVALS) if names == ["all"] else names
    typer.echo(markdown([run(find(name), data, limit=limit) for name in chosen]))
