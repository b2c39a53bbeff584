"""The graph: which agent follows which, and what happens when one fails. Wiring only.

```
START ─┬─ face ───────┐
       ├─ voice ──────┤
       ├─ transcript ─┼─ gather ─ cause ─ recall ─ judge ─ verify ─ report ─ END
       └─ context ────┘
```

The specialists run at the same time, each in a thread of its own with a time-out. One that fails or runs over becomes
`missing`, one after them a warning; the run goes on. The state holds plain JSON, which becomes models at each node's
door; what lives only during the run (open media, memory, settings) comes as LangGraph runtime context.
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from langgraph.errors import NodeError, NodeTimeoutError
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from emer.agents import measured, steps
from emer.agents.state import JSON, Services, Specialist, State
from emer.errors import EmerError, InputError

T = TypeVar("T")
Node = Any  # an async function of state and runtime; LangGraph's stubs know neither it nor a handler of NodeError
Graph = CompiledStateGraph[State, Services, State, State]


class Entry(NamedTuple):
    """One line of the table of specialists; one that `needs_words` waits until they were heard."""

    module: str
    biometric: bool
    needs_words: bool = True


SPECIALISTS: dict[str, Entry] = {
    "face": Entry("emer.agents.face", biometric=True, needs_words=False),
    "voice": Entry("emer.agents.voice", biometric=True),
    "transcript": Entry("emer.agents.transcript", biometric=False),
    "context": Entry("emer.agents.context", biometric=False),
}
STEPS: dict[str, steps.Step] = {
    "gather": steps.gather,
    "cause": steps.cause,
    "recall": steps.recall,
    "judge": steps.judge,
    "verify": steps.verify,
    "report": steps.report,
}


@lru_cache(maxsize=16)
def build_graph(specialists: tuple[str, ...] = tuple(SPECIALISTS), *, timeout_s: float = 600.0) -> Graph:
    """The compiled LangGraph with the named specialists; run it with `context=Services(...)`.

    Raises:
        InputError: a specialist is not in the table.
    """
    graph = StateGraph(State, context_schema=Services)
    to_missing: Any = _becomes_missing
    to_warning: Any = _becomes_warning
    for name in specialists:
        if name not in SPECIALISTS:
            raise InputError(f"unknown specialist {name!r}; there are {', '.join(SPECIALISTS)}")
        graph.add_node(name, _specialist_node(name), timeout=timeout_s, error_handler=to_missing)
        graph.add_edge(START, name)
        graph.add_edge(name, "gather")
    if not specialists:
        graph.add_edge(START, "gather")
    order = list(STEPS)
    for name, after in zip(order, [*order[1:], END], strict=True):
        handler = None if name in ("gather", "report") else to_warning
        graph.add_node(name, _step_node(name, STEPS[name]), timeout=timeout_s, error_handler=handler)
        graph.add_edge(name, after)
    return graph.compile(name="emer")


def studio() -> Graph:
    """The graph for LangGraph's own tools (langgraph.json), which call a factory without arguments."""
    return build_graph()


def drawing() -> str:
    """The graph as Mermaid text, drawn from the graph itself, without the error handlers that every agent has."""
    lines = build_graph().get_graph().draw_mermaid().splitlines()
    return "\n".join(line for line in lines[lines.index("graph TD;") :] if "__error_handler__" not in line).strip()


def _services(state: State, runtime: Runtime[Services]) -> Services:
    """The run's services; LangGraph's own tools give none, then they are made from the clip."""
    return runtime.context or steps.default_services(state)


def _specialist_node(name: str) -> Node:
    async def node(state: State, runtime: Runtime[Services]) -> JSON:
        entry = SPECIALISTS[name]
        observe: Specialist = importlib.import_module(entry.module).observe
        runtime.stream_writer({"event": "started", "agent": name})
        begun = time.perf_counter()
        services = _services(state, runtime)
        seen = await _in_thread(lambda: measured.observe(name, observe, state, services, needs_words=entry.needs_words))
        if not services.settings.exclude_persons:  # else whose a cue is must be known first: gather tells them
            _tell_cues(name, seen["cues"], runtime)
        return {"observations": [_signed(name, seen)], "notes": [_timed(name, begun, runtime)]}

    return node


def _step_node(name: str, step: steps.Step) -> Node:
    async def node(state: State, runtime: Runtime[Services]) -> JSON:
        begun = time.perf_counter()
        services = _services(state, runtime)
        update = await _in_thread(lambda: step(state, services))
        if name == "gather" and services.settings.exclude_persons:
            _tell_cues(name, update["cues"], runtime)
        if name == "verify":
            runtime.stream_writer({"event": "verdict", "agent": name, "verdict": update["verdict"]})
        return update if name == "report" else {**update, "notes": [_timed(name, begun, runtime)]}

    return node


def _tell_cues(agent: str, cues: Sequence[JSON], runtime: Runtime[Services]) -> None:
    for cue in cues:
        runtime.stream_writer({"event": "cue", "agent": agent, "cue": cue})


def _signed(name: str, seen: JSON) -> JSON:
    return {"agent": name, "order": list(SPECIALISTS).index(name), **seen}


def _timed(name: str, begun: float, runtime: Runtime[Services]) -> JSON:
    took_s = round(time.perf_counter() - begun, 4)
    runtime.stream_writer({"event": "finished", "agent": name, "took_s": took_s})
    return {"agent": name, "took_s": took_s}


def _reason(error: BaseException) -> str:
    if isinstance(error, NodeTimeoutError):
        return "it ran longer than the time limit (setting specialist_timeout_s)"
    if isinstance(error, EmerError):
        return str(error)
    return f"it failed with {type(error).__name__}: {error}"


def _becomes_missing(state: State, error: NodeError, runtime: Runtime[Services]) -> Command[Any]:
    if isinstance(error.error, InputError):
        raise error.error  # the clip itself is unusable: that is the caller's to know
    missing = {"modality": error.node, "why": _reason(error.error), "remedy": None}
    runtime.stream_writer({"event": "missing", "agent": error.node, "missing": missing})
    return Command(update={"observations": [_signed(error.node, {"missing": [missing]})]}, goto="gather")


def _becomes_warning(state: State, error: NodeError, runtime: Runtime[Services]) -> Command[Any]:
    order = list(STEPS)
    note = {"agent": error.node, "warning": f"The step {error.node} was left out: {_reason(error.error)}."}
    runtime.stream_writer({"event": "failed", "agent": error.node, "why": _reason(error.error)})
    # An unverified verdict is no verdict: without verify nothing that the judge said may stand.
    update: JSON = {"notes": [note]} | ({"verdict": {}} if error.node in ("judge", "verify") else {})
    return Command(update=update, goto=order[order.index(error.node) + 1])


async def _in_thread(call: Callable[[], T]) -> T:
    """The result of `call`, run in a daemon thread so that a hung tool can neither block the loop nor the exit."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # T may be None

    def run() -> None:
        result, error = None, None
        try:
            result = context.run(call)
        except BaseException as raised:
            error = raised
        try:
            loop.call_soon_threadsafe(settle, result, error)
        except RuntimeError:
            return  # the loop ended before the tool did; nobody waits for it any more

    threading.Thread(target=run, daemon=True, name="emer-agent").start()
    return await future
