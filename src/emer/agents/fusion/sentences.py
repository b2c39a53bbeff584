"""How a reading is told: observations first, then the inference, the best rival, the conclusion; every sentence cites.

Plain English in short sentences. A cue is told in its own words; numbers stand only where they are the argument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from emer.agents.fusion.attribution import subject
from emer.agents.fusion.evidence import Weighed
from emer.agents.fusion.phrases import capital, clause, contrast, degree, listed, marks, reason, sense
from emer.agents.fusion.reading import Reading
from emer.agents.fusion.words import Label
from emer.memory.ontology import STATES, back
from emer.schemas import Conflict, Cue

TOLD_AGAINST = -0.1
"""Nats: counter-evidence that weighs less is listed with the emotion but not told."""


class Sentence(NamedTuple):
    """One sentence and the ids of the cues that it cites for and against."""

    text: str
    evidence: list[str]
    counter: list[str]


def observations(reading: Reading, state: int) -> list[Sentence]:
    """What was seen, heard and said for the reading: one sentence a modality, the strongest first."""
    found = []
    order = list(dict.fromkeys(one.modality for one in reading.supporting(state)))
    for modality in order[:3]:
        cues = _distinct([reading.by_id[one.id] for one in reading.supporting(state) if one.modality == modality])[:2]
        found.append(Sentence(f"{capital(_told(cues, reading))}.", [cue.id for cue in cues], []))
    return found


def inference(reading: Reading, label: Label) -> Sentence:
    """Why the strongest cue speaks for the state, and what joins or contradicts it."""
    for_it = reading.supporting(label.state)
    text = f"{reason(reading.by_id[for_it[0].id], label.state)}."
    joined = _firsts(for_it, besides=for_it[0].modality)
    if joined:
        point = "point" if _is_plural(joined) else "points"
        text += f" {capital(_senses(joined))} {point} the same way {_ids(joined)}."
    opposed = [one.id for one in reading.opposing(label.state) if one.for_state(label.state) < TOLD_AGAINST][:1]
    text += "".join(f" Against it stands that {_told([reading.by_id[name]], reading)}." for name in opposed)
    return Sentence(text, [for_it[0].id, *(one.id for one in joined)], opposed)


def rivalry(reading: Reading, label: Label, rival: Label) -> Sentence:
    """Why the label and not its best rival."""
    telling = reading.deciding(label.state, rival.state)
    if not telling:
        cited = [one.id for one in reading.supporting(label.state)[:1]]
        text = f"{capital(rival.word.label)} would fit almost as well; the cues hardly tell the two apart"
        return Sentence(f"{text} {marks(cited)}.", cited, [])
    best = reading.by_id[telling[0].id]
    others = [reading.by_id[one.id] for one in reading.deciding(rival.state, label.state)]
    yet = [cue for cue in others if cue.anchor.utterance is None or cue.anchor.utterance != best.anchor.utterance][:1]
    text = f"Rather than {rival.word.label}, because {contrast(best, label.state, rival.state)}"
    text += "".join(f", although {contrast(cue, rival.state, label.state)}" for cue in yet)
    return Sentence(f"{text}.", [best.id], [cue.id for cue in yet])


def conclusion(reading: Reading, labels: Sequence[Label], *, who: str, verb: str) -> Sentence:
    """The verdict and what carries it."""
    carriers = _carriers(reading, labels)
    how = f"by {_senses(carriers)} alone" if len(_senses_of(carriers)) == 1 else f"by {_senses(carriers)} together"
    text = f"So {who} {verb} {_named(reading, labels)}, {how} {_ids(carriers)}."
    return Sentence(text, [one.id for one in carriers], [])


def summary(reading: Reading, labels: Sequence[Label], *, who: str, verb: str, is_later: bool) -> str:
    """One sentence for the Report's summary: the verdict, the strongest cue of each label told, the others named."""
    carriers = _carriers(reading, labels)
    first = list(dict.fromkeys(reading.supporting(label.state)[0].id for label in labels))
    told = _told([reading.by_id[name] for name in first], reading)
    modalities = {reading.by_id[name].modality for name in first}
    rest = [one for one in carriers if one.modality not in modalities]
    agree = "agree" if _is_plural(rest) else "agrees"
    also = f", and {_senses(rest)} {agree} {_ids(rest)}" if rest else ""
    said = f"Later {who}" if is_later else capital(who)
    return f"{said} {verb} {_named(reading, labels)}: {told}{also}."


