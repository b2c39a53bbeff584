"""What a claim says was left open or unsaid, though the words that it cites say it: how often, how long, where."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.forms import pattern, sections
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.wording import ID, QUOTE, bare, content, sentences
from emer.schemas import Cue

_FORMS = sections("withheld")
_WITHHOLDS = pattern(_FORMS["withholds"])
_UNSAID = pattern(_FORMS["unsaid"], after=r" (?P<what>[^,;:.–]+)")
_GOES_UNSAID = pattern(_FORMS["goes_unsaid"], before=r"(?P<what>[^,;:.–]+?) ")
_ASKED = tuple(
    (pattern(forms), pattern(_FORMS[f"{head.removesuffix(': asked')}: answered"]))
    for head, forms in _FORMS.items()
    if head.endswith(": asked")
)
"""What may be asked, and how words answer it."""
_WHETHER = re.compile(r"\bwhether (?P<what>[^,;:.]+)", re.IGNORECASE)
_END = re.compile(r"\b(?:which|who|as|because|since|and|but|so|when|while|although|though|before|after|until|in|to)\b")
_YES_OR_NO = re.compile(r"^(?:no|nope|yes|yeah|yep|sure|of course|not at all|certainly|never)\b", re.IGNORECASE)
_DOUBTED = re.compile(r"\b(?:would|might|may|could|should|perhaps|if|fully|exactly|really|further|more|else|such)\b")
_LEAST = 0.6
"""Share of the words of what is said to be left open that the cited words must hold."""


def says_withheld(claim: Claim) -> str | None:
    """What a claim says was not told, though a cited cue of words tells it."""
    if claim.step.type == "rival":
        return None
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        said = [cue for cue in cues if cue.modality == "transcript"]
        plain = bare(sentence)
        if said and (_is_answered(plain, said) or _is_named(plain, said)):
            return "says that something is left unsaid, which the cited words say"
    return None


def _is_answered(plain: str, said: list[Cue]) -> bool:
    """Whether a question that is said to be left open is answered in the cited words."""
    if not _WITHHOLDS.search(plain):
        return False
    told = " ".join(_quoted(cue) for cue in said if "?" not in _quoted(cue))
    if any(asked.search(plain) and answer.search(told) for asked, answer in _ASKED):
        return True
    found = _WHETHER.search(plain)
    if found is None:
        return False
    upon = content(_END.split(found["what"])[0])
    asks = [cue for cue in said if "?" in _quoted(cue) and _holds(upon, _quoted(cue))]
    return any(_YES_OR_NO.match(_quoted(cue)) and cue.person != one.person for one in asks for cue in said)


def _is_named(plain: str, said: list[Cue]) -> bool:
    """Whether a thing that is said to go unmentioned is named in the cited words."""
    for forms in (_UNSAID, _GOES_UNSAID):
        for found in forms.finditer(plain):
            parts = _END.split(found["what"])
            upon = content(parts[0] if forms is _UNSAID else parts[-1])
            is_plain = not _DOUBTED.search(found["what"])
            if upon and is_plain and any(_holds(upon, _quoted(cue), least=1.0) for cue in said):
                return True
    return False


def _holds(upon: list[str], text: str, *, least: float = _LEAST) -> bool:
    there = [is_there(word.removesuffix("'s"), text.lower()) for word in upon]
    return bool(there) and sum(there) >= least * len(there)


def _quoted(cue: Cue) -> str:
    return " ".join("".join(groups) for groups in QUOTE.findall(cue.text)).replace("’", "'")
