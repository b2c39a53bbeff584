"""The Report in a terminal: verdict first, then why, sentence by sentence, with the cues that bear it.

Wide terminals show the cues beside each sentence, narrow ones below it. Without colour, without UTF-8 or into a file
it stays readable: colour only repeats what the words say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from emer.report import wording
from emer.schemas import Alternative, Conflict, Cue, Emotion, Report, Series, Step

BAR_WIDTH = 12
SPARK_WIDTH = 48
MAX_OBSERVED = 10
WIDE = 100
MAX_WIDTH = 120
BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_BLOCKS = "_.-~=+*#"
STYLES = {"observation": "cyan", "inference": "blue", "rival": "yellow", "conclusion": "green"}


def render(report: Report, console: Console | None = None) -> None:
    """Prints the Report on `console` (standard output by default), at most 120 columns wide."""
    console = console or Console(highlight=False)
    if console.width > MAX_WIDTH:
        console.width = MAX_WIDTH
    view = _View(_printable(report), console)
    for part in view.parts():
        console.print(part)


def _printable(report: Report) -> Report:
    """The Report with nothing in it that a terminal would obey: names, words and cues come from anywhere."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return wording.printable(value)
        if isinstance(value, dict):
            return {clean(key): clean(each) for key, each in value.items()}
        return [clean(each) for each in value] if isinstance(value, list | tuple) else value

    return Report.model_validate(clean(report.model_dump(by_alias=True)))


