"""What specialists and the cause agent may answer: closed forms, evidence first, and an empty list is an answer."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

MOST = 12
"""Observations that one specialist may add: enough for a minute of clip, too few to fill a page with."""
MOST_CAUSES = 5

VoiceTag = Literal[
    "louder", "softer", "higher pitch", "lower pitch", "rising pitch", "falling pitch", "wide pitch range", "monotone",
    "faster", "slower", "stressed word", "long pause", "hesitation", "cut off", "trembling", "breaking voice",
    "whisper", "breathy", "creaky", "pressed", "laugh", "chuckle", "sigh", "sob", "gasp", "audible breath",
    "throat clearing", "singing tone",
]  # fmt: skip
"""What may be said of a voice, closed so that two readers of one sound can be compared."""
Device = Literal[
    "self_report", "irony", "exaggeration", "understatement", "hedging", "taking_back", "politeness", "indirectness",
    "rhetorical_question", "dodging", "repetition", "self_correction", "interruption", "change_of_subject", "humour",
    "emphasis", "appeal", "reproach", "praise", "concession",
]  # fmt: skip
"""How words may be put."""
Setting = Literal["place", "activity", "relation", "event", "norm", "earlier"]
"""What may be said of a situation."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0)]


class Answered(BaseModel):
    """A frozen, closed part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Seen(Answered):
    """One observation of a face, head or hands."""

    basis: list[str] = Field(description="names of frames, or ids of measurements, that show it")
    person: str | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    strength: Share = Field(description="0 barely visible .. 1 extreme")
    text: str = Field(description="what can be seen, one sentence, no emotion")


class Heard(Answered):
    """One observation of a voice."""

    basis: list[str] = Field(description="'sound', or ids of measurements")
    person: str | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    tag: VoiceTag
    strength: Share
    text: str = Field(description="where in the utterance and how marked, a few words, no emotion")


class Worded(Answered):
    """One observation on how words are put."""

    utterance: str = Field(description="id of the utterance")
    quote: str = Field(description="copied character by character from it")
    person: str | None = None
    device: Device
    strength: Share
    text: str = Field(description="what the words do, one sentence")


class Situated(Answered):
    """One observation on the situation."""

    basis: list[str] = Field(description="ids of cues or utterances, or names of frames")
    person: str | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    kind: Setting
    strength: Share
    text: str = Field(description="one sentence, no emotion")


class FaceAnswer(Answered):
    """What the face agent answers."""

    observations: list[Seen] = Field(max_length=MOST)


class VoiceAnswer(Answered):
    """What the voice agent answers."""

    observations: list[Heard] = Field(max_length=MOST)


class TranscriptAnswer(Answered):
    """What the transcript agent answers."""

    observations: list[Worded] = Field(max_length=MOST)


class ContextAnswer(Answered):
    """What the context agent answers."""

    observations: list[Situated] = Field(max_length=MOST)


class Asked(Answered):
    """One question that the cause agent put to itself."""

    evidence: list[str] = Field(description="ids of cues; empty where nothing in the data says so")
    answer: str


class Caused(Answered):
    """One thing that a feeling may answer to."""

    evidence: list[str] = Field(description="ids of the cues that carry it or call for it")
    utterance: str | None = None
    quote: str | None = Field(default=None, description="copied character by character from the utterance")
    kind: Literal["explicit", "implicit"]
    text: str


class CauseAnswer(Answered):
    """What the cause agent answers: five questions from coarse to fine, then the causes."""

    who: Asked
    towards: Asked
    just_before: Asked
    at_stake: Asked
    off_screen: Asked
    causes: list[Caused] = Field(max_length=MOST_CAUSES)


def listed(literal: object) -> str:
    """The words of a closed set as they stand in a prompt."""
    return ", ".join(f"`{word}`" for word in get_args(literal))
