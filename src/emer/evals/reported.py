"""From a Report to a prediction: the labels of a closed set, open labels, a sentiment, valence and arousal.

Each sample gives what `emer reason` takes (a row with cues, transcript, context) or the path of a clip.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from emer.api import analyze, reason
from emer.evals.evaluation import Sample
from emer.schemas import Report

T = TypeVar("T")
Read = Callable[[Report | None], T]


def predict(samples: Sequence[Sample], read: Read[T], *, labels: tuple[str, ...] = (), **settings: Any) -> list[T]:
    """What `read` finds in emer's Report on each sample; the memory is an empty folder's, so nothing is looked up.

    A sample with nothing in it (no word, no cue, no clip) gives `read` None.
    """
    with tempfile.TemporaryDirectory() as memory:
        options = {"memory_dir": Path(memory), "labels": labels, **settings}
        return [read(report(sample.given, options)) for sample in samples]


def report(given: Any, options: dict[str, Any]) -> Report | None:
    """The Report on a text, a clip's path or a row of `emer reason`; None where there is nothing in it."""
    if isinstance(given, str):
        return analyze(text=given, **options) if given.strip() else None
    if isinstance(given, Path):
        return analyze(given, **options)
    if given.get("clip"):
        told = {name: given[name] for name in ("transcript", "context") if given.get(name)}
        return analyze(given["clip"], **told, **options)
    return reason(given, **options) if given.get("cues") or given.get("transcript") else None


@contextmanager
def codebook(name: str, glosses: dict[str, str]) -> Iterator[str]:
    """The path of a codebook file with these labels and definitions, called NAME.csv, while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("label", "definition"), *glosses.items()])
        yield str(path)


def shares(report: Report | None, name: str) -> dict[str, float]:
    """The projection on a closed set, label to share; empty where there is no Report."""
    return {row.label: row.p for row in report.projections.get(name, [])} if report is not None else {}


def ranked(report: Report | None, name: str, *, neutral: str | None) -> list[str]:
    """The labels of a closed set, the likeliest first; what is `none` counts as the neutral class, if there is one."""
    found = shares(report, name)
    none = found.pop("none", 0.0 if found else 1.0)
    if neutral is not None:
        found[neutral] = found.get(neutral, 0.0) + none
    return sorted(found, key=lambda label: (-found[label], label))


def open_labels(report: Report | None) -> list[str]:
    """The labels of the emotions, the most confident first, each once."""
    emotions = sorted(report.emotions, key=lambda one: -one.confidence) if report is not None else []
    return list(dict.fromkeys(emotion.label for emotion in emotions))


def valence(report: Report | None) -> float:
    """The mean valence of the emotions, -1..1, by confidence; 0 where there is none."""
    found = [(e.confidence, e.valence) for e in (report.emotions if report else []) if e.valence is not None]
    total = sum(weight for weight, _ in found)
    return sum(weight * value for weight, value in found) / total if total else 0.0


def sentiment(report: Report | None) -> str:
    """positive, negative or neutral, by the sign of the valence."""
    found = valence(report)
    return "positive" if found > 0 else "negative" if found < 0 else "neutral"


def dimensions(report: Report | None) -> tuple[float, float, float]:
    """Valence, arousal and dominance of the first emotion, -1..1; zeros where there is none."""
    first = report.emotions[0] if report is not None and report.emotions else None
    if first is None:
        return 0.0, 0.0, 0.0
    return first.valence or 0.0, first.arousal or 0.0, first.dominance or 0.0
