"""What a run was, for whoever reads its Reports a year later: versions, settings, counts, times."""

from __future__ import annotations

import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

from emer.batching.keys import settings_digest
from emer.installation import version

if TYPE_CHECKING:
    from emer.batching.run import Run

LIBRARIES = ("langgraph", "openai", "chromadb", "onnxruntime", "av", "numpy", "opencv-contrib-python-headless", "ray")


def run_record(run: Run, state: str) -> dict[str, Any]:
    """The record of a run as JSON, with no secret in it.

    Args:
        run: the run as it stands.
        state: running, complete or stopped.
    """
    counts = run.counts
    told = {name: getattr(counts, name) for name in ("n_clips", "n_before", "n_done", "n_failed", "n_left")}
    return {
        "state": state,
        "begun": run.begun.isoformat(timespec="seconds"),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "output": str(run.output.path),
        "versions": {"emer": version(), "python": platform.python_version(), **_libraries()},
        "settings_digest": settings_digest(run.settings),
        "settings": run.settings.model_dump(mode="json"),
        "plan": asdict(run.plan),
        "counts": told,
        "made_with_other_settings": run.output.other_settings,
        "usage": counts.usage.model_dump(),
        "cost": counts.cost,
        "memories": sorted(run.memories),
    }


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
