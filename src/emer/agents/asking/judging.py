"""The judge's question to a model, and the verdict that comes of its answer, not yet verified."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from emer.agents.asking import causes, lines
from emer.agents.asking.delimited import Block, enclosed
from emer.agents.asking.verdicts import Claim, Disagreement, JudgeAnswer, Judged, Rival, Supporting
from emer.agents.fusion import moments
from emer.agents.fusion.moments import Span
from emer.agents.state import Evidence, Verdict
from emer.config import Settings
from emer.memory.closed_sets import CLOSED_SETS, project
from emer.memory.codebook import Codebook, read_codebook
from emer.models import Question, Text
from emer.prompts import load
from emer.schemas import (
    Abstention,
    Alternative,
    Cause,
    Change,
    Conflict,
    Dropped,
    Emotion,
    Hypothesis,
    Projection,
    RecalledCase,
    Step,
)  # fmt: skip

AUTHOR, VIEWER = "author", "viewer"
BASIS = "uncalibrated"
PROJECTED = ("ekman", "meld7")
IN_THEIR_WORDS = (
    f"Where a word in the block `{lines.CODEBOOK}` fits the evidence at least as well as one of your own, write it "
    "as `label`, exactly as it stands there; where none fits, use your own. The block says what words mean, no more."
)
_MARKS = re.compile(r"\s*\[[a-z][a-z0-9_]*-\d+(?:,\s*[a-z][a-z0-9_]*-\d+)*\]")


def question(
    evidence: Evidence, settings: Settings, *, seed: int = 0, removed: Block | None = None
) -> Question[JudgeAnswer]:
    """What the judge asks; `removed` is what of an earlier verdict did not stand the check."""
    blocks = [*lines.whole(evidence), lines.causes(evidence.causes), lines.cases(evidence.cases)]
    books = brought(settings.labels)
    data = enclosed([*blocks, lines.codebooks(books), *([removed] if removed else [])])
    prompt = load("judge")
    return Question(
        agent="judge",
        system=prompt.fill(mark=data.mark, labels=_wanted(settings.label_language, has_codebook=bool(books))),
        parts=(Text(data.text),),
        schema=JudgeAnswer,
        prompt=prompt.id,
        seed=seed,
    )


def removed(dropped: Sequence[Dropped], overlooked: Sequence[Dropped]) -> Block:
    """What goes back to the judge once, with the reasons."""
    return lines.dropped([*dropped, *overlooked])


def brought(labels: Sequence[str]) -> list[Codebook]:
    """The codebooks of the user's own; a built-in set is only projected on, for it would make open words coarse."""
    return [read_codebook(name) for name in labels if name not in CLOSED_SETS]


def _wanted(language: str | None, *, has_codebook: bool) -> str:
    told = "Labels are English words, adjectives where there is one (`relieved`, not `relief`)."
    if language is not None:
        told = f"Write every `label` in the language `{language}` (ISO 639-1), and all else in English."
    return f"{told}\n{IN_THEIR_WORDS}" if has_codebook else told


def checked_cases(answer: JudgeAnswer, evidence: Evidence) -> list[RecalledCase]:
    """The recalled cases with what the judge found of each: one that it did not look at may not be used."""
    looked = {one.id: one for one in answer.cases}
    found = []
    for case in evidence.cases:
        one = looked.get(case.id)
        why = f"{case.why} (judge: alike in {one.holds}; different in {one.differs})" if one else case.why
        found.append(case.model_copy(update={"applies": one is not None and one.applies, "why": why}))
    return found


def verdict(answer: JudgeAnswer, evidence: Evidence) -> Verdict:
    """The answer as a verdict: ids of ours, sentences with their citations, times from the cues where none is given."""
    spans = moments.clock(evidence.cues, evidence.utterances)
    applying = {case.id for case in checked_cases(answer, evidence) if case.applies}
    there = {person.id for person in evidence.people}
    known = [one for one in answer.emotions if one.person is None or one.person in there]
    names = {one.id: f"e{number}" for number, one in enumerate(known, start=1)}
    emotions = [_emotion(one, names[one.id], spans, applying) for one in known]
    return Verdict(
        emotions=emotions,
        alternatives=[_alternative(one) for one in answer.rivals],
        reasoning=_reasoning(answer, names, {e.id: e.cases for e in emotions}),
        conflicts=[_conflict(one) for one in answer.conflicts],
        causes=_causes(answer, evidence, names),
        changes=_changes(emotions),
        abstained=[Abstention(person=one.person, why=one.why) for one in answer.abstained],
        projections=_projections(emotions),
        dropped=[_nobody(one) for one in answer.emotions if one not in known],
        summary=" ".join(_cited(one) for one in answer.summary),
    )


def _nobody(one: Judged) -> Dropped:
    return Dropped(claim=one.label, why=f"is said of {one.person}, who is not in this clip")


