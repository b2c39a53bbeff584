"""The critic's question to a model, and its objections: an independent look at whether claims are borne out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from emer.agents.asking import lines
from emer.agents.asking.delimited import enclosed
from emer.agents.asking.verdicts import CriticAnswer
from emer.agents.state import Evidence, Verdict
from emer.models import Question, Text
from emer.prompts import load
from emer.schemas import Dropped


class Criticism(NamedTuple):
    """Why claims are not borne out, by the id of the step, and cues against the verdict that no claim deals with."""

    objections: Mapping[str, str]
    overlooked: list[Dropped]


def question(evidence: Evidence, verdict: Verdict) -> Question[CriticAnswer]:
    """What the critic asks: the cues, and each claim with what it cites; not why the judge holds it."""
    prompt, data = load("critic"), enclosed([*lines.whole(evidence), lines.claims(verdict.reasoning)])
    return Question(
        agent="critic",
        system=prompt.fill(mark=data.mark),
        parts=(Text(data.text),),
        schema=CriticAnswer,
        prompt=prompt.id,
    )


def criticism(answer: CriticAnswer, evidence: Evidence, verdict: Verdict) -> Criticism:
    """The answer's objections to claims that exist, and what it says of cues that exist."""
    claims = {step.id for step in verdict.reasoning}
    cues = {cue.id for cue in evidence.cues}
    objections = {
        one.id: f"the critic: {_against(one.borne)}{one.why or one.says}"
        for one in answer.claims
        if one.id in claims and one.borne != "yes"
    }
    overlooked = [
        Dropped(claim=f"(no claim deals with {one.cue})", why=one.why) for one in answer.missed if one.cue in cues
    ]
    return Criticism(objections, overlooked)


def _against(borne: str) -> str:
    return "the cues say the opposite; " if borne == "against" else ""
