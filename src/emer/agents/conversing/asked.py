"""A turn put to a chat model: its question, and what comes of the answer once its claims have been checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from emer.agents.asking import lines
from emer.agents.asking.answers import Answered, Seconds
from emer.agents.asking.delimited import Block, enclosed, quoted
from emer.agents.conversing.citing import capital, fact
from emer.agents.conversing.danger import safety_reply, sign_of_danger
from emer.agents.conversing.request import Fact, Kind, Reply, Request
from emer.agents.conversing.responding import Strategy
from emer.agents.state import JSON, Evidence, Verdict
from emer.agents.verify import verify
from emer.models import Answer, Question, Text
from emer.prompts import load
from emer.schemas import Report, Step

N_EARLIER = 6
ASKED: frozenset[Kind] = frozenset({
    "what", "why", "why_not", "when", "who", "cause", "how_sure", "conflict", "perspective", "person", "respond",
    "unknown",
})  # fmt: skip
"""Turns that a model is asked; the others name an act, which needs none."""
WRITTEN_NOTE = "A model wrote this reply; read it before you use it."


class Claimed(Answered):
    """One sentence of an answer."""

    evidence: list[str] = Field(description="ids of the cues that bear it")
    text: str


class Worded(Answered):
    """Words for the person in the clip."""

    strategy: Strategy
    evidence: list[str]
    because: str
    text: str


class ChatAnswer(Answered):
    """What a model answers to one turn."""

    danger: bool
    tool: Literal["none", "look", "listen", "what_if", "compare", "correct", "cases", "help"]
    labels: list[str] = Field(max_length=4)
    person: str | None = None
    modality: Literal["face", "voice", "transcript", "context"] | None = None
    cues: list[str] = Field(max_length=8)
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    claims: list[Claimed] = Field(max_length=6)
    reply: Worded | None = None
    note: str


class Heard(NamedTuple):
    """A turn after the model: as it understood it, and the reply unless a tool has to act first."""

    request: Request
    reply: Reply | None


def question(report: Report, request: Request, turns: Sequence[JSON]) -> Question[ChatAnswer]:
    """What a model is asked about one turn."""
    evidence = _evidence(report)
    earlier = [
        quoted(f"{turn['question']} -> {Reply.model_validate(turn['reply']).text}") for turn in turns[-N_EARLIER:]
    ]
    readings = [
        f"{one.id} | {one.person or one.holder} | {quoted(one.label)} | confidence {one.confidence:.2f} | "
        f"for {', '.join(one.evidence)}"
        for one in report.emotions
    ]
    blocks = [
        *lines.whole(evidence),
        Block("readings", readings),
        lines.claims(report.reasoning),
        lines.causes(report.causes),
        lines.cases(report.cases),
        Block("earlier turns", earlier),
        Block("how it was read", [request.kind]),
        Block("question", [quoted(request.text)]),
    ]
    data, prompt = enclosed(blocks), load("chat")
    return Question(
        agent="chat",
        system=prompt.fill(mark=data.mark),
        parts=(Text(data.text),),
        schema=ChatAnswer,
        prompt=prompt.id,
    )


def heard(report: Report, request: Request, answer: Answer[ChatAnswer]) -> Heard:
    """What comes of a model's answer: an act, or facts whose claims stood the check."""
    value = answer.value
    if value.danger:
        sign = next((found for one in report.utterances if (found := sign_of_danger(one.text))), None)
        safe = safety_reply(sign or request.text, said_by_user=sign is None)
        return Heard(request, safe.model_copy(update={"sent": list(answer.sent)}))
    if value.tool != "none":
        return Heard(_with_tool(report, request, value), None)
    facts, n_dropped = _borne(report, value.claims)
    notes = [value.note.strip()] if value.note.strip() else []
    if value.reply is not None:
        facts += fact(report, f"{capital(value.reply.strategy)}, because {value.reply.because}", value.reply.evidence)
        notes += [f"Reply ({value.reply.strategy}): {value.reply.text}", WRITTEN_NOTE]
    if n_dropped:
        notes.append(
            f"Left out of the model's answer because its cues do not bear it: {n_dropped} of {len(value.claims)}."
        )
    if not facts and not notes:
        notes = ["The model gave no answer that the cues of this Report bear."]
    return Heard(request, Reply(kind=request.kind, facts=facts, notes=notes, sent=list(answer.sent)))


def _with_tool(report: Report, request: Request, value: ChatAnswer) -> Request:
    """The turn as the model understood it; ids and people that do not exist are left out."""
    span = request.span
    if value.start_s is not None and value.end_s is not None:
        span = (min(value.start_s, value.end_s), max(value.start_s, value.end_s))
    people = {person.id for person in report.people}
    known = {cue.id for cue in report.cues}
    return request.model_copy(update={
        "kind": value.tool,
        "labels": value.labels or request.labels,
        "person": value.person if value.person in people else request.person,
        "modality": value.modality or request.modality,
        "cues": [name for name in value.cues if name in known] or request.cues,
        "span": span,
    })  # fmt: skip


def _borne(report: Report, claims: Sequence[Claimed]) -> tuple[list[Fact], int]:
    """The claims that their cues bear, as facts, and how many fell."""
    steps = [
        Step(id=f"r{n}", type="inference", claim=one.text.strip(), evidence=one.evidence)
        for n, one in enumerate(claims, start=1)
    ]
    kept = verify(_evidence(report), Verdict(reasoning=steps)).reasoning
    return [made for step in kept for made in fact(report, step.claim, step.evidence)], len(steps) - len(kept)


def _evidence(report: Report) -> Evidence:
    return Evidence(report.clip, report.people, report.utterances, report.cues, report.cases, report.causes)
