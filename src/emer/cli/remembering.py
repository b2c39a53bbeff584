"""`emer memory`: see, correct and grow what emer remembers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emer.cli.opened_memory import opened_memory, progress, skipped_records, warn
from emer.cli.results import read_text_file
from emer.errors import InputError

if TYPE_CHECKING:
    from emer.schemas import Report

memory = typer.Typer(no_args_is_help=True, help="See, correct and grow what emer remembers.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Labels = Annotated[list[str], typer.Option("--label", help="What the person appears to feel; may be repeated.")]
Columns = Annotated[list[str] | None, typer.Option("--map", help="FIELD=COLUMN of the file; may be repeated.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.add_typer(memory, name="memory")


@memory.command()
def add(
    report: Annotated[Path, typer.Argument(help="A Report as JSON (emer analyze -o).")],
    label: Labels,
    why: Annotated[str, typer.Option("--why", help="How one can tell.")],
    intensity: Annotated[
        float | None, typer.Option("--intensity", min=0.0, max=1.0, help=".33 slight, .66 clear, 1 extreme.")
    ] = None,
    person: Annotated[str | None, typer.Option("--person", help="Whom it is about, e.g. p1.")] = None,
    as_json: Json = False,
) -> None:
    """Remember a correction of a Report: the next similar clip meets it."""
    from emer.memory.learning import corrected_case

    case = corrected_case(_report(report), label, why, intensity=intensity, person=person)
    with opened_memory() as opened:
        is_new = bool(opened.add([case]))
        opened.catch_up(progress())
        warn(opened)
    if as_json:
        typer.echo(case.model_dump_json(indent=2))
    else:
        _show_case(case)
        typer.echo(f"{'Remembered' if is_new else 'Remembered already'}; to undo: "
                   f"{_command()} memory forget --id {case.id}", err=True)  # fmt: skip


@memory.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The file.")],
    form: Annotated[str, typer.Option("--format", help="emer, csv, jsonl, merr, emer-csv, meld or goemotions.")],
    columns: Columns = None,
    told: Annotated[Path | None, typer.Option("--skipped", help="Write the skipped records to this file.")] = None,
    as_json: Json = False,
) -> None:
    """Add labelled clips from a file; every record that is skipped is named with the reason."""
    from dataclasses import asdict

    from emer.memory.importing import import_file
    from emer.report.remembered import imported_view

    with opened_memory() as opened, skipped_records(told) as skipped:
        done = import_file(opened, file, form=form, columns=_columns(columns), skipped=skipped)
        typer.echo(json.dumps(asdict(done)) if as_json else imported_view(done))
        opened.catch_up(progress())
        warn(opened)
    if done.n_skipped and not done.n_added and not done.n_known:
        hint = "name its columns, e.g. --map transcript=COLUMN --map labels=COLUMN"
        raise InputError(f"no record of {str(file)!r} became a case; is it of the format {form!r}? If so, {hint}")


@memory.command()
def search(
    text: Annotated[str, typer.Argument(help="What was said, or what was seen and heard.")],
    n: Annotated[int, typer.Option("-n", help="How many cases.", min=1, max=200)] = 5,
    as_json: Json = False,
) -> None:
    """Find the cases that are most like a text, by what was said in them or by what was observed."""
    from emer.memory.searching import search as find
    from emer.report.remembered import found_view, show

    with opened_memory() as opened:
        ranked = find(opened, text, n)
        warn(opened)
    if as_json:
        rows = [{"similarity": one.similarity, **one.case.model_dump(exclude_defaults=True)} for one in ranked]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        show(found_view(ranked, text))


@memory.command("show")
def show_(id_: Annotated[str, typer.Argument(metavar="ID", help="The id of a case.")], as_json: Json = False) -> None:
    """Show one case with everything that is known of it."""
    with opened_memory() as opened:
        case = opened.get(id_)
    if case is None:
        raise InputError(f"no case {id_!r} in memory; find one with: {_command()} memory search TEXT")
    if as_json:
        typer.echo(case.model_dump_json(indent=2))
    else:
        _show_case(case)


@memory.command()
def forget(
    ids: Annotated[list[str] | None, typer.Option("--id", help="This case; may be repeated.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="All of a clip, a file, a data set, or e.g. corrected.")
    ] = None,
    person: Annotated[str | None, typer.Option("--person", help="All about this person.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete cases of your own from journal, vectors and index; nothing of them is left."""
    from emer.memory.learning import chosen_ids

    if not ids and source is None and person is None:
        raise InputError("say what to forget: --id ID, --source SOURCE or --person PERSON")
    with opened_memory() as opened:
        chosen = chosen_ids(opened.own(), ids=ids or (), source=source, person=person)
        missing = sorted(set(ids or ()) - set(chosen))
        if missing or not chosen:
            what = f"case {missing[0]!r}" if missing else "case from there"
            raise InputError(f"no {what} among your own; see them with: {_command()} memory export -o cases.jsonl")
        if (source is not None or person is not None) and not yes:
            _confirm(len(chosen))
        n = opened.forget(chosen)
        typer.echo(f"{n} forgotten")
        opened.catch_up(progress())