class _View:
    """One rendering: the Report, its cues by id, and what the console can show."""

    def __init__(self, report: Report, console: Console) -> None:
        self.report = report
        self.cues = {cue.id: cue for cue in report.cues}
        self.read: set[str] = set()  # cues whose words the reader has had in front of her
        self.is_wide = console.width >= WIDE
        self.has_blocks = (console.encoding or "").lower().startswith("utf")

    def parts(self) -> Iterable[RenderableType]:
        """The sections that have something to say, in reading order."""
        yield self._head()
        sections = (
            ("What appears", self._emotions()),
            ("What was observed", self._observed()),
            ("Why", self._reasoning()),
            ("What else it could be", self._rivals()),
            ("What does not fit together", self._conflicts()),
            ("Because of", self._causes()),
            ("Over time", self._series()),
            ("Similar cases in memory", self._cases()),
            ("Not concluded", self._abstained()),
            ("What is missing", self._missing()),
            ("Notes", [Text(f"· {warning}", style="dim") for warning in self.report.warnings]),
        )
        for title, rows in sections:
            if rows:
                yield Text()
                yield Rule(Text(title, style="bold"), align="left", characters="─" if self.has_blocks else "-")
                yield Padding(Group(*rows), (0, 1))
        yield Text()
        yield Text(self.report.notice, style="dim italic")

    def _head(self) -> RenderableType:
        report, source = self.report, self.report.clip.source
        facts = ["standard input" if source == "-" else source]
        if report.clip.duration_s is not None:
            facts.append(f"{report.clip.duration_s:.1f} s")
        facts.append(", ".join(report.clip.modalities) or report.clip.kind)
        facts += [report.clip.language] if report.clip.language else []
        facts.append(report.provenance.mode if not report.provenance.model else report.provenance.model)
        if report.support is not None:
            facts.append(f"{report.support:.0%} of the claims borne out by their cues")
        head = Text(" · ".join(facts), style="bold")
        return Group(head, Text(), Text(report.summary)) if report.summary else head

    def _emotions(self) -> list[RenderableType]:
        rows: list[RenderableType] = []
        people = {person.id: f"{person.id}: {person.description}" for person in self.report.people}
        for holder in dict.fromkeys(emotion.holder for emotion in self.report.emotions):
            rows.append(Text(people.get(holder) or wording.holder(holder), style="underline"))
            rows += [self._emotion(emotion) for emotion in self.report.emotions if emotion.holder == holder]
        asked = self.report.provenance.settings.get("labels") or ()
        rows += [self._projection(name) for name in self.report.projections if any(name in str(one) for one in asked)]
        return rows

    def _emotion(self, emotion: Emotion) -> RenderableType:
        style = "green" if emotion.valence > 0.15 else "red" if emotion.valence < -0.15 else "yellow"
        line = Text("  ")
        line.append(f"{emotion.label:<18} ", style=f"bold {style}")
        line.append(self._bar(emotion.confidence), style=style)
        line.append(f" {wording.confidence(emotion.confidence)} ({wording.number(emotion.confidence)}, ")
        line.append(f"{emotion.confidence_basis})")
        detail = [wording.strength(emotion), wording.tone(emotion.valence, emotion.arousal)]
        detail += [f"about {emotion.target}"] if emotion.target else []
        detail += [wording.PERSPECTIVES[emotion.perspective], wording.span(emotion.start_s, emotion.end_s)]
        below = Text("    " + " · ".join(part for part in detail if part), style="dim")
        cited = Text(f"    for it: {_ids(emotion.evidence)}", style="dim")
        if emotion.counter_evidence:
            cited.append(f"   against it: {_ids(emotion.counter_evidence)}")
        return Group(line, below, cited)

    def _projection(self, name: str) -> RenderableType:
        shares = [
            f"{share.label} {wording.number(share.p)}" for share in self.report.projections[name] if share.p >= 0.005
        ]
        return Text(f"on {name}: {', '.join(shares)}", style="dim")

    def _observed(self) -> list[RenderableType]:
        """The most marked cues where nothing was concluded from them: they are worth reading all the same."""
        if self.report.emotions:
            return []
        marked = sorted(self.report.cues, key=lambda cue: -cue.strength * cue.quality)[:MAX_OBSERVED]
        return [Text(self._cue(cue.id)) for cue in self.report.cues if cue in marked]

    def _reasoning(self) -> list[RenderableType]:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=3)
        if self.is_wide:
            table.add_column(ratio=2)
        for number, step in enumerate(self.report.reasoning, start=1):
            mark = Text(f"{number} {step.type}", style=STYLES[step.type])
            cited = Text("\n").join(self._cited(step))
            cells = (mark, Text(step.claim), cited) if self.is_wide else (mark, Group(Text(step.claim), cited))
            table.add_row(*cells)
        return [table] if self.report.reasoning else []

    def _cited(self, step: Step) -> list[Text]:
        """The cues that a sentence cites: words already read in one line of times, the others in full."""
        cited = [*step.evidence, *step.counter]
        self.read |= {one for one in cited if self.cues[one].text.lower() in step.claim.lower()}
        times = [f"[{one}] {self._when(self.cues[one])}".strip() for one in cited if one in self.read]
        lines = [Text("  ".join(times), style="dim")] if times else []
        lines += [Text(self._cue(one), style="dim") for one in step.evidence if one not in self.read]
        against = [one for one in step.counter if one not in self.read]
        self.read |= set(cited)
        return [*lines, *(Text(f"against: {self._cue(one)}", style="dim yellow") for one in against)]

    def _cue(self, cue_id: str) -> str:
        """The cue in full: id, words and time."""
        cue, when = self.cues[cue_id], self._when(self.cues[cue_id])
        return f"[{cue_id}] {cue.text}" + (f", {when}" if when and when not in cue.text else "")

    def _when(self, cue: Cue) -> str:
        return wording.span(cue.anchor.start_s, cue.anchor.end_s)

    def _rivals(self) -> list[RenderableType]:
        def line(rival: Alternative) -> Text:
            who = f" ({rival.person})" if rival.person else ""
            return Text.assemble((rival.label, "bold"), f"{who} {wording.number(rival.confidence)}: {rival.why_not}")

        return [line(rival) for rival in self.report.alternatives]

    def _conflicts(self) -> list[RenderableType]:
        return [line for conflict in self.report.conflicts for line in self._conflict(conflict)]

    def _conflict(self, conflict: Conflict) -> list[Text]:
        lines = [Text(f"{conflict.kind}, distance {wording.number(conflict.distance)}", style="bold yellow")]
        lines += [Text(f"  {self._cue(cue_id)}") for cue_id in conflict.between]
        guesses = [f"{wording.HYPOTHESES[h.kind]} {wording.number(h.confidence)}" for h in conflict.hypotheses]
        return [*lines, Text(f"  It could be {'; '.join(guesses)}.", style="dim")]

    def _causes(self) -> list[RenderableType]:
        return [
            Text.assemble(cause.text, (f"  {cause.kind}, {_ids(cause.evidence)}", "dim"))
            for cause in self.report.causes
        ]

    def _series(self) -> list[RenderableType]:
        shown = [series for series in self.report.series if series.dimension in ("valence", "arousal")]
        return [self._spark(series) for series in shown if any(value is not None for value in series.values)]

    def _spark(self, series: Series) -> RenderableType:
        blocks = BLOCKS if self.has_blocks else ASCII_BLOCKS
        end_s = series.t0_s + series.step_s * len(series.values)
        name = f"{series.person or ''} {series.modality} {series.dimension}".strip()
        return Text(f"{name:<24} {sparkline(series.values, blocks)}  {wording.span(series.t0_s, end_s)}")

    def _cases(self) -> list[RenderableType]:
        return [
            Text.assemble(
                (f"{case.role}: ", "bold"),
                f"{', '.join(case.labels)}. {case.why}",
                (f"  {wording.provenance(case.provenance)}, similarity {wording.number(case.similarity)}", "dim"),
            )
            for case in self.report.cases
            if case.applies and self.report.emotions
        ]

    def _abstained(self) -> list[RenderableType]:
        return [Text(f"{wording.holder(one.person)}: {one.why}") for one in self.report.abstained]

    def _missing(self) -> list[RenderableType]:
        rows: list[RenderableType] = []
        for missing in self.report.missing:
            rows.append(Text.assemble((f"{missing.modality}: ", "bold"), missing.why))
            if missing.remedy:
                rows.append(Text(f"  to get it: {missing.remedy}", style="cyan"))
        return rows

    def _bar(self, share: float) -> str:
        full, empty = ("█", "░") if self.has_blocks else ("#", ".")
        n_full = round(share * BAR_WIDTH)
        return full * n_full + empty * (BAR_WIDTH - n_full)


def sparkline(values: Sequence[float | None], blocks: str = BLOCKS) -> str:
    """At most 48 characters, one for the mean of each stretch of values in -1..1; a blank where nothing is known."""
    width = min(len(values), SPARK_WIDTH)
    bounds = [round(i * len(values) / width) for i in range(width + 1)] if width else []
    marks = []
    for begin, end in pairwise(bounds):
        known = [value for value in values[begin:end] if value is not None]
        mean = sum(known) / len(known) if known else None
        marks.append(" " if mean is None else blocks[min(int((mean + 1) / 2 * len(blocks)), len(blocks) - 1)])
    return "".join(marks)


def _ids(ids: Sequence[str]) -> str:
    return " ".join(f"[{one}]" for one in ids) or "nothing"
