"""Claims planted by rule in real verdicts (person, time, polarity, modality, negation, cue id), and true ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from emer import analyze
from emer.agents.judge import judge
from emer.agents.state import Evidence, Services, Verdict
from emer.agents.verify import verify
from emer.config import Settings
from emer.memory.ontology import STATES
from emer.schemas import Anchor, Clip, Cue, Person, Source, Step, Utterance

FER = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
WORDS = {"angry": "angry", "disgust": "disgusted", "fear": "afraid", "surprise": "surprised"}
OPPOSITE = {
    "joyful": "sad", "happy": "miserable", "delighted": "miserable", "sad": "happy", "disappointed": "delighted",
    "angry": "joyful", "annoyed": "delighted", "afraid": "delighted", "scared": "delighted", "thankful": "furious",
    "excited": "sad", "grateful": "furious", "sorrowful": "happy", "surprised": "bored", "nervous": "delighted",
    "worried": "delighted", "disgusted": "delighted", "loving": "hateful", "disapproving": "delighted",
    "gratitude": "anger", "joy": "sadness", "sadness": "joy", "anger": "joy", "fear": "joy", "disgust": "joy",
    "annoyance": "joy", "disappointment": "joy", "nervousness": "joy", "excitement": "sadness", "love": "hate",
}  # fmt: skip
SENSES = {"the words": "the voice", "the voice": "the face", "the face": "the voice", "such words": "such a voice"}


def clip(number: int, text: str, state: str, look: str, *, arousal: float, other: str) -> Evidence:
    """Two people: p1 speaks, sounds and looks; p2 only looks, later."""
    go = {f"go.{name}": 0.01 for name in STATES} | {f"go.{state}": 0.7}
    tone = "louder and faster" if arousal > 0 else "softer and slower"
    seen, strange = (_shares(look), _shares(other))
    told = f"speaks {tone} than in the rest of this recording, 0.4–2.1 s"
    cues = [
        cue("face-1", "p1", _face(look, "0.5–2.0 s"), (0.5, 2.0), seen),
        cue("face-2", "p2", _face(other, "5.0–7.0 s"), (5.0, 7.0), strange),
        cue("voice-1", "p1", told, (0.4, 2.1), {}, arousal=arousal),
        cue("transcript-1", "p1", f"says “{text}”", (0.4, 2.1), go, utterance="u1"),
    ]
    return Evidence(
        clip=Clip(id=f"sha256:{number}", source="clip.mp4", kind="video"),
        people=[Person(id="p1", description="person on the left"), Person(id="p2", description="person on the right")],
        utterances=[Utterance(id="u1", person="p1", text=text, start_s=0.4, end_s=2.1)],
        cues=cues,
    )


def cue(name: str, person: str, text: str, at: tuple[float, float], values: dict[str, float], **more: object) -> Cue:
    anchor = Anchor.model_validate({"start_s": at[0], "end_s": at[1], "utterance": more.pop("utterance", None)})
    return Cue.model_validate({
        "id": name, "modality": name.partition("-")[0], "kind": "x", "person": person, "text": text, "anchor": anchor,
        "strength": 0.7, "quality": 0.9, "source": Source(tool="t", version="1", values=dict(values)), **more,
    })  # fmt: skip


def _shares(look: str) -> dict[str, float]:
    return {f"fer.{name}": 0.02 for name in FER} | {f"fer.{look}": 0.88}


def _face(look: str, when: str) -> str:
    return f"raters would call this face {WORDS.get(look, look)} (.88, FER2013), {when}"


CLIPS = (
    clip(1, "we got the house, can you believe it", "joy", "happy", arousal=0.6, other="sad"),
    clip(2, "nobody came to say goodbye", "sadness", "sad", arousal=-0.5, other="happy"),
    clip(3, "you broke it and you lied about it", "anger", "angry", arousal=0.7, other="happy"),
    clip(4, "there is somebody at the window", "fear", "fear", arousal=0.6, other="neutral"),
    clip(5, "it smells like something died in here", "disgust", "disgust", arousal=0.2, other="happy"),
    clip(6, "thank you for everything you did", "gratitude", "happy", arousal=0.1, other="angry"),
    clip(7, "that was not what we had hoped for", "disappointment", "sad", arousal=-0.3, other="surprise"),
    clip(8, "will you stop doing that", "annoyance", "angry", arousal=0.5, other="happy"),
)


def verdict(evidence: Evidence) -> Verdict:
    return judge(evidence, Services(settings=Settings()))


def swapped(table: dict[str, str]) -> Callable[[str], str]:
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + r")\b")
    return lambda text: pattern.sub(lambda match: table[match.group()], text)


def other_person(step: Step) -> Step:
    return step.model_copy(update={"claim": swapped({"p1": "p2", "p2": "p1"})(step.claim)})


def later(step: Step) -> Step:
    moved = re.sub(r"(\d\.\d)–(\d\.\d) s", lambda m: f"{float(m[1]) + 20:.1f}–{float(m[2]) + 20:.1f} s", step.claim)
    return step.model_copy(update={"claim": moved})


def other_polarity(step: Step) -> Step:
    return step.model_copy(update={"claim": swapped(OPPOSITE)(step.claim)})


def other_sense(step: Step) -> Step:
    """Another sense; where all three are cited together no name of them can be wrong."""
    if "together" in step.claim and len(step.evidence) == 3:
        return step
    return step.model_copy(update={"claim": swapped(SENSES)(step.claim)})


def denied(step: Step) -> Step:
    table = {"says": "does not say", "would call": "would not call", "speaks": "does not speak"}
    return step.model_copy(update={"claim": swapped(table)(step.claim)})


def missing_id(step: Step) -> Step:
    table = {name: f"{name.partition('-')[0]}-9" for name in (*step.evidence, *step.counter)}
    told = swapped(table)(step.claim)
    return step.model_copy(update={"claim": told, "evidence": [table[name] for name in step.evidence]})


def stranger_s_cue(step: Step) -> Step:
    """The cue of the other person, cited for what this one does."""
    table = {"face-1": "face-2", "face-2": "face-1", "voice-1": "face-2", "transcript-1": "face-2"}
    told = swapped(table)(step.claim)
    return step.model_copy(update={"claim": told, "evidence": [table[name] for name in step.evidence], "counter": []})


PLANTS: dict[str, tuple[Callable[[Step], Step], tuple[str, ...]]] = {
    "person": (other_person, ("observation", "inference", "conclusion")),
    "time": (later, ("observation", "inference", "conclusion")),
    "polarity": (other_polarity, ("inference", "conclusion")),
    "modality": (other_sense, ("inference", "conclusion")),
    "negation": (denied, ("observation",)),
    "cue id": (missing_id, ("observation", "inference", "rival", "conclusion")),
    "another's cue": (stranger_s_cue, ("observation", "conclusion")),
}


def planted(kind: str) -> list[tuple[Evidence, Verdict, Step]]:
    change, types = PLANTS[kind]
    found = []
    for evidence in CLIPS:
        base = verdict(evidence)
        for step in base.reasoning:
            changed = change(step)
            if step.type in types and (changed.claim != step.claim):
                found.append((evidence, base, changed.model_copy(update={"id": "r99"})))
    return found


def is_caught(evidence: Evidence, base: Verdict, step: Step) -> bool:
    after = verify(evidence, replace(base, reasoning=[*base.reasoning, step]))
    return any(one.claim == step.claim for one in after.dropped)


@pytest.mark.parametrize("kind", PLANTS)
def test_nearly_every_planted_claim_is_caught(kind: str):
    found = planted(kind)
    assert len(found) >= 8
    missed = [step.claim for evidence, base, step in found if not is_caught(evidence, base, step)]
    assert len(missed) <= 0.05 * len(found), missed


def test_no_true_claim_is_lost():
    n = 0
    for evidence in CLIPS:
        after = verify(evidence, verdict(evidence))
        n += len(after.reasoning)
        assert after.dropped == []
    assert n >= 50


def test_no_claim_about_the_demonstration_clip_is_lost():
    demo = Path(str(files("emer") / "data" / "demo"))
    report = analyze(demo / "demo.mp4", transcript=demo / "demo.srt")
    assert any("raters would not agree on this face" in step.claim for step in report.reasoning)
    assert report.dropped == []
