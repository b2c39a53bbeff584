"""The five nouns of emer as frozen models, and the Report contract on disk (schema version 1).

Everything that crosses a border (a file, a model, a user) is one of these. Fields may be added under
version 1, none removed or renamed. Floats are rounded to four places when a Report is written, so that the
same input gives the same bytes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

SCHEMA_VERSION = "1"

NOTICE = (
    "This report says what an observer would attribute to the behaviour in this clip (how it appears, what is said, "
    "how it would strike a viewer). It does not say what anybody feels, and it is not evidence of a state of mind, of "
    "health, of honesty or of identity. It must not be used for hiring, policing, at the workplace or in the "
    "classroom (Regulation (EU) 2024/1689, art. 5(1)(f)), nor for a decision about a person."
)


def _rounded(value: float) -> float:
    return round(float(value), 4) + 0.0  # + 0.0 turns -0.0 into 0.0, so that equal values are equal bytes


Number = Annotated[float, Field(allow_inf_nan=False), PlainSerializer(_rounded, return_type=float)]
Unit = Annotated[Number, Field(ge=0.0, le=1.0)]
Signed = Annotated[Number, Field(ge=-1.0, le=1.0)]

Modality = str  # one of the specialists' names; "face", "voice", "transcript", "context" today
Level = Literal["measured", "described", "reported", "inferred"]
Kind = Literal["video", "audio", "image", "text", "cues"]


class Model(BaseModel):
    """Frozen, closed: an unknown field is an error, so that a misspelt one is never silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Clip(Model):
    """One input: where it came from, its content hash and which modalities it has."""

    id: str = Field(description="sha256 of the content, the transcript and the context, as 'sha256:<hex>'")
    source: str
    kind: Kind
    duration_s: Number | None = Field(default=None, ge=0)
    modalities: list[Modality] = []
    language: str | None = None
    context: str | None = Field(default=None, description="what the user told us about the situation")


class Person(Model):
    """Somebody who is seen, heard or quoted; never named or described by sex, age, ethnicity or health."""

    id: str
    description: str
    role: str | None = None


class Utterance(Model):
    """One stretch of speech or one turn of text."""

    id: str
    person: str | None = None
    text: str
    language: str | None = None
    start_s: Number | None = Field(default=None, ge=0)
    end_s: Number | None = Field(default=None, ge=0)
    source: Literal["given", "asr"] = "given"
    confidence: Unit | None = None


class Anchor(Model):
    """Where a cue is: a time span in seconds, characters [a, b) of an utterance, or a box in a picture.

    `bbox` is x, y, width, height relative to the picture (0..1).
    """

    start_s: Number | None = Field(default=None, ge=0)
    end_s: Number | None = Field(default=None, ge=0)
    utterance: str | None = None
    chars: tuple[int, int] | None = None
    t_s: Number | None = Field(default=None, ge=0)
    bbox: tuple[Unit, Unit, Unit, Unit] | None = None

    @model_validator(mode="after")
    def _spans_run_forward(self) -> Anchor:
        if self.start_s is not None and self.end_s is not None and self.end_s < self.start_s:
            raise ValueError(f"a span ends before it starts: {self.start_s} > {self.end_s}")
        if self.chars is not None and not 0 <= self.chars[0] <= self.chars[1]:
            raise ValueError(f"chars must run forward: {self.chars!r}")
        return self


class Source(Model):
    """What made a cue, and the numbers behind its words (units in the names)."""

    tool: str
    version: str
    values: dict[str, Number | str | None] = {}


