"""Turns a filled-in sheet into reviews, and puts them into the Reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from emer.errors import InputError
from emer.memory.resolution import resolve
from emer.reviewing.sheet import EVERYBODY, Line, key_of
from emer.schemas import Emotion, Report, Review

Verdict = Literal["accept", "correct", "reject"]
VERDICTS: dict[str, Verdict] = {
    "accept": "accept", "yes": "accept", "y": "accept", "ok": "accept",
    "correct": "correct", "change": "correct",
    "reject": "reject", "no": "reject", "n": "reject",
}  # fmt: skip
"""What a reviewer may write, and which verdict it is."""


def reviewed(reports: Iterable[Report], lines: Sequence[Line], *, by: str, at: str) -> Iterator[Report]:
    """Each Report with this person's reviews; earlier ones by the same person on the same item are replaced.

    A blind label is an acceptance of the emotion with a label of the same state, if there is one, else a correction of
    the first one that the person has, or of nothing where emer concluded nothing.

    Args:
        reports: as they were when the sheet was made.
        lines: as `read_sheet` gives them.
        by: who filled it in.
        at: when, in ISO 8601.

    Raises:
        InputError: a verdict is none, an item is not in its Report, or a line is of no Report.
    """
    by_key: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_key[line["key"]].append(line)
    for report in reports:
        given = by_key.pop(key_of(report), [])
        reviews = [review for line in given for review in _reviews(report, line, by=by, at=at)]
        yield with_reviews(report, reviews) if reviews else report
    if by_key:
        line = next(iter(by_key.values()))[0]
        raise InputError(f"the sheet is about {line['id']!r}, which is not among these Reports (key {line['key']!r})")


def with_reviews(report: Report, reviews: Sequence[Review]) -> Report:
    """The Report with these reviews; each replaces those by the same person on the same item, seen or blind alike."""
    new = {(one.by, one.item, one.blind) for one in reviews}
    kept = [one for one in report.reviews if (one.by, one.item, one.blind) not in new]
    return report.model_copy(update={"reviews": [*kept, *reviews]})


def _reviews(report: Report, line: Line, *, by: str, at: str) -> Iterator[Review]:
    if line["kind"] == "blind":
        yield from _blind(report, line, by=by, at=at)
        return
    where = f"{line['id']}, {line['item']}"
    known = {one.id for one in report.emotions} | {one.id for one in report.reasoning}
    if line["item"] not in known:
        raise InputError(f"{where}: no such item in the Report; it was analysed again since the sheet was made")
    label, text = _filled(line, "label"), _filled(line, "text")
    verdict = _verdict(line, where, has_correction=bool(label or text))
    if verdict == "correct" and not (label or text):
        raise InputError(f"{where}: 'correct' needs a label (or for a sentence a text)")
    intensity = _intensity(line, where)
    yield Review(
        by=by, at=at, item=line["item"], verdict=verdict, label=label, intensity=intensity, text=text, blind=False
    )


def _blind(report: Report, line: Line, *, by: str, at: str) -> Iterator[Review]:
    where = f"{line['id']}, {line['item']}"
    person = None if line["item"] == EVERYBODY else line["item"]
    about = [one for one in report.emotions if person is None or one.person == person]
    intensity = _intensity(line, where)
    labels = [label.strip() for label in (_filled(line, "label") or "").split(";") if label.strip()]
    if not labels:
        raise InputError(f"{where}: a blind line needs a label (several with ';' between them)")
    for label in labels:
        met = next((one for one in about if same_state(one.label, label)), None)
        item = met.id if met is not None else _first(about, line["item"])
        verdict: Verdict = "accept" if met is not None else "correct"
        yield Review(by=by, at=at, item=item, verdict=verdict, label=label, intensity=intensity, blind=True)


def same_state(one: str, other: str) -> bool:
    """Whether two labels name the same state, in whatever words: the state that each mostly means."""
    if one.strip().lower() == other.strip().lower():
        return True
    mostly = [max(states, key=lambda name: states[name]) for label in (one, other) if (states := resolve(label).states)]
    return len(mostly) == 2 and mostly[0] == mostly[1]


def _first(about: Sequence[Emotion], item: str) -> str:
    return about[0].id if about else item


def _verdict(line: Line, where: str, *, has_correction: bool) -> Verdict:
    said = (_filled(line, "verdict") or ("correct" if has_correction else "")).lower()
    if said not in VERDICTS:
        raise InputError(f"{where}: verdict {said!r}; expected accept, correct or reject")
    return VERDICTS[said]


def _intensity(line: Line, where: str) -> float | None:
    told = _filled(line, "intensity")
    if told is None:
        return None
    try:
        value = float(told.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InputError(f"{where}: intensity {told!r}; expected 0 to 1 (.33 slight, .66 clear, 1 extreme)")
    return value


def _filled(line: Line, name: str) -> str | None:
    return (line.get(name) or "").strip().removeprefix("'") or None
