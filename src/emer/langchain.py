"""emer as tools of a LangChain or LangGraph agent.

from emer.langchain import emer_tools
agent = create_agent(model, tools=emer_tools("clips/"))
"""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emer.agent_doors import AgentDoors

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def emer_tools(folder: str | PathLike[str] = ".", **options: Any) -> list[BaseTool]:
    """The tools `emer_analyze`, `emer_ask` and `emer_recall`; an error becomes the tool's answer.

    Args:
        folder: files are opened in it and below it only.
        options: any field of `emer.config.Settings`.
    """
    from langchain_core.tools import StructuredTool

    doors = AgentDoors(Path(folder), options)

    def emer_analyze(
        source: str | None = None, text: str | None = None, transcript: str | None = None, context: str | None = None
    ) -> dict[str, Any]:
        """Explain the emotions in one clip: a video, sound, picture or text file (source), or words (text).

        Keep `conversation` of the answer for emer_ask.
        """
        return doors.analyze(source, text=text, transcript=transcript, context=context).model_dump(mode="json")

    def emer_ask(conversation: str, question: str) -> dict[str, Any]:
        """Ask about an analysis: why, why not LABEL, when, who, what if, similar cases, how should I reply, help."""
        return doors.ask(conversation, question).model_dump(mode="json")

    def emer_recall(text: str, n: int = 3) -> list[dict[str, Any]]:
        """Recall past cases that are like what was said, seen or heard."""
        return [one.model_dump(mode="json") for one in doors.recall(text, n)]

    tools: tuple[Callable[..., Any], ...] = (emer_analyze, emer_ask, emer_recall)
    return [StructuredTool.from_function(_told(each), parse_docstring=False) for each in tools]


def _told(call: Callable[..., Any]) -> Callable[..., Any]:
    """`call` whose errors are answers: an agent can mend what it did."""
    import functools

    from emer.errors import EmerError

    @functools.wraps(call)
    def answered(*given: Any, **named: Any) -> Any:
        try:
            return call(*given, **named)
        except EmerError as error:
            return f"That did not work: {error}"

    return answered
