"""Who and when: the persons and times that a claim names or means must be those of its cues."""

from __future__ import annotations

import re

from emer.agents.grounding.lists import listed
from emer.agents.grounding.numbers import NUMBERS, number
from emer.agents.grounding.record import Claim
from emer.agents.grounding.wording import words

TIME_SLACK_S = 0.3
"""How far a claimed time may lie outside the cited cues: about one sampled frame at 4 per second."""
_PERSON = re.compile(r"\bp\d+\b")
_OBJECT = re.compile(
    r"(?:\b(?:with|to|at|towards?|of|by|for|than|from|past|about|behind|beside|near|reminds?|asks?|tells?|answers?"
    r"|thanks?|encourages?|between|and|pleases?|leaves?|[a-z]{3,}s|(?:not|to) [a-z]+|that"
    r"|how|why|whether|because|since|as|what|where)\s+)$"
)
"""What stands before a person who is not the one that the claim is about."""
_TARGET = re.compile(r"\b(?:with|to|at|towards?|about|than|behind|beside|near)\s+$")
"""The same for the first person of a claim, who may own what it is about ("the pitch of p1")."""
CALENDAR = listed("calendar")
_FIRST = re.compile(r"\bfirst (?:half )?second\b", re.IGNORECASE)
_EDGE = re.compile(
    rf"\b(?P<edge>first|opening|initial|last|final|closing) (?P<n>\d+(?:\.\d+)?|{'|'.join(NUMBERS)}) seconds\b",
    re.IGNORECASE,
)
"""So many seconds at the beginning or the end of a clip."""
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)?\s*(?:-|–|to|and)\s*(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)", re.IGNORECASE
)
_INSTANT = re.compile(
    r"\b(?:at|by|around|after|from|until)\s+(?:about\s+|around\s+|roughly\s+)?(\d+(?:\.\d+)?)\s*(?:s\b|seconds?)",
    re.IGNORECASE,
)


def wrong_person(claim: Claim) -> str | None:
    """A person of whom the cited cues do not speak.

    Whom a claim begins with, or names as its field, must be a person of the cues; others whom it names, for
    instance as a target, must be in the clip.
    """
    owners = {cue.person for cue in claim.cited if cue.person}
    there = owners | {
        name for cue in claim.cited if cue.person is None for name in _PERSON.findall(claim.record.said(cue))
    }
    if claim.about and any(cue.person is None for cue in claim.cited):
        there.add(claim.about)
    if claim.step.person is not None and claim.step.person not in there:
        return _strange_person(claim.step.person, there)
    everybody = there | set(claim.record.people) | {cue.person for cue in claim.record.cues.values() if cue.person}
    named = list(_PERSON.finditer(claim.by_id))
    for place, found in enumerate(named):
        pattern = _OBJECT if place else _TARGET
        is_subject = not pattern.search(claim.by_id[: found.start()])
        if found.group() not in (there if is_subject else everybody):
            return _strange_person(found.group(), there)
    return None


def _strange_person(person: str, there: set[str]) -> str:
    return f"speaks of {person}, but the cues cited are of {', '.join(sorted(there)) or 'nobody'}"


def wrong_time(claim: Claim) -> str | None:
    """A time that lies outside the cited cues."""
    dated = sorted(CALENDAR & set(words(claim.bare)) - set(words(claim.said)))
    if dated:
        return f"names a time ({dated[0]}) that no cited cue names"
    claimed = [span for span in _spans(claim.bare) if not _is_told(span, claim)]
    if claim.step.start_s is not None:
        claimed.append((claim.step.start_s, claim.step.end_s or claim.step.start_s))
    edge = _EDGE.search(claim.bare)
    if not claimed and not edge and not _FIRST.search(claim.bare):
        return None
    spans = [claim.record.spans[cue.id] for cue in claim.cited if cue.id in claim.record.spans]
    if not spans:
        return "names a time, but the cues cited have none"
    first, last = min(span.start for span in spans) - TIME_SLACK_S, max(span.end for span in spans) + TIME_SLACK_S
    if _FIRST.search(claim.bare) and first > 1.0:
        return "names the first second, in which none of the cues cited lies"
    if edge is not None and _is_off_edge(edge, claim, first, last):
        return f"names the {edge.group()}, in which none of the cues cited lies"
    outside = [span for span in claimed if span[0] < first or span[1] > last]
    return f"names a time ({outside[0][0]:g} s) outside the cues that it cites" if outside else None


def _is_off_edge(found: re.Match[str], claim: Claim, first: float, last: float) -> bool:
    seconds = number(found["n"])
    if found["edge"].lower() in ("first", "opening", "initial"):
        return first > seconds
    return last < max(span.end for span in claim.record.spans.values()) - seconds


def _spans(text: str) -> list[tuple[float, float]]:
    found = [(float(a), float(b)) for a, b in _SPAN.findall(text)]
    return found + [(float(t), float(t)) for t in _INSTANT.findall(_SPAN.sub(" ", text))]


def _is_told(span: tuple[float, float], claim: Claim) -> bool:
    """Whether the cues name these very times in their words."""
    return span[0] != span[1] and f"{span[0]:.1f}–{span[1]:.1f}" in claim.said
