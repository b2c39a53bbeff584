"""A model for tests, which you may use in yours: it answers from a script, else with the least that fits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from emer.models.backend import Call, Completion
from emer.models.least_answer import least

Script = Mapping[str, Any] | Callable[[Call], Any]
"""Agent -> its answer (a JSON object) or its answers in turn; or a function of the call, which may raise ModelError."""


class FakeBackend:
    """Answers from a script; a text in it is given as it is, so that broken answers can be tried."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._asked: Counter[str] = Counter()

    async def complete(self, call: Call) -> Completion:
        """The next answer for the call's agent; see `Backend`."""
        answer = self._script(call) if callable(self._script) else self._next(call.agent)
        if answer is None:
            answer = least(call.schema)
        return Completion(answer if isinstance(answer, str) else json.dumps(answer))

    async def aclose(self) -> None:
        """Nothing to give back."""

    def _next(self, agent: str) -> Any:
        assert not callable(self._script)
        answers = self._script.get(agent)
        if not isinstance(answers, list) or not answers:
            return answers or None
        self._asked[agent] += 1
        return answers[min(self._asked[agent], len(answers)) - 1]
