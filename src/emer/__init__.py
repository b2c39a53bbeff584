"""emer explains human emotion from video, voice and words: every sentence cites evidence that you can check.

    from emer import analyze
    report = analyze("clip.mp4", transcript="ANNA: I'm fine, really.")

The names below are loaded when they are first used, so that `import emer` costs next to nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emer.agents.graph import build_graph
    from emer.api import Event, aanalyze, analyze, areason, reason, stream
    from emer.batching.outcome import Outcome
    from emer.batching.run import batch
    from emer.config import Settings
    from emer.errors import EmerError, InputError, ModelError, SetupError, ToolError
    from emer.schemas import Case, Cause, Clip, Cue, Emotion, Report

# onnxruntime (1.29 and later) reports its use to its maker, from its import on; emer promises that nothing leaves.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

_HOME = {
    "build_graph": "emer.agents.graph",
    **dict.fromkeys(("Event", "aanalyze", "analyze", "areason", "reason", "stream"), "emer.api"),
    "Outcome": "emer.batching.outcome",
    "batch": "emer.batching.run",
    "Settings": "emer.config",
    **dict.fromkeys(("EmerError", "InputError", "ModelError", "SetupError", "ToolError"), "emer.errors"),
    **dict.fromkeys(("Case", "Cause", "Clip", "Cue", "Emotion", "Report"), "emer.schemas"),
}

__all__ = [
    "Case", "Cause", "Clip", "Cue", "EmerError", "Emotion", "Event", "InputError", "ModelError", "Outcome", "Report",
    "Settings", "SetupError", "ToolError", "aanalyze", "analyze", "areason", "batch", "build_graph", "reason", "stream",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'emer' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
