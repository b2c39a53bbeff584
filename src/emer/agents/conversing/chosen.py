"""Which emotions and cues of a Report a turn is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emer.agents.conversing.request import Request
from emer.memory.ontology import words
from emer.schemas import Cue, Emotion, Report

_SHOWN: dict[str, str] = {
    r"smil\w*|grin\w*|beam\w*": r"smil|grin|happy|lip corners? (?:up|raised)|AU12",
    r"laugh\w*|chuckl\w*|giggl\w*": r"laugh|chuckl|giggl|ha ha|haha",
    r"frown\w*|scowl\w*": r"frown|scowl|brows? lowered|angry|AU4\b",
    r"cr(?:y|ie[sd]|ying)|tears?|weep\w*|sob\w*": r"cr(?:y|ies|ying)|tear|weep|sob",
    r"shout\w*|yell\w*|scream\w*|loud\w*|exclaim\w*": r"shout|yell|scream|loud|exclaim|capital",
    r"whisper\w*|soft\w*|quiet\w*": r"whisper|soft|quiet",
    r"paus\w*|silen\w*|hesitat\w*": r"paus|silen|hesitat",
    r"sigh\w*": r"sigh|breath",
    r"nod\w*": r"nod",
    r"sp(?:eak|oke)\w* (?:so )?fast\w*|rush\w*|faster": r"faster",
    r"high\w*|shrill": r"higher-pitched",
    r"low(?:er)?[- ]?(?:pitch\w*|voice)": r"lower-pitched",
}
"""What people call a behaviour, and how a cue about it is worded."""
_IDLE = frozenset({
    "and", "been", "change", "changes", "could", "did", "does", "for", "from", "had", "happen", "has", "have", "her",
    "his", "how", "just", "leave", "leaving", "long", "not", "only", "out", "said", "saying", "she", "that", "the",
    "their", "then", "they", "this", "was", "were", "what", "when", "with", "without", "word", "words", "would",
})  # fmt: skip


def emotions_asked(report: Report, request: Request, *, focus: str | None = None) -> list[Emotion]:
    """The emotions that a turn is about: by label, else by time, else by person, else all; a focus narrows the last."""
    pool = [one for one in report.emotions if request.person in (None, one.person)] or list(report.emotions)
    if request.labels:
        return [one for one in pool if one.label in request.labels] or [
            one for one in pool if any(alike(one.label, label) for label in request.labels)
        ]
    if request.span is not None:
        start_s, end_s = request.span
        timed = [one for one in pool if one.start_s is not None and one.end_s is not None]
        return [one for one in timed if (one.start_s or 0) <= end_s and (one.end_s or 0) >= start_s]
    if request.person is None and focus is not None:
        return [one for one in pool if one.id == focus] or pool
    return pool


def alike(one: str, other: str) -> bool:
    """Whether two labels are words of the same state ("afraid" and "scared")."""
    known = words()
    if one == other:
        return True
    return one in known and other in known and known[one].states[0][0] == known[other].states[0][0]


def cues_asked(report: Report, request: Request) -> list[Cue]:
    """The cues that a turn names: by id, by modality, by what was done ("smiled"), or by their words."""
    own = [cue for cue in report.cues if request.person in (None, cue.person)]
    if request.cues:
        return [cue for cue in own if cue.id in request.cues]
    said = request.text.lower()
    for done, worded in _SHOWN.items():
        if re.search(rf"\b(?:{done})\b", said):
            found = [cue for cue in own if re.search(worded, cue.text, re.IGNORECASE)]
            if found:
                return found
    quoted = re.findall(r"[“\"]([^”\"]{2,})[”\"]", request.text)
    if quoted:
        return [cue for cue in own if any(text.lower() in cue.text.lower() for text in quoted)]
    if request.modality is not None:
        return [cue for cue in own if cue.modality == request.modality]
    return _by_words(own, said)


def _by_words(cues: Sequence[Cue], said: str) -> list[Cue]:
    """The cues that share the most words of content with a text; none where they share none."""
    asked = {word[:6] for word in re.findall(r"[a-z]{3,}", said) if word not in _IDLE}
    shared = {cue.id: len(asked & {word[:6] for word in re.findall(r"[a-z]{3,}", cue.text.lower())}) for cue in cues}
    most = max(shared.values(), default=0)
    return [cue for cue in cues if most and shared[cue.id] == most]
