"""The page of benchmarks: one table of every evaluation that ran, floors and published results beside ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emer.errors import InputError
from emer.evals.evaluation import Eval, Outcome, Sample, Score, run
from emer.evals.published import PUBLISHED, WHAT_HELPS, Published
from emer.evals.table import bounds, find

SEED = 0
HEAD = """# Benchmarks

Made by one command, on the sets that were in the folder, offline and with no chat model:

    {command}

{drawn}Intervals are 95 % bootstraps by dialogue, speaker or item. A *floor* needs no understanding: the commonest
class, constant words, a lexicon, as many cues at random. Published figures are quoted, not run here, with what differs.
"""
FOOT = """
## How to read it
- Nothing was fitted on a test. emer learnt from the training halves of GoEmotions, EmoBank and FER2013; the constants
  of its rule for causes were set on the training halves of ECF and RECCON. Of the other sets it has seen nothing, while
  the published systems beside it were mostly trained on them.
- `faithfulness`: such scores can be inflated, since a judge that cites what moved its own sum must lose when that goes.
  They say that the explanation is what the verdict rested on. They do not show that it is plausible or true: for that
  people must rate it (`emer eval human write`, then `read`). No such rating is in this table.
- `consistency` changes words by rule; a freer paraphrase is a harder test. `fairness-voices` is acted speech of few
  speakers; no set at hand tells age or skin tone, so those slices are not measured.
- `open-cues` stands twice, on the texts as they are and with every wheel word masked: descriptions that name emotions
  can be copied without reasoning. F_S rewards many labels, so labels per clip, P_S and R_S stand beside it.
- `support` is the share of claims that the cited cues bear, not the share that is true.
"""


class Left(NamedTuple):
    """An evaluation that did not run, and why."""

    name: str
    why: str


def sampled(evaluation: Eval, n: int | None) -> Eval:
    """The evaluation on at most `n` of its samples, drawn with seed 0, in their order."""
    if n is None:
        return evaluation

    def read(data: Path) -> list[Sample]:
        samples = list(evaluation.read(data))
        chosen = np.random.default_rng(SEED).choice(len(samples), size=min(n, len(samples)), replace=False)
        return [samples[i] for i in sorted(chosen)]

    return replace(evaluation, read=read)


def outcomes(names: Sequence[str], data: Path, *, n: int | None, workers: int) -> Iterator[Outcome | Left]:
    """What each evaluation came to, or why it did not run, as they end; `workers` processes run them."""
    if workers == 1:
        yield from (_one(name, data, n) for name in names)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from (done.result() for done in as_completed([pool.submit(_one, name, data, n) for name in names]))


def _one(name: str, data: Path, n: int | None) -> Outcome | Left:
    try:
        outcome = run(sampled(find(name, wheels=data), n), data)
    except InputError as error:
        return Left(name, str(error))
    return replace(outcome, samples=(), predictions=())  # only the figures are told


def page(names: Sequence[str], ended: Sequence[Outcome | Left], *, command: str, n: int | None) -> str:
    """The page as Markdown, in the order of the names.

    Raises:
        InputError: no evaluation ran.
    """
    found = sorted((one for one in ended if isinstance(one, Outcome)), key=lambda one: names.index(one.eval))
    left = sorted((one for one in ended if isinstance(one, Left)), key=lambda one: names.index(one.name))
    if not found:
        raise InputError(f"no evaluation ran: {left[0].why}" if left else "no evaluation was named")
    drawn = f"At most {n} samples of each set, drawn with seed {SEED}: a quick look. " if n is not None else ""
    rows = ["| set | n | figure | emer | 95 % | floors | published |", "|---|---|---|---|---|---|---|"]
    rows += [row for outcome in found for row in _rows(outcome)]
    losses = [line for outcome in found for line in _losses(outcome)]
    parts = [HEAD.format(command=command, drawn=drawn), "\n".join(rows), "\n## Where emer loses"]
    parts.append("\n".join(losses) if losses else "No published figure and no floor in the table is above ours.")
    if left:
        parts += ["\n## Not run", "\n".join(f"- `{one.name}`: {one.why.splitlines()[0]}" for one in left)]
    return "\n".join(parts) + "\n" + FOOT


def _rows(outcome: Outcome) -> Iterator[str]:
    for score in _ours(outcome):
        floors = "; ".join(f"{one.system} {one.value:.3f}" for one in _floors(outcome, score))
        beside = "; ".join(_quoted(one) for one in _published(outcome, score))
        figure = f"{score.name} | {score.value:.3f} | {bounds(score)}"
        yield f"| {outcome.eval} | {score.n} | {figure} | {floors} | {beside} |"


def _ours(outcome: Outcome) -> list[Score]:
    return [score for score in outcome.scores if score.system == "emer"]


def _floors(outcome: Outcome, score: Score) -> list[Score]:
    """The floors of a figure; one of "accuracy" is the floor of "accuracy, words" too."""
    names = (score.name, score.name.partition(",")[0])
    return [one for one in outcome.scores if one.system != "emer" and one.name in names]


def _published(outcome: Outcome, score: Score) -> list[Published]:
    return [one for one in PUBLISHED if (one.eval, one.figure) == (outcome.eval, score.name)]


def _quoted(one: Published) -> str:
    differs = f", {one.differs}" if one.differs else ""
    return f"{one.system} {one.value:.3f} ({one.source}{differs})"


def _within(value: float, score: Score) -> str:
    """Says of a higher value that the interval of ours reaches it: so many samples do not tell the two apart."""
    return ", within the interval of ours" if score.high is not None and value <= score.high else ""


def _losses(outcome: Outcome) -> Iterator[str]:
    """A line for each figure that a published one is above, and for the first figure where a floor is."""
    ours = _ours(outcome)
    for score in ours:
        found = [one for one in _published(outcome, score) if one.value > score.value]
        above = [f"{_quoted(one)}{_within(one.value, score)}" for one in found]
        if score is ours[0]:
            floors = [one for one in _floors(outcome, score) if one.value > score.value]
            above += [f"the floor “{one.system}” {one.value:.3f}{_within(one.value, score)}" for one in floors]
        if above:
            helps = WHAT_HELPS.get(outcome.eval, "")
            yield f"- `{outcome.eval}`, {score.name}: {score.value:.3f} against {'; '.join(above)}. {helps}".rstrip()
