"""Whether a told claim is borne out by the cues that it cites: person, time, quotation, sense, polarity, emotion word.

"Borne out" means that the cited cues say it, not that it is true. Every check is code on the claim's fields and words;
each returns why the claim cannot stand, or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emer.agents.fusion.conflict import apparent
from emer.agents.fusion.likelihood import Instruments, cue_log
from emer.agents.fusion.moments import Span
from emer.memory.ontology import STATES, Mention, mentions
from emer.schemas import Cue, Step, Utterance

TIME_SLACK_S = 0.3
"""How far a claimed time may lie outside the cited cues: about one sampled frame at 4 per second."""
COVERED = 0.5
"""Share of an observation's content words that the cited cues must contain."""
_POLAR = 0.15

_ID = re.compile(r"\[([a-z][a-z0-9_]*-\d+)\]")
_PERSON = re.compile(r"\bp\d+\b")
_QUOTE = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\s*s\b")
_INSTANT = re.compile(r"\bat\s+(\d+(?:\.\d+)?)\s*s\b")
_SENTENCE = re.compile(r"(?:“[^”]*”|[^.!?“]|[.!?](?!\s+[A-Zp“]))+[.!?]?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DENIALS = frozenset(
    ["no", "not", "never", "nothing", "nobody", "none", "without", "neither", "nor", "hardly", "barely"]
)
_PLAIN = frozenset(
    [
        "about",
        "after",
        "again",
        "against",
        "also",
        "although",
        "another",
        "appears",
        "because",
        "been",
        "before",
        "being",
        "between",
        "both",
        "call",
        "called",
        "calls",
        "could",
        "does",
        "doing",
        "during",
        "each",
        "else",
        "even",
        "face",
        "from",
        "have",
        "having",
        "here",
        "into",
        "just",
        "like",
        "line",
        "little",
        "look",
        "looks",
        "more",
        "most",
        "much",
        "only",
        "other",
        "over",
        "person",
        "rather",
        "raters",
        "said",
        "same",
        "says",
        "seems",
        "seen",
        "some",
        "somewhat",
        "speaker",
        "still",
        "such",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "time",
        "times",
        "toward",
        "towards",
        "under",
        "very",
        "viewer",
        "voice",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "whole",
        "with",
        "words",
        "would",
        "writer",
        "your",
    ]
)
_SENSES = {
    "voice": re.compile(r"\b(voice|tone of voice|pitch|loud(?:er|ly)?|whispers?|sighs?|laughs?)\b", re.IGNORECASE),
    "face": re.compile(r"\b(face|smiles?|smiling|frowns?|brows?|grins?|eyebrows?|lips?)\b", re.IGNORECASE),
    "transcript": re.compile(r"\b(says|said|asks|the words|exclaims|writes)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Record:
    """What claims are held against: the cues by id, where they lie in time, what was said, and the judge's prior."""

    cues: Mapping[str, Cue]
    spans: Mapping[str, Span]
    utterances: Mapping[str, Utterance]
    instruments: Instruments

    def said(self, cue: Cue) -> str:
        """The cue's text and the utterance that it lies in."""
        utterance = self.utterances.get(cue.anchor.utterance or "")
        return f"{cue.text} {utterance.text if utterance else ''}"


def unborne(step: Step, record: Record, *, about: str | None) -> str | None:
    """Why a step's claim is not borne out by the cues that it cites, or None.

    Args:
        about: the person of the emotions that the step supports; cues of nobody in particular may speak of her.
    """
    cited = [record.cues[name] for name in (*step.evidence, *step.counter) if name in record.cues]
    if not any(name in record.cues for name in step.evidence):
        return "cites no cue that exists"
    bare = _QUOTE.sub(" ", _ID.sub(" ", step.claim))
    reasons: Iterator[str | None] = (
        check
        for check in (
            _strange_id(step, record),
            _wrong_person(bare, cited, about),
            _wrong_time(bare, cited, record),
            _unsaid(step.claim, cited, record),
            _wrong_sense(step, record),
            _contrary(step, bare, record),
            _unseen(step, bare, cited, record),
        )
    )
    return next((reason for reason in reasons if reason), None)


def bears(cues: Sequence[Cue], word: Mention, instruments: Instruments) -> bool:
    """Whether cues together make one of the states of an emotion word likelier."""
    logs = [log for cue in cues if (log := cue_log(cue, instruments)) is not None]
    return any(sum(float(log[STATES.index(state)]) for log in logs) > 0 for state, _ in word.word.states)


def _strange_id(step: Step, record: Record) -> str | None:
    named = set(_ID.findall(step.claim))
    strange = sorted(named - {*step.evidence, *step.counter})
    return f"names {strange[0]}, which it does not cite" if strange else None


def _wrong_person(text: str, cited: Sequence[Cue], about: str | None) -> str | None:
    there = {cue.person for cue in cited if cue.person}
    if about and any(cue.person is None for cue in cited):
        there.add(about)
    strange = sorted(set(_PERSON.findall(text)) - there)
    return (
        f"speaks of {strange[0]}, but the cues cited are of {', '.join(sorted(there)) or 'nobody'}" if strange else None
    )


def _wrong_time(text: str, cited: Sequence[Cue], record: Record) -> str | None:
    if all(match.group() in " ".join(cue.text for cue in cited) for match in _SPAN.finditer(text)):
        claimed: list[tuple[float, float]] = []
    else:
        claimed = [(float(a), float(b)) for a, b in _SPAN.findall(text)]
    claimed += [(float(t), float(t)) for t in _INSTANT.findall(text)]
    spans = [record.spans[cue.id] for cue in cited if cue.id in record.spans]
    if not claimed or not spans:
        return None if not claimed else "names a time, but the cues cited have none"
    first, last = min(s.start for s in spans) - TIME_SLACK_S, max(s.end for s in spans) + TIME_SLACK_S
    outside = [span for span in claimed if span[0] < first or span[1] > last]
    return f"names a time ({outside[0][0]:g} s) outside the cues that it cites" if outside else None


def _unsaid(claim: str, cited: Sequence[Cue], record: Record) -> str | None:
    said = _folded(" ".join(record.said(cue) for cue in cited))
    for groups in _QUOTE.findall(claim):
        quote = _folded("".join(groups))
        if quote not in said:
            return f"quotes “{quote}”, which no cited cue contains"
    return None


def _wrong_sense(step: Step, record: Record) -> str | None:
    """A sense that is named where no cue of it is cited: sentence by sentence, since each cites for itself."""
    for sentence in sentences(step.claim):
        ids = _ID.findall(sentence) or [*step.evidence, *step.counter]
        cited = [record.cues[name] for name in ids if name in record.cues]
        there, described = {cue.modality for cue in cited}, " ".join(cue.text for cue in cited).lower()
        for modality, pattern in _SENSES.items():
            found = pattern.search(_QUOTE.sub(" ", sentence))
            if found and modality not in there and found.group().lower() not in described:
                return f"speaks of “{found.group().lower()}”, but cites no {modality} cue there"
    return None


def _contrary(step: Step, text: str, record: Record) -> str | None:
    """An emotion word that no evidence bears, or whose polarity every cited cue contradicts."""
    if step.type == "rival":
        return None
    evidence = [record.cues[name] for name in step.evidence if name in record.cues]
    cited = [*evidence, *(record.cues[name] for name in step.counter if name in record.cues)]
    said = {one.word.label for cue in cited for one in mentions(cue.text)}
    for word in mentions(text):
        if word.negated or word.word.label in said:
            continue
        if not bears(evidence, word, record.instruments):
            return f"speaks of “{word.surface}”, which no cited cue bears"
        if all(_against(cue, word) for cue in evidence):
            return f"speaks of “{word.surface}”, against every cue that it cites"
    return None


def _against(cue: Cue, word: Mention) -> bool:
    point, valence = apparent(cue), word.word.vad.valence
    return point is not None and min(abs(point[0]), abs(valence)) >= _POLAR and point[0] * valence < 0


def _unseen(step: Step, text: str, cited: Sequence[Cue], record: Record) -> str | None:
    """For an observation: something that is in no cited cue, or a denial of what a cue shows."""
    if step.type != "observation":
        return None
    shown = {_stem(word) for cue in cited for word in _words(record.said(cue))}
    told = _words(text)
    if _DENIALS & set(told) and not _DENIALS & _shown_words(step.claim, cited, record):
        return "denies what the cited cues show"
    content = [word for word in told if len(word) > 3 and word not in _PLAIN]
    strange = [word for word in content if _stem(word) not in shown]
    if content and 1 - len(strange) / len(content) < COVERED:
        return f"tells of “{strange[0]}”, which is in no cited cue"
    return None


def _shown_words(claim: str, cited: Sequence[Cue], record: Record) -> set[str]:
    """The words of the cues; without what they quote where the claim quotes, since a "no" in there denies nothing."""
    texts = [_QUOTE.sub(" ", cue.text) if _QUOTE.search(claim) else record.said(cue) for cue in cited]
    return {word for text in texts for word in _words(text)}


def sentences(text: str) -> list[str]:
    """The sentences of a claim or summary, the full stops of what it quotes left alone."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    """The first five letters: enough to tie smiles to smiling, and never a list of endings to keep."""
    return word[:5]


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.replace("’", "'").lower()))
