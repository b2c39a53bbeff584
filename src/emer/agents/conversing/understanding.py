"""What a turn asks, by rules; where no rule fits, by the encoder's nearest example; where that is far, `unknown`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from emer.agents.conversing.danger import sign_of_danger
from emer.agents.conversing.examples import EXAMPLES
from emer.agents.conversing.request import Kind, Request
from emer.agents.conversing.rules import rules
from emer.errors import EmerError
from emer.memory.ontology import mentions, resolve
from emer.schemas import Report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_ALIKE = 0.62
"""Cosine from which a turn is read as its nearest example (ours, chosen by eye on turns that are not in the tests)."""
_PERSON = r"(?:she|he|they|it|p\d+|the (?:person|speaker|woman|man)|[A-Z][a-z]+|[A-Z]{2,})"
_IS = r"(?:'s| is| are|'re| was| were| seems?| looks?| sounds?| appears?)"
_WHAT = re.compile(
    r"^(?:so )?(?:what|how|which|tell me (?:about|what|how)|describe|summar\w+|recap|is|are|does|do|was)\b.*"
    r"|.*\b(?:emotions?|mood|summary|summari[sz]e|overview)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    rf"^(?:(?:no|nope|wrong|actually|but|well|hm+|sorry|i think|i (?:would|'d) say|you(?:'re| are) (?:wrong|mistaken))"
    rf"[,.:;! ]+)*(?:that )?{_PERSON}{_IS}(?: \w+){{0,3}}|^(?:it'?s|that'?s|correct|correction)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(r"\b(?:wrong|incorrect|not right|not true|mistaken|disagree with you)\b|^no\b", re.IGNORECASE)
_MANNER = re.compile(r"\b(?:ironic(?:al(?:ly)?)?|sarcas\w+|joking|teasing|kidding|not serious)\b", re.IGNORECASE)
_YES = re.compile(
    r"^(?:yes|y|yep|yeah|sure|ok(?:ay)?|please do|do (?:it|so|that)|remember it|correct|right|exactly)\b", re.I
)
_NO = re.compile(r"^(?:no|n|nope|nah|don'?t|never ?mind|cancel|leave it|stop)\b", re.I)
_CUE = re.compile(r"\b(?:face|voice|transcript|context|scene|body)-\d+\b")
_TWO_TIMES = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:s|sec\w*)?\s*(?:-|–|to|and|until|till)\s*(\d+(?:\.\d+)?)\s*(?:s\b|sec\w*)?"
)
_ONE_TIME = re.compile(
    r"(?:\bat|\baround|\bsecond|\bnear)\s+(?:second\s+)?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:s\b|sec\w*)"
)
_MODALITIES = {
    "face": r"face|facial|expression|picture|image|video|seen|looks?",
    "voice": r"voice|tone|prosody|sound|audio|pitch|heard",
    "transcript": r"words?|transcript|text|speech|said|language",
    "context": r"context|scene|situation|setting",
}
AROUND_S = 1.0
"""What "at 3 s" means: a second before and after."""


def understand(text: str, report: Report, *, awaits_yes: bool = False) -> Request:
    """What a turn asks of a Report; with `awaits_yes` a yes or a no answers the question that is open."""
    plain = " ".join(text.replace("’", "'").split())
    found = mentions(plain)
    named = [one.word.label for one in found if not one.negated and not _is_denied(plain, one.start)]
    denied = [one.word.label for one in found if one.word.label not in named]
    kind = _kind(plain, named, awaits_yes=awaits_yes)
    return Request(
        kind=kind,
        text=text,
        labels=list(dict.fromkeys(named)) or _bare_label(plain, kind),
        denied=list(dict.fromkeys(denied)),
        person=_person(plain, report),
        span=_span(plain),
        modality=_modality(plain),
        cues=_CUE.findall(plain),
    )


def is_manner(text: str) -> bool:
    """Whether a text says that something is not meant as it is put (irony, a joke)."""
    return bool(_MANNER.search(text))


def _kind(plain: str, labels: list[str], *, awaits_yes: bool) -> Kind:
    if not re.search(r"\w|\?", plain):
        return "unknown"
    if sign_of_danger(plain):
        return "danger"
    if awaits_yes and not labels:
        answer: Kind | None = "confirm" if _YES.match(plain) else "decline" if _NO.match(plain) else None
        if answer:
            return answer
    is_asked = plain.endswith("?")
    if not is_asked and _STATEMENT.match(plain) and (labels or is_manner(plain) or _WRONG.search(plain)):
        return "correct"
    for kind, pattern in rules().items():
        if pattern.search(plain):
            return kind
    if _WRONG.search(plain) and not is_asked:
        return "correct"
    nearest = _nearest(plain)
    if nearest is not None:
        return nearest
    return "what" if _WHAT.match(plain) and (is_asked or labels or len(plain.split()) <= 6) else "unknown"


def _is_denied(plain: str, start: int) -> bool:
    """Whether "not", "rather than" or "instead of" stands right before ("relief, not pride")."""
    return bool(re.search(r"(?:\bnot|rather than|instead of)\s+(?:\w+\s+)?$", plain[:start], re.IGNORECASE)) and not (
        re.search(r"\bwhy not\s+(?:\w+\s+)?$", plain[:start], re.IGNORECASE)
    )


def _bare_label(plain: str, kind: Kind) -> list[str]:
    """The emotion in "why not fear?" or "compare fear and joy", where no sentence frames the word."""
    if kind not in ("why_not", "compare", "correct"):
        return []
    read = [resolve(word) for word in re.findall(r"[a-zA-Z-]{3,}", plain) if word.lower() not in _PLAIN_WORDS]
    known = [one.words[0][0].label for one in read if one.how in ("exact", "inflection", "synonym")]
    return list(dict.fromkeys(known))


_PLAIN_WORDS = frozenset({
    "also", "and", "being", "between", "but", "compare", "could", "did", "difference", "does", "for", "her", "him",
    "his", "instead", "isn", "just", "like", "might", "more", "not", "only", "rather", "right", "say", "she", "than",
    "that", "the", "they", "this", "versus", "well", "why", "with", "wrong", "you",
})  # fmt: skip


def _person(plain: str, report: Report) -> str | None:
    known = [person.id for person in report.people]
    by_id: str | None = next((one for one in re.findall(r"\bp\d+\b", plain) if one in known), None)
    if by_id is not None:
        return by_id
    for person in report.people:
        names = re.findall(r"labelled “([^”]+)”", person.description)
        if any(re.search(rf"\b{re.escape(name)}\b", plain, re.IGNORECASE) for name in names):
            return person.id
    return None


def _span(plain: str) -> tuple[float, float] | None:
    bare = _CUE.sub(" ", plain)
    if (two := _TWO_TIMES.search(bare)) is not None:
        start, end = sorted((float(two[1]), float(two[2])))
        return (start, end)
    if (one := _ONE_TIME.search(bare)) is not None:
        at_s = float(one[1] or one[2])
        return (max(0.0, at_s - AROUND_S), at_s + AROUND_S)
    return None


def _modality(plain: str) -> str | None:
    found = (name for name, words in _MODALITIES.items() if re.search(rf"\b(?:{words})\b", plain, re.IGNORECASE))
    return next(found, None)


@cache
def _examples() -> tuple[list[Kind], NDArray[np.float32]]:
    from emer.tools.text_encoder import encode

    kinds = [kind for kind, texts in EXAMPLES.items() for _ in texts]
    return kinds, encode([text for texts in EXAMPLES.values() for text in texts]).embedding


def _nearest(plain: str) -> Kind | None:
    """The kind of the example that is most alike; None where none is, or where the encoder is not installed."""
    try:
        from emer.tools.text_encoder import encode

        kinds, vectors = _examples()
        alike = vectors @ encode([plain]).embedding[0]
    except (EmerError, OSError):
        return None
    best = int(alike.argmax())
    return kinds[best] if float(alike[best]) >= LEAST_ALIKE else None
