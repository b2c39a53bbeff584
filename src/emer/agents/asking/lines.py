"""Cues, utterances, people, cases and causes as lines of data, one a line, every free text quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from emer.agents.asking.delimited import Block, quoted
from emer.agents.state import Evidence
from emer.memory.codebook import Codebook
from emer.schemas import Anchor, Cause, Cue, Dropped, Person, RecalledCase, Step, Utterance

MAX_CUES = 300
"""Cues that one question holds: of a longer clip the most marked, some 20,000 tokens."""
MAX_UTTERANCES = 400
MAX_DEFINITION_CHARS = 240
CODEBOOK = "words of the user's codebook"


def people(found: Iterable[Person]) -> Block:
    """Who is there."""
    return Block("people", [f"{one.id} | {quoted(one.description)}" for one in found])


def utterances(found: Sequence[Utterance]) -> Block:
    """What was said, in order; of a long transcript the first `MAX_UTTERANCES`."""
    lines = [_joined(u.id, u.person or "-", _span(u.start_s, u.end_s), quoted(u.text)) for u in found[:MAX_UTTERANCES]]
    if len(found) > MAX_UTTERANCES:
        lines.append(f"({len(found) - MAX_UTTERANCES} more utterances are not shown)")
    return Block("utterances", lines)


def cues(found: Sequence[Cue], title: str = "cues") -> Block:
    """Observations with id, person, time, kind, level and worth; of many the most marked, in their order."""
    kept = {cue.id for cue in sorted(found, key=lambda cue: -cue.strength * cue.quality)[:MAX_CUES]}
    lines = [_cue(cue) for cue in found if cue.id in kept]
    if len(found) > MAX_CUES:
        lines.append(f"({len(found) - MAX_CUES} less marked cues are not shown)")
    return Block(title, lines)


def told(context: str | None) -> Block:
    """What the user told about the situation."""
    return Block("told by the user", [quoted(context)] if context else [])


def cases(found: Sequence[RecalledCase]) -> Block:
    """Past clips from memory."""
    lines = [
        _joined(c.id, c.role, f"labels {quoted(', '.join(c.labels))}", quoted(c.text), quoted(c.why)) for c in found
    ]
    return Block("cases from memory", lines)


def codebooks(found: Iterable[Codebook]) -> Block:
    """The labels that the user brought, each with its definition if it has one."""
    labels = dict.fromkeys(label for book in found for label in book.labels)
    return Block(CODEBOOK, [_joined(quoted(one.label), *_defined(one.definition)) for one in labels])


def _defined(definition: str) -> list[str]:
    cut = definition[:MAX_DEFINITION_CHARS]
    return [quoted(f"{cut} …" if cut != definition else cut)] if definition else []


def causes(found: Sequence[Cause]) -> Block:
    """What the emotions may answer to."""
    return Block("possible causes", [_joined(c.id, c.kind, ", ".join(c.evidence), quoted(c.text)) for c in found])


def dropped(found: Sequence[Dropped]) -> Block:
    """Claims that were taken out, and why."""
    return Block("what did not stand the check", [_joined(quoted(one.claim), quoted(one.why)) for one in found])


def claims(found: Sequence[Step]) -> Block:
    """The steps of a verdict, each with the cues that it cites."""
    lines = [_joined(s.id, s.type, "for " + ", ".join(s.evidence), *_against(s), quoted(s.claim)) for s in found]
    return Block("claims", lines)


def whole(evidence: Evidence) -> list[Block]:
    """All that the judge and the critic may look at, but for cases and causes."""
    return [people(evidence.people), utterances(evidence.utterances), cues(evidence.cues), told(evidence.clip.context)]


def _cue(cue: Cue) -> str:
    worth = f"strength {cue.strength:.2f}, quality {cue.quality:.2f}"
    return _joined(cue.id, cue.person or "-", _when(cue.anchor), cue.kind, cue.level, worth, quoted(cue.text))


def _when(anchor: Anchor) -> str:
    span = _span(anchor.start_s, anchor.end_s) if anchor.t_s is None else f"{anchor.t_s:.1f} s"
    return f"{span} in {anchor.utterance}" if anchor.utterance else span


def _span(start_s: float | None, end_s: float | None) -> str:
    if start_s is None:
        return "no time"
    return f"{start_s:.1f}-{start_s if end_s is None else end_s:.1f} s"


def _against(step: Step) -> list[str]:
    return ["against " + ", ".join(step.counter)] if step.counter else []


def _joined(*parts: str) -> str:
    return " | ".join(parts)