def why_not(reading: Reading, label: Label, rival: Label) -> str:
    """Why a rival lost, for the list of alternatives."""
    telling = reading.deciding(label.state, rival.state)
    if telling:
        return contrast(reading.by_id[telling[0].id], label.state, rival.state)
    return f"nothing speaks for it more than for {label.word.label}"


def disagreement(conflict: Conflict, cues: Mapping[str, Cue]) -> Sentence:
    """One sentence about modalities that disagree."""
    one, other = (cues[name] for name in conflict.between)
    reasons = listed([hypothesis.kind.replace("_", " ") for hypothesis in conflict.hypotheses], word="or")
    what = f"{capital(sense(one.modality))} and {sense(other.modality)} disagree {marks(conflict.between)}"
    return Sentence(f"{what}, which could be {reasons}.", list(conflict.between), [])


def presence(reading: Reading) -> str:
    """How little there is of somebody of whom nothing is concluded: "seen for 0.3 s, says nothing; "."""
    seen_s = sum((c.anchor.end_s or 0) - (c.anchor.start_s or 0) for c in reading.cues if c.kind == "presence")
    parts = [f"seen for {seen_s:.1f} s"] if seen_s > 0 else []
    if parts and not any(cue.modality == "transcript" for cue in reading.cues):
        parts.append("says nothing")
    return f"{', '.join(parts)}; " if parts else ""


def _told(cues: Sequence[Cue], reading: Reading) -> str:
    return "; ".join(f"{clause(cue, subject=subject(reading.cues))} [{cue.id}]" for cue in cues)


def _carriers(reading: Reading, labels: Sequence[Label]) -> list[Weighed]:
    """The strongest cue of each modality for each label, each once."""
    found = [one for label in labels for one in _firsts(reading.supporting(label.state))]
    return list({one.id: one for one in found}.values())


def _firsts(weighed: Sequence[Weighed], *, besides: str | None = None) -> list[Weighed]:
    """The strongest of each modality, in the given order."""
    found: dict[str, Weighed] = {}
    for one in weighed:
        if one.modality != besides:
            found.setdefault(one.modality, one)
    return list(found.values())


def _distinct(cues: Sequence[Cue]) -> list[Cue]:
    """The cues without those that quote an utterance which an earlier one quotes."""
    found: list[Cue] = []
    for cue in cues:
        said = cue.anchor.utterance
        if said is None or all(other.anchor.utterance != said for other in found):
            found.append(cue)
    return found


def _named(reading: Reading, labels: Sequence[Label]) -> str:
    words = [label.word.label for label in labels]
    if len(words) == 2:
        return f"both {words[0]} and {words[1]}"
    is_plain = words[0] == back("goemotions28", STATES[labels[0].state]).label and words[0] != "neutral"
    return f"{degree(reading.intensity)}{words[0]}" if is_plain else words[0]  # delighted is already very joyful


def _senses(weighed: Sequence[Weighed]) -> str:
    return listed(_senses_of(weighed))


def _senses_of(weighed: Sequence[Weighed]) -> list[str]:
    return list(dict.fromkeys(sense(one.modality) for one in weighed))


def _ids(weighed: Sequence[Weighed]) -> str:
    return marks([one.id for one in weighed])


def _is_plural(weighed: Sequence[Weighed]) -> bool:
    return len(_senses_of(weighed)) > 1 or any(one.modality == "transcript" for one in weighed)  # "the words"
