"""The judge: the only author of labels. Offline it weighs cues and checked cases by the rules of `fusion`.

Evidence first, verdict last; it may abstain, per person. It reads cues and measures nothing, so that every number that
it uses is in the Report: in a cue's values, in the settings (`settings_used`), or in the projections.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from emer.agents.fusion import moments, sentences, tables
from emer.agents.fusion.attribution import attribute
from emer.agents.fusion.classes import class_probabilities
from emer.agents.fusion.confidence import confidence
from emer.agents.fusion.conflict import conflicts
from emer.agents.fusion.likelihood import Instruments, written_instruments
from emer.agents.fusion.moments import Span
from emer.agents.fusion.reading import Reading, read
from emer.agents.fusion.sentences import Sentence
from emer.agents.fusion.turning import Turned, turned
from emer.agents.fusion.words import Label
from emer.agents.state import Evidence, Services, Verdict
from emer.errors import EmerError
from emer.memory.ontology import STATES
from emer.schemas import Abstention, Alternative, Cause, Change, Conflict, Cue, Emotion, Projection, Step

MAX_EVIDENCE = 8
"""Cues cited for one emotion, the strongest: a list that nobody reads explains nothing."""
SHARED = "context"
"""The modality whose cues of nobody in particular belong to everybody."""


@dataclass(frozen=True)
class Judged:
    """One reading with the emotions that came of it."""

    reading: Reading
    emotions: tuple[Emotion, ...]
    steps: tuple[Step, ...]
    conflicts: tuple[Conflict, ...]


def judge(evidence: Evidence, services: Services) -> Verdict:
    """The verdict on a clip: emotions, rivals, reasoning, conflicts, changes; the order of cues changes nothing."""
    has_faces = any(_is_ours(cue) for cue in evidence.cues)
    instruments = instruments_for(services.settings.neutral_prior, has_faces=has_faces)
    spans = moments.clock(evidence.cues, evidence.utterances)
    found: list[Judged] = []
    for person, cues in subjects(evidence):
        for reading in readings(person, cues, evidence, instruments):
            found.append(_judged(reading, spans, instruments, after=found))
    emotions = [emotion for one in found for emotion in one.emotions]
    return Verdict(
        emotions=emotions,
        alternatives=[rival for one in found for rival in _alternatives(one.reading)],
        reasoning=[step for one in found for step in one.steps],
        conflicts=[conflict for one in found for conflict in one.conflicts],
        causes=[_linked(cause, emotions) for cause in evidence.causes],
        changes=_changes(found),
        abstained=_abstentions(found),
        projections=_projections([one.reading for one in found], instruments),
        summary=_summary(found),
    )


def _is_ours(cue: Cue) -> bool:
    """Whether its face classes may be read against the embedded network's confusions: not if another reader's."""
    is_classified = any(name.startswith("fer.") for name in cue.source.values)
    return is_classified and cue.source.tool not in tables.OTHER_FACE_READERS


def settings_used() -> dict[str, object]:
    """Every constant of the judge under `judge`, for `provenance.settings`."""
    return {"judge": tables.numbers()}


def instruments_for(neutral_share: float, *, has_faces: bool) -> Instruments:
    """The constants of the measuring networks; where one is not installed, published tables stand in.

    Without a classified face the face network is not even loaded: somebody may have asked for words only.
    """
    written = written_instruments(neutral_share)
    try:
        from emer.tools.text_encoder import base_rates

        rates = base_rates()
        go_base = np.array([rates[state] for state in STATES])
    except (EmerError, OSError):
        go_base = written.go_base
    if not has_faces:
        return Instruments(written.prior, go_base, written.fer_confusion, written.fer_shares)
    try:
        from emer.tools.face_expression import class_shares, confusion

        fer_confusion, fer_shares = np.asarray(confusion(), dtype=float), np.asarray(class_shares(), dtype=float)
    except (EmerError, OSError):
        fer_confusion, fer_shares = written.fer_confusion, written.fer_shares
    return Instruments(written.prior, go_base, fer_confusion, fer_shares)


def subjects(evidence: Evidence) -> list[tuple[str | None, list[Cue]]]:
    """Each person with the cues that bear on her, in order of id; `None` is an author, or whoever was not told apart.

    Where there is one person, everything is hers. Where there are several, each has her own and what the scene shows.
    """
    people = sorted(
        {cue.person for cue in evidence.cues if cue.person} | {person.id for person in evidence.people}, key=_by_number
    )
    if len(people) <= 1:
        person = people[0] if people else None
        return [(person, list(evidence.cues))]
    scene = [cue for cue in evidence.cues if cue.person is None and cue.modality == SHARED]
    found: list[tuple[str | None, list[Cue]]] = [
        (person, [cue for cue in evidence.cues if cue.person == person] + scene) for person in people
    ]
    nobody = [cue for cue in evidence.cues if cue.person is None and cue.modality != SHARED]
    return [*found, (None, nobody + scene)] if nobody else found


def readings(person: str | None, cues: Sequence[Cue], evidence: Evidence, instruments: Instruments) -> list[Reading]:
    """The readings of one person over time; neighbours that come to the same label, or to none, are read as one."""
    parts = moments.split(cues, evidence.utterances, instruments)
    found: list[Reading] = []
    for part in parts:
        reading = read(person, part, evidence.cases, instruments)
        if found and _same(found[-1], reading):
            together = {cue.id: cue for cue in (*found[-1].cues, *part)}
            reading = read(person, list(together.values()), evidence.cases, instruments)
            found.pop()
        found.append(reading)
    return found


def _same(one: Reading, other: Reading) -> bool:
    """Whether both come to the same first label, or both to none."""
    return [label.word.label for label in one.labels[:1]] == [label.word.label for label in other.labels[:1]]


def _judged(
    reading: Reading, spans: Mapping[str, Span], instruments: Instruments, *, after: Sequence[Judged]
) -> Judged:
    reading = _standing_out(reading)
    n_emotions = sum(len(one.emotions) for one in after)
    n_steps = sum(len(one.steps) for one in after)
    valences = [label.word.vad.valence for label in reading.labels]
    found = conflicts(reading.cues, spans, instruments, mixed=bool(valences) and min(valences) < 0 < max(valences))
    emotions = tuple(
        _emotion(reading, label, spans, name=f"e{n_emotions + n}") for n, label in enumerate(reading.labels, start=1)
    )
    steps = _reasoning(reading, found, emotions, turned(reading, instruments))
    numbered = tuple(step.model_copy(update={"id": f"r{n_steps + n}"}) for n, step in enumerate(steps, start=1))
    return Judged(reading, emotions, numbered, tuple(found))


def _standing_out(reading: Reading) -> Reading:
    """The reading, without labels where even the best of them would hardly be accepted by anybody."""
    if not reading.labels:
        return reading
    best = reading.labels[0]
    sure = confidence(reading.acceptance(best.state), channels=reading.channels, first=True)
    if sure.value >= tables.MIN_CONFIDENCE:
        return reading
    why_not = f"no reading stands out: about {sure.value:.0%} would accept the best of them, {best.word.label}"
    return replace(reading, labels=(), why_not=why_not)


def _emotion(reading: Reading, label: Label, spans: Mapping[str, Span], *, name: str) -> Emotion:
    cited = [reading.by_id[one.id] for one in reading.supporting(label.state)][:MAX_EVIDENCE]
    whose = attribute(reading.person, cited, seen=reading.cues)
    sure = confidence(reading.acceptance(label.state), channels=reading.channels, first=label is reading.labels[0])
    lasts = _lasting(cited, spans)
    return Emotion(
        id=name,
        label=label.word.label,
        intensity=reading.intensity,
        confidence=sure.value,
        confidence_basis=sure.basis,
        valence=label.word.vad.valence,
        arousal=label.word.vad.arousal,
        dominance=label.word.vad.dominance,
        person=reading.person,
        holder=whose.holder,
        perspective=whose.perspective,
        target=_target(label, cited),
        utterance=next((cue.anchor.utterance for cue in cited if cue.anchor.utterance), None),
        start_s=lasts.start if lasts else None,
        end_s=lasts.end if lasts else None,
        apex_s=_apex(cited, spans),
        evidence=[cue.id for cue in cited],
        counter_evidence=[one.id for one in reading.opposing(label.state)][:MAX_EVIDENCE],
        cases=reading.cases_for(label.state),
    )


def _lasting(cited: Sequence[Cue], spans: Mapping[str, Span]) -> Span | None:
    """From the first to the last moment of the cues; None where they have no time or are one picture."""
    found = [spans[cue.id] for cue in cited if cue.id in spans]
    whole = Span(min(s.start for s in found), max(s.end for s in found)) if found else None
    return whole if whole and whole.end > whole.start else None


def _target(label: Label, cited: Sequence[Cue]) -> str | None:
    """What the emotion is about, where the words beside it say so."""
    found = (cue.source.values.get("target") for cue in cited)
    return next((str(one) for one in found if one), None) if label.word.label != "neutral" else None


def _apex(cited: Sequence[Cue], spans: Mapping[str, Span]) -> float | None:
    """The moment of the cue on which most rests: its own instant, else the middle of its stretch."""
    for cue in cited:
        peak_s = cue.source.values.get("apex_s", cue.anchor.t_s)
        if isinstance(peak_s, int | float):
            return float(peak_s)
        if cue.id in spans:
            return spans[cue.id].middle
    return None


def _reasoning(
    reading: Reading, found: Sequence[Conflict], emotions: Sequence[Emotion], by_cases: Turned | None
) -> list[Step]:
    if not reading.labels:
        return []
    told: list[tuple[str, Sentence, list[str]]] = []
    ids = [emotion.id for emotion in emotions]
    for label, emotion in zip(reading.labels, emotions, strict=True):
        told += [("observation", one, [emotion.id]) for one in sentences.observations(reading, label.state)]
        told.append(("inference", sentences.inference(reading, label), [emotion.id]))
    told += [("inference", sentences.disagreement(one, reading.by_id), ids) for one in found]
    rivals = reading.rivals()
    if rivals:
        told.append(("rival", sentences.rivalry(reading, reading.labels[0], rivals[0]), ids[:1]))
    cited = [reading.by_id[name] for name in emotions[0].evidence]
    whose = attribute(reading.person, cited, seen=reading.cues)
    told.append(("conclusion", sentences.conclusion(reading, reading.labels, who=whose.who, verb=whose.verb), ids))
    unique = {sentence.text: (kind, sentence, supports) for kind, sentence, supports in reversed(told)}
    steps = [_step(kind, sentence, supports, emotions) for kind, sentence, supports in reversed(unique.values())]
    if by_cases is not None:
        step = _step("rival", by_cases.sentence, ids[:1], emotions)
        steps.insert(-1, step.model_copy(update={"cases": by_cases.cases}))
    return steps


def _step(kind: str, sentence: Sentence, supports: list[str], emotions: Sequence[Emotion]) -> Step:
    cases = emotions[0].cases if kind == "conclusion" else []
    return Step.model_validate({
        "id": "r0", "type": kind, "claim": sentence.text, "evidence": sentence.evidence,
        "counter": sentence.counter, "cases": cases, "supports": supports,
    })  # fmt: skip


def _alternatives(reading: Reading) -> list[Alternative]:
    return [
        Alternative(
            label=rival.word.label,
            person=reading.person,
            confidence=confidence(reading.acceptance(rival.state), channels=reading.channels, first=False).value,
            evidence=[one.id for one in reading.supporting(rival.state)][:MAX_EVIDENCE],
            why_not=sentences.why_not(reading, reading.labels[0], rival),
        )
        for rival in (reading.rivals() if reading.labels else [])
    ]


def _changes(found: Sequence[Judged]) -> list[Change]:
    changes = []
    for before, after in pairwise(found):
        if before.reading.person != after.reading.person or not (before.emotions and after.emotions):
            continue
        one, other = before.emotions[0], after.emotions[0]
        if other.start_s is None:
            continue
        evidence = [*one.evidence[:1], *other.evidence[:1]]
        changes.append(
            Change.model_validate(
                {"person": other.person, "from": one.id, "to": other.id, "t_s": other.start_s, "evidence": evidence}
            )
        )
    return changes


def _abstentions(found: Sequence[Judged]) -> list[Abstention]:
    spoken_for = {one.reading.person for one in found if one.emotions}
    silent = {
        one.reading.person: f"{sentences.presence(one.reading)}{one.reading.why_not}"
        for one in found
        if one.reading.person not in spoken_for
    }
    return [Abstention(person=person or "author", why=why) for person, why in silent.items()]


def _projections(found: Sequence[Reading], instruments: Instruments) -> dict[str, list[Projection]]:
    """Each reading's share of closed sets, averaged; a reading without a verdict counts as `none`."""
    if not found:
        return {}
    sets: dict[str, dict[str, float]] = {
        "goemotions28": dict.fromkeys((*STATES, "none"), 0.0),
        "ekman": {},
        "meld7": {},
    }
    for reading in found:
        p = np.exp(reading.log_p)
        rows = {
            "goemotions28": {state: float(p[n]) for n, state in enumerate(STATES)},
            "ekman": class_probabilities(reading.log_p, instruments, neutral="none"),
            "meld7": class_probabilities(reading.log_p, instruments, neutral="neutral"),
        }
        for name, row in rows.items():
            said = row if reading.labels else {"none": 1.0}
            for label in dict.fromkeys((*row, "none")):
                sets[name][label] = sets[name].get(label, 0.0) + said.get(label, 0.0) / len(found)
    return {
        name: [Projection(label=label, p=min(share, 1.0)) for label, share in row.items()] for name, row in sets.items()
    }