def _emotion(one: Judged, name: str, spans: Mapping[str, Span], applying: set[str]) -> Emotion:
    cited = [spans[cue] for cue in one.evidence if cue in spans]
    start_s = one.start_s if one.start_s is not None else min((span.start for span in cited), default=None)
    end_s = one.end_s if one.end_s is not None else max((span.end for span in cited), default=None)
    if start_s is not None and end_s is not None and end_s < start_s:
        start_s, end_s = end_s, start_s
    return Emotion(
        id=name,
        label=" ".join(one.label.split()),
        intensity=one.intensity,
        confidence=one.confidence,
        confidence_basis=BASIS,
        valence=one.valence,
        arousal=one.arousal,
        dominance=one.dominance,
        person=one.person,
        holder=VIEWER if one.perspective == "evoked" else one.person or AUTHOR,
        perspective=one.perspective,
        target=one.target,
        utterance=one.utterance,
        start_s=start_s,
        end_s=end_s,
        evidence=list(dict.fromkeys(one.evidence)),
        counter_evidence=list(dict.fromkeys(one.counter)),
        cases=[case for case in one.cases if case in applying],
    )


def _reasoning(answer: JudgeAnswer, names: Mapping[str, str], cases: Mapping[str, list[str]]) -> list[Step]:
    """The claims in the order of thought: what is seen, how one gets on from there, the rivals, the verdict."""
    told = [
        *(("observation", one) for one in answer.observations),
        *(("inference", one) for one in answer.inferences),
        *(("rival", _as_claim(one)) for one in answer.rivals),
        *(("conclusion", one) for one in answer.conclusions),
    ]
    return [_step(kind, one, number, names, cases) for number, (kind, one) in enumerate(told, start=1)]


def _as_claim(rival: Rival) -> Supporting:
    return Supporting(
        evidence=[*rival.evidence, *rival.counter][:6],
        counter=[],
        person=rival.person,
        claim=rival.why_not,
    )


def _step(kind: str, one: Supporting, number: int, names: Mapping[str, str], cases: Mapping[str, list[str]]) -> Step:
    supports = [names[name] for name in one.supports if name in names]
    used = [case for name in supports for case in cases[name]] if kind == "conclusion" else []
    return Step.model_validate({
        "id": f"r{number}", "type": kind, "claim": _cited(one), "evidence": list(dict.fromkeys(one.evidence)),
        "counter": list(dict.fromkeys(one.counter)), "cases": list(dict.fromkeys(used)), "supports": supports,
        "person": one.person, "start_s": one.start_s, "end_s": one.end_s,
        "modality": one.modality, "polarity": one.polarity,
    })  # fmt: skip


def _cited(one: Claim) -> str:
    """The sentence with the ids of its cues before the full stop."""
    text = " ".join(_MARKS.sub("", one.claim).split())
    ids = "".join(f" [{name}]" for name in dict.fromkeys((*one.evidence, *one.counter)))
    end = text[-1] if text[-1:] in (".", "!", "?") else "."
    return f"{text.rstrip('.!?')}{ids}{end}" if text else ""


def _alternative(one: Rival) -> Alternative:
    return Alternative(
        label=one.label, person=one.person, confidence=one.confidence, evidence=one.evidence, why_not=one.why_not
    )


def _conflict(one: Disagreement) -> Conflict:
    """The conflict; a mistake of the measurement is always among what may explain it."""
    kinds = list(dict.fromkeys((*one.hypotheses, "measurement_error")))
    share = round(1.0 / len(kinds), 4)
    hypotheses = [Hypothesis.model_validate({"kind": k, "confidence": share, "evidence": one.between}) for k in kinds]
    return Conflict(between=one.between, kind=one.kind, distance=one.distance, hypotheses=hypotheses)


def _causes(answer: JudgeAnswer, evidence: Evidence, names: Mapping[str, str]) -> list[Cause]:
    linked = []
    for one in answer.causes:
        answers_to = [names[name] for name in one.emotions if name in names]
        linked += [cause.model_copy(update={"emotions": answers_to}) for cause in causes.found([one], evidence)]
    return [cause.model_copy(update={"id": f"c{number}"}) for number, cause in enumerate(linked, start=1)]


def _changes(emotions: Sequence[Emotion]) -> list[Change]:
    """One emotion of a person giving way to another that begins when it has ended."""
    found = []
    timed = [one for one in emotions if one.start_s is not None and one.end_s is not None]
    for person in dict.fromkeys(one.person for one in timed):
        own = sorted((one for one in timed if one.person == person), key=lambda one: one.start_s or 0.0)
        for one, other in pairwise(own):
            if one.label != other.label and (other.start_s or 0.0) >= (one.end_s or 0.0) - 0.3:
                evidence = [*one.evidence[:1], *other.evidence[:1]]
                change = {"person": person, "from": one.id, "to": other.id, "t_s": other.start_s, "evidence": evidence}
                found.append(Change.model_validate(change))
    return found


def _projections(emotions: Sequence[Emotion]) -> dict[str, list[Projection]]:
    """The verdict's labels on the usual closed sets, weighed by their confidence; no label is all `none`."""
    weights: dict[str, float] = {}
    for one in emotions:
        weights[one.label] = max(weights.get(one.label, 0.0), one.confidence)
    rows = {name: project(weights, name) for name in PROJECTED}
    return {
        name: [Projection(label=label, p=min(max(share, 0.0), 1.0)) for label, share in row.items()]
        for name, row in rows.items()
    }
