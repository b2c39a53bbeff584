"""States: a claim must not say that something is so where its cues say that it is not, nor the other way round."""

from __future__ import annotations

import re

from emer.agents.grounding.denied.denying import END, is_denied, is_partly, is_thought, triggers
from emer.agents.grounding.denied.opposites import Facet, facets
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.wording import ID, QUOTE, content, sentences, shown
from emer.schemas import Cue

_CLAUSE = re.compile(r"\s*(?:[;:–]|, (?!or\b|nor\b)|\b(?:but|although|though|while|yet(?= \w)|whereas|and then)\b)\s*")
_CHANGES = re.compile(
    r"\b(?:fad|vanish|disappear|drop|die|stop|gone|goes|leav|then|relax|soften|freez|stiffen|return|again|back|after"
    r"|before|hold|press|suppress|until|for \d|half|ends?|begin|start|and (?:clos|shut|open))\w*",
    re.IGNORECASE,
)
"""What says that a state comes, goes or is kept down: the cue shows both."""
_HINTS = "hint trace sign least slightest single whatever sound part kind sort word show fault mistake wrong anything"
_WEAK = frozenset(_HINTS.split())
_LASTING = ("held back", "pause", "falls", "takes up", "thanks", "apology", "taken back", "knowing", "last")
"""Facets that are over at once, or are a change themselves."""
_SUBJECT = re.compile(r"(?<!\bat )(?<!\bto )(?<!\bof )(?<!\bwith )(?<!\bfor )(?<!\btowards )(?<!\bon )\bp\d+\b")
"""Persons that are named, but for those to whom something is done."""
_NEVER = re.compile(r"\b(?:at all|never|ever|not once|whatever|at no|nowhere|slightest|least|single)\b", re.IGNORECASE)
_UPON = re.compile(
    r"^\s*(?:at|to|towards?|about|for|of|with|over|from|by|into)\b(?! (?:all|once|least|any \w+ point|no point))"
)
_WEIGHED = re.compile(
    r"^\s*(?:(?:and|yet) )?(?:hardly|not|scarcely|barely|less|never) (?:for|from|to|with|of|by|the|an?|his|her)\b"
)
"""What a rival sets against what it has weighed: "but hardly for a smile"."""
_ASIDE = re.compile(
    r"\b(?:beyond|besides|except|save|apart from|aside from|other than|but for|for|despite|in|behind|under|after|before"
    r"|during|with) (?:(?:for|the|an?|his|her|p\d's|this|that|its|their) )(?:\w+ )?$",
    re.IGNORECASE,
)
"""What before a state says that the denial is of something else: "nothing beyond a sigh"."""
_CHOICE = re.compile(r"\b(?:rather|more|less|other) than\b|\brather\b|\bif\b|\bnot only\b", re.IGNORECASE)


def opposed_state(claim: Claim) -> str | None:
    """A state that a clause affirms or denies where the cues cited for it show the opposite."""
    for sentence in sentences(claim.step.claim):
        names = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in names if name in claim.record.cues]
        plain = QUOTE.sub(" ", ID.sub(" ", sentence))
        for clause in filter(None, _CLAUSE.split(plain)):
            if claim.step.type == "rival" and _WEIGHED.match(clause):
                continue
            for facet in facets():
                why = _opposed(clause, plain, facet, cues)
                if why is not None:
                    return why
    return None


def _opposed(clause: str, sentence: str, facet: Facet, cues: list[Cue]) -> str | None:
    told = _signs(clause, facet.shown, facet.absent)
    if len(told) != 1 or None in told or len(_signs(sentence, facet.shown, facet.absent)) != 1:
        return None
    there = [cue for cue in cues if cue.modality in facet.modality]
    texts = {cue.id: _text(cue, facet) for cue in there}
    signs = {cue.id: _cue_signs(texts[cue.id], facet) for cue in there}
    found = set().union(*signs.values()) if signs else set()
    says = told.pop()
    is_never = not says and True in found and bool(_NEVER.search(clause))
    if (found != {not says} and not is_never) or (is_partly(clause) and not says):
        return None
    bearing = [cue for cue in there if signs[cue.id]]
    if not all(_is_of_it(clause, facet, cue, texts[cue.id], says=bool(says)) for cue in bearing):
        return None
    return f"{'tells' if says else 'denies'} “{facet.name}”, where the cited cues say the opposite"


def _text(cue: Cue, facet: Facet) -> str:
    return cue.text if cue.modality == "transcript" else shown(cue.text)


def _cue_signs(text: str, facet: Facet) -> set[bool | None]:
    """What a cue says of a state; a state that comes, goes or is kept down counts as both."""
    signs: set[bool | None] = set()
    for part in re.split(r"[,;.!?“”]\s*", text):
        own = _signs(part, facet.cue_shown, facet.cue_absent)
        is_open = bool(own) and facet.name not in _LASTING and bool(_CHANGES.search(_rest(part, facet)))
        signs |= {True, False} if is_open or None in own else own
    return signs


def _rest(part: str, facet: Facet) -> str:
    return facet.cue_absent.sub(" ", facet.cue_shown.sub(" ", part))


def _signs(text: str, on: re.Pattern[str], off: re.Pattern[str]) -> set[bool | None]:
    """Whether a text says that a state is so (True) or not (False); None where that is open."""
    signs: set[bool | None] = set()
    absent = [found.span() for found in off.finditer(text)]
    for found in on.finditer(text):
        if not any(start <= found.start() < end for start, end in absent):
            signs.add(_sign(text, found.span(), so=True))
    return signs | {_sign(text, (start, end), so=False) for start, end in absent}


def _sign(text: str, span: tuple[int, int], *, so: bool) -> bool | None:
    """`so`, turned round by a denial; words that say an absence may deny in themselves, "does not move"."""
    is_own = any(start == span[0] for start, _ in triggers(text)) or "n't" in text[slice(*span)]  # "didn't mean"
    is_no = None if is_thought(text, span[1]) else is_denied(text, *span, within=so and not is_own)
    if is_no and _ASIDE.search(text[: span[0]]) and not re.search(r"\b(?:with|for|in) no\b", text[: span[0]]):
        return None
    return None if is_no is None else so != is_no


def _is_of_it(clause: str, facet: Facet, cue: Cue, text: str, *, says: bool) -> bool:
    """Whether clause and cue speak of the same: of one person, and of one thing where the state is of a thing."""
    named = set(_SUBJECT.findall(clause))
    if cue.person is not None and named and cue.person not in named:
        return False
    if _CHOICE.search(clause):
        return False
    if facet.shares:
        left = content(facet.absent.sub(" ", facet.shown.sub(" ", clause)))
        return any(is_there(word, text.lower()) for word in left)
    found = next(iter(facet.shown.finditer(clause)), None)
    if says and found is not None and facet.name == "gaze at":  # who looks down at her shoes looks at them
        return not any(is_there(word, text.lower()) for word in content(clause[found.end() :])[:1])
    if says or found is None:
        return True
    rest = END.split(clause[found.end() :], maxsplit=1)[0]
    upon = [word for word in content(rest) if word not in _WEAK] if _UPON.match(rest) else []
    return not upon or any(is_there(word, text.lower()) for word in upon)
