"""Cases and the memory in a terminal: tables that stay readable when they are narrow, without colour or in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from emer.memory.case_index import Coverage
from emer.memory.importing import Imported
from emer.memory.probe import MODALITIES
from emer.memory.statistics import Statistics
from emer.memory.store import Found
from emer.report import wording
from emer.schemas import Case

_MAX_WIDTH = 120
_BAR_WIDTH = 24
_MOST_LABELS = 15


def show(view: RenderableType, console: Console | None = None) -> None:
    """Prints a view on `console` (standard output by default), at most 120 columns wide."""
    console = console or Console(highlight=False)
    console.width = min(console.width, _MAX_WIDTH)
    console.print(view)


def found_view(found: Sequence[Found], asked: str) -> RenderableType:
    """Cases that were found, the most alike first."""
    if not found:
        return Text(f"Nothing in memory is like “{wording.printable(asked)}”.")
    return Group(*(part for one in found for part in _found_parts(one)))


def case_view(case: Case) -> RenderableType:
    """One case with everything that is known of it."""
    strength = "" if case.intensity is None else f", {wording.intensity(case.intensity)}"
    facts = {
        "from": wording.provenance(wording.printable(case.provenance)),
        "source": case.source,
        "person": case.person,
        "culture": case.culture,
    }
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name in (*MODALITIES, *sorted(set(case.cues) - set(MODALITIES))):
        if name in case.cues:
            table.add_row(name, wording.printable(case.cues[name]))
    table.add_row("why", wording.printable(case.why))
    for name, value in facts.items():
        if value:
            table.add_row(name, wording.printable(value))
    return Group(Text.assemble((wording.printable(case.id), "bold"), "  ", _labels(case), strength), table)


def statistics_view(
    counts: Statistics, coverage: Coverage, folder: Path, n_bytes: int, *, server: str | None = None
) -> RenderableType:
    """What the memory holds, how far its index has come and where it is, and what it takes on disk."""
    own = coverage.n_vectors + coverage.n_missing
    scanned = coverage.n_vectors - coverage.n_sharded
    where = f"in {coverage.n_shards} Chroma indexes" if server is None else f"on the Chroma server {server}"
    index = [f"{coverage.n_sharded} {where}"] if coverage.n_shards else []
    index += [f"{scanned} compared one by one"] if scanned else []
    index += [f"{coverage.n_missing} not yet (emer memory rebuild --missing)"] if coverage.n_missing else []
    lines = Text.assemble(
        (f"{counts.n} cases", "bold"), f", {counts.n_mixed} of them with more than one label\n",
        f"in {folder}, {n_bytes / 1e6:.1f} MB\n",
        f"index: {own} of your own" + (f": {', '.join(index)}" if index else ""),
    )  # fmt: skip
    parts: list[RenderableType] = [lines]
    told = Counter({wording.provenance(name): n for name, n in counts.provenances.items()})
    tables = {"from": told, "modality": counts.modalities, "label": counts.labels, "culture": counts.cultures}
    parts += [Padding(_counted(name, counter), (1, 0, 0, 0)) for name, counter in tables.items() if counter]
    return Group(*parts)


def imported_view(done: Imported) -> str:
    """What became of the records of a file, in one sentence."""
    parts = [f"{done.n_added} added"]
    parts += [f"{done.n_known} there already"] if done.n_known else []
    parts += [f"{done.n_skipped} skipped"] if done.n_skipped else []
    return f"{done.n_read} records: {', '.join(parts)}"


def _counted(name: str, counter: Counter[str]) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(name, min_width=16, overflow="fold")
    table.add_column("cases", justify="right")
    table.add_column("")
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    most = ranked[0][1]
    for value, n in ranked[:_MOST_LABELS]:
        table.add_row(wording.printable(value), str(n), "▇" * max(1, round(_BAR_WIDTH * n / most)))
    if len(ranked) > _MOST_LABELS:
        table.add_row(f"… {len(ranked) - _MOST_LABELS} more", str(sum(n for _, n in ranked[_MOST_LABELS:])), "")
    return table


def _labels(case: Case) -> Text:
    return Text(", ".join(map(wording.printable, case.labels)), style="green")


def _found_parts(one: Found) -> list[RenderableType]:
    where = wording.provenance(wording.printable(one.case.provenance))
    head = Text.assemble((f"{one.similarity:.2f}  ", "bold"), _labels(one.case), f"  {wording.printable(one.case.id)}")
    head.append(f"  {where}", style="dim")
    return [head, Padding(Group(*_cues(one.case)), (0, 0, 1, 6))]


def _cues(case: Case) -> list[Text]:
    names = [name for name in (*MODALITIES, *sorted(set(case.cues) - set(MODALITIES))) if name in case.cues]
    parts = []
    for name in sorted(names, key=lambda name: name != "transcript"):
        text = _shortened(wording.printable(case.cues[name]))
        parts.append(Text(f"“{text}”" if name == "transcript" else f"{name}: {text}"))
    return parts


def _shortened(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
