"""emer as a tool of other agents, by the Model Context Protocol: `emer mcp` on standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from emer.agent_doors import AgentDoors, Analysis, Remembered, Told
from emer.errors import EmerError, SetupError
from emer.installation import extra_command, is_installed, version

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

T = TypeVar("T")
MOST_CASES = 20
INSTRUCTIONS = (
    "emer explains how people in a clip appear: analyze one file or text, then ask about it. Answers cite cues by id. "
    "It says how behaviour appears, never what anybody feels, and must not be used for decisions about a person."
)


def build_server(doors: AgentDoors) -> MCPServer:
    """The server with the tools analyze, ask and recall.

    Raises:
        SetupError: the package `mcp` is not installed.
    """
    if not is_installed("mcp.server.mcpserver"):
        raise SetupError(f"the package mcp (version 2) is needed: {extra_command('mcp')}")
    from mcp.server.mcpserver import MCPServer

    server: MCPServer = MCPServer("emer", instructions=INSTRUCTIONS, version=version(), log_level="WARNING")

    @server.tool()
    async def analyze(
        source: str | None = None, text: str | None = None, transcript: str | None = None, context: str | None = None
    ) -> Analysis:
        """Explain the emotions in one clip: a video, sound, picture or text file (source), or words (text).

        `transcript` is what is said in the clip, as SRT, VTT or lines of SPEAKER: words; `context` what is known about
        the situation. Keep `conversation` of the answer for `ask`.
        """
        return await _told(lambda: doors.analyze(source, text=text, transcript=transcript, context=context))

    @server.tool()
    async def ask(conversation: str, question: str) -> Told:
        """Ask about an analysis: why, why not LABEL, when, who, what if, similar cases, how should I reply, help."""
        return await _told(lambda: doors.ask(conversation, question))

    @server.tool()
    async def recall(text: str, n: int = 3) -> list[Remembered]:
        """Recall past cases that are like what was said, seen or heard."""
        return await _told(lambda: doors.recall(text, min(max(n, 1), MOST_CASES)))

    return server


async def _told(call: Callable[[], T]) -> T:
    """The result of `call`, run in a thread; what it raises on purpose becomes the tool's error, in its own words."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        return await asyncio.to_thread(call)
    except EmerError as error:
        raise ToolError(str(error)) from error


def serve(doors: AgentDoors) -> None:
    """Serves on standard input and output until the client hangs up."""
    asyncio.run(build_server(doors).run_stdio_async())
