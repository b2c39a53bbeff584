"""A model that answers from a function, for the tests of the agents that ask one."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emer.models import Text
from emer.models.backend import Call, Completion

JSON = dict[str, Any]
NOTHING: JSON = {"observations": []}
NO_ANSWER: JSON = {"evidence": [], "answer": "nothing in the data says so"}
NO_CAUSE: JSON = {
    **dict.fromkeys(("who", "towards", "just_before", "at_stake", "off_screen"), NO_ANSWER),
    "causes": [],
}


def claim(text: str, *evidence: str, supports: tuple[str, ...] = ("e1",), **fields: Any) -> JSON:
    """A claim as the judge answers it."""
    return {"evidence": list(evidence), "claim": text, "supports": list(supports), **fields}


def emotion(label: str = "disappointed", *evidence: str, person: str | None = "p1", name: str = "e1") -> JSON:
    """An emotion as the judge answers it."""
    numbers = {"intensity": 0.7, "confidence": 0.7, "valence": -0.5, "arousal": -0.1, "dominance": -0.3}
    return {"id": name, "evidence": list(evidence or ("transcript-1",)), "person": person, "label": label, **numbers}


def verdict(**parts: Any) -> JSON:
    """A judge's answer on the text of `TEXT`: disappointed, as p1 says."""
    said = claim("p1 says “I am so disappointed”", "transcript-1", person="p1")
    concluded = claim("p1 appears disappointed, in their own words", "transcript-1", person="p1")
    rival = {"evidence": ["transcript-1"], "person": "p1", "why_not": "The words name the feeling themselves.",
             "label": "sad", "confidence": 0.3}  # fmt: skip
    base: JSON = {
        "cases": [], "observations": [said], "conflicts": [], "rivals": [rival], "inferences": [],
        "emotions": [emotion()], "conclusions": [concluded], "causes": [], "abstained": [],
        "summary": [{"evidence": ["transcript-1"], "claim": "p1 appears disappointed"}],
    }  # fmt: skip
    return base | parts


ANSWERS: Mapping[str, Any] = {
    **dict.fromkeys(("face", "voice", "transcript", "context"), NOTHING),
    "cause": NO_CAUSE,
    "judge": verdict(),
    "critic": {"claims": [], "missed": []},
}
TEXT = "ANNA: I am so disappointed. They gave the job to somebody else!\nBEN: Oh no, I'm sorry.\n"


@dataclass
class Model:
    """Answers from `answers` (each an answer or a function of the call) after `delay_s`, and keeps calls and times."""

    answers: dict[str, Any] = field(default_factory=lambda: dict(ANSWERS))
    delay_s: Callable[[str], float] = lambda agent: 0.0
    calls: list[Call] = field(default_factory=list)
    spans: list[tuple[str, float, float]] = field(default_factory=list)

    async def complete(self, call: Call) -> Completion:
        """The answer of the call's agent."""
        begun = time.perf_counter()
        self.calls.append(call)
        await asyncio.sleep(self.delay_s(call.agent))
        self.spans.append((call.agent, begun, time.perf_counter()))
        answer = self.answers[call.agent]
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, Exception):
            raise answer
        return Completion(json.dumps(answer))

    async def aclose(self) -> None:
        """Nothing to give back."""

    def in_a_row(self) -> int:
        """The longest chain of calls each of which began after the one before had ended."""
        chains: list[tuple[float, int]] = []
        for _, begun, ended in sorted(self.spans, key=lambda one: one[2]):
            chains.append((ended, 1 + max((n for end, n in chains if end <= begun), default=0)))
        return max((n for _, n in chains), default=0)

    def asked(self, agent: str) -> list[Call]:
        """The calls of one agent."""
        return [call for call in self.calls if call.agent == agent]


def text_of(call: Call) -> str:
    """All that a request carries as words."""
    return "\n".join(part.text for part in call.parts if isinstance(part, Text))


def mark_of(system: str) -> str:
    """The mark of the blocks, as the instructions give it."""
    return re.findall(r"`<<<([0-9a-f]{16})`", system)[-1]


def unmarked(system: str) -> str:
    """Instructions with a mark that does not hang on the content."""
    return system.replace(mark_of(system), "MARK")


def is_enclosed(text: str, mark: str, *more: str) -> bool:
    """Whether every line is in a block of ours, each opened and closed once and with a title of ours."""
    titles = {"people", "utterances", "cues", "told by the user", "possible causes", "cases from memory", *more}
    is_open = False
    for line in text.split("\n"):
        if line.startswith(f"<<<{mark} "):
            if is_open or line.removeprefix(f"<<<{mark} ") not in titles:
                return False
            is_open = True
        elif line == f"{mark}>>>":
            is_open = False
        elif mark in line or (line and not is_open):
            return False
    return not is_open
