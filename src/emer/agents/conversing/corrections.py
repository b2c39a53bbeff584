"""A correction, from the words of whoever corrects to what is asked back before it is remembered."""

from __future__ import annotations

from typing import NamedTuple

from emer.agents.conversing.chosen import emotions_asked
from emer.agents.conversing.citing import listed
from emer.agents.conversing.request import Request
from emer.agents.conversing.understanding import is_manner
from emer.schemas import Report


class Correction(NamedTuple):
    """What is to be remembered: labels, whose, why; `instead_of` is the emotion of the Report that it corrects."""

    labels: list[str]
    person: str | None
    why: str
    instead_of: str | None


def correction(report: Report, request: Request, focus: str | None, *, unspoken: list[str]) -> Correction | str:
    """The correction that a turn makes, or what has to be asked before it is one.

    Args:
        report: what is corrected.
        request: the turn.
        focus: the emotion that was spoken of last.
        unspoken: the labels that are concluded without the words, for "she is being ironic".
    """
    labels = request.labels
    people = [person.id for person in report.people]
    if request.person is None and len(people) > 1:
        return f"Whom do you mean, {listed(people, word='or')}? Say it with the id: “{people[0]} is …”."
    if is_manner(request.text):  # what is shown beside the words; "sarcastic" itself only where nothing is
        labels = unspoken or labels
    if not labels:
        return "What does the person appear to be instead? Say it with an emotion word: “no, she is embarrassed”."
    spoken_of = [one for one in report.emotions if one.id == focus and request.person in (None, one.person)]
    asked = Request(kind="what", text="", labels=request.denied, person=request.person)
    pool = spoken_of or emotions_asked(report, asked)
    person = request.person or (people[0] if len(people) == 1 else None)
    return Correction(labels[:2], person, request.text.strip(), pool[0].id if pool else None)


def confirmation(report: Report, found: Correction) -> str:
    """What is asked before a correction is remembered."""
    whose = found.person or "the clip"
    old = next((one.label for one in report.emotions if one.id == found.instead_of), None)
    instead = f" (the Report says {old})" if old and old not in found.labels else ""
    return (
        f"Shall I remember as a case that {whose} appears {listed(found.labels)}{instead}, because “{found.why}”? "
        "Its cues, its labels and your sentence are kept in your memory folder. Answer yes or no."
    )
