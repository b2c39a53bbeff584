"""The specialists' questions to a model, and the cues that come of its answers; what names an emotion is left out.

One line of `READERS` is one specialist with a model half.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from emer.agents.asking import answers, lines, material
from emer.agents.asking.answers import Heard, Seen, Situated, Worded
from emer.agents.asking.delimited import Block, enclosed
from emer.agents.asking.material import Material
from emer.agents.fusion.manner import manner
from emer.agents.state import Evidence, Services
from emer.memory.ontology import STATES, mentions
from emer.models import Answer, Question, Text
from emer.prompts import load
from emer.schemas import Anchor, Cue, Source

DESCRIBED_QUALITY, INFERRED_QUALITY = 0.7, 0.5
"""Worth of what a model says that it saw or heard, and of what it made of measurements alone (ours)."""
TIME_SLACK_S = 0.3
TOLD = "told"
"""How an observation names what the user told as what it rests on."""
EVENTS = ("surprise", "content", "down")
"""Names of states that in a description mostly stand for something else."""
_QUOTE = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’|'[^']{2,}'(?!\w)")

Observation = Seen | Heard | Worded | Situated


class Reader(NamedTuple):
    """How one specialist asks a model: the form of its answer, what it shows, what it sends, what its prompt needs."""

    schema: type[Any]
    shown: Callable[[Evidence], list[Block]]
    sent: Callable[[Evidence, Services], Material]
    variables: dict[str, str]


@dataclass(frozen=True)
class Added:
    """The cues that an answer adds, and why others of its observations were left out."""

    cues: Sequence[Cue] = ()
    left_out: Sequence[str] = ()


def _of(evidence: Evidence, modality: str) -> list[Cue]:
    return [cue for cue in evidence.cues if cue.modality == modality]


def _face_blocks(evidence: Evidence) -> list[Block]:
    """Without the words: what is said would colour what is seen."""
    return [lines.people(evidence.people), lines.cues(_of(evidence, "face"), "measurements of faces")]


def _voice_blocks(evidence: Evidence) -> list[Block]:
    return [
        lines.people(evidence.people),
        lines.utterances(evidence.utterances),
        lines.cues(_of(evidence, "voice"), "measurements of voices"),
    ]


def _transcript_blocks(evidence: Evidence) -> list[Block]:
    noted = [cue for cue in _of(evidence, "transcript") if cue.kind != "said"]
    return [
        lines.people(evidence.people),
        lines.utterances(evidence.utterances),
        lines.cues(noted, "what a tool noted of the words"),
    ]


def _context_blocks(evidence: Evidence) -> list[Block]:
    return [
        lines.people(evidence.people),
        lines.told(evidence.clip.context),
        lines.utterances(evidence.utterances),
        lines.cues(_of(evidence, "context"), "turns and picture"),
    ]


def _nothing(evidence: Evidence, services: Services) -> Material:
    return Material()


def _sound(evidence: Evidence, services: Services) -> Material:
    return material.sound(services)


_MOST = str(answers.MOST)
READERS: dict[str, Reader] = {
    "face": Reader(answers.FaceAnswer, _face_blocks, material.frames_of_faces, {"n_most": _MOST}),
    "voice": Reader(
        answers.VoiceAnswer, _voice_blocks, _sound, {"n_most": _MOST, "tags": answers.listed(answers.VoiceTag)}
    ),
    "transcript": Reader(
        answers.TranscriptAnswer,
        _transcript_blocks,
        _nothing,
        {"n_most": _MOST, "devices": answers.listed(answers.Device)},
    ),
    "context": Reader(answers.ContextAnswer, _context_blocks, material.frames_of_scenes, {"n_most": _MOST}),
}


def is_worth_asking(name: str, evidence: Evidence) -> bool:
    """Whether there is anything for a specialist's model to read: measurements of its own, or words."""
    if name == "transcript":
        return bool(evidence.utterances)
    if name == "context":
        return bool(evidence.utterances or evidence.clip.context or _of(evidence, "context"))
    return bool(_of(evidence, name))


def question(name: str, evidence: Evidence, sent: Material) -> Question[Any]:
    """What one specialist asks."""
    reader, prompt = READERS[name], load(name)
    data = enclosed(reader.shown(evidence))
    return Question(
        agent=name,
        system=prompt.fill(mark=data.mark, **reader.variables),
        parts=(Text(data.text), *sent.images, *sent.sounds),
        schema=reader.schema,
        prompt=prompt.id,
    )


