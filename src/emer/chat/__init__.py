"""Talking about one Report: sessions that are kept, listed and resumed, and what a conversation may open.

Belongs here: the session and its database (`session`, `store`), and the doors to memory, clip and files (`doors`). Does
not belong here: what a question means and what is answered (`emer.agents.conversing`), and printing (`emer.cli`).

    from emer.chat import ChatSession
    with ChatSession.begin(report) as chat:
        print(chat.ask("why?").text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emer.agents.conversing.request import Fact, Reply
    from emer.chat.session import ChatEvent, ChatSession
    from emer.chat.store import Listed, forget_session, list_sessions

_HOME = {
    **dict.fromkeys(("Fact", "Reply"), "emer.agents.conversing.request"),
    **dict.fromkeys(("ChatEvent", "ChatSession"), "emer.chat.session"),
    **dict.fromkeys(("Listed", "forget_session", "list_sessions"), "emer.chat.store"),
}

__all__ = ["ChatEvent", "ChatSession", "Fact", "Listed", "Reply", "forget_session", "list_sessions"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'emer.chat' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