class Cue(Model):
    """One observation in words, from one modality, anchored in time, in a picture or in an utterance."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*-\d+$")
    modality: Modality
    kind: str
    person: str | None = None
    text: str
    level: Level = "measured"
    anchor: Anchor = Anchor()
    strength: Unit = Field(default=0.5, description="how marked the observation is, 0 barely .. 1 extreme")
    quality: Unit = Field(default=1.0, description="how far the measurement itself can be trusted")
    valence: Signed | None = None
    arousal: Signed | None = None
    source: Source


class Case(Model):
    """A past clip in memory: its cues in words, its labels, why, and where it comes from."""

    id: str
    labels: list[str]
    why: str
    provenance: str = Field(description="authored | user | imported:<set> | corrected")
    cues: dict[Modality, str] = {}
    intensity: Unit | None = None
    person: str | None = None
    culture: str | None = None
    source: str | None = Field(default=None, description="the clip, or the file and record, that it was made from")


class RecalledCase(Model):
    """A case as it was recalled for one clip, with its role and whether it applies.

    `similarity` and `alike` (in what was said, in what was described) are 0 for as alike as unrelated cases are, 1 for
    the same.
    """

    id: str
    role: Literal["support", "confusion", "counter"]
    similarity: Signed
    alike: dict[str, Unit] = {}
    labels: list[str]
    applies: bool
    why: str
    provenance: str
    text: str = ""


class Appraisal(Model):
    """One appraisal dimension in -1..1 with the cues that it was judged from."""

    value: Signed
    evidence: list[str]


class Emotion(Model):
    """An open-vocabulary label attributed from behaviour.

    `confidence` is the probability that an independent annotator would accept the label for that person and time;
    `intensity` is the strength if present (.33 slight, .66 clear, 1 extreme).
    """

    id: str
    label: str
    intensity: Unit
    confidence: Unit
    confidence_basis: str = "uncalibrated"
    valence: Signed
    arousal: Signed
    dominance: Signed
    person: str | None = None
    holder: str
    perspective: Literal["expressed", "reported", "evoked", "depicted"] = "expressed"
    target: str | None = None
    appraisals: dict[str, Appraisal] = {}
    utterance: str | None = None
    start_s: Number | None = None
    end_s: Number | None = None
    apex_s: Number | None = None
    evidence: list[str]
    counter_evidence: list[str] = []
    cases: list[str] = []


class Alternative(Model):
    """A rival reading that was weighed, and why it lost."""

    label: str
    person: str | None = None
    confidence: Unit
    evidence: list[str] = []
    why_not: str


class Projection(Model):
    """One class of a closed set; over the set the probabilities sum to 1 with `none`."""

    label: str
    p: Unit


class Cause(Model):
    """What an emotion answers to."""

    id: str
    text: str
    kind: Literal["explicit", "implicit"]
    emotions: list[str] = []
    utterance: str | None = None
    start_s: Number | None = None
    end_s: Number | None = None
    evidence: list[str]


class Opinion(Model):
    """Who holds which opinion of what, with the sentence that shows it."""

    holder: str
    target: str
    aspect: str | None = None
    opinion: str
    sentiment: Literal["positive", "negative", "neutral", "mixed"]
    rationale: str
    evidence: list[str]


class Step(Model):
    """One numbered step of reasoning; `evidence` and `counter` hold cue ids only, `cases` case ids.

    `person`, the span, `modality` and `polarity` say what the claim is about, where that is told; they are held
    against the cues before the words are. `support` is the share of the cited cues that exist and bear it.
    """

    id: str
    type: Literal["observation", "inference", "rival", "conclusion"]
    claim: str
    evidence: list[str]
    counter: list[str] = []
    cases: list[str] = []
    supports: list[str] = []
    support: Unit | None = None
    person: str | None = None
    start_s: Number | None = None
    end_s: Number | None = None
    modality: Modality | None = None
    polarity: Literal["pleasant", "unpleasant", "mixed", "neither"] | None = None


class Dropped(Model):
    """A claim that verification took out, and why."""

    claim: str
    why: str


class Abstention(Model):
    """A person about whom nothing is concluded, and why."""

    person: str
    why: str


class Hypothesis(Model):
    """A possible reason for a conflict between modalities; measurement error is always one of them."""

    kind: Literal["irony", "masking", "suppression", "politeness", "display_rule", "measurement_error"]
    confidence: Unit
    evidence: list[str]


class Conflict(Model):
    """Cues that disagree: shown, not averaged. `distance` is in valence-arousal units, 0..1."""

    between: list[str]
    kind: Literal["incongruent", "ambivalent", "hesitant", "mixed", "sequential"]
    distance: Unit
    hypotheses: list[Hypothesis]


class Series(Model):
    """One dimension of one person and modality over time: at most 600 points, `null` where nothing was measured."""

    person: str | None
    modality: Modality
    dimension: str
    t0_s: Number
    step_s: Number
    values: Annotated[list[Number | None], Field(max_length=600)]


class Change(Model):
    """One emotion giving way to another."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    person: str | None
    from_: str = Field(alias="from")
    to: str
    t_s: Number
    cause: str | None = None
    evidence: list[str]