def added(name: str, answer: Answer[Any], evidence: Evidence, sent: Material, *, prompt: str) -> Added:
    """The cues of an answer, numbered on after the measured ones of the modality."""
    last = max((int(cue.id.rpartition("-")[2]) for cue in _of(evidence, name)), default=0)
    kept: list[Cue] = []
    left_out: list[str] = []
    source = Source(tool=answer.model or "model", version=prompt)
    for one in answer.value.observations:
        why = _objection(one, evidence, sent)
        if why is not None:
            left_out.append(why)
            continue
        kept.append(_cue(name, one, source, is_seen=bool(sent.names & set(_basis(one))), number=last + len(kept) + 1))
    return Added(kept, left_out)


def told_left_out(name: str, left_out: Sequence[str]) -> list[str]:
    """A warning that says how many observations were left out and why; none if none were."""
    if not left_out:
        return []
    reasons = ", ".join(f"{why} ({n})" for why, n in sorted(Counter(left_out).items()))
    return [f"{len(left_out)} observations of the model that read the {name} were left out: {reasons}."]


def _basis(one: Observation) -> list[str]:
    return [one.utterance] if isinstance(one, Worded) else one.basis


def _objection(one: Observation, evidence: Evidence, sent: Material) -> str | None:
    """Why an observation may not become a cue, or None."""
    there = {cue.id for cue in evidence.cues} | {u.id for u in evidence.utterances} | sent.names
    told = {TOLD} if evidence.clip.context else set()
    if not (there | told) & set(_basis(one)):
        return "rests on nothing that the model was given"
    if one.person is not None and one.person not in {person.id for person in evidence.people}:
        return "speaks of nobody in the clip"
    if _names_an_emotion(one.text):
        return "names an emotion"
    if isinstance(one, Worded):
        return _misquoted(one, evidence)
    length_s = evidence.clip.duration_s
    if length_s is not None and one.start_s is not None and one.start_s > length_s + TIME_SLACK_S:
        return "lies after the end of the clip"
    return None if one.text.strip() else "says nothing"


def _names_an_emotion(text: str) -> bool:
    """Whether a text calls somebody by an emotion, quotations left out; "a surprise" is an event, not a feeling."""
    found = [one for one in mentions(_QUOTE.sub(" ", text)) if not one.negated]
    names = [one.surface.lower() for one in found if one.surface.lower() in (one.word.label, *STATES)]
    return any(name not in EVENTS for name in names)


def _misquoted(one: Worded, evidence: Evidence) -> str | None:
    words = next((u.text for u in evidence.utterances if u.id == one.utterance), "")
    quote = " ".join(one.quote.split())
    return None if quote and quote in " ".join(words.split()) else "quotes what was not said"


def _cue(name: str, one: Observation, source: Source, *, is_seen: bool, number: int) -> Cue:
    is_described = is_seen or isinstance(one, Worded)
    text = " ".join(one.text.split())
    tone = manner(text) if name in ("face", "voice") else None
    return Cue(
        id=f"{name}-{number}",
        modality=name,
        kind=_kind(one),
        person=one.person,
        text=_told(one, text),
        level="described" if is_described else "inferred",
        anchor=_anchor(one),
        strength=one.strength,
        quality=DESCRIBED_QUALITY if is_described else INFERRED_QUALITY,
        valence=tone.valence if tone else None,
        arousal=tone.arousal if tone else None,
        source=source.model_copy(update={"values": {"basis": ", ".join(_basis(one))}}),
    )


def _kind(one: Observation) -> str:
    """What it is called among the cues: a manner of wording and a part of the situation by their own names."""
    if isinstance(one, Worded):
        return one.device
    return one.kind if isinstance(one, Situated) else "heard" if isinstance(one, Heard) else "seen"


def _told(one: Observation, text: str) -> str:
    if isinstance(one, Heard):
        return f"{one.tag}: {text}"
    if isinstance(one, Worded):
        return f"{one.device.replace('_', ' ')} in “{' '.join(one.quote.split())}”: {text}"
    return text


def _anchor(one: Observation) -> Anchor:
    if isinstance(one, Worded):
        return Anchor(utterance=one.utterance)
    if one.start_s is None:
        return Anchor()
    return Anchor(start_s=one.start_s, end_s=max(one.start_s, one.end_s if one.end_s is not None else one.start_s))
