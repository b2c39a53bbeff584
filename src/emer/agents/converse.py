"""The graph of a conversation about one Report: a turn is understood, then acted upon, and the thread is kept.

```
START ─ understand ─ act ─ END
```
The state of a thread is small and plain: it names Reports by their keys, which the keeper of the thread resolves
(`Doors`). What opens a file, a memory or a model comes as LangGraph runtime context and never enters the state. A turn
that is broken off (Ctrl-C, SIGKILL) leaves the thread as it was before.
"""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Protocol, TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from emer.agents.conversing import hypothetical, rivals
from emer.agents.conversing.answers import answer, answers_alone
from emer.agents.conversing.asked import ASKED, Heard
from emer.agents.conversing.chosen import emotions_asked
from emer.agents.conversing.corrections import Correction, confirmation, correction
from emer.agents.conversing.danger import safety_reply, sign_of_danger
from emer.agents.conversing.request import Kind, Reply, Request
from emer.agents.conversing.responding import respond
from emer.agents.conversing.understanding import is_manner, understand
from emer.agents.state import JSON
from emer.errors import EmerError
from emer.schemas import Report


class Talk(TypedDict, total=False):
    """The state of a thread.

    `report` is the key of the Report that is spoken of, `told` what a model made of the turn, `pending` a correction
    that waits for a yes, `done` what can be undone (newest last), `focus` the emotion that was spoken of last, `turns`
    everything asked and answered.
    """

    question: str
    request: JSON
    told: JSON | None
    report: str
    pending: list[Any] | None
    done: list[JSON]
    focus: str | None
    turns: Annotated[list[JSON], operator.add]


class Doors(Protocol):
    """What a conversation may open; each may raise an `EmerError`, which becomes a note of the reply."""

    def load(self, key: str) -> Report:
        """The Report with this key."""
        ...

    def keep(self, report: Report) -> str:
        """The key under which a Report is kept from now on."""
        ...

    def converse(self, report: Report, request: Request, turns: list[JSON]) -> Heard | None:
        """The turn as a chat model answers it; None without a model."""
        ...

    def judge(self, report: Report) -> Report:
        """The Report judged again on its cues; nothing is measured."""
        ...

    def measure(self, report: Report, request: Request) -> tuple[Report, Reply]:
        """A span of the clip looked at or listened to again: the Report with the new cues, and what they are."""
        ...

    def recall(self, report: Report, request: Request) -> Reply:
        """Cases from memory."""
        ...

    def remember(self, report: Report, found: Correction) -> tuple[Report, str | None]:
        """A correction as a case: the Report with the review in it, and the id of the case if it is new."""
        ...

    def forget(self, case: str) -> None:
        """A remembered case taken out again."""
        ...

    def export(self, report: Report, request: Request, turns: list[JSON]) -> Reply:
        """The Report or the conversation written to a file."""
        ...


@dataclass(frozen=True)
class Open:
    """What comes to the nodes as LangGraph runtime context."""

    doors: Doors


Saver = SqliteSaver
Graph = CompiledStateGraph[Talk, Open, Talk, Talk]
Act = Callable[[Talk, Request, Report, Doors], tuple[Reply, JSON]]


def saver_on(connection: sqlite3.Connection) -> Saver:
    """A checkpointer on an open database, its tables made."""
    saver = SqliteSaver(connection)
    saver.setup()
    return saver


def build_conversation(saver: Saver) -> Graph:
    """The compiled graph on a checkpointer; run it with `context=Open(doors)` and a `thread_id`."""
    graph = StateGraph(Talk, context_schema=Open)
    understanding: Any = _understand
    acting: Any = _act
    graph.add_node("understand", understanding)
    graph.add_node("act", acting)
    graph.add_edge(START, "understand")
    graph.add_edge("understand", "act")
    graph.add_edge("act", END)
    return graph.compile(checkpointer=saver, name="emer-conversation")


def _understand(state: Talk, runtime: Runtime[Open]) -> JSON:
    report = runtime.context.doors.load(state["report"])
    request = understand(state["question"], report, awaits_yes=state.get("pending") is not None)
    if request.kind not in ASKED or _is_endangered(report, request):
        return {"request": request.model_dump(mode="json"), "told": None}
    try:
        heard = runtime.context.doors.converse(report, request, state.get("turns", []))
    except EmerError as error:
        note = f"The model did not answer ({error}); this is the offline answer."
        return {"request": request.model_dump(mode="json"), "told": {"note": note}}
    if heard is None:
        return {"request": request.model_dump(mode="json"), "told": None}
    told = {"reply": heard.reply.model_dump(mode="json")} if heard.reply is not None else None
    return {"request": heard.request.model_dump(mode="json"), "told": told}


def _is_endangered(report: Report, request: Request) -> bool:
    """Whether words are asked for somebody whose own words are a sign of danger: then no model is asked for them."""
    return request.kind == "respond" and any(sign_of_danger(one.text) for one in report.utterances)