class Missing(Model):
    """A modality that is absent or failed, why, and the command that brings it (or null)."""

    modality: Modality
    why: str
    remedy: str | None = None


class Sent(Model):
    """Something that left the machine."""

    what: str
    to: str
    bytes: int


class Usage(Model):
    """Calls to the chat model and the tokens that they took; `retries` of the calls repeated one that failed."""

    calls: int = 0
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Provenance(Model):
    """What made this Report: versions, settings, what was sent and how long each stage took."""

    emer: str
    mode: Literal["offline", "model"]
    effort: Literal["quick", "standard", "thorough"]
    model: str | None = None
    memory: str | None = None
    prompts: list[str] = []
    tools: list[str] = []
    settings: dict[str, Any] = {}
    purpose: str | None = None
    sent: list[Sent] = []
    usage: Usage = Usage()
    timings_s: dict[str, Number] = {}


class Review(Model):
    """A person's verdict on one item of the Report: an emotion, a sentence of the reasoning, or a person as a whole.

    `blind` says that the label was given before emer's was seen; `text` is how a sentence should read.
    """

    by: str
    at: str
    item: str
    verdict: Literal["accept", "correct", "reject"]
    label: str | None = None
    intensity: Unit | None = None
    text: str | None = None
    blind: bool = False


class BatchRow(Model):
    """Which clip of a batch a Report is about: its key, what the key is made of, and the manifest's other columns."""

    key: str = Field(description="digest of content, settings and id: equal keys are equal work")
    id: str
    content: str
    settings: str
    label: str | None = Field(default=None, description="what somebody else says of the clip; emer never reads it")
    columns: dict[str, Any] = {}


class Report(Model):
    """Everything about one clip. Every cited cue id resolves; `emer schema` prints the JSON Schema."""

    schema_version: Literal["1"] = "1"
    clip: Clip
    notice: str = NOTICE
    people: list[Person] = []
    utterances: list[Utterance] = []
    cues: list[Cue] = []
    cases: list[RecalledCase] = []
    emotions: list[Emotion] = []
    alternatives: list[Alternative] = []
    projections: dict[str, list[Projection]] = {}
    causes: list[Cause] = []
    opinions: list[Opinion] = []
    reasoning: list[Step] = []
    dropped: list[Dropped] = []
    summary: str = ""
    support: Unit | None = Field(
        default=None, description="share of the claims borne out by the cues that they cite; not the share that is true"
    )
    abstained: list[Abstention] = []
    conflicts: list[Conflict] = []
    series: list[Series] = []
    changes: list[Change] = []
    missing: list[Missing] = []
    warnings: list[str] = []
    provenance: Provenance
    reviews: list[Review] = []
    row: BatchRow | None = None

    def to_json(self, *, indent: int | None = 2) -> str:
        """The Report as JSON text, floats rounded to four places; equal Reports give equal text."""
        return self.model_dump_json(indent=indent, by_alias=True)

    def cited(self) -> set[str]:
        """Every cue id that any part of the Report cites."""
        lists = [e.evidence + e.counter_evidence for e in self.emotions]
        lists += [a.evidence for e in self.emotions for a in e.appraisals.values()]
        lists += [a.evidence for a in self.alternatives] + [c.evidence for c in self.causes]
        lists += [o.evidence for o in self.opinions] + [s.evidence + s.counter for s in self.reasoning]
        lists += [c.between for c in self.conflicts] + [h.evidence for c in self.conflicts for h in c.hypotheses]
        lists += [c.evidence for c in self.changes]
        return {cue for ids in lists for cue in ids}
