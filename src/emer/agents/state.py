"""What travels between the agents: plain JSON in the graph's state, models inside each node.

`Observation` is what a specialist returns, `Evidence` what the judge gets, `Verdict` what it returns. `Services`
is the run-scoped part that never enters the state (open media, the memory, the settings); it comes to the nodes
as LangGraph runtime context.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypedDict

from emer.agents.hearing import Hearing
from emer.config import Settings
from emer.schemas import (
    Abstention,
    Alternative,
    Cause,
    Change,
    Clip,
    Conflict,
    Cue,
    Dropped,
    Emotion,
    Missing,
    Opinion,
    Person,
    Projection,
    RecalledCase,
    Series,
    Step,
    Utterance,
)  # fmt: skip
from emer.tools.excerpts import Stills
from emer.tools.mouth import Mouth
from emer.tools.talking_mouth import Loudness

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from emer.memory.store import CaseMemory
    from emer.models import ModelRun
    from emer.tools.measurement_cache import MeasurementCache
    from emer.tools.media import Media

JSON = dict[str, Any]


class State(TypedDict, total=False):
    """The graph's state. `observations`, `answers` and `notes` are written by several nodes at once, so they add up.

    In: `clip`, `people` (the speakers that the transcript names), `utterances`, `given` (cues that somebody else
    made). Out: `report`.
    """

    clip: JSON
    people: list[JSON]
    utterances: list[JSON]
    given: list[JSON]
    series: list[JSON]
    observations: Annotated[list[JSON], operator.add]
    answers: Annotated[list[JSON], operator.add]
    notes: Annotated[list[JSON], operator.add]
    ballots: list[list[list[str | None]]]
    criticism: JSON
    cues: list[JSON]
    missing: list[JSON]
    warnings: list[str]
    causes: list[JSON]
    cases: list[JSON]
    verdict: JSON
    report: JSON


@dataclass(frozen=True)
class Observation:
    """What one specialist saw. Persons are local keys (`face:1`, `speaker:ANNA`) until `people.py` ties them."""

    cues: Sequence[Cue] = ()
    people: Sequence[Person] = ()
    series: Sequence[Series] = ()
    missing: Sequence[Missing] = ()
    warnings: Sequence[str] = ()
    utterances: Sequence[Utterance] | None = None  # None: unchanged
    language: str | None = None
    failed: bool = False  # something that should have worked did not: never kept for a second look
    mouths: Mapping[str, Mouth] = field(default_factory=dict)  # by the face's key
    loudness: Loudness | None = None


@dataclass(frozen=True)
class Evidence:
    """All that the judge may look at."""

    clip: Clip
    people: Sequence[Person] = ()
    utterances: Sequence[Utterance] = ()
    cues: Sequence[Cue] = ()
    cases: Sequence[RecalledCase] = ()
    causes: Sequence[Cause] = ()


@dataclass(frozen=True)
class Verdict:
    """What the judge decided and why; `verify` returns the same with what cannot stand moved to `dropped`."""

    emotions: Sequence[Emotion] = ()
    alternatives: Sequence[Alternative] = ()
    reasoning: Sequence[Step] = ()
    conflicts: Sequence[Conflict] = ()
    causes: Sequence[Cause] = ()
    changes: Sequence[Change] = ()
    opinions: Sequence[Opinion] = ()
    abstained: Sequence[Abstention] = ()
    projections: dict[str, list[Projection]] = field(default_factory=dict)
    dropped: Sequence[Dropped] = ()
    warnings: Sequence[str] = ()
    summary: str = ""
    support: float | None = None


@dataclass(frozen=True)
class Services:
    """Run-scoped services, given to every node by the runtime and never written into the state.

    `media` is what may be looked at and listened to; `words_from` the clip whose words alone may be written down, where
    faces and voices must not be read. `hearing` and `stills` are made from them.
    """

    settings: Settings
    media: Media | None = None
    memory: CaseMemory | None = None
    content: str | None = None  # the media file's SHA-256
    cache: MeasurementCache | None = None
    words_from: Media | None = None
    model: ModelRun | None = None
    span: Span | None = None  # of the run, where the user traces it
    will_ask: Callable[[], None] = lambda: None  # called before each question to a model
    number: int = field(default_factory=itertools.count().__next__)  # of the run in this process, in its order
    hearing: Hearing = field(init=False)
    stills: Stills = field(init=False)

    def __post_init__(self) -> None:
        """Makes `hearing` and `stills`; they listen and look when they are asked."""
        object.__setattr__(self, "hearing", Hearing(self.media or self.words_from, self.settings))
        object.__setattr__(self, "stills", Stills(self.media))

    @property
    def has_media(self) -> bool:
        """Whether there is anything to look at or to listen to."""
        return (self.media or self.words_from) is not None


class Specialist(Protocol):
    """A perception agent: looks at one modality and says what it observes, naming no emotion."""

    def __call__(self, clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
        """What this specialist observes in the clip; may raise `ToolError`."""
        ...
