"""Where a text says, or lets one suppose, what an affect in it answers to: spans with a score.

Explicit triggers stand in the grammar ("disappointed that X", "because X", "X makes me sad"); implicit ones are events
that people commonly answer with an emotion (a loss, a wrong, a danger, a gain), and are worded with "may".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from emer.agents.speech.targets import is_pronoun, target_of
from emer.memory.ontology import Mention
from emer.tools.word_lists import rows


class Trigger(NamedTuple):
    """A possible cause at characters [start, end) of a text.

    Attributes:
        score: how good the rule is, 0..1 (ours).
        kind: whether the text says it, or only allows it.
        note: what is named, for implicit ones ("a loss"), else "".
        mention: where the affect word begins that it belongs to; None for an event on its own.
    """

    score: float
    start: int
    end: int
    kind: Literal["explicit", "implicit"]
    note: str = ""
    mention: int | None = None


_CAUSAL: tuple[tuple[str, float], ...] = (
    (r"because of|because|'cause|cuz|due to|thanks to|owing to|on account of|given that|seeing that|now that", 0.95),
    (r"since|ever since|as soon as|whenever|every time|each time|by the time", 0.8),
    (r"when|after|once|until", 0.7),
)
_CAUSAL_RULES = tuple(
    (re.compile(rf"\b(?:{words})\s+(?P<what>\w[^.!?;…\n]*)", re.IGNORECASE), score) for words, score in _CAUSAL
)
_FRONTED = re.compile(
    r"\s*(?:and |but |so )?(?:because|since|when|after|whenever|now that|every time|as soon as)\s+"
    r"(?P<what>[^,.!?;…\n]+),",
    re.IGNORECASE,
)
_SUBJECTS = (
    r"you|he|she|they|we|it|i|i'm|you're|he's|she's|they're|it's|we're|the|my|your|his|her|our|their|this|these|those|there|"
    r"everyone|everybody|nobody|no one|someone|somebody|nothing|everything"
)
_COMPLEMENT = re.compile(rf"\s+(?:that\s+|how\s+)?(?P<what>(?:{_SUBJECTS})\s+[^.!?;…\n]+)", re.IGNORECASE)
_THAT = re.compile(r"\s+(?:that|how)\s+(?P<what>\w+\s+[^.!?;…\n]+)", re.IGNORECASE)
_INFINITIVE = re.compile(
    r"\s+to\s+(?P<what>(?:see|hear|know|learn|find|have|be|meet|read|lose|leave|say|think|get|go|watch|discover)\b"
    r"[^.!?;,…\n]*)",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"(?P<what>[^.!?;,…\n]{2,80}?)\s+(?:makes?|made|is making|has made|drives?|drove|leaves?|left|got|gets)\s+"
    r"(?:me|us)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_HENCE = re.compile(
    r"^\s*(?:and )?(?:so|that's why|that is why|which is why|therefore|hence|now|no wonder)\b", re.IGNORECASE
)
_CUT = re.compile(
    r",?\s+(?:and|but|so)\s+(?:i|we|now|that's|it|he|she|they|you)\b|,\s*(?:you know|right|okay)\b", re.IGNORECASE
)
_TELLING = 3
"""Words from which a sentence may tell what happened."""
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_EVENT_RULES = tuple(
    (row["event"], re.compile(rf"\b(?:{row['pattern']})\b", re.IGNORECASE)) for row in rows("events.tsv")
)
_OUTCRY = re.compile(
    r"^\W*(?:oh|wow|ugh|yay|no|yes|yeah|hey|what|really|seriously|god|my god|damn|hooray|great|well|okay|hm+)\b"
    r"[\s\w,']{0,30}[.!?…]*$",
    re.IGNORECASE,
)


def triggers(text: str, found: Sequence[Mention]) -> list[Trigger]:
    """Every trigger of an English text with affect words `found`, best first; at most one per span."""
    plain = text.replace("’", "'")
    every = [*_explicit(plain, found), *_neighbours(plain, found), *_events(plain)]
    ranked = sorted(every, key=lambda one: (-one.score, one.start, -one.end))
    kept: list[Trigger] = []
    for one in ranked:
        if plain[one.start : one.end].strip() and not any(
            one.start < other.end and other.start < one.end for other in kept
        ):
            kept.append(one)
    return kept


def events(text: str) -> list[Trigger]:
    """Only the implicit triggers: clauses that name an event."""
    return list(_events(text.replace("’", "'")))


def is_outcry(text: str) -> bool:
    """Whether the text is a short answer in itself ("What?!", "Oh my God!"), which points back to what came before."""
    return len(text.split()) <= 5 and _OUTCRY.match(text.replace("’", "'")) is not None


def _explicit(text: str, found: Sequence[Mention]) -> Iterator[Trigger]:
    for mention in found:
        yield from _of_word(text, mention)
        begin, end = _sentence_at(text, mention.start)
        for rule, score in _CAUSAL_RULES:
            for match in rule.finditer(text, begin, end):
                yield _clause(text, match, score, mention)
        for score, before in ((0.8, _FRONTED.match(text, begin, end)), (0.9, _MAKES.match(text, begin, mention.start))):
            if before is not None:
                yield Trigger(score, *before.span("what"), "explicit", "", mention.start)


def _of_word(text: str, mention: Mention) -> Iterator[Trigger]:
    """What stands directly after the affect word: a clause, an infinitive, an object."""
    for rule, score in ((_THAT, 0.95), (_COMPLEMENT, 0.85), (_INFINITIVE, 0.8)):
        if (match := rule.match(text, mention.end)) is not None:
            yield _clause(text, match, score, mention)
    target = target_of(text, mention)
    if target is not None and not is_pronoun(target.text):  # "it" and "them" point to what is named elsewhere
        yield Trigger(0.75, target.start, target.end, "explicit", "", mention.start)


def _clause(text: str, match: re.Match[str], score: float, mention: Mention) -> Trigger:
    start, end = match.span("what")
    if (cut := _CUT.search(text, start, end)) is not None:
        end = cut.start()
    return Trigger(score, start, start + len(text[start:end].rstrip(" ,")), "explicit", "", mention.start)


def _neighbours(text: str, found: Sequence[Mention]) -> Iterator[Trigger]:
    """The sentence beside the one with the affect word: before it when "so …" follows, else where it names an event."""
    sentences = [match.span() for match in _SENTENCE.finditer(text) if match.group().strip()]
    for mention in found:
        at = next((i for i, (start, end) in enumerate(sentences) if start <= mention.start < end), 0)
        is_hence = at > 0 and _HENCE.match(text[slice(*sentences[at])]) is not None
        for beside in sentences[max(0, at - 1) : at] + sentences[at + 1 : at + 2]:
            if is_hence and beside == sentences[at - 1]:
                yield _whole(text, beside, 0.8, mention)
            elif _may_tell(text, beside, found):
                has_event = any(rule.search(text, *beside) for _, rule in _EVENT_RULES)
                yield _whole(text, beside, 0.65 if has_event else 0.45, mention)


def _may_tell(text: str, span: tuple[int, int], found: Sequence[Mention]) -> bool:
    """Whether a sentence could tell what another one answers to: it has words enough and no affect word of its own."""
    piece = text[slice(*span)]
    is_own = any(span[0] <= mention.start < span[1] for mention in found)
    return not is_own and len(piece.split()) >= _TELLING and not is_outcry(piece) and not piece.rstrip().endswith("?")


def _whole(text: str, span: tuple[int, int], score: float, mention: Mention) -> Trigger:
    piece = text[slice(*span)]
    start = span[0] + len(piece) - len(piece.lstrip())
    return Trigger(
        score, start, span[0] + len(piece.rstrip(" .!?…")), "explicit" if score > 0.7 else "implicit", "", mention.start
    )


def _events(text: str) -> Iterator[Trigger]:
    for sentence in _SENTENCE.finditer(text):
        for note, rule in _EVENT_RULES:
            if rule.search(sentence.group()) is not None:
                piece = sentence.group()
                start = sentence.start() + len(piece) - len(piece.lstrip())
                yield Trigger(0.5, start, sentence.start() + len(piece.rstrip(" .!?…")), "implicit", note)
                break


def _sentence_at(text: str, position: int) -> tuple[int, int]:
    begin = max(text.rfind(mark, 0, position) for mark in ".!?…\n") + 1
    ends = [at for at in (text.find(mark, position) for mark in ".!?…\n") if at >= 0]
    return begin, min(ends, default=len(text))
