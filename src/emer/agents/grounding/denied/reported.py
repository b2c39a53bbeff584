"""Reported words: what somebody is said to admit, deny, believe or want must not be the opposite of what she says."""

from __future__ import annotations

import re
from functools import cache

from emer.agents.grounding.denied.denying import triggers
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.lists import lines_of, listed
from emer.agents.grounding.words.wording import ID, QUOTE, bare, content, sentences, stem, stems, words
from emer.schemas import Cue

_LINK = (
    r"(?:,? (?:in so many words|[a-z]+ly|at once|again|after all),?)?(?: to (?:p\d+|him|her|them))?"
    r"(?: (?:that|to|having|being|of|it|how))?\b"
)
_NO_NOUN = r"(?<!\ba )(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\bno )(?<!'s )\b"
_SAYS_SO = re.compile(
    rf"{_NO_NOUN}(?:says?|claims?|repl(?:y|ies)|answers?|responds?|insists?|believes?|thinks?|expects?|assumes?|admits?|concedes?|confess(?:es)?|acknowledges?"
    r"|owns? up|maintains?|asserts?|declares?|announces?|states?|reports?|assures?(?: \w+)?|promises?|swears?|predicts?"
    r"|supposes?|reckons?|explains?|mentions?|considers?|tells? (?:p\d+|him|her|them)|(?:is|seems) (?:sure|certain"
    r"|convinced|of the opinion)|makes? (?:it )?clear|agrees?|feels? (?:sure|certain)|confirms?|lets? \w+ know)"
    rf"{_LINK}",
    re.IGNORECASE,
)
_SAYS_NOT = re.compile(
    rf"{_NO_NOUN}(?:den(?:y|ies)|disputes?|doubts?|rejects?|rules? out|disclaims?|refuses? to (?:believe|admit|accept)"
    rf"|contests?|(?:cannot|can't) believe|will not (?:admit|have it)){_LINK}",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    r"^(?P<told>[^,;:“]{8,}), (?:or so )?(?:p\d+|s?he|the \w+) (?:says|claims|insists|believes|thinks|expects|assumes"
    r"|reckons|supposes|admits|concedes|maintains|announces|declares|reports|feels)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?P<verb>want|like|love|know|need|believe|remember|trust|mind|care|understand|regret|enjoy|miss|intend|plan|mean"
    r"|hate)(?:s|es|ed)?\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[,;:.–]|\b(?:which|because|since|while|although|though|but|when|who|as|so"
    r"|and (?=(?:says?|tells|asks|admits|insists|wants|adds|denies|that|then|thanks|claims|does|is|has)\b))\b"
)
_WEAK = re.compile(r"\b(?:if|would|could|should|might|may|hardly|only|rather|fully|merely)\b", re.IGNORECASE)
_GONE = re.compile(r"\b(?:missing|lacking|absent|gone|out of the question|impossible)\b", re.IGNORECASE)
"""What denies behind what it denies: "lights are missing"."""
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]?")
_GRAMMAR = "to of in on at it is he she we us me my you your be as by or an so if do him having already quite really"
_EMPTY = listed("common") | listed("denials") | set(_GRAMMAR.split())
_LEAST = 0.5
"""Share of what is reported that a sentence must hold to be the one that is reported."""


def misreported_words(claim: Claim) -> str | None:
    """What a claim reports of cited words, where these say the opposite of it."""
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or claim.step.evidence
        cues = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        cues = [cue for cue in cues if cue.modality == "transcript"]
        for told, is_so, who in _reports(bare(sentence)):
            if _is_against(told, is_so, _said_by(who, cues)):
                return "reports the opposite of what the cited words say"
        if claim.step.type != "rival" and _is_wish_against(bare(sentence), cues):
            return "tells the opposite of what the cited words say of the speaker"
    return None


def _said_by(who: str | None, cues: list[Cue]) -> list[str]:
    """What somebody says in the cues; where nobody is named, what their only speaker says."""
    if who is None and len({cue.person for cue in cues}) > 1:
        return []
    return [part for cue in cues if cue.person in (None, who) or who is None for part in _parts(cue)]


