"""Why not another label, and two labels side by side: the judge's own weights of the cues, asked again."""

from __future__ import annotations

from collections.abc import Sequence

from emer.agents.conversing.chosen import alike, emotions_asked
from emer.agents.conversing.citing import capital, fact, number, observed
from emer.agents.conversing.request import Fact, Reply, Request
from emer.agents.fusion import sentences
from emer.agents.fusion.reading import Reading
from emer.agents.fusion.words import Label, best_word
from emer.agents.judge import instruments_for, readings, subjects
from emer.agents.state import Evidence
from emer.memory.ontology import STATES, resolve
from emer.schemas import Report


def why_not(report: Report, request: Request, focus: str | None) -> Reply:
    """Why a label was not concluded: what told it apart from what was, and what little speaks for it."""
    if not request.labels:
        asked = [
            made for one in report.alternatives for made in fact(report, _lost(one.label, one.why_not), one.evidence)
        ]
        return Reply(
            kind="why_not", facts=asked[:4], notes=[] if asked else ["Which label do you mean? “why not fear?”"]
        )
    label = request.labels[0]
    concluded = [one for one in emotions_asked(report, request) if one.label == label or alike(one.label, label)]
    if concluded:
        told = [made for one in concluded[:2] for made in fact(report, f"It is one of the readings: {one.label} "
                f"({number(one.confidence)})", one.evidence)]  # fmt: skip
        return Reply(kind="why_not", facts=told)
    facts = []
    for reading in _read(report, request):
        state = _state(label)
        if state is None or not reading.labels:
            continue
        rival = best_word(reading.log_p, [state], used=(), intensity=reading.intensity)
        facts += _against(report, reading, label, rival)
    if not facts:
        return Reply(kind="why_not", notes=[f"No cue of this Report tells {label} apart from anything."])
    return Reply(kind="why_not", facts=facts[:6])


def compare(report: Report, request: Request, focus: str | None) -> Reply:
    """Two labels side by side: which cues speak for the one and which for the other."""
    first = next((one.label for one in report.emotions if request.person in (None, one.person)), None)
    labels = [*request.labels, *request.denied]
    if len(labels) == 1 and first is not None and not alike(labels[0], first):
        labels = [first, labels[0]]
    states = [(label, _state(label)) for label in labels[:2]]
    if len(states) < 2 or any(state is None for _, state in states):
        return Reply(kind="compare", notes=["Name two emotion words: “compare disappointed and angry”."])
    facts: list[Fact] = []
    for reading in _read(report, request):
        (one, here), (other, there) = states
        facts += _speaking(report, reading, one, other, states=(here or 0, there or 0))
    if not facts:
        return Reply(kind="compare", notes=[f"No cue of this Report tells {labels[0]} and {labels[1]} apart."])
    return Reply(kind="compare", facts=facts[:6])


def _read(report: Report, request: Request) -> list[Reading]:
    """The readings that the judge had before it, person by person, moment by moment."""
    evidence = Evidence(
        clip=report.clip, people=report.people, utterances=report.utterances, cues=report.cues, cases=report.cases
    )
    share = report.provenance.settings.get("neutral_prior", 0.2)
    has_faces = any(name.startswith("fer.") for cue in report.cues for name in cue.source.values)
    instruments = instruments_for(float(share), has_faces=has_faces)
    return [
        reading
        for person, cues in subjects(evidence)
        if request.person in (None, person)
        for reading in readings(person, cues, evidence, instruments)
    ]


def _state(label: str) -> int | None:
    """The number of the state that a label mostly is; None where the word means nothing to emer."""
    weights = resolve(label).states
    return STATES.index(max(weights, key=lambda state: weights[state])) if weights else None


def _against(report: Report, reading: Reading, label: str, rival: Label) -> list[Fact]:
    winner = reading.labels[0]
    best = [one.id for one in reading.deciding(winner.state, rival.state)[:1]]
    because = sentences.why_not(reading, winner, rival)
    head = f"Not {label} but {winner.word.label}, because {because}"
    facts = fact(report, head, best or [one.id for one in reading.supporting(winner.state)[:1]])
    for_rival = {one.id for one in reading.supporting(rival.state)}
    for one in [each for each in reading.deciding(rival.state, winner.state) if each.id in for_rival][:1]:
        facts += fact(
            report, f"For {label} rather than {winner.word.label} speaks: {observed(reading.by_id[one.id])}", [one.id]
        )
    return facts


def _lost(label: str, because: str) -> str:
    return f"Not {label}: {because}"


def _speaking(report: Report, reading: Reading, one: str, other: str, *, states: tuple[int, int]) -> list[Fact]:
    facts = []
    for label, against, (mine, theirs) in ((one, other, states), (other, one, states[::-1])):
        for_it = {each.id for each in reading.supporting(mine)}
        telling: Sequence[str] = [each.id for each in reading.deciding(mine, theirs) if each.id in for_it][:2]
        for name in telling:
            text = f"For {label} rather than {against} speaks: {observed(reading.by_id[name])}"
            facts += fact(report, capital(text), [name])
    return facts
