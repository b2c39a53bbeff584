"""The half that is made by rule: real Reports of the offline judge, and one thing in each claim swapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import emer
from emer.schemas import Report, Step

DEMO = Path(emer.__file__).parent / "data" / "demo"
GIVEN = ("modality", "person", "text", "anchor", "level")
"""What of a cue is told to the judge, which reads it as an observation made elsewhere."""
OPPOSITES = {
    "happy": "sad", "sad": "happy", "higher": "lower", "lower": "higher", "louder": "softer", "softer": "louder",
    "faster": "slower", "slower": "faster", "rises": "falls", "falls": "rises", "angry": "happy", "afraid": "happy",
    "disappointed": "delighted", "joyful": "miserable", "proud": "ashamed", "grateful": "furious", "furious": "pleased",
    "annoyed": "pleased", "angered": "pleased", "scared": "joyful", "terrified": "cheerful", "worried": "cheerful",
    "nervous": "cheerful", "sorry": "delighted", "remorseful": "delighted", "disgusted": "delighted",
    "approving": "disgusted", "amused": "grieving", "surprised": "bored", "loving": "hateful", "optimistic": "hopeless",
    "hopeful": "hopeless", "disappointment": "joy", "joy": "grief", "fear": "joy", "anger": "joy", "sadness": "joy",
    "gratitude": "anger", "pride": "remorse", "disgust": "love", "love": "disgust", "remorse": "pride",
    "amusement": "grief", "optimism": "grief", "excitement": "sadness", "annoyance": "joy", "admiration": "disgust",
    "excited": "sad", "thankful": "furious", "pleased": "furious", "glad": "sad", "heartbroken": "happy",
    "missing": "despising", "nervousness": "joy", "caring": "disgust", "approval": "disgust", "grief": "joy",
}  # fmt: skip
"""Words turned into their opposite, for polarity."""
DENIALS = {
    " says ": " does not say ", " appears ": " does not appear ", " would call ": " would not call ",
    " points ": " does not point ", " point ": " do not point ", " choose ": " do not choose ",
    " asks ": " does not ask ", " fits ": " does not fit ", " disagree ": " do not disagree ",
}  # fmt: skip
SENSES = {
    "voice": "face", "face": "voice", "Voice": "Face", "Face": "Voice", " says ": " frowns at ",
    "the words": "the face",
}  # fmt: skip

Swap = Callable[[Step, Report], Step | None]


def reports(scenes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Report]]:
    """The Reports that the claims come from, unverified: of the shipped clip, and of the cues of each scene."""
    yield "rule:demo", emer.analyze(DEMO / "demo.mp4", transcript=DEMO / "demo.srt", without=("verify",))
    for scene in scenes:
        cues = [{name: cue[name] for name in GIVEN} for cue in scene["cues"]]
        name = scene["id"].replace("hand:", "rule:")
        yield name, emer.reason({"id": name, "cues": cues}, without=("verify",))


def template(step: Step) -> str:
    """The form of an offline sentence: its type and the sense of its first cue."""
    return f"{step.type}/{(step.evidence or ['none'])[0].partition('-')[0]}"


def _replaced(step: Step, claim: str, **update: object) -> Step | None:
    return step.model_copy(update={"claim": claim, **update}) if claim != step.claim else None


def swap_person(step: Step, report: Report) -> Step | None:
    """The claim with another person's id: another of the clip, else one who is not in it."""
    found = re.search(r"\bp\d\b", step.claim)
    if found is None:
        return None
    others = [one.id for one in report.people if one.id != found.group()] or ["p7"]
    return _replaced(step, step.claim.replace(found.group(), others[0]))


def swap_time(step: Step, report: Report) -> Step | None:
    """The claim at another time: its own span moved past the end, or an instant that no cue has."""
    found = re.search(r"(\d+\.\d)–(\d+\.\d) s", step.claim)
    if found is None:
        return _replaced(step, re.sub(r"(?=\s*\[)|\.$", " at 41.5 s", step.claim, count=1))
    moved = f"{float(found[1]) + 20:.1f}–{float(found[2]) + 20:.1f} s"
    return _replaced(step, step.claim.replace(found.group(), moved))


def swap_polarity(step: Step, report: Report) -> Step | None:
    """The claim with its first word of feeling, or of more and less, turned into the opposite; quotations are left."""
    for found in re.finditer(r"[a-z]+", re.sub(r"“[^”]*”", lambda q: "*" * len(q.group()), step.claim)):
        if found.group() in OPPOSITES:
            return _replaced(step, step.claim[: found.start()] + OPPOSITES[found.group()] + step.claim[found.end() :])
    return None


def swap_modality(step: Step, report: Report) -> Step | None:
    """The claim told of another sense."""
    bare = re.sub(r"\[[^\]]*\]|“[^”]*”", lambda q: "*" * len(q.group()), step.claim)
    for sense, other in SENSES.items():
        place = bare.find(sense)
        if place >= 0:
            return _replaced(step, step.claim[:place] + other + step.claim[place + len(sense) :])
    return None


def swap_negation(step: Step, report: Report) -> Step | None:
    """The claim denied."""
    for plain, denied in DENIALS.items():
        if plain in step.claim:
            return _replaced(step, step.claim.replace(plain, denied, 1))
    return None


def swap_cue(step: Step, report: Report) -> Step | None:
    """The claim with its first cue exchanged for one of another modality that it does not cite."""
    first = step.evidence[0]
    cited = {*step.evidence, *step.counter}
    modalities = {name.partition("-")[0] for name in cited}
    others = [cue.id for cue in report.cues if cue.id not in cited and cue.modality not in modalities]
    others = others or [cue.id for cue in report.cues if cue.id not in cited]
    if not others:
        return None
    return _replaced(step, step.claim.replace(f"[{first}]", f"[{others[0]}]"),
                     evidence=[others[0], *step.evidence[1:]])  # fmt: skip


SWAPS: dict[str, Swap] = {
    "person": swap_person,
    "time": swap_time,
    "polarity": swap_polarity,
    "modality": swap_modality,
    "negation": swap_negation,
    "cue": swap_cue,
}
