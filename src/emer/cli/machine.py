"""`emer doctor` and `emer schema`: what this machine has and what a Report looks like."""

from __future__ import annotations

import typer

from emer.cli.options import Json


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    for command in (doctor, schema):
        app.command()(command)


def doctor(as_json: Json = False) -> None:
    """Say what this machine has, what each back end lacks and the command that brings it."""
    from emer.doctor import examine, show

    checks = examine()
    show(checks, as_json=as_json)
    if any(check.status == "broken" for check in checks):
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of a Report."""
    import json

    from emer.schemas import Report

    typer.echo(json.dumps(Report.model_json_schema(by_alias=True), indent=2))
