"""Corrections of reviewers as cases, which the next clip like it meets in the memory."""

from __future__ import annotations

from typing import NamedTuple

from emer.errors import InputError
from emer.memory.learning import corrected_case
from emer.report.reading import name_of
from emer.schemas import Case, Emotion, Report, Review


class Learned(NamedTuple):
    """The cases, and the corrections of which none could be made, each with the reason."""

    cases: list[Case]
    left_out: list[str]


def learned(report: Report, *, by: str, at: str) -> Learned:
    """What the corrections of one person's one sheet teach; a rejection alone names no label, so it teaches none.

    Args:
        report: with its reviews.
        by: the person.
        at: when the sheet was read, as the reviews say.
    """
    found = {emotion.id: emotion for emotion in report.emotions}
    cases, left_out = [], []
    for review in report.reviews:
        if (review.by, review.at, review.verdict) != (by, at, "correct") or not review.label:
            continue
        emotion = found.get(review.item)
        try:
            cases.append(_case(report, review, emotion, review.label))
        except InputError as error:
            left_out.append(f"{name_of(report)}, {review.item}: {error}")
    return Learned(cases, left_out)


def _case(report: Report, review: Review, emotion: Emotion | None, label: str) -> Case:
    people = {person.id for person in report.people}
    person = emotion.person if emotion is not None else review.item if review.item in people else None
    instead = f" where emer said {emotion.label}" if emotion is not None and not review.blind else ""
    why = review.text or f"{review.by} said so{instead}"
    return corrected_case(report, [label], why, intensity=review.intensity, person=person)
