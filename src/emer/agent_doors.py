"""What another agent may ask of emer: to analyse, to be answered, to recall; small answers in plain data.

`emer.mcp` and `emer.langchain` wrap these three. Files are opened inside one folder only: what an agent asks for may
have been put into its mouth by a web page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from emer.errors import InputError
from emer.schemas import Missing, Report


class Attributed(BaseModel):
    """One emotion of an analysis."""

    label: str
    person: str | None
    confidence: float
    intensity: float
    start_s: float | None
    end_s: float | None
    evidence: list[str]


class Analysis(BaseModel):
    """What an analysis came to; `conversation` is what `ask` takes, `cues` are the words behind the ids."""

    conversation: str
    summary: str
    emotions: list[Attributed]
    cues: dict[str, str]
    missing: list[Missing]
    notice: str


class Told(BaseModel):
    """The answer to a question: `text` to be read, and the cues that it cites, in words."""

    text: str
    cues: dict[str, str]


class Remembered(BaseModel):
    """One past case that is like a text."""

    id: str
    similarity: float
    labels: list[str]
    why: str
    provenance: str


@dataclass(frozen=True)
class AgentDoors:
    """The three doors.

    Attributes:
        folder: files are opened in it and below it only.
        options: any field of `emer.config.Settings`.
    """

    folder: Path
    options: dict[str, Any] = field(default_factory=dict)

    def analyze(
        self,
        source: str | None = None,
        *,
        text: str | None = None,
        transcript: str | None = None,
        context: str | None = None,
    ) -> Analysis:
        """The analysis of a file in the folder, or of a text.

        Raises:
            InputError: the file is outside the folder, or cannot be used.
        """
        from emer.api import analyze
        from emer.chat import ChatSession

        path = self._inside(source) if source is not None else None
        lines = _as_lines(transcript)
        report = analyze(path, text=text, transcript=lines, context=context, **self.options)
        with ChatSession.begin(report, media=path, **self.options) as session:
            return _analysis(report, session.id)

    def ask(self, conversation: str, question: str) -> Told:
        """The answer to a question about an analysis; a correction is remembered after a “yes” only.

        Raises:
            InputError: there is no such conversation.
        """
        from emer.chat import ChatSession

        if not re.fullmatch(r"[0-9a-f]{8}", conversation):  # the beginning of an id is for people who type
            raise InputError(f"no conversation {conversation!r}; analyze gives its id")
        with ChatSession.resume(conversation, **self.options) as session:
            reply = session.ask(question)
            words = {cue.id: cue.text for cue in session.report.cues}
        cited = [name for fact in reply.facts for name in fact.cues]
        return Told(text=reply.text, cues={name: words[name] for name in cited if name in words})

    def recall(self, text: str, n: int = 3) -> list[Remembered]:
        """The past cases that are most like what was said, seen or heard, best first."""
        from emer.config import load_settings
        from emer.memory.configured import configured_memory
        from emer.memory.searching import search

        memory = configured_memory(load_settings(**self.options))
        try:
            best = search(memory, text, n)
        finally:
            memory.close()
        return [
            Remembered(
                id=one.case.id,
                similarity=round(one.similarity, 4),
                labels=one.case.labels,
                why=one.case.why,
                provenance=one.case.provenance,
            )
            for one in best
        ]

    def _inside(self, source: str) -> Path:
        folder = self.folder.resolve()
        path = (folder / Path(source).expanduser()).resolve()
        if not path.is_relative_to(folder):
            raise InputError(f"{source!r} lies outside {str(folder)!r}, the only folder that is open here")
        return path


def _as_lines(transcript: str | None) -> str | None:
    """The words themselves; with a line end even one that looks like a file's name is never taken for a path."""
    return None if transcript is None else f"{transcript}\n"


def _analysis(report: Report, conversation: str) -> Analysis:
    cited = report.cited()
    return Analysis(
        conversation=conversation,
        summary=report.summary,
        emotions=[
            Attributed(
                label=one.label,
                person=one.person,
                confidence=round(one.confidence, 4),
                intensity=round(one.intensity, 4),
                start_s=one.start_s,
                end_s=one.end_s,
                evidence=one.evidence,
            )
            for one in report.emotions
        ],
        cues={cue.id: cue.text for cue in report.cues if cue.id in cited},
        missing=report.missing,
        notice=report.notice,
    )