def _reports(plain: str) -> list[tuple[str, bool, str | None]]:
    """What a sentence reports, whether as so or as not so, and of whom."""
    found = [(plain[one.end() :], True, one.start()) for one in _SAYS_SO.finditer(plain)]
    found += [(plain[one.end() :], False, one.start()) for one in _SAYS_NOT.finditer(plain)]
    told = [
        (_reported(rest), is_so, _who(plain[:start]))
        for rest, is_so, start in found
        if not triggers(plain[max(0, start - 25) : start])
    ]
    inverted = _INVERTED.search(plain.strip())
    told += [(inverted["told"], True, _who(inverted.group()))] if inverted else []
    return [one for one in told if not _WEAK.search(one[0])]


def _who(before: str) -> str | None:
    found = re.findall(r"\bp\d+\b(?!['’]s)", before)
    return found[-1] if found else None


def _reported(rest: str) -> str:
    """What is reported, to the end of its clause; what stands behind an aside where one comes first."""
    return _behind_aside(rest) if rest.strip()[:1] == "," else _STOP.split(rest, maxsplit=1)[0]


def _behind_aside(rest: str) -> str:
    """What stands behind an aside between commas: "denies, slowly, having been wrong"."""
    parts = re.split(r"[,;]", rest)
    return parts[2] if len(parts) > 2 and not parts[0].strip() else ""


def _parts(cue: Cue) -> list[str]:
    """The sentences that a cue quotes, none of them a question."""
    quoted = " ".join("".join(groups) for groups in QUOTE.findall(cue.text)).replace("’", "'")
    clauses = [part for one in _SENTENCE.findall(quoted) if "?" not in one for part in re.split(r",\s|\bbut\b", one)]
    return [part for part in clauses if part.strip()]


def _is_against(told: str, is_so: bool, said: list[str]) -> bool:
    """Whether words that say what is told say it with one "not" more or less, and no others say it as it is told."""
    told_words = [word for word in words(told) if len(word) > 1 and word not in _EMPTY]
    ways = set()
    for part in said:
        turned = [word for word in told_words if _antonyms(stem(word)) & stems(part) and stem(word) not in stems(part)]
        shared = [word for word in told_words if stem(word) in stems(part)]
        if len(shared) + len(turned) >= _LEAST * len(told_words) and (shared or turned):
            n_turns = len(triggers(told)) + len(triggers(part)) + len(_GONE.findall(told)) + len(turned) + (not is_so)
            ways.add(n_turns % 2 == 0)
    return ways == {False}


def _is_wish_against(plain: str, cues: list[Cue]) -> bool:
    """Whether somebody is told to want, like or know what she says she does not, or the other way round."""
    for found in _FIRST_PERSON.finditer(plain):
        before = plain[: found.start()]
        subject = re.search(r"\b(p\d+) (?:[a-z']+ ){0,3}$", before)
        if subject is None or _WEAK.search(before) or re.search(r"\bto $|\bwhat\b|\bwhy\b|\bhow\b|\bwhether\b", before):
            continue
        is_so = not triggers(subject.group())
        upon = content(_STOP.split(plain[found.end() :], maxsplit=1)[0])
        ways = {way for part in _said_by(subject[1], cues) for way in _ways(part, found["verb"].lower(), upon)}
        if ways == {not is_so}:
            return True
    return False


def _ways(part: str, verb: str, upon: list[str]) -> list[bool]:
    """Whether a sentence says of its speaker that she does what a verb says, of the things it is done to."""
    found = re.search(rf"\bI (?:[a-z']+ ){{0,2}}{stem(verb)}\w*", part, re.IGNORECASE)
    if found is None or (upon and not {stem(word) for word in upon} & stems(part[found.end() :])):
        return []
    return [len(triggers(found.group())) % 2 == 0]


@cache
def _pairs() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines_of("antonyms"):
        one, *others = (stem(word) for word in line.split())
        for other in others:
            found[one] = found.get(one, frozenset()) | {other}
            found[other] = found.get(other, frozenset()) | {one}
    return found


def _antonyms(stemmed: str) -> frozenset[str]:
    return _pairs().get(stemmed, frozenset())