def _linked(cause: Cause, emotions: Sequence[Emotion]) -> Cause:
    """The cause with the emotions that it answers: those that rest on the same cues, else on the same utterance."""
    cited = set(cause.evidence)
    ids = [e.id for e in emotions if cited & set(e.evidence)]
    ids = ids or [e.id for e in emotions if cause.utterance is not None and e.utterance == cause.utterance]
    return cause.model_copy(update={"emotions": ids})


def _summary(found: Sequence[Judged]) -> str:
    parts: list[str] = []
    told: set[str | None] = set()
    is_few = len({one.reading.person for one in found}) <= 2
    for one in found:
        reading = one.reading
        if not one.emotions:
            continue
        cited = [reading.by_id[name] for name in one.emotions[0].evidence]
        whose = attribute(reading.person, cited, seen=reading.cues)
        is_later = reading.person in told
        parts.append(sentences.summary(reading, reading.labels, who=whose.who, verb=whose.verb, is_later=is_later))
        parts += [sentences.disagreement(conflict, reading.by_id).text for conflict in one.conflicts[:1]]
        parts += [step.claim for step in one.steps if step.type == "rival" and not is_later and is_few]
        told.add(reading.person)
    return " ".join(parts)


def _by_number(person: str) -> tuple[str, int]:
    head = person.rstrip("0123456789")
    return head, int(person[len(head) :] or 0)
