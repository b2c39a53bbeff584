"""What the sessions of the web page hold: Reports, and clips in a folder of their own that goes with the session.

A browser never names a file. It gets long random names for its own Reports and clips, and only those are looked up.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emer.report.html import ShownClip, page
from emer.schemas import Report

if TYPE_CHECKING:
    from emer.chat import ChatSession

MAX_REPORTS = 50
"""Reports that a session keeps; the oldest goes first."""


@dataclass(frozen=True)
class Item:
    """One Report of a session under its random name, and the clip that it is about, if it has one."""

    name: str
    title: str
    report: Report
    clip: Path | None = None


@dataclass
class _Session:
    folder: Path
    items: dict[str, Item] = field(default_factory=dict)
    uploads: set[Path] = field(default_factory=set)
    talks: dict[str, ChatSession] = field(default_factory=dict)
    talking: threading.Lock = field(default_factory=threading.Lock)


class Shelf:
    """Every session's Reports and files, under `folder`; may be used from several threads."""

    def __init__(self, folder: Path) -> None:
        """A shelf without sessions."""
        self.folder = folder.resolve()
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def take(self, session: str, upload: Path) -> Path:
        """The session's own copy of a file that it uploaded; it keeps the ending of the name and nothing else of it.

        Raises:
            PermissionError: the file lies outside the folder of uploads.
        """
        given = upload.resolve()
        if not given.is_relative_to(self.folder):
            raise PermissionError("not an uploaded file")
        held = self._session(session)
        copy = held.folder / f"{secrets.token_hex(8)}{given.suffix.lower()[:8]}"
        try:
            os.link(given, copy)  # the same upload by two sessions is one file; each has its own name for it
        except OSError:
            shutil.copyfile(given, copy)
        held.uploads.add(given)
        return copy

    def add(self, session: str, title: str, report: Report, clip: Path | None = None) -> Item:
        """The Report as it is kept from now on."""
        held = self._session(session)
        shown = report.model_copy(update={"clip": report.clip.model_copy(update={"source": title})})
        item = Item(secrets.token_urlsafe(24), title, shown, clip)
        with self._lock:
            held.items[item.name] = item
            while len(held.items) > MAX_REPORTS:
                del held.items[next(iter(held.items))]
        return item

    def items(self, session: str) -> list[Item]:
        """The session's Reports, the newest first."""
        with self._lock:
            held = self._sessions.get(session)
            return list(reversed(held.items.values())) if held else []

    def talk(self, session: str, item: Item, settings: dict[str, Any]) -> ChatSession:
        """The conversation about one of the session's Reports, begun now if there is none; it goes with the session."""
        from emer.chat import ChatSession

        held = self._session(session)
        with held.talking:
            if item.name not in held.talks:
                options = {**settings, "chats_dir": held.folder / "chats"}
                held.talks[item.name] = ChatSession.begin(item.report, media=item.clip, **options)
            return held.talks[item.name]

    def find(self, name: str) -> Item | None:
        """The Report with this random name, of whichever session: the name is the key."""
        with self._lock:
            return next((held.items[name] for held in self._sessions.values() if name in held.items), None)

    def forget(self, session: str) -> None:
        """Deletes everything of a session, its uploads too."""
        with self._lock:
            held = self._sessions.pop(session, None)
            others = {path for one in self._sessions.values() for path in one.uploads}
        if held is not None:
            for talk in held.talks.values():
                talk.break_off()
                talk.close()
            shutil.rmtree(held.folder, ignore_errors=True)
            for path in held.uploads - others:
                path.unlink(missing_ok=True)

    def _session(self, session: str) -> _Session:
        with self._lock:
            if session not in self._sessions:
                folder = self.folder / f"session-{secrets.token_hex(8)}"
                folder.mkdir(mode=0o700, parents=True)
                self._sessions[session] = _Session(folder)
            return self._sessions[session]


def shown_page(item: Item) -> str:
    """The page of a Report, whose clip is fetched under the same random name."""
    kind = item.report.clip.kind
    clip = ShownClip(kind, f"../clip/{item.name}") if item.clip and kind in ("video", "audio", "image") else None
    return page(item.report, clip)
