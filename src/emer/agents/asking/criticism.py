"""The critic's question to a model, and its objections: an independent look at whether claims are borne out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from emer.agents.asking import lines
from emer.agents.asking.decoys import decoys
from emer.agents.asking.delimited import enclosed
from emer.agents.asking.verdicts import CriticAnswer
from emer.agents.state import Evidence, Verdict
from emer.models import Question, Text
from emer.prompts import load
from emer.schemas import Dropped


class Criticism(NamedTuple):
    """What a critic said of a verdict."""

    objections: Mapping[str, str]
    """Why claims are not borne out, by the id of the step."""
    overlooked: list[Dropped]
    """Cues against the verdict that no claim deals with."""
    cleared: Sequence[str]
    """Steps that are borne out, of a critic who found every decoy; else none."""
    is_fooled: bool
    """Whether a decoy was held borne."""


def question(evidence: Evidence, verdict: Verdict) -> Question[CriticAnswer]:
    """What the critic asks: the cues, each claim with what it cites, and decoys; not why the judge holds a claim."""
    claims = [*verdict.reasoning, *decoys(evidence.cues, verdict.reasoning)]
    prompt, data = load("critic"), enclosed([*lines.whole(evidence), lines.claims(claims)])
    return Question(
        agent="critic",
        system=prompt.fill(mark=data.mark),
        parts=(Text(data.text),),
        schema=CriticAnswer,
        prompt=prompt.id,
    )


def criticism(answer: CriticAnswer, evidence: Evidence, verdict: Verdict) -> Criticism:
    """The answer's objections to claims that exist, what it clears, and what it says of cues that exist."""
    claims = {step.id for step in verdict.reasoning}
    said = {one.id: one.borne for one in answer.claims}
    found = [said.get(one.id) for one in decoys(evidence.cues, verdict.reasoning)]
    is_awake = bool(found) and all(one in ("no", "against") for one in found)
    cues = {cue.id for cue in evidence.cues}
    objections = {
        one.id: f"the critic: {_against(one.borne)}{one.why or one.says}"
        for one in answer.claims
        if one.id in claims and one.borne != "yes"
    }
    overlooked = [
        Dropped(claim=f"(no claim deals with {one.cue})", why=one.why) for one in answer.missed if one.cue in cues
    ]
    cleared = [name for name, borne in said.items() if is_awake and borne == "yes" and name in claims]
    return Criticism(objections, overlooked, cleared, is_fooled="yes" in found)


def _against(borne: str) -> str:
    return "the cues say the opposite; " if borne == "against" else ""