@memory.command()
def export(output: Annotated[Path, typer.Option("-o", "--output", help="A .jsonl or .parquet file.")]) -> None:
    """Write your own cases to a file that `emer memory import --format emer` reads."""
    from emer.memory.exporting import export_file

    with opened_memory() as opened:
        n = export_file(opened.own(), output)
    typer.echo(f"{n} cases written to {output}", err=True)


@memory.command()
def rebuild(
    missing: Annotated[bool, typer.Option("--missing", help="Make only what is not there yet.")] = False,
) -> None:
    """Make vectors and index again from the journal."""
    with opened_memory() as opened:
        if missing:
            opened.catch_up(progress())
        else:
            opened.rebuild(progress())
        coverage, server = opened.coverage(), opened.server
        warn(opened)
    where = "in a Chroma index" if server is None else f"on the Chroma server {server}"
    typer.echo(f"{coverage.n_vectors} cases of your own, {coverage.n_sharded} of them {where}")


@memory.command()
def stats(as_json: Json = False) -> None:
    """Count what the memory holds and say how far its index has come."""
    from emer.memory.statistics import count
    from emer.report.remembered import show, statistics_view

    with opened_memory() as opened:
        counts, coverage = count(opened), opened.coverage()
        folder, n_bytes, server = opened.folder, opened.n_bytes(), opened.server
        warn(opened)
    if as_json:
        whole = {**vars(counts), "index": coverage._asdict(), "folder": str(folder), "server": server, "bytes": n_bytes}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        show(statistics_view(counts, coverage, folder, n_bytes, server=server))


@memory.command("map")
def map_(
    output: Annotated[Path, typer.Option("-o", "--output", help="A .png file.")],
    most: Annotated[int, typer.Option("--most", help="How many cases at most.", min=3, max=3_000)] = 800,
) -> None:
    """Draw the memory as a picture: one dot a case, near ones alike."""
    import numpy as np

    from emer.memory.layout import plane
    from emer.report.case_map import draw_map

    with opened_memory() as opened:
        chosen = opened.sample(most)
    cases = [found.case for found in chosen]
    vectors = np.stack([found.vector for found in chosen]) if chosen else np.zeros((0, 1), dtype=np.float32)
    draw_map(cases, plane(vectors), output)
    typer.echo(f"{len(cases)} cases drawn in {output}", err=True)


def _columns(pairs: list[str] | None) -> dict[str, str]:
    columns = {}
    for pair in pairs or ():
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            raise InputError(f"cannot read --map {pair!r}; expected FIELD=COLUMN, e.g. --map transcript=Utterance")
        columns[field] = column
    return columns


def _confirm(n: int) -> None:
    if not sys.stdin.isatty():
        raise InputError(f"that would forget {n} cases; say --yes")
    typer.confirm(f"Forget {n} cases?", abort=True)


def _report(path: Path) -> Report:
    from pydantic import ValidationError

    from emer.schemas import Report

    try:
        return Report.model_validate_json(read_text_file(path))
    except ValidationError as error:
        made = f"{_command()} analyze CLIP -o {path}"
        raise InputError(f"{str(path)!r} is no Report ({error.error_count()} errors); make one with: {made}") from error


def _show_case(case: Any) -> None:
    from emer.report.remembered import case_view, show

    show(case_view(case))


def _command() -> str:
    from emer.installation import command

    return command()
