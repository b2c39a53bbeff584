"""One conversation about one Report: asked, answered, kept, resumed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from emer.agents.converse import Graph, Open, Talk, build_conversation
from emer.agents.conversing.request import Reply
from emer.agents.state import JSON
from emer.chat.doors import SessionDoors
from emer.chat.progress import BrokenOffError, Running
from emer.chat.store import ChatStore, Listed
from emer.config import Settings, load_settings
from emer.memory.configured import configured_memory
from emer.schemas import Report
from emer.tracing.langsmith_runs import run_config

MAX_QUESTION_CHARS = 4_000
_KEPT = ("neutral_prior", "no_biometrics", "exclude_persons", "frames_per_s")


@dataclass(frozen=True)
class ChatEvent:
    """Something that happens during a turn: progress of a slow tool, a piece of the reply, the whole reply."""

    kind: Literal["progress", "text", "reply"]
    text: str = ""
    reply: Reply | None = None


class ChatSession:
    """A conversation. Use it as a context manager, or call `close()`; one turn is answered at a time."""

    def __init__(
        self, store: ChatStore, listed: Listed, settings: Settings, *, folder: str | PathLike[str] | None
    ) -> None:
        self.id, self._first, self._store = listed.id, listed.report, store
        self._running = Running()
        self._memory = configured_memory(settings)
        self._memory.warm()
        media, into = Path(listed.media) if listed.media else None, Path(folder) if folder is not None else None
        self._doors = SessionDoors(store, listed.id, settings, self._memory, self._running, media, into)
        self._graph: Graph = build_conversation(store.saver)
        self._lock = threading.Lock()

    @classmethod
    def begin(
        cls,
        report: Report,
        *,
        media: str | PathLike[str] | None = None,
        folder: str | PathLike[str] | None = None,
        **options: Any,
    ) -> ChatSession:
        """A new conversation about a Report.

        Args:
            report: what is spoken of.
            media: the clip, if it may be looked at and listened to again.
            folder: where “export” may write new files; None forbids it.
            options: any field of `emer.config.Settings`.

        Raises:
            ToolError: the folder of conversations (setting `chats_dir`) cannot be written.
        """
        settings = _settings(report, options)
        store = ChatStore(settings.chats_dir)
        listed = store.begin(report, Path(media).resolve() if media is not None else None)
        return cls(store, listed, settings, folder=folder)

    @classmethod
    def resume(cls, id_: str, *, folder: str | PathLike[str] | None = None, **options: Any) -> ChatSession:
        """The conversation whose id begins so, where it was left.

        Raises:
            InputError: there is none, or there are several.
        """
        store = ChatStore(load_settings(**options).chats_dir)
        try:
            listed = store.find(id_)
            report = store.load(listed.id, listed.report)
        except BaseException:
            store.close()
            raise
        return cls(store, listed, _settings(report, options), folder=folder)

    @property
    def report(self) -> Report:
        """The Report as it stands: with what was measured again and what was reviewed in this conversation."""
        return self._doors.load(str(self._state().get("report", self._first)))

    @property
    def turns(self) -> Sequence[tuple[str, Reply]]:
        """Everything asked and answered so far."""
        return [(turn["question"], Reply.model_validate(turn["reply"])) for turn in self._state().get("turns", [])]

    def ask(self, text: str, *, told: Callable[[str], None] | None = None) -> Reply:
        """The reply to a turn; when it is returned the turn is on disk.

        Args:
            text: what is asked; its first 4,000 characters are read.
            told: is called with what a slow tool is doing.

        Raises:
            BrokenOffError: `break_off` was called meanwhile; the conversation is as it was before.
        """
        with self._lock:
            self._running.begin(told)
            asked = text[:MAX_QUESTION_CHARS].encode("utf-8", "replace").decode()  # half characters cannot be kept
            given: Talk = {"question": asked, "report": self._key()}
            config = self._config() | run_config(self._doors.settings, "emer talks")
            state: JSON = self._graph.invoke(given, config, context=Open(self._doors), durability="sync")
            self._store.touch(self.id, len(state["turns"]))
            return Reply.model_validate(state["turns"][-1]["reply"])

    def stream(self, text: str) -> Generator[ChatEvent]:
        """What happens during a turn, the whole reply last; to close the iterator is to break the turn off."""
        events: queue.Queue[ChatEvent | BaseException] = queue.Queue()

        def work() -> None:
            try:
                reply = self.ask(text, told=lambda what: events.put(ChatEvent("progress", what)))
                events.put(ChatEvent("reply", reply.text, reply))
            except BaseException as error:
                events.put(error)

        threading.Thread(target=work, daemon=True, name="emer-chat").start()
        is_done = False
        try:
            while not is_done:
                event = events.get()
                is_done = isinstance(event, BaseException) or event.kind == "reply"
                if isinstance(event, BaseException):
                    raise event
                if event.reply is not None:
                    pieces = [*(fact.text for fact in event.reply.facts), *event.reply.notes]
                    yield from (ChatEvent("text", piece) for piece in pieces)
                yield event
        finally:
            if not is_done:
                self._running.break_off()

    def break_off(self) -> None:
        """Breaks off the turn that another thread asks just now."""
        self._running.break_off()

    def close(self) -> None:
        """Lets the memory and the database go; the conversation can be resumed."""
        with self._lock:
            self._memory.close()
            self._store.close()

    def __enter__(self) -> ChatSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _key(self) -> str:
        return str(self._state().get("report", self._first))

    def _state(self) -> JSON:
        """The thread at its last whole step; `get_state` would add what a killed turn had written, which is dropped."""
        kept = self._store.saver.get_tuple(self._config())
        return dict(kept.checkpoint["channel_values"]) if kept is not None else {}

    def _config(self) -> Any:
        return {"configurable": {"thread_id": self.id}}


def _settings(report: Report, options: dict[str, Any]) -> Settings:
    """The options given now over how the Report was made: who was left out then stays left out."""
    made = {name: value for name, value in report.provenance.settings.items() if name in _KEPT and value}
    roles = {person.id: person.role for person in report.people if person.role}
    made |= {"roles": roles} if roles else {}
    made |= {"purpose": report.provenance.purpose} if report.provenance.purpose else {}
    return load_settings(**{**made, **options})


__all__ = ["BrokenOffError", "ChatEvent", "ChatSession"]
