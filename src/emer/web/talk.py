"""The conversation about one Report as a piece of HTML: questions, answers with the cues that they cite, progress."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape

from emer.agents.conversing.request import Reply
from emer.report.claims import sentence

HINT = "Ask about this Report: why, why not fear, when, what if she had not smiled, look again at 2 s."


def as_html(turns: Iterable[tuple[str, Reply]], known: Collection[str], pending: str = "", doing: str = "") -> str:
    """All turns, and a question that is being answered with what is being done for it; `known` are the ids of cues."""
    parts = [_asked(question) + _answered(reply.text, known) for question, reply in turns]
    if pending:
        parts.append(f'{_asked(pending)}<p class="emer-doing">{escape(doing or "thinking")} …</p>')
    body = "".join(parts) or f'<p class="emer-hint">{HINT}</p>'
    return f'<div class="emer-turns" role="log" aria-label="Conversation" tabindex="0">{body}</div>'


def _asked(question: str) -> str:
    return f'<p class="emer-asked">{escape(question)}</p>'


def _answered(text: str, known: Collection[str]) -> str:
    pieces = (
        f' <b class="emer-{piece.cue.rpartition("-")[0]}">{piece.cue}</b>' if piece.cue else escape(piece.text)
        for piece in sentence(text, known).pieces
    )
    return f'<p class="emer-answered">{"".join(pieces)}</p>'