def _act(state: Talk, runtime: Runtime[Open]) -> JSON:
    request = Request.model_validate(state["request"])
    report = runtime.context.doors.load(state["report"])
    told = state.get("told") or {}
    act: Act = _told if "reply" in told else _ACTS.get(request.kind, _answer)
    try:
        reply, update = act(state, request, report, runtime.context.doors)
    except EmerError as error:
        reply, update = Reply(kind=request.kind, notes=[f"That did not work: {error}"]), {}
    if "note" in told:
        reply = reply.model_copy(update={"notes": [*reply.notes, told["note"]]})
    turn = {
        "question": request.text,
        "reply": reply.model_dump(mode="json"),
        "report": update.get("report", state["report"]),
    }
    focus = _focus(report, request, state.get("focus"))
    pending = state.get("pending") if request.kind in ("danger", "hostile") else None  # any other turn lets it drop
    return {"pending": pending, "focus": focus, **update, "turns": [turn]}


def _told(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    return Reply.model_validate((state.get("told") or {})["reply"]), {}


def _focus(report: Report, request: Request, focus: str | None) -> str | None:
    """The one emotion that a turn named, else the one before it."""
    found = emotions_asked(report, request) if request.labels or request.person or request.span else []
    return found[0].id if len({one.label for one in found}) == 1 else focus


def _answer(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    if request.kind == "why" and request.labels and not emotions_asked(report, request):
        return rivals.why_not(report, request, state.get("focus")), {}
    kind: Kind = request.kind if answers_alone(request.kind) else "unknown"
    return answer(report, request.model_copy(update={"kind": kind}), state.get("focus")), {}


def _danger(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    return safety_reply(sign_of_danger(request.text) or request.text, said_by_user=True), {}


def _asked(
    ask: Callable[[Report, Request, str | None], Reply], state: Talk, request: Request, report: Report, doors: Doors
) -> tuple[Reply, JSON]:
    return ask(report, request, state.get("focus")), {}


def _what_if(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    gone = hypothetical.left_out(report, request)
    if not gone:
        senses = ", ".join(report.clip.modalities)
        note = (
            f"No cue of this Report is like that; I can leave cues out, not put others in. There are cues of: {senses}."
        )
        return Reply(kind="what_if", notes=[note]), {}
    if len(gone) == len(report.cues):
        return Reply(kind="what_if", notes=["Without all of its cues there is nothing to judge."]), {}
    return hypothetical.differences(report, doors.judge(hypothetical.without(report, gone)), gone), {}


def _measure(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    again, reply = doors.measure(report, request)
    if again is report:
        return reply, {}
    judged = doors.judge(again)
    before, after = ({(one.person, one.label) for one in each.emotions} for each in (report, judged))
    changed = "Judged again with it, the readings stay the same." if before == after else "Judged again with it:"
    facts = reply.facts + ([] if before == after else answer(judged, Request(kind="what", text=""), None).facts)
    done = [*state.get("done", []), {"told": "the new measurement", "report": state["report"]}]
    told = reply.model_copy(update={"facts": facts, "notes": [*reply.notes, changed, "“undo” takes it back."]})
    return told, {"report": doors.keep(judged), "done": done, "focus": None}


def _recall(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    return doors.recall(report, request), {}


def _correct(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    unspoken: list[str] = []
    words = [cue for cue in report.cues if cue.modality == "transcript"]
    if is_manner(request.text) and words and len(words) < len(report.cues):
        unspoken = [one.label for one in doors.judge(hypothetical.without(report, words)).emotions[:1]]
    found = correction(report, request, state.get("focus"), unspoken=unspoken)
    if isinstance(found, str):
        return Reply(kind="correct", notes=[found]), {}
    return Reply(kind="correct", notes=[confirmation(report, found)]), {"pending": list(found)}


def _confirm(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    found = Correction(*(state.get("pending") or ()))
    reviewed, case = doors.remember(report, found)
    done = [*state.get("done", []), {"told": "the correction", "report": state["report"], "case": case}]
    note = f"Remembered as {case}; the next similar clip meets it." if case else "That is remembered already."
    note = f"{note} “undo” takes it back."
    return Reply(kind="confirm", notes=[note]), {"report": doors.keep(reviewed), "done": done, "pending": None}


def _decline(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    return Reply(kind="decline", notes=["Not remembered."]), {"pending": None}


def _undo(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    if state.get("pending"):
        return Reply(kind="undo", notes=["The correction that I asked about is dropped."]), {"pending": None}
    done = state.get("done", [])
    if not done:
        return Reply(kind="undo", notes=["There is nothing to undo: nothing was changed."]), {}
    last = done[-1]
    if last.get("case"):
        doors.forget(last["case"])
    return Reply(kind="undo", notes=[f"Undone: {last['told']}."]), {"report": last["report"], "done": done[:-1]}


def _export(state: Talk, request: Request, report: Report, doors: Doors) -> tuple[Reply, JSON]:
    return doors.export(report, request, state.get("turns", [])), {}


_ACTS: dict[Kind, Act] = {
    "danger": _danger, "what_if": _what_if, "look": _measure, "listen": _measure, "cases": _recall, "correct": _correct,
    "confirm": _confirm, "decline": _decline, "undo": _undo, "export": _export,
    "why_not": partial(_asked, rivals.why_not), "compare": partial(_asked, rivals.compare),
    "respond": partial(_asked, respond),
}  # fmt: skip
