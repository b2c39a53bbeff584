"""What a conversation opens: the judge, the clip, the memory and files, each only as far as the session allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from emer.agents.conversing.asked import ChatAnswer, Heard, heard, question
from emer.agents.conversing.citing import fact, listed, number
from emer.agents.conversing.corrections import Correction
from emer.agents.conversing.request import Reply, Request
from emer.agents.graph import build_graph
from emer.agents.state import JSON, Services
from emer.chat.measuring import measured_again
from emer.chat.writing import as_markdown
from emer.errors import InputError, ToolError
from emer.intake import take_cues
from emer.memory.learning import corrected_case
from emer.memory.searching import search
from emer.models import Answer, Question, configured_model, open_model
from emer.schemas import Report, Review
from emer.tracing.langsmith_runs import run_config

if TYPE_CHECKING:
    from emer.chat.progress import Running
    from emer.chat.store import ChatStore
    from emer.config import Settings
    from emer.memory.store import CaseMemory

_FILE = re.compile(r"[\w][\w.-]*\.(?:json|md)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|like|with|where|of) (?!this\b|it\b|that\b|these\b)(.{6,})", re.IGNORECASE)
N_FOUND = 3


@dataclass(frozen=True)
class SessionDoors:
    """The doors of one session; see `emer.agents.converse.Doors`.

    Attributes:
        session: the id under which Reports are kept.
        settings: how the clip was analysed.
        media: the clip, if it may be opened again.
        folder: where files may be written; None forbids it.
    """

    store: ChatStore
    session: str
    settings: Settings
    memory: CaseMemory
    running: Running
    media: Path | None = None
    folder: Path | None = None

    def load(self, key: str) -> Report:
        """The Report with this key."""
        return self.store.load(self.session, key)

    def keep(self, report: Report) -> str:
        """The key under which a Report is kept from now on."""
        return self.store.keep(self.session, report)

    def judge(self, report: Report) -> Report:
        """The Report judged again on its cues: recall, judge and verify run, no specialist does."""
        self.running.tell("judging again")
        intake = take_cues(report, None, None, self.settings)
        made = Report.model_validate(self.running.wait_for(self._judged(intake.state())))
        return made.model_copy(update={
            "missing": report.missing,
            "reviews": report.reviews,
            "warnings": list(dict.fromkeys([*report.warnings, *made.warnings])),
            "provenance": made.provenance.model_copy(update={
                "settings": {**report.provenance.settings, **made.provenance.settings},
                "purpose": report.provenance.purpose,
                "sent": [*report.provenance.sent, *made.provenance.sent],
            }),
        })  # fmt: skip

    async def _judged(self, state: JSON) -> JSON:
        """The Report on cues alone; a model, where one is set, is asked once."""
        model = configured_model(self.settings)
        settings = self.settings.model_copy(update={"effort": "quick"}) if model is not None else self.settings
        asks = settings.effort if model is not None else None
        graph = build_graph((), timeout_s=settings.specialist_timeout_s, asks=asks)
        services = Services(settings=settings, memory=self.memory, model=model)
        try:
            told = cast("Any", run_config(settings, "emer judges again"))
            done = await graph.ainvoke(cast("Any", {**state, "notes": []}), told, context=services)
        finally:
            if model is not None:
                await model.aclose()
        report: JSON = done["report"]
        return report

    def converse(self, report: Report, request: Request, turns: list[JSON]) -> Heard | None:
        """The turn as the model of the settings answers it, in one call; None offline."""
        if self.settings.model is None or self.settings.offline:
            return None
        self.running.tell(f"asking {self.settings.model}")
        return heard(report, request, self.running.wait_for(self._asked(question(report, request, turns))))

    async def _asked(self, asked: Question[ChatAnswer]) -> Answer[ChatAnswer]:
        async with open_model(str(self.settings.model), self.settings) as model:
            return await model.ask(asked)

    def measure(self, report: Report, request: Request) -> tuple[Report, Reply]:
        """A span looked at or listened to again; the same Report where that cannot be done, with a note why."""
        if self.media is None:
            why = "The clip itself is not at hand in this conversation, so I can only use what was measured before."
            return report, Reply(kind=request.kind, notes=[why])
        return measured_again(report, request, self.media, settings=self.settings, running=self.running)

    def recall(self, report: Report, request: Request) -> Reply:
        """The cases of the Report; cases about something else, where a turn says about what."""
        about = _ABOUT.search(request.text)
        if about is not None:
            return self._search(about[1].strip(" ?.!"))
        facts = []
        for case in report.cases:
            role = (
                f"{case.role} ({'applies' if case.applies else 'does not apply'}, similarity {number(case.similarity)})"
            )
            facts += fact(report, f"{role}: {listed(case.labels)}. {case.why}", [], cases=[case.id])
        notes = [] if facts else ["No past case is like this clip."]
        return Reply(kind="cases", facts=facts, notes=notes)

    def _search(self, text: str) -> Reply:
        best = search(self.memory, text, N_FOUND)
        notes = [
            f"{one.case.id} (similarity {number(one.similarity)}): {listed(one.case.labels)}. {one.case.why}"
            for one in best
        ]
        return Reply(kind="cases", notes=notes or [f"No case in memory is about “{text}”."])

    def remember(self, report: Report, found: Correction) -> tuple[Report, str | None]:
        """A correction as a case: the Report with the review in it, and the id of the case if it is new."""
        case = corrected_case(report, found.labels, found.why, person=found.person)
        is_new = self.memory.add([case]) > 0
        review = Review(
            by="user",
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            item=found.instead_of or found.person or "clip",
            verdict="correct",
            label=found.labels[0],
        )
        reviewed = report.model_copy(update={"reviews": [*report.reviews, review]})
        return reviewed, case.id if is_new else None

    def forget(self, case: str) -> None:
        """A remembered case taken out again."""
        self.memory.forget([case])

    def export(self, report: Report, request: Request, turns: list[JSON]) -> Reply:
        """The Report (.json) or the conversation (.md) as a new file in the session's folder."""
        if self.folder is None:
            return Reply(kind="export", notes=["Files cannot be written from here."])
        named = _FILE.search(request.text)
        is_talk = re.search(r"\b(?:chat|talk|conversation)\b", request.text, re.IGNORECASE)
        name = named[0] if named else "emer-chat.md" if is_talk else "emer-report.json"
        path = self.folder / Path(name).name
        text = report.to_json() if name.lower().endswith(".json") else as_markdown(report, turns)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text + "\n")
        except FileExistsError as error:
            raise InputError(f"{path.name} is there already; say another name: “export report-2.json”") from error
        except OSError as error:
            raise ToolError(f"{path} cannot be written: {error.strerror}") from error
        return Reply(kind="export", notes=[f"Written to {path}."])
