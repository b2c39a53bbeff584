"""The case memory that the settings name."""

from __future__ import annotations

from emer.config import Settings
from emer.memory.chroma_server import ServerIndex
from emer.memory.store import CaseMemory, open_memory


def configured_memory(settings: Settings) -> CaseMemory:
    """Return the memory of `memory_dir`, with its index on the Chroma server `memory_server` if one is set.

    Raises:
        ToolError: the journal is there and cannot be read.
    """
    key = settings.memory_key.get_secret_value() if settings.memory_key is not None else None
    server = ServerIndex(settings.memory_server, key) if settings.memory_server is not None else None
    return open_memory(settings.memory_dir, server=server)
