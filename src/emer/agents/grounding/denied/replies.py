"""Replies: a claim must not deny a question or an answer that it cites, nor tell a yes for a no."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emer.agents.grounding.denied.denying import is_denied, is_thought
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.forms import pattern, sections
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import ID, PERSON_ID, QUOTE, bare, content, denials, sentences, stems
from emer.schemas import Cue

_FORMS = sections("replies")
_ASKS_NOTHING, _ANSWERS_NOTHING, _OBJECTS_NOT, _AGREES, _TIMED = (
    pattern(_FORMS[name]) for name in ("asks_nothing", "answers_nothing", "objects_not", "agrees", "timed")
)
_REFUSES = pattern(_FORMS["refuses"], after=r"\b(?! to (?:look|meet|turn|face|smile|move|let|leave|give|be)\b)")
_NO_LABEL, _YES_LABEL = (pattern(_FORMS[name], before="^") for name in ("no_label", "yes_label"))
_YES, _NO = (pattern(_FORMS[name], before=r"^(?:(?:oh|well|ah|um|uh|hm|so)[,.…! ]*)?") for name in ("yes", "no"))
_CLAUSE_END = re.compile(r"[,;:.–]|\b(?:which|as|because|since|and)\b")
_OTHERWISE = re.compile(r"\b(?:but|instead|only|rather|again|twice|more than)\b")
_ANY_QUESTION = listed("about_questions")
_PASSIVE = re.compile(r"un|not a|no |with", re.IGNORECASE)
_ACTIVE = re.compile(r"\b(?:leaves?|lets?|gives?|makes?|offers?|has|receives?)\b")
_NO_WORD = re.compile(r"says? (?:\w+ )?nothing|silent|word", re.IGNORECASE)
_NOT = re.compile(r"\b(?:can't|cannot|won't|don't|not|never|no)\b", re.IGNORECASE)
_UNABLE = re.compile(r"\b(?:I|we) (?:\w+ )?(?:can't|cannot|won't|will not|am not|'m not)\b", re.IGNORECASE)
_CUES_DISAGREE = re.compile(
    r"\bthe (?:faces?|voices?|words|situation|cues?)(?: and the (?:faces?|voices?|words|situation))? (?:dis)?agrees?\b",
    re.IGNORECASE,
)
"""What evidence does among itself, and nobody to somebody."""


def misreplied(claim: Claim) -> str | None:
    """A question or an answer that a claim denies though it cites it, or a yes that it tells of a no."""
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        said = [cue for cue in cues if cue.modality == "transcript"]
        plain = bare(sentence)
        if said:
            why = _asked(plain, sentence, said) or _answered(plain, said, cues) or _sided(plain, said)
            if why is not None:
                return why
    return None


def _asked(plain: str, sentence: str, said: list[Cue]) -> str | None:
    """A question that is denied: the words of the cue ask one, and the claim does not quote it."""
    found = _ASKS_NOTHING.search(plain)
    is_quoted = any("?" in "".join(one) for one in QUOTE.findall(sentence))
    if found is None or is_quoted or re.search(r"\bquestion\w*", plain[: found.start()]):
        return None
    clause = _CLAUSE_END.split(plain[found.end() :])[0]
    if _OTHERWISE.search(clause):
        return None
    upon = [word for word in content(clause) if word not in _ANY_QUESTION]
    for cue in _of(said, _subject(plain, found.start())):
        is_it = not upon or "not question" in found[0].lower() or bool(stems(" ".join(upon)) & stems(cue.text))
        if "?" in cue.text and is_it:
            return f"denies a question, which {cue.id} asks"
    return None


def _answered(plain: str, said: list[Cue], cues: list[Cue]) -> str | None:
    """An answer that is denied: of two cited utterances the later one is of the person said to be silent."""
    found = _ANSWERS_NOTHING.search(plain)
    if found is None or _TIMED.search(_clause_at(plain, found)):
        return None
    is_open = is_thought(plain, found.start()) or denials(plain[: found.start()]) > 0
    if is_open or any(re.search(r"pause|silen", cue.text) for cue in cues if cue.modality == "voice"):
        return None
    who = _subject(plain, found.start())
    is_passive = bool(_PASSIVE.match(found[0])) and not _ACTIVE.search(plain[: found.start()])
    for cue in said:
        is_reply = any(one.person != cue.person and _start(one) < _start(cue) for one in said)
        is_alone = len(said) == 1 and who is not None and bool(_NO_WORD.search(found[0]))
        if (is_reply and (who is None or is_passive or who == cue.person)) or (is_alone and who == cue.person):
            return f"denies an answer, which {cue.id} gives"
    return None


def _clause_at(plain: str, found: re.Match[str]) -> str:
    """The clause that a match stands in."""
    start = max(plain.rfind(mark, 0, found.start()) for mark in ",;:–")
    return re.split(r"[,;:–]|\bwhich\b", plain[start + 1 :])[0] if start < found.start() else plain


def _sided(plain: str, said: list[Cue]) -> str | None:
    """A yes that is told of words that say no, or a no of words that say yes."""
    if _OBJECTS_NOT.search(plain) and any(_side(cue, said) is False for cue in said):
        return "denies the objection that the cited words raise"
    plain = _CUES_DISAGREE.sub(" ", plain)
    for forms, is_yes in ((_AGREES, True), (_REFUSES, False)):
        for found in forms.finditer(plain):
            is_no = is_denied(plain, found.start(), found.end())
            who = _subject(plain, found.start())
            if is_no is None or is_thought(plain, found.start()) or (who is None and len(said) > 1):
                continue
            told = is_yes != is_no
            sides = {_side(cue, said) for cue in _of(said, who)} - {None}
            if sides == {not told}:
                return f"tells a {'yes' if told else 'no'} where the cited words say the opposite"
    return None


def _side(cue: Cue, said: list[Cue]) -> bool | None:
    """Whether the words of a cue say yes (True) or no (False); None where they say neither."""
    for labels, is_yes in ((_NO_LABEL, False), (_YES_LABEL, True)):
        if labels.search(cue.text):
            return is_yes
    quoted = _words(cue)
    if _YES.search(quoted):
        first = re.split(r"[.!]", quoted)[0]
        return None if denials(first) or re.search(r"\bbut\b", quoted) or _NO.search(quoted) else True
    parts = [part for part in re.split(r"[.!?]\s*", quoted) if len(part.split()) > 1]
    if _NO.search(quoted):
        is_no_to_no = any(denials(_words(one)) for one in said if one.id != cue.id)
        return None if is_no_to_no or (parts and _YES.search(parts[-1])) else False
    is_all_denied = bool(parts) and all(_NOT.search(part) for part in parts)
    return False if is_all_denied and _UNABLE.search(quoted) else None


def _words(cue: Cue) -> str:
    """What a cue of words quotes, all together."""
    return " ".join("".join(groups) for groups in QUOTE.findall(cue.text)).replace("’", "'")


def _of(said: list[Cue], who: str | None) -> Iterator[Cue]:
    return (cue for cue in said if who is None or cue.person in (None, who))


def _subject(plain: str, before: int) -> str | None:
    """The last person named before a word, who is likely its subject; None where nobody is."""
    found = [one for one in PERSON_ID.finditer(plain[:before]) if not plain[one.end() :].startswith(("'s", "’s"))]
    return found[-1].group() if found else None


def _start(cue: Cue) -> float:
    return cue.anchor.start_s or 0.0
