"""Where conversations are kept: one SQLite file with the threads (LangGraph's checkpoints) and their Reports.

Every turn is on disk when its answer is given; a process killed at any moment loses at most the turn it was in.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from emer.agents.converse import Saver, saver_on
from emer.errors import InputError, ToolError
from emer.installation import command
from emer.schemas import Report

if TYPE_CHECKING:
    from collections.abc import Iterator


FILE = "chats.sqlite"
BUSY_S = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, media TEXT, report TEXT NOT NULL, begun TEXT NOT NULL,
    touched TEXT NOT NULL, n_turns INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS reports (
    session TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (session, key)
);
"""


@dataclass(frozen=True)
class Listed:
    """One conversation: its id, what it is about, when it began and was last spoken in (UTC), and its turns."""

    id: str
    source: str
    media: str | None
    report: str
    begun: str
    touched: str
    n_turns: int


class ChatStore:
    """The open database of a folder; safe to use from several threads, and by several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._connection = _connected(self.path)
        with _told(self.path):
            self.saver: Saver = saver_on(self._connection)
            with self.saver.lock:
                self._connection.executescript(_TABLES)
                self._connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten

    def begin(self, report: Report, media: Path | None) -> Listed:
        """A new session about a Report."""
        id_, now = secrets.token_hex(4), _now()
        key = _key(report)
        with self._writing() as rows:
            rows.execute("INSERT INTO reports VALUES (?, ?, ?)", (id_, key, report.to_json(indent=None)))
            rows.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, 0)",
                (id_, report.clip.source, str(media) if media else None, key, now, now),
            )
        return Listed(id_, report.clip.source, str(media) if media else None, key, now, now, 0)

    def find(self, id_: str) -> Listed:
        """The session with this id, or the only one whose id begins so.

        Raises:
            InputError: there is none, or there are several.
        """
        found = [one for one in self.sessions() if id_ and one.id.startswith(id_)]
        if len(found) != 1:
            what = "no conversation" if not found else f"{len(found)} conversations"
            raise InputError(f"{what} {id_!r}; see them with: {command()} chat --list")
        return found[0]

    def sessions(self) -> list[Listed]:
        """All sessions, the one spoken in last first."""
        with _told(self.path), self.saver.lock:
            rows = self._connection.execute(
                "SELECT id, source, media, report, begun, touched, n_turns FROM sessions ORDER BY touched DESC, id"
            )
            return [Listed(*row) for row in rows.fetchall()]

    def touch(self, id_: str, n_turns: int) -> None:
        """Notes that a session has so many turns now."""
        with self._writing() as rows:
            rows.execute("UPDATE sessions SET touched = ?, n_turns = ? WHERE id = ?", (_now(), n_turns, id_))

    def keep(self, id_: str, report: Report) -> str:
        """The key under which a Report of a session is kept from now on."""
        key = _key(report)
        with self._writing() as rows:
            rows.execute("INSERT OR IGNORE INTO reports VALUES (?, ?, ?)", (id_, key, report.to_json(indent=None)))
        return key

    def load(self, id_: str, key: str) -> Report:
        """The Report of a session with this key.

        Raises:
            ToolError: it is not there: the database was changed by somebody else.
        """
        with _told(self.path), self.saver.lock:
            row = self._connection.execute(
                "SELECT json FROM reports WHERE session = ? AND key = ?", (id_, key)
            ).fetchone()
        if row is None:
            raise ToolError(f"the conversation {id_} was forgotten meanwhile; begin a new one")
        return Report.model_validate_json(row[0])

    def forget(self, id_: str) -> None:
        """Deletes a session, its turns and its Reports; nothing of them is left in the file."""
        with _told(self.path):
            self.saver.delete_thread(id_)
            with self._writing() as rows:
                rows.execute("DELETE FROM reports WHERE session = ?", (id_,))
                rows.execute("DELETE FROM sessions WHERE id = ?", (id_,))
            with self.saver.lock:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Lets the database go."""
        self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _told(self.path), self.saver.lock, self._connection:
            yield self._connection


def list_sessions(folder: Path) -> list[Listed]:
    """All conversations kept in a folder, the one spoken in last first; none where there is no such folder."""
    if not (folder / FILE).is_file():
        return []
    with closing(ChatStore(folder)) as store:
        return store.sessions()


def forget_session(folder: Path, id_: str) -> Listed:
    """Deletes the conversation whose id begins so, and returns what it was.

    Raises:
        InputError: there is none, or there are several.
    """
    with closing(ChatStore(folder)) as store:
        found = store.find(id_)
        store.forget(found.id)
        return found


def _connected(path: Path) -> sqlite3.Connection:
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # what people say in a clip is for the user's eyes only
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise ToolError(
            f"the conversations in {str(path)!r} cannot be used: {error}; set EMER_CHATS_DIR to a folder that can be "
            "written, or move the file away"
        ) from error


def _key(report: Report) -> str:
    return hashlib.sha256(report.to_json(indent=None).encode()).hexdigest()[:16]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
