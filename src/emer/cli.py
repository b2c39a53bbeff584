"""The command line. Results go to stdout, progress and messages to stderr.

Exit status: 0 done; 1 the analysis failed; 2 wrong use or input.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from emer.errors import EmerError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emer.schemas import Report

app = typer.Typer(
    name="emer",
    help="Explains human emotion from video, voice and words: every sentence cites evidence that you can check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

evals = typer.Typer(no_args_is_help=True, help="Evaluate emer on labelled data.")
app.add_typer(evals, name="eval")

Source = Annotated[
    str, typer.Argument(help="A video, audio, image, text or subtitle file, or - for text on standard input.")
]
TranscriptFile = Annotated[
    Path | None, typer.Option("--transcript", help="What is said: SRT, VTT, or lines of SPEAKER: words.")
]
Context = Annotated[str | None, typer.Option("--context", help="What you know about the situation.")]
Effort = Annotated[str | None, typer.Option("--effort", help="quick, standard or thorough.")]
Offline = Annotated[bool, typer.Option("--offline", help="No chat model, even if one is set.")]
Json = Annotated[bool, typer.Option("--json", help="Print the Report as JSON.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write the Report as JSON to this file.")]
Language = Annotated[str | None, typer.Option("--language", help="ISO 639-1 code of the words; wins over detection.")]
Labels = Annotated[
    list[str] | None, typer.Option("--labels", help="A codebook file (CSV, JSON, YAML) or a built-in set, e.g. ekman.")
]
Role = Annotated[list[str] | None, typer.Option("--role", help="[ID=]ROLE of a person, e.g. p1=customer.")]
Purpose = Annotated[str | None, typer.Option("--purpose", help="medical or safety, with :TEXT.")]
Exclude = Annotated[list[str] | None, typer.Option("--exclude-person", help="Leave this person out, e.g. p2.")]
NoBiometrics = Annotated[bool, typer.Option("--no-biometrics", help="Words and context only: no face, no voice.")]
Trace = Annotated[Path | None, typer.Option("--trace", help="Write one JSON trace of the run (no words of the clip).")]


@app.command()
def analyze(
    source: Source,
    transcript: TranscriptFile = None,
    context: Context = None,
    effort: Effort = None,
    offline: Offline = False,
    as_json: Json = False,
    output: Output = None,
    language: Language = None,
    labels: Labels = None,
    role: Role = None,
    purpose: Purpose = None,
    exclude_person: Exclude = None,
    no_biometrics: NoBiometrics = False,
    trace: Trace = None,
) -> None:
    """Explain the emotions in one clip."""
    options = _options(
        effort=effort, offline=offline, language=language, labels=labels, role=role, purpose=purpose,
        exclude_person=exclude_person, no_biometrics=no_biometrics, trace=trace,
    )  # fmt: skip
    _check_folder(output)
    given = {"text": _stdin()} if source == "-" else {"source": source}
    if source == "-" and transcript is not None:
        raise InputError("the text on standard input is the transcript; --transcript goes with a file")
    _show([_analyzed(transcript=transcript, context=context, **given, **options)], as_json=as_json, output=output)


@app.command()
def reason(
    cues: Annotated[str, typer.Argument(help="A JSON or JSONL file of cues, or - for standard input.")],
    effort: Effort = None,
    offline: Offline = False,
    as_json: Json = False,
    output: Output = None,
    language: Language = None,
    labels: Labels = None,
    role: Role = None,
    purpose: Purpose = None,
    exclude_person: Exclude = None,
    no_biometrics: NoBiometrics = False,
    trace: Trace = None,
) -> None:
    """Reason about cues that you or another tool observed: one Report per clip."""
    from emer.api import reason as reason_about
    from emer.intake import read_rows

    options = _options(
        effort=effort, offline=offline, language=language, labels=labels, role=role, purpose=purpose,
        exclude_person=exclude_person, no_biometrics=no_biometrics, trace=trace,
    )  # fmt: skip
    _check_folder(output)
    text = _stdin() if cues == "-" else _text_of(Path(cues))
    rows = read_rows(text, source=cues)
    _show((reason_about(row, **options) for row in rows), as_json=as_json, output=output, is_many=len(rows) > 1)


@app.command()
def demo(as_json: Json = False, output: Output = None) -> None:
    """Analyse the clip that ships with emer."""
    from importlib.resources import as_file, files

    from emer.installation import command

    with as_file(files("emer") / "data" / "demo") as folder:
        report = _analyzed(source=folder / "demo.mp4", transcript=folder / "demo.srt")
    _show([report], as_json=as_json, output=output)
    typer.echo(f"\nThat was the clip that ships with emer. Now yours:\n  {command()} analyze CLIP", err=True)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what this machine has, what each back end lacks and the command that brings it."""
    from emer.doctor import examine, show

    checks = examine()
    show(checks, as_json=as_json)
    if any(check.status == "broken" for check in checks):
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a Report."""
    import json

    from emer.schemas import Report

    typer.echo(json.dumps(Report.model_json_schema(by_alias=True), indent=2))


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


def _options(
    *, role: list[str] | None, exclude_person: list[str] | None, labels: list[str] | None, **rest: Any
) -> dict[str, Any]:
    """The options as settings; what was not given stays unset, so that environment and file still count."""
    pairs = (one.rpartition("=") for one in role or ())
    roles = {who or "*": what for who, _, what in pairs}
    lists = {"roles": roles, "exclude_persons": tuple(exclude_person or ()), "labels": tuple(labels or ())}
    return {name: value for name, value in {**rest, **lists}.items() if value}


def _analyzed(**arguments: Any) -> Report:
    from emer.api import analyze as analyze_clip

    return analyze_clip(**arguments)


def _stdin() -> str:
    if sys.stdin.isatty():
        typer.echo("Reading text from standard input; end with Ctrl-D.", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _text_of(path: Path) -> str:
    from emer.tools.content import check_file

    check_file(path)  # a pipe or a device would be waited for
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text; cues come as JSON or JSONL") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _show(reports: Iterable[Report], *, as_json: bool, output: Path | None, is_many: bool = False) -> None:
    """The Reports on stdout and in the file: one as an object, many as one line each."""
    written: list[str] = []
    for report in reports:
        text = report.to_json(indent=None if is_many else 2)
        written.append(text)
        if as_json:
            typer.echo(text)
        elif output is None:
            _print(report)
    if output is not None:
        _write(output, "\n".join(written) + "\n")
        typer.echo(f"Written to {output}", err=True)


def _check_folder(output: Path | None) -> None:
    """Nothing, if the Report can be written there: told before the analysis, not after it."""
    if output is not None and not output.parent.is_dir():
        raise InputError(f"the Report cannot be written to {str(output)!r}: there is no such folder")


def _print(report: Report) -> None:
    from emer.report.terminal import render

    render(report)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"the Report cannot be written to {path}: {error.strerror}") from error


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
