"""The half that is made by rule: real Reports of the offline judge, and one thing in each claim swapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import emer
from emer.schemas import Report, Step

DEMO = Path(emer.__file__).parent / "data" / "demo"
TEXTS = {
    "job": "ANNA: I am so disappointed. They gave the job to somebody else!\nBEN: Oh no, I'm sorry to hear that.",
    "keys": "MIA: Where were you? I was worried sick!\nJON: I lost my keys. I'm really sorry, I was so scared too.",
    "gift": "LEO: Thank you so much, this is wonderful!\nEVA: I am glad that you like it. I love giving presents.",
    "noise": "KIM: I hate this noise. It makes me furious.\nPAT: Disgusting, isn't it? Every single night.",
    "news": "ULA: We won! We really won!\nTED: I can't believe it, I'm so proud of you.",
    "exam": "RIO: I'm terrified of tomorrow. What if I fail again?\nSAM: You'll be fine. I hope so, at least.",
}
CUES = {
    "kitchen": [
        {"modality": "face", "person": "p1", "text": "broad smile, cheeks raised",
         "anchor": {"start_s": 0.5, "end_s": 2.5}},
        {"modality": "voice", "person": "p1", "text": "loud, fast and high-pitched",
         "anchor": {"start_s": 0.6, "end_s": 2.4}},
        {"modality": "face", "person": "p2", "text": "brows lowered, lips pressed",
         "anchor": {"start_s": 3.0, "end_s": 4.5}},
        {"modality": "voice", "person": "p2", "text": "harsh, loud voice", "anchor": {"start_s": 3.1, "end_s": 4.4}},
    ],
    "window": [
        {"modality": "face", "person": "p1", "text": "inner brows raised, lip corners pulled down",
         "anchor": {"start_s": 0.0, "end_s": 3.0}},
        {"modality": "voice", "person": "p1", "text": "soft, slow voice with a sigh",
         "anchor": {"start_s": 1.0, "end_s": 2.8}},
        {"modality": "transcript", "person": "p1", "text": "I miss her so much.",
         "anchor": {"start_s": 1.0, "end_s": 2.8}},
    ],
    "stairs": [
        {"modality": "face", "person": "p1", "text": "eyes wide, brows raised, mouth open",
         "anchor": {"start_s": 2.0, "end_s": 3.0}},
        {"modality": "voice", "person": "p1", "text": "trembling, breathless voice",
         "anchor": {"start_s": 2.2, "end_s": 3.4}},
        {"modality": "transcript", "person": "p1", "text": "Is somebody there? I'm scared.",
         "anchor": {"start_s": 2.2, "end_s": 3.4}},
    ],
    "market": [
        {"modality": "face", "person": "p1", "text": "nose wrinkled, upper lip raised",
         "anchor": {"start_s": 0.2, "end_s": 1.4}},
        {"modality": "transcript", "person": "p1", "text": "Yuck, that smells disgusting.",
         "anchor": {"start_s": 0.4, "end_s": 1.9}},
        {"modality": "face", "person": "p2", "text": "broad smile, eyes narrowed",
         "anchor": {"start_s": 2.0, "end_s": 3.1}},
        {"modality": "transcript", "person": "p2", "text": "Haha, you should see your face!",
         "anchor": {"start_s": 2.1, "end_s": 3.6}},
    ],
}  # fmt: skip
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


def reports() -> Iterator[tuple[str, Report]]:
    """The Reports that the claims come from: the shipped clip, dialogues and observations written for this set."""
    yield "rule:demo", emer.analyze(DEMO / "demo.mp4", transcript=DEMO / "demo.srt")
    for name, text in TEXTS.items():
        yield f"rule:{name}", emer.analyze(text=text)
    for name, cues in CUES.items():
        yield f"rule:{name}", emer.reason({"id": name, "cues": cues})


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
