"""A run on disk, and the comparison of two: which is better, by how much, and which samples changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from emer.errors import InputError
from emer.evals.evaluation import Eval, Outcome, Sample, Score
from emer.evals.metrics import Interval, bootstrap


class RunItem(BaseModel):
    """One sample of a run: what is right and what was said, in JSON; nothing of what was given."""

    model_config = ConfigDict(frozen=True)

    id: str
    group: str
    target: Any
    prediction: Any


class RunFile(BaseModel):
    """One run of one evaluation by one system."""

    model_config = ConfigDict(frozen=True)

    eval: str
    system: str
    emer: str
    scores: list[Score]
    items: list[RunItem]


class Changed(NamedTuple):
    """A sample on which two runs differ."""

    id: str
    target: Any
    first: Any
    second: Any


class Comparison(NamedTuple):
    """The headline figure of both runs, the paired difference (second minus first), and what changed."""

    figure: str
    first: float
    second: float
    difference: Interval
    changed: list[Changed]
    n: int


def write_run(path: Path, outcome: Outcome, *, system: str) -> None:
    """Writes the run as one JSON object.

    Raises:
        InputError: the file cannot be written.
    """
    from emer.installation import version

    rows = zip(outcome.samples, outcome.predictions, strict=True)
    items = [RunItem(id=s.id, group=s.group, target=as_json(s.target), prediction=as_json(p)) for s, p in rows]
    run = RunFile(eval=outcome.eval, system=system, emer=version(), scores=outcome.scores, items=items)
    try:
        path.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"the run cannot be written to {path}: {error.strerror}") from error


def read_run(path: Path) -> RunFile:
    """A run that `write_run` wrote.

    Raises:
        InputError: it cannot be read or is no run.
    """
    try:
        return RunFile.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(f"{path} is no run of `emer eval run -o`: {error}") from error


def compare(evaluation: Eval, first: RunFile, second: RunFile, *, n_draws: int = 1000) -> Comparison:
    """The second run against the first by the evaluation's headline, whole groups drawn with replacement.

    Raises:
        InputError: the runs are of different evaluations or samples, or the evaluation has no headline.
    """
    if evaluation.headline is None or evaluation.parse is None:
        raise InputError(f"{evaluation.name} has no single figure by which runs could be compared")
    if first.eval != second.eval:
        raise InputError(f"one run is of {first.eval!r}, the other of {second.eval!r}")
    ids = [item.id for item in first.items]
    beside = {item.id: item for item in second.items}
    if set(ids) != set(beside):
        raise InputError(f"the runs hold different samples: {len(set(ids) ^ set(beside))} are in one of them alone")
    samples = [Sample(item.id, None, item.target, item.group) for item in first.items]
    one = [evaluation.parse(item.prediction) for item in first.items]
    other = [evaluation.parse(beside[name].prediction) for name in ids]
    statistic = evaluation.headline.statistic

    def difference(drawn: NDArray[np.intp]) -> float:
        chosen = [samples[i] for i in drawn]
        return statistic(chosen, [other[i] for i in drawn]) - statistic(chosen, [one[i] for i in drawn])

    changed = [
        Changed(item.id, item.target, item.prediction, beside[item.id].prediction)
        for item in first.items
        if item.prediction != beside[item.id].prediction
    ]
    interval = bootstrap(difference, [item.group for item in first.items], n_draws=n_draws)
    return Comparison(
        evaluation.headline.name, statistic(samples, one), statistic(samples, other), interval, changed, len(ids)
    )


def as_json(value: Any) -> Any:
    """A target or a prediction as JSON can hold it."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    return value


def told(comparison: Comparison, *, n_shown: int = 20) -> str:
    """The comparison in lines for a terminal."""
    low, high = comparison.difference.low, comparison.difference.high
    verdict = "better" if low > 0 else "worse" if high < 0 else "no difference that this n could show"
    lines = [
        f"{comparison.figure}, n {comparison.n}: {comparison.first:.3f} then {comparison.second:.3f}, "
        f"difference {comparison.difference.estimate:+.3f} [{low:+.3f}, {high:+.3f}]: {verdict}",
        f"{len(comparison.changed)} predictions changed" + (":" if comparison.changed else ""),
    ]
    lines += [_line(one) for one in comparison.changed[:n_shown]]
    if len(comparison.changed) > n_shown:
        lines.append(f"  and {len(comparison.changed) - n_shown} more")
    return "\n".join(lines)


def _line(one: Changed) -> str:
    first, second, target = (json.dumps(value, ensure_ascii=False) for value in (one.first, one.second, one.target))
    return f"  {one.id}: {first} then {second} (gold {target})"
