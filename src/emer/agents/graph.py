"""The graph: which agent follows which, and what happens when one fails. Wiring only.

```
START ─┬─ face ───────┐
       ├─ voice ──────┤
       ├─ transcript ─┼─ gather ─ cause ─ recall ─ judge ─ verify ─ report ─ END
       └─ context ────┘
```
With a chat model `quick` is the same and only the judge asks. In `standard` and `thorough` a wave of calls starts from
the measured cues; in `thorough` a critic and one revision follow:
```
gather ─┬─ ask_face … ask_context, ask_cause ─┐
        └─ recall ────────────────────────────┴─ merge ─ judge ─ [critic] ─ verify ─ [revise] ─ report ─ END
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
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from langgraph.errors import NodeError, NodeTimeoutError
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from emer.agents import measured, steps
from emer.agents.state import JSON, Services, Specialist, State
from emer.agents.turns import turns
from emer.config import Effort
from emer.errors import EmerError, InputError, ModelError
from emer.tracing.spans import Note, node_span

T = TypeVar("T")
Node = Any  # an async function of state and runtime; LangGraph's stubs know neither it nor a handler of NodeError
AsyncStep = Callable[[State, Services], Awaitable[JSON]]
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
    "merge": steps.merge,
}
WAVE = "ask_"
ASKED = (*(f"{WAVE}{name}" for name in SPECIALISTS), f"{WAVE}cause", "judge", "critic", "revise")
"""The steps that ask a model, in the place of the offline one of the same name if there is one."""
ALONE = ("gather", "cause", "recall", "judge", "verify", "report")
AFTER_WAVE: dict[Effort, tuple[str, ...]] = {
    "quick": ALONE,
    "standard": ("merge", "judge", "verify", "report"),
    "thorough": ("merge", "judge", "critic", "verify", "revise", "report"),
}


@lru_cache(maxsize=16)
def build_graph(
    specialists: tuple[str, ...] = tuple(SPECIALISTS), *, timeout_s: float = 600.0, asks: Effort | None = None
) -> Graph:
    """The compiled LangGraph with the named specialists; run it with `context=Services(...)`.

    Args:
        specialists: names from the table.
        timeout_s: after which a specialist becomes missing, and a step a warning.
        asks: the effort with which a chat model is asked; None for offline.

    Raises:
        InputError: a specialist is not in the table.
    """
    graph = StateGraph(State, context_schema=Services)
    to_missing: Any = _becomes_missing
    for name in specialists:
        if name not in SPECIALISTS:
            raise InputError(f"unknown specialist {name!r}; there are {', '.join(SPECIALISTS)}")
        graph.add_node(name, _specialist_node(name), timeout=timeout_s, error_handler=to_missing)
        graph.add_edge(START, name)
        graph.add_edge(name, "gather")
    if not specialists:
        graph.add_edge(START, "gather")
    for name, after in _edges(asks):
        if name not in graph.nodes:
            node = _step_node(name, asks=asks is not None)
            graph.add_node(name, node, timeout=timeout_s, error_handler=_handler(name, after))
        graph.add_edge(name, after)
    return graph.compile(name="emer")


def _edges(asks: Effort | None) -> list[tuple[str, str]]:
    """Which step comes after which: one line, or from `gather` a fan of calls that meet again in `merge`."""
    chain = ALONE if asks is None else AFTER_WAVE[asks]
    line = list(zip(chain, (*chain[1:], END), strict=True))
    if "merge" not in chain:
        return line
    wave = [*(name for name in ASKED if name.startswith(WAVE)), "recall"]
    return [*(("gather", name) for name in wave), *((name, "merge") for name in wave), *line]


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
        services = _services(state, runtime)
        async with _turn(services, is_short=not services.has_media):
            begun = time.perf_counter()
            with _span(name, services):
                seen = await _in_thread(
                    lambda: measured.observe(name, observe, state, services, needs_words=entry.needs_words)
                )
        if not services.settings.exclude_persons:  # else whose a cue is must be known first: gather tells them
            _tell_cues(name, seen["cues"], runtime)
        return {"observations": [_signed(name, seen)], "notes": [_timed(name, begun, runtime)]}

    return node


def _step_node(name: str, *, asks: bool) -> Node:
    async def node(state: State, runtime: Runtime[Services]) -> JSON:
        services = _services(state, runtime)
        does_ask = asks and name in ASKED
        async with _turn(services, is_short=not does_ask):
            begun = time.perf_counter()
            with _span(name, services):
                if does_ask:
                    services.will_ask()
                    update = await _asking(name)(state, services)
                else:
                    update = await _in_thread(lambda: STEPS[name](state, services))
        _tell(name, update, services, runtime)
        if name == "report":
            return update
        return {**update, "notes": [*update.get("notes", []), _timed(name, begun, runtime)]}

    return node


def _turn(services: Services, *, is_short: bool) -> AbstractAsyncContextManager[object]:
    """A turn at the processor; at once for what waits for a model or may read media for long."""
    return turns().turn(services.number) if is_short else nullcontext()


def _span(name: str, services: Services) -> AbstractContextManager[Note]:
    return node_span(name, {"gen_ai.agent.name": name.removeprefix(WAVE)}, within=services.span)


def _asking(name: str) -> AsyncStep:
    """The step that asks a model; what it needs is loaded by the first run that has one."""
    from emer.agents.asking import doors

    steps_that_ask = {f"{WAVE}cause": doors.cause, "judge": doors.judge, "critic": doors.critic, "revise": doors.revise}
    return steps_that_ask.get(name) or partial(doors.perceive, name.removeprefix(WAVE))


def _tell(name: str, update: JSON, services: Services, runtime: Runtime[Services]) -> None:
    """Streams what a step found that somebody who waits would want to see."""
    if name == "gather" and services.settings.exclude_persons:
        _tell_cues(name, update["cues"], runtime)
    for answer in update.get("answers", []):
        _tell_cues(answer["agent"], answer["cues"], runtime)
    if name in ("verify", "revise") and "verdict" in update:
        runtime.stream_writer({"event": "verdict", "agent": name, "verdict": update["verdict"]})


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


def _handler(name: str, after: str) -> Any:
    """What becomes of a step that fails: a warning, and the run goes on after it; without cues or Report it cannot."""
    if name in ("gather", "report"):
        return None

    def becomes_warning(state: State, error: NodeError, runtime: Runtime[Services]) -> Command[Any]:
        if isinstance(error.error, ModelError):
            raise error.error  # no verdict, and no offline one allowed in its place
        note = {"agent": name, "warning": f"The step {name} was left out: {_reason(error.error)}."}
        runtime.stream_writer({"event": "failed", "agent": name, "why": _reason(error.error)})
        # An unverified verdict is no verdict: without verify nothing that the judge said may stand.
        update: JSON = {"notes": [note]} | ({"verdict": {}} if name in ("judge", "verify") else {})
        return Command(update=update, goto=after)

    return becomes_warning


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
