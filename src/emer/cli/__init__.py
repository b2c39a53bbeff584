"""The command line: one module per family of commands. Results go to stdout, progress and messages to stderr.

Exit status: 0 done; 1 the analysis failed; 2 wrong use or input; 3 in a batch, some clips failed. Here belong options,
printing and exit codes. What a command does (analysing, remembering, measuring) belongs below.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from emer.cli import analysis, batch, evaluation, exporting, machine, models, remembering
from emer.errors import EmerError

app = typer.Typer(
    name="emer",
    help="Explains human emotion from video, voice and words: every sentence cites evidence that you can check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for family in (analysis, batch, exporting, remembering, evaluation, machine, models):
    family.register(app)


def _version(value: bool) -> None:
    if value:
        from emer.installation import version

        typer.echo(version())
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Explains human emotion from video, voice and words: every sentence cites evidence that you can check."""


def _complain(message: str) -> None:
    from emer.report.wording import printable

    typer.echo(f"emer: {printable(message)}", err=True)


def main() -> NoReturn:
    """The `emer` program: errors become one line on stderr and an exit status, never a traceback."""
    try:
        app(standalone_mode=True)
    except EmerError as error:
        _complain(str(error))
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        typer.echo("emer: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # no traceback reaches a user; whoever reports the line needs the place
        place = traceback.extract_tb(error.__traceback__)[-1]
        _complain(f"a defect of emer, please report it: {error!r} at {Path(place.filename).name}:{place.lineno}")
        sys.exit(1)
    sys.exit(0)
