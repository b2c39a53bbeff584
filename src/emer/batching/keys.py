"""The key of a clip in a batch: what it holds, how it is analysed and which row it is; equal keys are equal work."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from emer.batching.rows import Row
from emer.config import Settings
from emer.errors import InputError
from emer.schemas import BatchRow
from emer.tools.content import content_hash

WITHOUT_INFLUENCE = frozenset({
    "trace", "memory_dir", "memory_server", "memory_key", "specialist_timeout_s", "cache", "cache_dir", "cache_mb",
    "weights_dir", "mirror", "no_network", "api_key", "max_concurrency", "requests_per_minute", "tokens_per_minute",
    "call_timeout_s", "clip_deadline_s", "budget_calls", "budget_tokens", "budget_money", "prices", "answer_cache_mb",
    "offline",
})  # fmt: skip
"""Settings that say where things lie and how fast they go, not what a Report says. `offline` acts through `model`."""


def settings_digest(settings: Settings) -> str:
    """Twelve hexadecimal digits that change with any setting which a Report depends on, and with codebook files.

    The memory is not among them, so that a correction does not ask for ten thousand clips again; each Report's
    provenance has its digest.
    """
    told = settings.model_dump(mode="json", exclude=set(WITHOUT_INFLUENCE))
    if settings.offline:
        told["model"] = None
    told["labels"] = [_with_content(name) for name in settings.labels]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def batch_row(row: Row, settings: str) -> BatchRow:
    """What the row's Report carries: the key, what it was made of, and the columns of the manifest.

    Args:
        row: the clip.
        settings: as `settings_digest` gives it.
    """
    content = _content(row)
    key = hashlib.sha256("\0".join((content, settings, row.id)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return BatchRow(key=key, id=row.id, content=content, settings=settings, label=row.label, columns=row.columns)


def _content(row: Row) -> str:
    """The digest of all that is given of the clip; a file that cannot be read counts as one that is not there."""
    given = [_hash(row.source), row.text, row.cues, _words(row.transcript), row.context]
    told = json.dumps(given, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _hash(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return content_hash(Path(path))
    except InputError:
        return "unreadable"


def _words(transcript: str | None) -> str | None:
    """The words, or what their file holds."""
    if transcript is None or "\n" in transcript or not transcript.lower().endswith((".srt", ".vtt", ".txt")):
        return transcript
    return _hash(transcript)


def _with_content(name: str) -> list[str | None]:
    path = Path(name).expanduser()
    return [name, _hash(str(path)) if path.is_file() else None]
