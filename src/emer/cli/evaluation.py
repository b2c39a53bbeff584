"""`emer eval`: evaluations on labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emer.errors import InputError

if TYPE_CHECKING:
    from emer.schemas import Report

evals = typer.Typer(no_args_is_help=True, help="Evaluate emer, or another system, on labelled data.")
human = typer.Typer(no_args_is_help=True, help="Let people rate explanations, blind.")
evals.add_typer(human, name="human")

Data = Annotated[
    Path, typer.Option("--data", help="The folder that holds text/ and media/; for a preset, the table itself.")
]

Wheels = Annotated[
    Path | None,
    typer.Option("--wheels", help="A folder with the official wheel tables under parity/, if not in --data."),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.add_typer(evals, name="eval")


@evals.command("list")
def list_evals() -> None:
    """List the evaluations, their data and terms."""
    from emer.evals.presets import PRESETS
    from emer.evals.table import EVALS, find

    for name in EVALS:
        found = find(name)
        typer.echo(f"{name:<16} {found.title}\n{'':<16} data: {found.data} ({found.terms})")
    typer.echo("\nOver a table of your own (--data FILE.csv or .jsonl, --map field=column,…):")
    for name, (about, _) in PRESETS.items():
        typer.echo(f"{name:<16} {about.title}\n{'':<16} data: {about.where} ({about.terms})")


@evals.command("run")
def run_evals(
    names: Annotated[list[str], typer.Argument(help="Names from `emer eval list`, or all.")],
    data: Data,
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first so many samples.", min=1)] = None,
    system: Annotated[
        str | None, typer.Option("--system", help="Predictions in emer's place: FILE.jsonl or MODULE:FUNCTION.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--map", help="For a table: field=column,… (see `emer eval list`).")
    ] = None,
    wheels: Wheels = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the run as JSON, for `emer eval compare`.")
    ] = None,
) -> None:
    """Run evaluations and print their figures with n and intervals as a Markdown table."""
    from emer.evals.evaluation import run
    from emer.evals.run_files import write_run
    from emer.evals.systems import system_of
    from emer.evals.table import EVALS, columns_of, find, markdown

    chosen = [name for name in EVALS if system or find(name).predict] if names == ["all"] else names
    if output is not None and len(chosen) > 1:
        raise InputError("-o writes one run; name one evaluation")
    outcomes = []
    for name in chosen:
        found = find(name, columns=columns_of(columns), wheels=wheels or data)
        outcome = run(found, data, limit=limit, predict=system_of(found, system) if system else None)
        outcomes.append(outcome)
        if output is not None:
            write_run(output, outcome, system=system or "emer")
    typer.echo(markdown(outcomes, system=system or "emer"))


@evals.command("ablate")
def ablate_parts(
    name: Annotated[str, typer.Argument(help="merr-cues, meld, emorynlp, or a preset whose labels are a closed set.")],
    data: Data,
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first so many samples.", min=1)] = None,
    columns: Annotated[str | None, typer.Option("--map", help="For a table: field=column,…")] = None,
    model: Annotated[str | None, typer.Option("--model", help="PROVIDER:MODEL; none: offline.")] = None,
) -> None:
    """Measure what each part is good for: modalities alone and left out, memory, verify, and with a model effort."""
    from emer.evals.ablation import ablate, subject, told
    from emer.evals.table import columns_of

    about = subject(name, columns_of(columns))
    try:
        samples = list(about.read(data))[:limit]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(
            f"{error.filename} is not there; {name} needs the folder that holds text/ and media/"
        ) from error
    typer.echo(told(name, ablate(about, samples, {"model": model})))


@evals.command("page")
def write_page(
    data: Data,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write it here; else it is printed.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="This evaluation; may be repeated.")] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", help="At most so many samples a set, drawn with seed 0.", min=1)
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="Evaluations at the same time.", min=1, max=64)] = 1,
) -> None:
    """Run every evaluation whose data are there and write one page: ours, floors, published results."""
    from emer.evals.page import Left, outcomes, page
    from emer.evals.table import EVALS

    names = list(only or EVALS)
    ended = []
    for one in outcomes(names, data, n=sample, workers=workers):
        typer.echo(f"{one.name}: {one.why}" if isinstance(one, Left) else f"{one.eval}: done", err=True)
        ended.append(one)
    flags = [*(f" --only {name}" for name in only or ()), *([f" --sample {sample}"] if sample else [])]
    text = page(names, ended, command=f"emer eval page --data DIR{''.join(flags)}", n=sample)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"the page cannot be written to {output}: {error.strerror}") from error


@evals.command("compare")
def compare_runs(
    first: Annotated[Path, typer.Argument(help="A run that `emer eval run NAME -o` wrote.")],
    second: Annotated[Path, typer.Argument(help="Another run of the same evaluation.")],
    wheels: Wheels = None,
) -> None:
    """Say which of two runs is better, by how much with a paired interval, and which samples changed."""
    from emer.evals.run_files import compare, read_run, told
    from emer.evals.table import find

    one, other = read_run(first), read_run(second)
    typer.echo(told(compare(find(one.eval, wheels=wheels), one, other)))


@evals.command("grade")
def grade_steps(
    reports: Annotated[Path, typer.Argument(help="Reports as JSONL, one a line.")],
    model: Annotated[list[str], typer.Option("--model", help="PROVIDER:MODEL of a grader; may be repeated.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="A data folder with EIBench: how far its people agree is told too.")
    ] = None,
) -> None:
    """Let chat models judge every step: borne by its cues? Also in reverse order, and of another clip."""
    from emer.config import load_settings
    from emer.evals.grading import grade, score
    from emer.evals.table import grades_table
    from emer.evals.trigger_recall import human_agreement

    found = _reports(reports)
    graded = grade(found, model, load_settings())
    for failure in (failure for one in graded for failure in one.failures):
        typer.echo(failure, err=True)
    typer.echo(grades_table(score(found, graded)))
    if data is not None:
        typer.echo(f"\nBeside that: three people who rated EIBench's answers reach alpha {human_agreement(data):.2f}.")


@human.command("write")
def write_ratings(
    reports: Annotated[Path, typer.Argument(help="Reports as JSONL, one a line.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder for ratings.csv and key.json.")],
    seed: Annotated[int, typer.Option("--seed", help="Of the order.")] = 0,
) -> None:
    """Write a blind rating sheet: ours, a floor and another clip's explanation, in random order."""
    from emer.evals.rating_sheet import write_sheet

    sheet = write_sheet(_reports(reports), output, seed=seed)
    typer.echo(f"{sheet.sheet}: give a copy to each rater\n{sheet.key}: keep it; it says which row is whose")


@human.command("read")
def read_ratings(
    sheets: Annotated[list[Path], typer.Argument(help="The filled-in sheets, one a rater.")],
    key: Annotated[Path, typer.Option("--key", help="The key that was written with the sheet.")],
) -> None:
    """Read rating sheets back: means with intervals, and Krippendorff's alpha."""
    from emer.evals.rating_sheet import read_sheets
    from emer.evals.table import ratings_table

    typer.echo(ratings_table(read_sheets(sheets, key)))


def _reports(path: Path) -> list[Report]:
    from emer.cli.results import read_text_file
    from emer.schemas import Report

    rows = [line for line in read_text_file(path).splitlines() if line.strip()]
    try:
        return [Report.model_validate_json(row) for row in rows]
    except ValueError as error:
        raise InputError(f"{path} does not hold one Report a line: {str(error).splitlines()[0]}") from error
