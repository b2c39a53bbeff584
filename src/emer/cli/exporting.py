"""`emer export` and `emer review`: Reports for other tools, and for people who judge them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from emer.schemas import Report

Reports = Annotated[Path, typer.Argument(help="Reports: what emer batch or emer analyze -o wrote.")]
Sheet = Annotated[Path, typer.Option("-o", "--output", help="The CSV to be filled in.")]

reviews = typer.Typer(no_args_is_help=True, help="Let people accept, correct or reject labels and sentences.")


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.command()(export)
    app.add_typer(reviews, name="review")


def export(
    reports: Reports,
    to: Annotated[str, typer.Option("--to", help="csv, parquet, hf, sharegpt, merr, srt, vtt, textgrid or eaf.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file, or for hf, srt, vtt … the folder.")],
) -> None:
    """Write Reports in a form that another tool reads; labels as they were reviewed."""
    from emer.exporting.table import FORMATS
    from emer.exporting.table import export as write
    from emer.report.reading import read_reports

    done = write(read_reports(reports), to, output)
    kind = "files" if FORMATS[to].each is not None else "rows"
    typer.echo(f"{done.n_written:,} {kind} in {output}", err=True)
    if done.left_out:
        names = ", ".join(done.left_out[:5]) + (" …" if len(done.left_out) > 5 else "")
        typer.echo(f"Left out, with nothing that has a time: {names} ({len(done.left_out):,} in all)", err=True)


@reviews.command("write")
def write_sheet(
    reports: Reports,
    output: Sheet,
    blind: Annotated[
        bool, typer.Option("--blind", help="Hide what emer concluded until the person has given labels.")
    ] = False,
) -> None:
    """Write a CSV in which a person gives a verdict on each label and sentence."""
    from emer.report.reading import read_reports
    from emer.reviewing import sheet

    n_lines = sheet.write_sheet(read_reports(reports), output, is_blind=blind)
    fill = "label, and intensity if you like" if blind else "verdict (accept, correct, reject), label or text"
    typer.echo(f"{n_lines:,} lines in {output}. Fill in: {fill}; what stays empty is not judged.", err=True)


@reviews.command("read")
def read_sheet(
    reports: Reports,
    sheet: Annotated[Path, typer.Argument(help="The CSV, filled in.")],
    by: Annotated[str, typer.Option("--by", help="Who filled it in: a name or a code.")],
    memory: Annotated[
        bool, typer.Option("--memory/--no-memory", help="Whether corrected labels become cases in the memory.")
    ] = True,
) -> None:
    """Put the verdicts of a filled-in CSV into the Reports, and corrected labels into the memory."""
    from emer.report.reading import read_reports
    from emer.reviewing.sheet import read_sheet as read
    from emer.reviewing.verdicts import reviewed

    lines = read(sheet)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    n_reviews = _rewrite(reports, reviewed(read_reports(reports), lines, by=by, at=at), by=by, at=at)
    typer.echo(f"{n_reviews:,} verdicts of {by} are in {reports}", err=True)
    if memory:
        _remember(reports, by=by, at=at)


@reviews.command("agreement")
def agreement(reports: Reports) -> None:
    """Say how far people agree with emer and one another, apart for blind and seen."""
    from emer.report.reading import read_reports
    from emer.reviewing.labels import agreement as agreed

    whole = list(read_reports(reports))
    for name, is_blind in (("blind", True), ("seen", False)):
        found = agreed(whole, is_blind=is_blind)
        if found is None:
            typer.echo(f"{name:<6} no verdict")
            continue
        told = f"{name:<6} emer's label accepted {found.accepted:.2f} (n = {found.n})"
        if found.among_people is not None:
            told += f"; pairs of people {found.among_people:.2f} (n = {found.n_pairs})"
        typer.echo(told)


def _remember(path: Path, *, by: str, at: str) -> None:
    from emer.cli.opened_memory import opened_memory
    from emer.report.reading import read_reports
    from emer.reviewing.learning import learned

    found = [learned(report, by=by, at=at) for report in read_reports(path)]
    cases = [case for one in found for case in one.cases]
    for told in (why for one in found for why in one.left_out):
        typer.echo(f"not remembered: {told}", err=True)
    if cases:
        with opened_memory() as opened:
            n_new = opened.add(cases)
        typer.echo(f"{n_new:,} corrections are new in the memory (emer memory show, forget)", err=True)


def _rewrite(path: Path, changed: Iterable[Report], *, by: str, at: str) -> int:
    """Writes the Reports back in one step; how many reviews are new."""
    from emer.batching.journal import rewrite

    n_new = 0

    def lines() -> Iterable[str]:
        nonlocal n_new
        for report in changed:
            n_new += sum(one.by == by and one.at == at for one in report.reviews)
            yield report.to_json(indent=None)

    rewrite(path, lines())
    return n_new
