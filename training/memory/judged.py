"""What the judge makes of a text with the cases that a memory gives it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emer.agents.fusion.likelihood import Instruments
from emer.agents.fusion.reading import read
from emer.agents.recall import checked
from emer.agents.state import Services
from emer.agents.transcript import observe
from emer.config import Settings
from emer.memory.contrast import contrastive
from emer.memory.neighbours import Searchable
from emer.memory.probe import make_probe
from emer.schemas import Clip, Cue, RecalledCase, Utterance

CLIP = Clip(id="sha256:0", source="text", kind="text", language="en")


@dataclass(frozen=True)
class Seen:
    """The cues of a text's words, and its utterance."""

    cues: tuple[Cue, ...]
    utterances: tuple[Utterance, ...]


def seen(texts: Sequence[str]) -> list[Seen]:
    """Each text as the transcript agent reads it."""
    services = Services(settings=Settings(language="en"))
    found = []
    for text in texts:
        made = observe(CLIP, [Utterance(id="u1", person="p1", text=text)], services)
        found.append(Seen(tuple(made.cues), tuple(made.utterances or ())))
    return found


def recalled(one: Seen, memory: Searchable) -> list[RecalledCase]:
    """The cases that the Report on this text would show."""
    probe = make_probe(one.cues, one.utterances)
    return [checked(case, role, probe) for role, cases in contrastive(memory, probe).items() for case in cases]


def log_p(
    one: Seen, cases: Sequence[RecalledCase], instruments: Instruments, roles: Collection[str]
) -> NDArray[np.float64]:
    """The judge's log probabilities (28,) with the cases of these roles."""
    return read("p1", one.cues, [case for case in cases if case.role in roles], instruments).log_p
