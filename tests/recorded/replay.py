"""A model that answers from a recording, and the runs that were recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emer.errors import ModelError
from emer.models.backend import Call
from emer.prompts import load
from emer.schemas import Report

HERE = Path(__file__).parent
JSON = dict[str, Any]


class StaleError(ModelError):
    """A prompt is not the one that was answered."""


def runs() -> list[tuple[str, str]]:
    """Clip and effort of every recorded run."""
    return [(name, effort) for name, _, effort in (p.stem.partition("@") for p in sorted((HERE / "answers").iterdir()))]


def clip(name: str) -> Report:
    """What was measured of a clip."""
    return Report.model_validate_json((HERE / "clips" / f"{name}.json").read_text(encoding="utf-8"))


def recording(name: str, effort: str) -> JSON:
    """The recorded answers of one run; without any where there is no such file yet."""
    path = HERE / "answers" / f"{name}@{effort}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {"answers": []}


class Replay:
    """Answers each call with what was recorded for its agent and seed; `open` holds the calls that have no answer."""

    def __init__(self, recorded: JSON) -> None:
        self._answers = {(one["agent"], one["seed"]): one for one in recorded["answers"]}
        self.open: list[Call] = []
        self.asked: set[tuple[str, int]] = set()

    def __call__(self, call: Call) -> Any:
        """The answer; raises StaleError where none was recorded for this prompt."""
        key = (call.agent, call.seed)
        self.asked.add(key)
        one = self._answers.get(key)
        if one is None or one["prompt"] != load(call.agent).id:
            self.open.append(call)
            what = "was never recorded" if one is None else f"was recorded for {one['prompt']}"
            raise StaleError(
                f"the answer of {call.agent} (seed {call.seed}) {what}; the prompt is {load(call.agent).id}"
            )
        return one["answer"]
