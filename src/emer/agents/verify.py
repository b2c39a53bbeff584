"""Verification by code: what its cited cues do not bear is dropped and listed, and what rested on it goes with it.

It trusts no author: the offline judge's verdict and a chat model's pass through the same checks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeVar

from emer.agents.grounding.check import checked
from emer.agents.grounding.record import Record, record_of, whom
from emer.agents.grounding.words.wording import ID, sentences
from emer.agents.state import Evidence, Verdict
from emer.schemas import Abstention, Alternative, Cause, Change, Conflict, Dropped, Emotion, Opinion, Step

Citing = TypeVar("Citing", Emotion, Alternative)


class _Checked(NamedTuple):
    kept: list[Step]
    dropped: list[Dropped]
    overruled: list[str]


class _Critic(NamedTuple):
    objections: Mapping[str, str]
    cleared: Collection[str]


def verify(
    evidence: Evidence,
    verdict: Verdict,
    objections: Mapping[str, str] | None = None,
    *,
    cleared: Collection[str] = (),
    is_prose: bool = False,
) -> Verdict:
    """The verdict without what its cues do not bear.

    `support` is the share of claims borne out by the cues that they cite: that these say it, not that it is true.

    Args:
        evidence: what claims are held against.
        verdict: what the judge decided.
        objections: by the id of a claim, why a critic holds that its cues do not bear it.
        cleared: ids of claims that a critic who can be trusted holds borne: what word lists and encoder object to them
            does not count, what is plain from ids, quotations, persons, times, senses and numbers does.
        is_prose: whether the claims are freely written; the offline judge's are not, see `checked`.
    """
    record = record_of(evidence.cues, evidence.utterances, evidence.people)
    cases = {case.id for case in evidence.cases}
    steps = _steps(verdict, record, cases, _Critic(objections or {}, cleared), is_prose=is_prose)
    emotions = _emotions(verdict, steps.kept, [_resolved(one, record, cases) for one in verdict.emotions])
    standing = {emotion.id for emotion in emotions}
    orphaned = [step for step in steps.kept if step.supports and not standing & set(step.supports)]
    reasoning = [_supporting(step, standing) for step in steps.kept if step not in orphaned]
    dropped = [
        *verdict.dropped,
        *steps.dropped,
        *(Dropped(claim=step.claim, why="what it supports no longer stands") for step in orphaned),
        *(Dropped(claim=e.label, why="no cue that bears it is left") for e in verdict.emotions if e.id not in standing),
    ]
    return dataclasses.replace(
        verdict,
        emotions=emotions,
        alternatives=[
            one.model_copy(update={"evidence": _known(one.evidence, record.cues)}) for one in verdict.alternatives
        ],
        reasoning=reasoning,
        conflicts=[c for one in verdict.conflicts if (c := _conflict(one, record.cues)) is not None],
        causes=[_cause(one, record.cues, standing) for one in verdict.causes if _known(one.evidence, record.cues)],
        changes=[_change(one, record.cues) for one in verdict.changes if {one.from_, one.to} <= standing],
        opinions=[_opinion(one, record.cues) for one in verdict.opinions if _known(one.evidence, record.cues)],
        abstained=_abstained(verdict, emotions),
        dropped=dropped,
        summary=_summary(verdict.summary, record.cues, dropped),
        support=len(reasoning) / n if (n := len(reasoning) + len(dropped)) else None,
        warnings=[*verdict.warnings, *steps.overruled],
    )


def _emotions(verdict: Verdict, kept: Sequence[Step], resolved: Sequence[Emotion]) -> list[Emotion]:
    """The emotions with evidence left that a claim which stands bears, or that no claim was told for."""
    told = {name for step in verdict.reasoning for name in step.supports}
    borne = {name for step in kept if step.type != "rival" for name in step.supports}
    return [one for one in resolved if one.evidence and (one.id in borne or one.id not in told)]


def _steps(verdict: Verdict, record: Record, cases: Collection[str], critic: _Critic, *, is_prose: bool) -> _Checked:
    kept, dropped, overruled = [], [], []
    for step in verdict.reasoning:
        borne, why, is_soft = checked(step, record, about=whom(step, verdict.emotions), is_prose=is_prose)
        if why is not None and is_soft and step.id in critic.cleared:
            overruled.append(f"Kept on the critic's word: “{step.claim}”. Code and encoder held against it: {why}.")
            why = None
        why = why or critic.objections.get(step.id)
        if why is not None:
            dropped.append(Dropped(claim=step.claim, why=why))
            continue
        known = _known(borne.evidence, record.cues)
        kept.append(step.model_copy(update={
            "claim": borne.claim,
            "evidence": known,
            "counter": _known(step.counter, record.cues),
            "cases": _known(step.cases, cases),
            "support": len(known) / len(step.evidence),
        }))  # fmt: skip
    return _Checked(kept, dropped, overruled)


def _known(ids: Sequence[str], there: Collection[str]) -> list[str]:
    return [name for name in ids if name in there]


def _resolved(emotion: Emotion, record: Record, cases: Collection[str]) -> Emotion:
    """The emotion with the ids that resolve; an appraisal that rests on none of them goes."""
    appraisals = {
        name: one.model_copy(update={"evidence": _known(one.evidence, record.cues)})
        for name, one in emotion.appraisals.items()
        if _known(one.evidence, record.cues)
    }
    return emotion.model_copy(update={
        "evidence": _known(emotion.evidence, record.cues),
        "counter_evidence": _known(emotion.counter_evidence, record.cues),
        "cases": _known(emotion.cases, cases),
        "appraisals": appraisals,
    })  # fmt: skip


def _supporting(step: Step, standing: Collection[str]) -> Step:
    return step.model_copy(update={"supports": _known(step.supports, standing)})


def _conflict(conflict: Conflict, cues: Collection[str]) -> Conflict | None:
    if len(_known(conflict.between, cues)) < 2:
        return None
    hypotheses = [
        one.model_copy(update={"evidence": _known(one.evidence, cues)})
        for one in conflict.hypotheses
        if _known(one.evidence, cues)
    ]
    return conflict.model_copy(update={"between": _known(conflict.between, cues), "hypotheses": hypotheses})


def _cause(cause: Cause, cues: Collection[str], standing: Collection[str]) -> Cause:
    return cause.model_copy(
        update={"evidence": _known(cause.evidence, cues), "emotions": _known(cause.emotions, standing)}
    )


def _change(change: Change, cues: Collection[str]) -> Change:
    return change.model_copy(update={"evidence": _known(change.evidence, cues)})


def _opinion(opinion: Opinion, cues: Collection[str]) -> Opinion:
    return opinion.model_copy(update={"evidence": _known(opinion.evidence, cues)})


def _abstained(verdict: Verdict, emotions: Sequence[Emotion]) -> list[Abstention]:
    """Those of the verdict, and whoever lost her last emotion."""
    had = list(dict.fromkeys(emotion.person or emotion.holder for emotion in verdict.emotions))
    left = {emotion.person or emotion.holder for emotion in emotions}
    lost = [Abstention(person=who, why="no claim about it was borne out by cues") for who in had if who not in left]
    return [*verdict.abstained, *lost]


def _summary(summary: str, cues: Collection[str], dropped: Sequence[Dropped]) -> str:
    """The sentences that cite cues, all of which exist, and that were not dropped as claims."""
    gone = {one.claim for one in dropped}
    kept = []
    for sentence in sentences(summary):
        cited = ID.findall(sentence)
        if cited and all(name in cues for name in cited) and sentence not in gone:
            kept.append(sentence)
    return " ".join(kept)
