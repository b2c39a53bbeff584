"""Step-wise judging by chat models: is each numbered step of an explanation borne by the cues that it cites?

Every grader is asked three times of a Report: its steps as they are, the same in reverse order (a grader that changes
its mind then has none), and another clip's steps under this clip's cues (a grader that passes those passes anything).
Graders are held against one another by Krippendorff's alpha, and their verdicts against the length of the steps.
The question is the critic's (`prompts/critic`), so a model should not grade what it wrote itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from emer.agents.asking import criticism
from emer.agents.state import Evidence, Verdict
from emer.config import Settings
from emer.errors import InputError, ModelError
from emer.evals import metrics
from emer.evals.evaluation import Score
from emer.models import ModelRun, open_model
from emer.schemas import Report, Step

Grades = tuple[bool | None, ...]
"""Of each step whether it is borne; None where the grader said nothing of it."""


class Asked(NamedTuple):
    """One Report as one grader sees it: its steps, the same steps in reverse order, another clip's steps."""

    plain: Grades
    reversed: Grades
    stranger: Grades


@dataclass(frozen=True)
class Graded:
    """One grader's answers, in the order of the Reports; None where the model failed, with why in `failures`."""

    grader: str
    answers: tuple[Asked | None, ...]
    failures: tuple[str, ...]


def grade(reports: Sequence[Report], graders: Sequence[str], settings: Settings) -> list[Graded]:
    """What each grader (`provider:model`) says of each Report.

    Args:
        reports: each with reasoning.
        graders: at least one.
        settings: keys, limits and budget; models for single agents are not used.

    Raises:
        InputError: fewer than two Reports have steps, or a grader is unknown.
        SetupError: a key or a package is missing.
    """
    told = [report for report in reports if report.reasoning]
    if len(told) < 2:
        raise InputError(f"grading needs two Reports with reasoning, got {len(told)}")
    alone = settings.model_copy(update={"models": {}})
    return [asyncio.run(_graded(told, grader, alone)) for grader in graders]


async def _graded(reports: Sequence[Report], grader: str, settings: Settings) -> Graded:
    strangers = [*reports[1:], reports[0]]
    found = await asyncio.gather(
        *(_asked(one, other, grader, settings) for one, other in zip(reports, strangers, strict=True)),
    )
    failures = tuple(one for one in found if isinstance(one, str))
    return Graded(grader, tuple(None if isinstance(one, str) else one for one in found), failures)


async def _asked(report: Report, stranger: Report, grader: str, settings: Settings) -> Asked | str:
    """The three answers, or why there are none."""
    async with open_model(grader, settings) as model:
        try:
            answers = await asyncio.gather(
                _grades(model, report, report.reasoning),
                _grades(model, report, report.reasoning[::-1]),
                _grades(model, report, stranger.reasoning),
            )
        except ModelError as error:
            return f"{report.clip.source}: {error}"
    plain, turned, strange = answers
    return Asked(plain, turned[::-1], strange)


async def _grades(model: ModelRun, report: Report, steps: Sequence[Step]) -> Grades:
    """The grade of each step; they are numbered anew in the order in which they are shown."""
    shown = [step.model_copy(update={"id": f"r{n}"}) for n, step in enumerate(steps, start=1)]
    evidence = Evidence(report.clip, report.people, report.utterances, report.cues)
    answer = await model.ask(criticism.question(evidence, Verdict(reasoning=shown)))
    said = {one.id: one.borne == "yes" for one in answer.value.claims}
    return tuple(said.get(step.id) for step in shown)


def score(reports: Sequence[Report], graded: Sequence[Graded]) -> list[Score]:
    """The figures of each grader, intervals by Report, and the graders' agreement.

    Raises:
        InputError: a grader answered nothing.
    """
    told = [report for report in reports if report.reasoning]
    scores = [one for grader in graded for one in _of_grader(told, grader)]
    if len(graded) > 1:
        scores.append(_agreement(told, graded))
    return scores


def _of_grader(reports: Sequence[Report], graded: Graded) -> list[Score]:
    rows = [(report, asked) for report, asked in zip(reports, graded.answers, strict=True) if asked is not None]
    if not rows:
        why = f": {graded.failures[0]}" if graded.failures else ""
        raise InputError(f"no metric of an empty set: {graded.grader} graded nothing{why}")
    own, turned, strange = ([getattr(asked, name) for _, asked in rows] for name in Asked._fields)
    lengths = [[len(step.claim.split()) for step in report.reasoning] for report, _ in rows]
    scores = [
        Score("graded", len(rows) / len(reports), None, None, len(reports), graded.grader),
        _share("steps borne", own, graded.grader),
        _share("steps borne, another clip's", strange, graded.grader),
        _share("same grade in reverse order", _pairwise(own, turned), graded.grader),
    ]
    return [*scores, *_by_length(own, lengths, graded.grader)]


def _share(name: str, grades: Sequence[Grades], grader: str) -> Score:
    """The share of grades that are yes, whole Reports drawn; a step without a grade counts as no."""
    groups = [n for n, row in enumerate(grades) for _ in row]
    values = [float(grade is True) for row in grades for grade in row]
    return Score(name, *metrics.mean(values, groups), n=len(values), system=grader)


def _pairwise(own: Sequence[Grades], turned: Sequence[Grades]) -> list[Grades]:
    """Of each step whether it was graded both times, and alike."""
    rows = zip(own, turned, strict=True)
    return [tuple(a is not None and a == b for a, b in zip(one, other, strict=True)) for one, other in rows]


def _by_length(grades: Sequence[Grades], lengths: Sequence[Sequence[int]], grader: str) -> list[Score]:
    """Whether longer steps are graded better (AUC, .5 being no matter); left out where all grades are one."""
    borne = np.array([grade is True for grade in chain(*grades)])
    words = np.array(list(chain(*lengths)), dtype=float)
    if borne.all() or not borne.any():
        return []
    name = "AUC of a step's grade by its length"
    return [Score(name, metrics.auc(borne, words), None, None, len(borne), grader)]


def _agreement(reports: Sequence[Report], graded: Sequence[Graded]) -> Score:
    """Krippendorff's alpha over all steps; NaN where all grades are one, so that it is undefined."""
    rows: list[list[float | None]] = [
        list(chain(*(_numbers(report, asked) for report, asked in zip(reports, one.answers, strict=True))))
        for one in graded
    ]
    try:
        alpha = metrics.krippendorff_alpha(rows)
    except InputError:
        alpha = float("nan")
    return Score("Krippendorff's alpha", alpha, None, None, len(rows[0]), f"{len(graded)} graders")


def _numbers(report: Report, asked: Asked | None) -> list[float | None]:
    found: Sequence[Any] = [None] * len(report.reasoning) if asked is None else asked.plain
    return [None if grade is None else float(grade) for grade in found]
