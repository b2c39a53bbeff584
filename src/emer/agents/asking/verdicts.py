"""What the judge and the critic may answer: the fields in the order of thought, evidence first, verdict last."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from emer.agents.asking.answers import Answered, Caused, Seconds, Share

Signed = Annotated[float, Field(ge=-1.0, le=1.0)]
Polarity = Literal["pleasant", "unpleasant", "mixed", "neither"]
MOST_CLAIMS = 24


class CaseCheck(Answered):
    """Whether a case from memory applies, looked at before it may be used."""

    id: str
    holds: str = Field(description="what in this clip is as in the case")
    differs: str = Field(description="what is not")
    applies: bool


class Claim(Answered):
    """One sentence with the cues that bear it, and what it is about as fields that can be checked."""

    evidence: list[str] = Field(description="ids of the cues that bear the claim")
    counter: list[str] = Field(default=[], description="ids of cues against it that it names")
    person: str | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    modality: str | None = Field(default=None, description="face, voice, transcript or context if one alone is meant")
    polarity: Polarity | None = None
    claim: str = Field(description="one sentence without ids")


class Supporting(Claim):
    """A claim and the emotions that it supports."""

    supports: list[str] = Field(default=[], description="ids of emotions below, e1, e2 …")


class Disagreement(Answered):
    """Cues of one person and time that point different ways."""

    between: list[str] = Field(min_length=2, description="ids of the cues")
    kind: Literal["incongruent", "ambivalent", "hesitant", "mixed", "sequential"]
    distance: Share = Field(description="0 hardly apart .. 1 opposite")
    hypotheses: list[Literal["irony", "masking", "suppression", "politeness", "display_rule", "measurement_error"]] = (
        Field(max_length=6)
    )


class Rival(Answered):
    """Another reading at its best, and what decides against it."""

    evidence: list[str]
    counter: list[str] = Field(default=[], description="ids of cues against it")
    person: str | None = None
    why_not: str = Field(description="one sentence: which cue decides between it and the verdict, and how")
    label: str
    confidence: Share


class Judged(Answered):
    """One emotion, attributed."""

    id: str = Field(description="e1, e2 …")
    evidence: list[str] = Field(min_length=1)
    counter: list[str] = Field(default=[], description="ids of cues against it")
    cases: list[str] = Field(default=[], description="ids of cases that apply")
    person: str | None = None
    perspective: Literal["expressed", "reported", "evoked", "depicted"] = "expressed"
    target: str | None = None
    utterance: str | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    label: str
    intensity: Share
    confidence: Share
    valence: Signed
    arousal: Signed
    dominance: Signed


class Unjudged(Answered):
    """A person of whom nothing is concluded."""

    person: str
    why: str


class CauseOf(Caused):
    """What named emotions answer to."""

    emotions: list[str] = Field(default=[], description="ids of emotions")


class JudgeAnswer(Answered):
    """What the judge answers."""

    cases: list[CaseCheck] = Field(max_length=8)
    observations: list[Supporting] = Field(max_length=MOST_CLAIMS)
    conflicts: list[Disagreement] = Field(max_length=8)
    rivals: list[Rival] = Field(max_length=8, description="at least one for each person with a verdict")
    inferences: list[Supporting] = Field(max_length=MOST_CLAIMS)
    emotions: list[Judged] = Field(max_length=12)
    conclusions: list[Supporting] = Field(max_length=12)
    causes: list[CauseOf] = Field(max_length=8)
    abstained: list[Unjudged] = Field(max_length=8)
    summary: list[Claim] = Field(max_length=4)


class Checked(Answered):
    """What the critic says of one claim."""

    id: str = Field(description="r1, r2 … as given")
    says: str = Field(description="what the cited cues say of the matter")
    borne: Literal["yes", "no", "against"]
    why: str = Field(description="empty if borne")


class Overlooked(Answered):
    """A cue against the verdict that no claim deals with."""

    cue: str
    why: str


class CriticAnswer(Answered):
    """What the critic answers."""

    claims: list[Checked] = Field(max_length=80)
    missed: list[Overlooked] = Field(max_length=3)
