"""A blind rating sheet for people, and what their ratings say: no claim of plausibility stands without it.

Each clip's explanation is rated beside a floor (the labels with no reason) and another clip's explanation, in random
order and without saying which is which. The key lies in a file of its own, which raters do not get.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from emer.errors import InputError
from emer.evals.metrics import Interval, bootstrap, krippendorff_alpha
from emer.schemas import Report

COLUMNS = ("item", "clip", "explanation", "plausible_1_to_5", "every_sentence_seen_yes_no")
SYSTEMS = ("emer", "floor", "another clip")
_IDS = re.compile(r"\s*\[[a-z]+-\d+\]")
_SEEN = {"yes": 1.0, "y": 1.0, "1": 1.0, "no": 0.0, "n": 0.0, "0": 0.0}


class Sheet(NamedTuple):
    """The paths of the sheet and of its key."""

    sheet: Path
    key: Path


@dataclass(frozen=True)
class Rated:
    """One system's n ratings: mean plausibility (1..5), share of "every sentence seen", intervals by clip."""

    system: str
    plausible: Interval
    seen: Interval
    n: int


@dataclass(frozen=True)
class Ratings:
    """What several sheets say: each system, and Krippendorff's alpha of both questions (None where undefined)."""

    systems: list[Rated]
    alpha_plausible: float | None
    alpha_seen: float | None
    n_raters: int


def write_sheet(reports: Sequence[Report], folder: Path, *, seed: int = 0) -> Sheet:
    """Writes `ratings.csv` to fill in and `key.json` to keep, three rows a clip.

    Raises:
        InputError: fewer than two Reports have an explanation, or the folder cannot be written.
    """
    told = [report for report in reports if report.summary]
    if len(told) < 2:
        raise InputError(f"a rating sheet needs two Reports with an explanation, got {len(told)}")
    draw = random.Random(seed)
    shift = draw.randrange(1, len(told))
    rows: list[tuple[str, str, str]] = []
    for n, report in enumerate(told):
        other = told[(n + shift) % len(told)]
        texts = {"emer": explanation(report), "floor": floor(report), "another clip": explanation(other)}
        rows += [(system, report.clip.source, text) for system, text in texts.items()]
    draw.shuffle(rows)
    sheet, key = folder / "ratings.csv", folder / "key.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows((n, clip, text, "", "") for n, (_, clip, text) in enumerate(rows, start=1))
        systems = {str(n): system for n, (system, _, _) in enumerate(rows, start=1)}
        key.write_text(json.dumps({"seed": seed, "systems": systems}, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"the rating sheet cannot be written to {folder}: {error.strerror}") from error
    return Sheet(sheet, key)


def explanation(report: Report) -> str:
    """The reasoning as a rater reads it, without cue ids, which would tell whose it is."""
    told = " ".join(f"{n}. {step.claim}" for n, step in enumerate(report.reasoning, start=1)) or report.summary
    return _IDS.sub("", told)


def floor(report: Report) -> str:
    """The labels alone."""
    labels = ", ".join(dict.fromkeys(emotion.label for emotion in report.emotions)) or "nothing that stands out"
    return f"1. The person appears {labels}."


def read_sheets(sheets: Sequence[Path], key: Path) -> Ratings:
    """The ratings of one sheet a rater.

    Raises:
        InputError: a sheet or the key cannot be read, a rating is out of range, or nothing was rated.
    """
    try:
        systems: dict[str, str] = json.loads(key.read_text(encoding="utf-8"))["systems"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"the key {str(key)!r} cannot be read: {error}") from error
    raters = [_read_sheet(path, systems) for path in sheets]
    items = sorted(systems, key=int)
    plausible = [[rater[item][0] if item in rater else None for item in items] for rater in raters]
    seen = [[rater[item][1] if item in rater else None for item in items] for rater in raters]
    if not any(rater for rater in raters):
        raise InputError("no metric of an empty set: no sheet holds a rating")
    return Ratings(
        [_rated(system, systems, raters) for system in SYSTEMS],
        _alpha(plausible, ordinal=True), _alpha(seen, ordinal=False), len(raters),
    )  # fmt: skip


def _read_sheet(path: Path, systems: dict[str, str]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the sheet {str(path)!r} cannot be read: {error}") from error
    for row in rows:
        item, stars, seen = (str(row.get(name) or "").strip().lower() for name in (COLUMNS[0], *COLUMNS[3:]))
        if not stars and not seen:
            continue
        if item not in systems or stars not in ("1", "2", "3", "4", "5") or seen not in _SEEN:
            raise InputError(
                f"{path}, item {item!r}: rated {stars!r}, {seen!r}; expected an item of the key, 1 to 5, and yes or no"
            )
        found[item] = (float(stars), _SEEN[seen])
    return found


def _rated(system: str, systems: dict[str, str], raters: Sequence[dict[str, tuple[float, float]]]) -> Rated:
    by_item: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for rater in raters:
        for item, rating in rater.items():
            if systems[item] == system:
                by_item[item].append(rating)
    flat = [(item, rating) for item, ratings in by_item.items() for rating in ratings]
    if not flat:
        raise InputError(f"no rating of the explanations of {system!r}")
    groups = [item for item, _ in flat]
    means = [
        bootstrap(lambda drawn, axis=axis: sum(flat[i][1][axis] for i in drawn) / len(drawn), groups)  # type: ignore[misc]
        for axis in (0, 1)
    ]
    return Rated(system, means[0], means[1], len(flat))


def _alpha(ratings: Sequence[Sequence[float | None]], *, ordinal: bool) -> float | None:
    try:
        return krippendorff_alpha(ratings, level="ordinal" if ordinal else "nominal")
    except InputError:
        return None
