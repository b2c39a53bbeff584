"""A conversation as Markdown, to be read or cited."""

from __future__ import annotations

from collections.abc import Sequence

from emer.agents.conversing.request import Reply
from emer.agents.state import JSON
from emer.schemas import Report


def as_markdown(report: Report, turns: Sequence[JSON]) -> str:
    """The turns in order, then every cue that they cite with its words."""
    lines = [f"# A conversation about {report.clip.source}", ""]
    cited: dict[str, None] = {}
    for turn in turns:
        reply = Reply.model_validate(turn["reply"])
        lines += [f"**You:** {_plain(turn['question'])}", "", f"**emer:** {_plain(reply.text)}", ""]
        cited |= dict.fromkeys(name for fact in reply.facts for name in fact.cues)
    lines += ["## Cues", "", *(f"- [{cue.id}] {_plain(cue.text)}" for cue in report.cues if cue.id in cited)]
    return "\n".join([*lines, "", report.notice])


def _plain(text: str) -> str:
    """The text without anything that Markdown would turn into HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "  \n")
