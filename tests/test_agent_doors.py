"""emer as a tool of other agents: a session of the official MCP client over stdio, and LangChain's tools."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from emer.agent_doors import AgentDoors
from emer.errors import InputError
from emer.langchain import emer_tools

TEXT = "ANNA: I am so disappointed. They gave the job to somebody else!"


async def test_the_official_client_gets_what_it_asks_for(tmp_path: Path) -> None:
    pytest.importorskip("mcp.server.mcpserver")
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    (tmp_path / "talk.txt").write_text(TEXT)
    program = "import sys; sys.argv = ['emer', 'mcp', '--offline']; from emer.cli import main; main()"
    server = StdioServerParameters(
        command=sys.executable, args=["-c", program], env=dict(os.environ), cwd=str(tmp_path)
    )
    with (tmp_path / "errors.txt").open("w") as errors:
        async with stdio_client(server, errlog=errors) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            assert set(tools) == {"analyze", "ask", "recall"}
            assert all(tool.description for tool in tools.values())

            async def call(name: str, **given: Any) -> Any:
                answer: Any = await session.call_tool(name, given)
                return answer

            analysed = (await call("analyze", source="talk.txt")).structured_content
            assert analysed["emotions"][0]["label"] == "disappointed"
            assert set(analysed["emotions"][0]["evidence"]) <= set(analysed["cues"])
            assert "does not say what anybody feels" in analysed["notice"]
            told = (await call("ask", conversation=analysed["conversation"], question="why?")).structured_content
            assert told["cues"]
            assert all(f"[{name}]" in told["text"] for name in told["cues"])
            found = (await call("recall", text="lost the job to a colleague")).structured_content
            assert len(found["result"]) == 3
            for wrong in ({"source": "/etc/passwd"}, {"source": "../x.mp4"}, {"source": "none.mp4"}, {}):
                answer = await call("analyze", **wrong)
                assert answer.is_error
            assert "outside" in (await call("analyze", source="../x.mp4")).content[0].text
            assert (await call("ask", conversation="nothing", question="why?")).is_error
            assert (await call("analyze", text=TEXT)).structured_content["summary"]  # errors did not end the session
    assert "Traceback" not in (tmp_path / "errors.txt").read_text()


def test_langchain_tools_analyse_answer_and_recall(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TEXT)
    analyse, ask, recall = emer_tools(tmp_path, offline=True)
    assert [tool.name for tool in (analyse, ask, recall)] == ["emer_analyze", "emer_ask", "emer_recall"]
    analysed = analyse.invoke({"source": "talk.txt"})
    assert analysed["emotions"][0]["label"] == "disappointed"
    told = ask.invoke({"conversation": analysed["conversation"], "question": "when?"})
    assert told["text"]
    assert recall.invoke({"text": "lost the job", "n": 2})[1]["labels"]
    assert "outside" in analyse.invoke({"source": "/etc/passwd"})
    assert set(analyse.args) == {"source", "text", "transcript", "context"}


def test_no_link_leads_out(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("ANNA: I hid the xylophone.")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    doors = AgentDoors(inside, {"offline": True})
    with pytest.raises(InputError, match="outside"):
        doors.analyze("link.txt")


def test_a_transcript_is_words_and_never_a_path(tmp_path: Path, demo_dir: Path) -> None:
    (tmp_path / "secret.txt").write_text("ANNA: I hid the xylophone.")
    (tmp_path / "demo.flac").write_bytes((demo_dir / "demo.flac").read_bytes())
    doors = AgentDoors(tmp_path, {"offline": True, "no_biometrics": True})
    for name in (str(tmp_path / "secret.txt"), "secret.txt"):
        analysed = doors.analyze("demo.flac", transcript=name)
        assert "xylophone" not in analysed.model_dump_json()
