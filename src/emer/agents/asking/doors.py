"""The doors of the nodes that ask a model: plain JSON of the state in, one call or several at once, plain JSON out.

A call waits on the event loop and holds no thread. A specialist whose model fails keeps its measured cues and the run
goes on with a warning; without the judge's answer there is no verdict, unless the user allowed the offline judge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from emer.agents import steps
from emer.agents.asking import causes, criticism, judging, perceiving, votes
from emer.agents.asking.perceiving import READERS
from emer.agents.asking.verdicts import JudgeAnswer
from emer.agents.asking.votes import Vote
from emer.agents.state import JSON, Evidence, Services, State
from emer.errors import ModelError
from emer.models import Answer, Question
from emer.schemas import Dropped

JUDGES = 3
"""Judges of one clip in `thorough`: the fewest among whom a majority can be told from a tie."""


FOOLED = "The critic held a claim borne that was planted to try it, so its word keeps no claim that code objects to."


class _Round(NamedTuple):
    """What several judges answered: their verdicts, and notes on every call, those that failed too."""

    answers: list[JudgeAnswer]
    notes: list[JSON]
    errors: list[ModelError]


async def perceive(name: str, state: State, services: Services) -> JSON:
    """What one specialist's model adds to the measured cues."""
    evidence = steps.evidence(state)
    if name not in READERS or not perceiving.is_worth_asking(name, evidence):
        return {}
    sent = await asyncio.to_thread(READERS[name].sent, evidence, services)
    asked = perceiving.question(name, evidence, sent)
    try:
        answer = await _ask(asked, services)
    except ModelError as error:
        return {"notes": [_failed(name, error, "its measured cues stand alone")]}
    found = perceiving.added(name, answer, evidence, sent, prompt=asked.prompt)
    warnings = [*sent.warnings, *perceiving.told_left_out(name, found.left_out)]
    one = {"agent": name, "cues": steps.dump(found.cues)}
    return {"answers": [one], "notes": [_note(answer), *({"warning": text} for text in warnings)]}


async def cause(state: State, services: Services) -> JSON:
    """What the emotions may answer to: the model's causes, else those of the rules."""
    evidence = steps.evidence(state)
    notes: list[JSON] = []
    if evidence.utterances or evidence.clip.context:
        asked = causes.question(evidence)
        try:
            answer = await _ask(asked, services)
        except ModelError as error:
            notes = [_failed("cause", error, "causes were looked for by rules")]
        else:
            notes = [_note(answer)]
            if found := causes.found(answer.value.causes, evidence):
                return {"causes": steps.dump(found), "notes": notes}
    return {**await asyncio.to_thread(steps.cause, state, services), "notes": notes}


async def judge(state: State, services: Services) -> JSON:
    """The verdict of one judge, or in `thorough` the one that several agree on most; not yet verified.

    Raises:
        ModelError: no judge answered, and the offline judge is not allowed in its place.
    """
    evidence = steps.evidence(state)
    n_judges = JUDGES if services.settings.effort == "thorough" else 1
    held = await _hold(evidence, services, seeds=range(n_judges))
    if not held.answers:
        return await _instead(state, services, held)
    verdicts = [judging.verdict(one, evidence) for one in held.answers]
    place = votes.elected(verdicts)
    verdict, ballots = verdicts[place], [votes.ballot(one) for one in verdicts]
    if n_judges > 1:
        verdict = votes.with_agreement(verdict, ballots)
    return {
        "verdict": steps.dump_verdict(verdict),
        "cases": steps.dump(judging.checked_cases(held.answers[place], evidence)),
        "ballots": [[[vote.person, vote.label] for vote in one] for one in ballots],
        "notes": [*held.notes, {"judged_by": "model"}, *_lost(held.errors)],
    }


