"""Writes the requests of one run that have no answer yet: `python -m tests.recorded.record CLIP EFFORT [FOLDER]`.

Put each answer into `answers/CLIP@EFFORT.json` beside the prompt that the request names; then run it again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import patch

from tests.recorded.replay import Replay, clip, recording

import emer
from emer.config import Settings
from emer.errors import ModelError
from emer.models import ModelRun, Text, fake_model
from emer.models.backend import Call
from emer.prompts import load


def main(name: str, effort: str, folder: str = "requests") -> None:
    """Runs the clip with what is recorded, and writes what is not."""
    replay = Replay(recording(name, effort))

    def model(settings: Settings) -> ModelRun:
        return fake_model(replay, settings)

    with patch("emer.api.configured_model", model):
        try:
            print(emer.reason(clip(name), effort=effort).to_json())
        except ModelError as error:
            print(error)
    Path(folder).mkdir(exist_ok=True)
    for call in replay.open:
        path = Path(folder) / f"{name}@{effort}.{call.agent}.{call.seed}.md"
        path.write_text(_request(call), encoding="utf-8")
        print(f"open: {path}")


def _request(call: Call) -> str:
    data = "\n".join(part.text for part in call.parts if isinstance(part, Text))
    return f"agent {call.agent}, seed {call.seed}, prompt {load(call.agent).id}\n\n{call.system}\n\n{data}\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
