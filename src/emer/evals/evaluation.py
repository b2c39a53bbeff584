"""What an evaluation is: samples, a prediction for each, and scores with intervals. Declared, not scripted.

An `Eval` names its data and their terms; `run` reads, predicts and scores, and refuses an empty set. Who predicts is
emer, a file of predictions or a user's function (`systems.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from emer.errors import InputError


@dataclass(frozen=True)
class Sample:
    """One item: what the system gets, what is right, and the group that it belongs to for intervals (a dialogue …)."""

    id: str
    given: Any
    target: Any
    group: str


class Score(NamedTuple):
    """One figure: its name, value, 95 % interval (None where it has none), n, and whose it is (ours or a floor)."""

    name: str
    value: float
    low: float | None
    high: float | None
    n: int
    system: str = "emer"


Predict = Callable[[Sequence[Sample]], Any]  # something with a length and one item a sample


class Headline(NamedTuple):
    """The one figure by which two runs are compared, higher being better."""

    name: str
    statistic: Callable[[Sequence[Sample], Sequence[Any]], float]


@dataclass(frozen=True)
class Eval:
    """A declared evaluation.

    Attributes:
        read: gets the data folder (or file) and gives the samples.
        predict: what emer says of each sample, offline unless a model is set; None where only another system can.
        score: the figures, floors among them.
        headline: the figure for comparing runs; None where runs cannot be compared.
        parse: one prediction from its JSON form; None where only emer can predict.
    """

    name: str
    title: str
    data: str
    terms: str
    read: Callable[[Path], Sequence[Sample]]
    predict: Predict | None
    score: Callable[[Sequence[Sample], Any], list[Score]]
    headline: Headline | None = None
    parse: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Outcome:
    """One run: its figures, and the samples and predictions behind them."""

    eval: str
    n: int
    scores: list[Score]
    samples: Sequence[Sample] = ()
    predictions: Sequence[Any] = ()


def samples_of(evaluation: Eval, data: Path, *, limit: int | None = None) -> list[Sample]:
    """The samples of `evaluation` under `data`, or the first `limit` of them.

    Raises:
        InputError: the data are not there, or no sample is left.
    """
    if not data.exists():
        raise InputError(f"no data at {str(data)!r}; {evaluation.name} needs {evaluation.data}")
    try:
        samples = list(evaluation.read(data))[:limit]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{error.filename} is not there; {evaluation.name} needs {evaluation.data}") from error
    if not samples:
        raise InputError(f"{evaluation.name} has no sample in {str(data)!r}")
    return samples


def run(evaluation: Eval, data: Path, *, limit: int | None = None, predict: Predict | None = None) -> Outcome:
    """The outcome of `evaluation` on the data under `data`, of emer or of the given `predict`.

    Args:
        evaluation: what to run.
        data: the folder that holds the sets (`text/…`, `media/…`).
        limit: only the first so many samples, for a quick look; such a figure is no result.
        predict: another system to put in emer's place.

    Raises:
        InputError: the data are not there, or no sample is left.
    """
    samples = samples_of(evaluation, data, limit=limit)
    chosen = predict or evaluation.predict
    if chosen is None:
        raise InputError(
            f"{evaluation.name} scores another system: name it with --system FILE.jsonl or MODULE:FUNCTION"
        )
    predictions = chosen(samples)
    if len(predictions) != len(samples):
        raise InputError(f"{len(predictions)} predictions for {len(samples)} samples")
    scores = evaluation.score(samples, predictions)
    return Outcome(evaluation.name, len(samples), scores, samples, list(predictions))