async def critic(state: State, services: Services) -> JSON:
    """What an independent critic holds against the claims; nothing where its model fails."""
    evidence, verdict = steps.evidence(state), steps.verdict(state)
    if not verdict.reasoning or not steps.is_of_model(state):
        return {}
    asked = criticism.question(evidence, verdict)
    try:
        answer = await _ask(asked, services)
    except ModelError as error:
        return {"notes": [_failed("critic", error, "claims were checked by code and encoder alone")]}
    found = criticism.criticism(answer.value, evidence, verdict)
    told = {
        "objections": dict(found.objections),
        "overlooked": steps.dump(found.overlooked),
        "cleared": list(found.cleared),
    }
    return {"criticism": told, "notes": [_note(answer), *([{"warning": FOOLED}] if found.is_fooled else [])]}


async def revise(state: State, services: Services) -> JSON:
    """The verdict judged once more with what did not stand the check, verified; unchanged where all stood."""
    evidence, verdict = steps.evidence(state), steps.verdict(state)
    overlooked = [Dropped.model_validate(one) for one in state.get("criticism", {}).get("overlooked", [])]
    if not steps.is_of_model(state) or not (verdict.dropped or overlooked):
        return {}
    asked = judging.question(
        evidence, services.settings, seed=JUDGES, removed=judging.removed(verdict.dropped, overlooked)
    )
    try:
        answer = await _ask(asked, services)
    except ModelError as error:
        return {"notes": [_failed("judge", error, "the verdict stands as it was after the check")]}
    ballots = [[Vote(person, label or "") for person, label in one] for one in state.get("ballots", [])]
    again = votes.with_agreement(judging.verdict(answer.value, evidence), ballots)
    borne = {step.claim for step in verdict.reasoning if step.id in state.get("criticism", {}).get("cleared", ())}
    cleared = [step.id for step in again.reasoning if step.claim in borne]  # told again in the same words
    checked = await asyncio.to_thread(steps.checked, evidence, again, {"cleared": cleared}, is_prose=True)
    sent_back = [one.model_copy(update={"why": f"{one.why} (sent back once)"}) for one in verdict.dropped]
    return {
        "verdict": steps.dump_verdict(checked) | {"dropped": steps.dump([*checked.dropped, *sent_back])},
        "cases": steps.dump(judging.checked_cases(answer.value, evidence)),
        "notes": [_note(answer), *({"warning": _told(one)} for one in overlooked)],
    }


async def _hold(evidence: Evidence, services: Services, *, seeds: Sequence[int]) -> _Round:
    """The answers of as many judges as there are seeds, asked at the same time."""
    questions = [judging.question(evidence, services.settings, seed=seed) for seed in seeds]
    found = await asyncio.gather(*(_ask(one, services) for one in questions), return_exceptions=True)
    answers, notes, errors = [], [], []
    for one in found:
        if isinstance(one, ModelError):
            errors.append(one)
        elif isinstance(one, BaseException):
            raise one
        else:
            answers.append(one.value)
            notes.append(_note(one))
    return _Round(answers, notes, errors)


async def _instead(state: State, services: Services, held: _Round) -> JSON:
    """The offline judge's verdict where no model answered, if the user allowed it."""
    if services.settings.fallback != "offline":
        raise held.errors[0]
    found = await asyncio.to_thread(steps.judge, state, services)
    warning = f"The model of the judge failed ({held.errors[0]}); emer judged offline instead."
    return {**found, "notes": [*held.notes, {"warning": warning}]}


def _lost(errors: Sequence[ModelError]) -> list[JSON]:
    if not errors:
        return []
    return [{"warning": f"{len(errors)} of {JUDGES} judges did not answer ({errors[0]}); the others voted."}]


async def _ask(question: Question[Any], services: Services) -> Answer[Any]:
    if services.model is None:
        raise ModelError("no chat model is open; name one with --model PROVIDER:MODEL")
    return await services.model.ask(question)


def _failed(name: str, error: ModelError, so: str) -> JSON:
    return {"warning": f"The model of the {name} agent failed ({error}); {so}."}


def _told(overlooked: Dropped) -> str:
    return f"The critic holds against the first verdict {overlooked.claim}: {overlooked.why}"


def _note(answer: Answer[BaseModel]) -> JSON:
    """What an answer warns of, for instance that the model does not see."""
    return {"warnings": list(answer.warnings)}
