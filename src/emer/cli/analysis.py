"""`emer analyze`, `emer reason`, `emer demo`: one clip, or cues, to a Report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emer.cli.options import Context, Json, Output, Settings, Source, TranscriptFile, takes_settings
from emer.cli.results import check_folder, read_stdin, read_text_file, show
from emer.cli.views import Views, takes_views
from emer.errors import InputError

if TYPE_CHECKING:
    from emer.schemas import Report


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    for command in (analyze, reason, demo):
        app.command()(command)


@takes_views
@takes_settings
def analyze(
    source: Source,
    transcript: TranscriptFile = None,
    context: Context = None,
    as_json: Json = False,
    output: Output = None,
    *,
    settings: Settings,
    views: Views,
) -> None:
    """Explain the emotions in one clip."""
    path = None if source == "-" else Path(source)
    check_folder(output)
    views.check(path)
    given = {"text": read_stdin()} if source == "-" else {"source": source}
    if source == "-" and transcript is not None:
        raise InputError("the text on standard input is the transcript; --transcript goes with a file")
    report = _analyzed(transcript=transcript, context=context, **given, **settings)
    show([report], as_json=as_json, output=output, is_seen=views.are_wanted)
    views.write(report, path, settings)


@takes_views
@takes_settings
def reason(
    cues: Annotated[str, typer.Argument(help="A JSON or JSONL file of cues, or - for standard input.")],
    as_json: Json = False,
    output: Output = None,
    *,
    settings: Settings,
    views: Views,
) -> None:
    """Reason about cues that you or another tool observed: one Report per clip."""
    from emer.api import reason as reason_about
    from emer.intake import read_rows

    check_folder(output)
    text = read_stdin() if cues == "-" else read_text_file(Path(cues))
    rows = read_rows(text, source=cues)
    views.check(None, len(rows))
    if views.are_wanted:
        report = reason_about(rows[0], **settings)
        show([report], as_json=as_json, output=output, is_seen=True)
        views.write(report, None, settings)
        return
    show((reason_about(row, **settings) for row in rows), as_json=as_json, output=output, is_many=len(rows) > 1)


def demo(as_json: Json = False, output: Output = None) -> None:
    """Analyse the clip that ships with emer."""
    from importlib.resources import as_file, files

    from emer.installation import command

    with as_file(files("emer") / "data" / "demo") as folder:
        report = _analyzed(source=folder / "demo.mp4", transcript=folder / "demo.srt")
    show([report], as_json=as_json, output=output)
    typer.echo(f"\nThat was the clip that ships with emer. Now yours:\n  {command()} analyze CLIP", err=True)


def _analyzed(**arguments: Any) -> Report:
    from emer.api import analyze as analyze_clip

    return analyze_clip(**arguments)
