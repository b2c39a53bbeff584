"""Data for a question, in blocks that nothing inside them can close.

The mark around the blocks is made of their content, so that whoever wrote the content cannot know it, and it is made
anew in the case that the content holds it. Every free text is one JSON string on one line: it cannot begin a line that
looks like a cue of ours. The same content gives the same mark, so that answers can be cached.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

MARK_DIGITS = 16


class Block(NamedTuple):
    """Lines of data of one kind."""

    title: str
    lines: Sequence[str]


class Enclosed(NamedTuple):
    """The blocks as one text, and the mark that opens and closes each."""

    text: str
    mark: str


def enclosed(blocks: Sequence[Block]) -> Enclosed:
    """The blocks that hold anything, each between its mark."""
    filled = [block for block in blocks if block.lines]
    content = "\n".join(line for block in filled for line in block.lines)
    mark = _mark(content)
    texts = ["\n".join([f"<<<{mark} {block.title}", *block.lines, f"{mark}>>>"]) for block in filled]
    return Enclosed("\n\n".join(texts), mark)


def quoted(text: str) -> str:
    """A free text as one JSON string on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _mark(content: str) -> str:
    mark = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:MARK_DIGITS]
    return _mark(content + mark) if mark in content else mark
