"""Denials that nothing backs: a claim denies something of the field that its cue tells of, and the cue shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from emer.agents.grounding.denied.absence import turns_over
from emer.agents.grounding.denied.denying import END, is_open, is_partly, is_thought, triggers
from emer.agents.grounding.record import Claim, is_of
from emer.agents.grounding.words.kin import kin
from emer.agents.grounding.words.lists import lines_of, listed, together
from emer.agents.grounding.words.wording import ID, QUOTE, sentences, shown, stem, stems, words
from emer.schemas import Cue

_SENSES = ("face", "voice", "context")
_CLAUSE = re.compile(
    r"\s*(?:[;:–,]|\b(?:but|although|though|while|yet(?= \w)|whereas|which|as|because|since|so that|when|after|before"
    r"|until|once|and (?=(?:p\d|s?he|they|the|his|her|its|nothing|nobody|no)\b))\b)\s*"
)
_BACKS = re.compile(
    r"\b(?:nobody|nothing|none|nowhere|neither|hardly|barely|little|less|only|alone|keep|kept|stay|remain|rest|still"
    r"|steady|level|flat|neutral|unmoved|unchanged|motionless|immobile|frozen|freez|silen|paus|fix|lower|clos|shut|away"
    r"|avoid|avert|aside|down|vanish|fad|disappear|drop|fall|stop|end|sink|sank|blank|empty|expressionless|goes|gone"
    r"|half|stiff|absent|without|not|no|never|soft|quiet|slow|relax|loosen|let|lets|smooth|refus|declin|deni|low)\w*"
    r"|n't\b|\b(?:on|at|into|through) (?:the|his|her|their|its|a) \w+$",
    re.IGNORECASE,
)
"""What a cue says that may be told by a denial: that something is not, stays, sinks or ends."""
_NO_ACT = re.compile(
    r"\b(?:mean|means|need|prove|proves|imply|reason|matter|doubt|sure|certain|clear|fit|fits|seem|seems|appear|appears"
    r"|sound|sounds|ease|surpris\w+|enough|intended|meant|because|just|only|merely|simply|alone|mere|further|sooner|effort|attempt|longer|than)\b",
    re.IGNORECASE,
)
"""What is said of a reading and not of what is seen: "need not mean", "does not seem"."""
_HOLLOW = (
    "anything anybody anyone ever single slightest least whatever bit all sort kind trace sign hint much any word"
    " moment time part whole clip face voice look looks looking eye eyes gaze glance contact"
)
_EMPTY = listed("common") | listed("denials") | set(_HOLLOW.split())


def denies_unbacked(claim: Claim) -> str | None:
    """What a clause denies though a cited cue of what is seen or heard shows it, and none shows it absent."""
    if claim.step.type == "rival":
        return None
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        cues = [cue for cue in cues if cue.modality in _SENSES]
        plain = QUOTE.sub(" ", ID.sub(" ", sentence))
        for clause in _CLAUSE.split(plain):
            for part in _denied(clause):
                told = [cue for cue in cues if _is_shown(part, cue) and is_of(clause, cue)]
                if told and not any(_BACKS.search(shown(cue.text)) for cue in told):
                    return f"denies what {told[0].id} shows"
    return None


def _denied(clause: str) -> Iterator[str]:
    """What a clause denies, if it denies one thing, and nothing that is thought or said of a reading."""
    spans = triggers(clause)
    if len(spans) != 1 or is_partly(clause) or is_thought(clause, spans[0][0]) or _NO_ACT.search(clause):
        return
    part = END.split(clause[spans[0][1] :], maxsplit=1)[0]
    is_word = bool(re.match(r"\s*(?:(?:an?|any|one|the) )?(?:single )?(?:word|sound|pause)\b", part))
    if not turns_over(f"not {part}", "") and not is_open(part) and not is_word:
        yield part


def _is_shown(part: str, cue: Cue) -> bool:
    text = stems(shown(cue.text))
    told = [word for word in words(part) if len(word) > 2 and word not in _EMPTY and not word.endswith("ly")]
    return any((kin(word) | _field(stem(word))) & text for word in told[:3])


@cache
def _fields() -> Mapping[str, frozenset[str]]:
    """The stems of the field of each word of the list."""
    return together(frozenset(map(stem, line.split())) for line in lines_of("fields"))


def _field(stemmed: str) -> frozenset[str]:
    return _fields().get(stemmed, frozenset())
