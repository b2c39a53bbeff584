"""A reply to the person in the clip, by a named strategy, filled into a template.

Strategies are those of Hill's helping skills as Liu et al. 2021 (ACL, "Towards Emotional Support Dialog Systems",
section 3.2) name them. Which one is chosen is ours: first understand, then comfort, then act, as their three stages go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from emer.agents.conversing.citing import capital, fact, listed, who
from emer.agents.conversing.danger import safety_reply, sign_of_danger
from emer.agents.conversing.request import Reply, Request
from emer.memory.ontology import words
from emer.schemas import Emotion, Report

Strategy = Literal[
    "question", "restatement", "reflection of feelings", "self-disclosure", "affirmation", "suggestion", "information"
]

_ASKED: dict[Strategy, str] = {
    "question": r"\bquestion|\bask (?:her|him|them)",
    "restatement": r"restat|paraphras",
    "reflection of feelings": r"reflect",
    "self-disclosure": r"self-?disclos|share (?:something )?of my own|my own experience",
    "affirmation": r"affirm|reassur|encourag|prais",
    "suggestion": r"suggest|advi[cs]e",
    "information": r"\binform",
}
SURE = 0.35
"""Confidence below which the kind thing is to ask (ours)."""
HEAVY, LIGHT = -0.15, 0.15

_TEMPLATES: dict[Strategy, str] = {
    "question": "Would you like to tell me more about {topic}? I would like to understand how it is for you.",
    "restatement": "So, as I hear it: {quote}. Did I get that right?",
    "reflection of feelings": "It sounds as if {topic} leaves you {label}.{heavy}",
    "self-disclosure": "Something like that has happened to me, too: [a true story of yours, in one sentence]. "
                       "So I can imagine a little of how {label} that is.",
    "affirmation": "{good}",
    "suggestion": "Perhaps it would help to talk {topic} over with somebody you trust, when you are ready. No hurry.",
    "information": "Many people react to something like {topic} in this way; it is a common answer to it.",
}  # fmt: skip
GRATEFUL = "Thank you for telling me; that takes courage."
TEMPLATE_NOTE = "This is a template filled from the Report, not written for this person: read it before you use it."


class _Choice(NamedTuple):
    strategy: Strategy
    because: str


def respond(report: Report, request: Request, focus: str | None) -> Reply:
    """A reply by the strategy that was asked for or that fits, with its reason; an address where there is danger."""
    sign = next((found for one in report.utterances if (found := sign_of_danger(one.text))), None)
    sign = sign or sign_of_danger(report.clip.context or "")
    if sign is not None:
        return safety_reply(sign, said_by_user=False)
    emotion = _addressed(report, request, focus)
    choice = _strategy(report, request, emotion)
    text = _filled(report, choice.strategy, emotion)
    reason = fact(report, f"{capital(choice.strategy)}, because {choice.because}", _evidence(report, emotion))
    notes = [f"Reply ({choice.strategy}): {text}", TEMPLATE_NOTE]
    if not reason:
        notes.insert(0, f"{capital(choice.strategy)}, because {choice.because}.")
    return Reply(kind="respond", facts=reason, notes=notes)


def _addressed(report: Report, request: Request, focus: str | None) -> Emotion | None:
    """The emotion that is replied to: the one asked about, else the last of the person, as a listener would."""
    own = [one for one in report.emotions if request.person in (None, one.person) and one.label != "neutral"]
    asked = [one for one in own if one.label in request.labels] or [one for one in own if one.id == focus]
    last = max((one.end_s or 0.0 for one in own), default=0.0)
    final = [one for one in own if (one.end_s or 0.0) == last]
    return next(iter(asked or sorted(final, key=lambda one: -one.confidence)), None)


def _strategy(report: Report, request: Request, emotion: Emotion | None) -> _Choice:
    for strategy, pattern in _ASKED.items():
        if re.search(pattern, request.text, re.IGNORECASE):
            return _Choice(strategy, "you asked for it" + (f", and {_appears(report, emotion)}" if emotion else ""))
    if emotion is None:
        return _Choice("question", "the Report concludes nothing that could be reflected")
    appears = _appears(report, emotion)
    if any(set(one.between) & set(emotion.evidence) for one in report.conflicts):
        return _Choice("question", f"{appears} while modalities disagree, so asking comes first")
    if emotion.confidence < SURE:
        return _Choice("question", f"{appears} only by weak evidence, so asking comes before naming")
    if emotion.valence >= LIGHT:
        return _Choice("affirmation", f"{appears}, which is pleasant and can be shared")
    if emotion.valence <= HEAVY and emotion.arousal > LIGHT and _quote(report, emotion):
        return _Choice("restatement", f"{appears} and is stirred up, and first wants to be heard as it was said")
    return _Choice("reflection of feelings", f"{appears}, and naming it shows that it was noticed")


def _appears(report: Report, emotion: Emotion) -> str:
    return f"{who(report, emotion)} {emotion.label}"


def _evidence(report: Report, emotion: Emotion | None) -> Sequence[str]:
    return emotion.evidence if emotion is not None else [cue.id for cue in report.cues[:1]]


def _filled(report: Report, strategy: Strategy, emotion: Emotion | None) -> str:
    quote = _quote(report, emotion)
    if strategy == "restatement" and not quote:
        return "Tell me again what happened, so that I get it right."
    label = emotion.label if emotion is not None else "hard"
    is_heavy = emotion is None or emotion.valence <= HEAVY
    values = {
        "topic": _topic(report, emotion),
        "quote": quote,
        "label": _said(label),
        "good": GRATEFUL if is_heavy else f"How good to see you {label}! Thank you for sharing it.",
        "heavy": " That must be a lot to carry." if is_heavy else "",
    }
    return _TEMPLATES[strategy].format(**values)


def _said(label: str) -> str:
    """The label as a word after "leaves you": an adjective that emer knows, else in quotation marks."""
    return label if label in words() else f"“{label}”"


def _topic(report: Report, emotion: Emotion | None) -> str:
    return emotion.target if emotion is not None and emotion.target else "what happened"


def _quote(report: Report, emotion: Emotion | None) -> str:
    """What was said where the emotion is, in quotation marks; empty without words."""
    if emotion is None:
        return ""
    cited = {cue.anchor.utterance for cue in report.cues if cue.id in emotion.evidence and cue.anchor.utterance}
    said = [one.text.strip() for one in report.utterances if one.id in cited]
    return listed([f"“{text}”" for text in said[:2]])
