"""What emer remembers: the ontology of emotion words, codebooks, and the case memory.

Belongs here: words and their meaning (`ontology`), closed sets and codebooks, cases in a journal with a Chroma index
(`store`), and how texts become vectors (`embedder`). Does not belong here: anything that looks at a clip (tools), or
that decides what a clip means (agents).

    from emer.memory import open_memory
    memory = open_memory(Path("my-memory"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emer.memory.exporting import export_file
    from emer.memory.importing import import_file
    from emer.memory.learning import corrected_case
    from emer.memory.store import CaseMemory, open_memory

_HOME = {
    "export_file": "emer.memory.exporting",
    "import_file": "emer.memory.importing",
    "corrected_case": "emer.memory.learning",
    **dict.fromkeys(("CaseMemory", "open_memory"), "emer.memory.store"),
}

__all__ = ["CaseMemory", "corrected_case", "export_file", "import_file", "open_memory"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'emer.memory' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
