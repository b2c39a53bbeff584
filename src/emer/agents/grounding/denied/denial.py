"""Denials: a claim must not deny what its cues say, nor leave out a "not" that they have."""

from __future__ import annotations

import re

from emer.agents.fusion.conflict import apparent
from emer.agents.fusion.likelihood import cue_log
from emer.agents.grounding.denied.absence import NO_LONGER, denied_parts, is_absence, is_held, turns_over
from emer.agents.grounding.denied.affirmed import affirms_denied, denies_act
from emer.agents.grounding.denied.denying import LEXICALLY
from emer.agents.grounding.denied.replies import misreplied
from emer.agents.grounding.denied.reported import misreported_words
from emer.agents.grounding.denied.states import opposed_state
from emer.agents.grounding.denied.unbacked import denies_unbacked
from emer.agents.grounding.denied.withheld import says_withheld
from emer.agents.grounding.record import Claim, felt
from emer.agents.grounding.words.wording import (
    DENIALS,
    NO_DENIAL,
    QUOTE,
    clauses,
    content,
    denials,
    sentences,
    shown,
    stem,
    stems,
    words,
)
from emer.memory.ontology import STATES, Mention

COVERED = 0.75
"""Share of a denied clause's words that the cues must hold, undenied, for the clause to deny them."""
_REPORTED = re.compile(
    r"\b(?:says?|exclaims?|tells?|insists?|claims?|writes?|points out)\b[^.;:]*?\bthat\b"
    r"|\b(?:says?|claims?|pretends?|admits?) to (?=be|have|know|want|feel)",
    re.IGNORECASE,
)
_SIMPLE = {"done": "do", "does": "do", "did": "do", "was": "is", "were": "are", "had": "have", "has": "have"}
_NOT_APPARENT = re.compile(r"\bdo(?:es)? not (?:appears?|seems?|looks?|sounds?)\b(?![^.]*\bbut\b)", re.IGNORECASE)
_GENERAL = re.compile(r"\b(?:nothing|nobody|no one|silent)\b", re.IGNORECASE)
_ELLIPTIC = re.compile(r"^(?:hardly|not|barely|never) (?:the|an?|his|her|their)\b", re.IGNORECASE)
_NOT_MEANT = re.compile(
    r"\b(?:meant|intended|to be taken|as an?|more than|other than|need not"
    r"|(?:neither|nor|none|no \w+)(?: \w+)? needs? (?:mean|be|come|imply|point|stand|betray|spring|express|show|spell)"
    r"|not (?:necessarily )?(?:mean|prove|imply|have to)"
    r"|(?:suggests|indicates|shows|proves|hints) that)\b[^,;.]*$",
    re.IGNORECASE,
)
"""What before a feeling says that it is not its being there that is denied: "hardly meant as an insult"."""
_GOES_ON = re.compile(
    r"\b(?:without|no) [^,;.]*\b(?:fits|suits|speaks|points|goes|is|are|shows|makes|reads|means|looks|seems|allows)\b"
    r"[^,;.]*$"
)
"""What before a feeling says that a denial belongs to the subject: "a face without a movement fits …"."""
_RATERS_DIFFER = re.compile(r"\braters would not agree$", re.IGNORECASE)
"""Raters of a face who are at odds: nothing that the person feels is denied."""
_ABSENT = re.compile(r"\b(?:pauses?|silen\w+|alone|empty|still|hardly moves|blank)\b", re.IGNORECASE)
_QUOTE_DENIED = re.compile(r"\b(?:not|never|[a-z]+n't) [^,;:.“”]*“", re.IGNORECASE)
_TWICE = re.compile(
    r"\b(?:not|never|nobody|(?<!for )nothing)(?: (?!(?:and|or|but|nor|that|why|if|whether|to)\b)[a-z]+){0,2}"
    r" (?:not|hardly)\b",
    re.IGNORECASE,
)
"""Two denials of the same thing, which say that it is so."""
_OPPOSITE = 0.15


def contradicts(claim: Claim) -> str | None:
    """A clause that denies what the cited cues show, or states what they deny."""
    reported = _misreported(claim)
    if reported is not None:
        return reported
    if claim.step.type == "observation" and _QUOTE_DENIED.search(claim.step.claim) and not _denies(claim.said):
        return "denies what the cited cues quote"
    if _TWICE.search(claim.bare) and not _TWICE.search(claim.said):
        return "denies a denial"
    for sentence in sentences(claim.bare):
        is_denying = _denies(sentence) or bool(LEXICALLY.search(sentence))
        if claim.step.type == "observation" and is_denying and _is_denied(claim, sentence):
            return "denies what the cited cues show"
        for clause in clauses(NO_DENIAL.sub(" ", sentence)):
            if (
                _denies(clause)
                and _is_shown(clause, claim)
                and not _is_elliptic(clause, claim)
                and not turns_over(clause, claim.said)
            ):
                return "denies what the cited cues show"
    return (
        _denied_feeling(claim)
        or _denied_agreement(claim)
        or opposed_state(claim)
        or misreplied(claim)
        or misreported_words(claim)
        or affirms_denied(claim)
        or denies_act(claim)
        or denies_unbacked(claim)
        or says_withheld(claim)
    )


def _denies(text: str) -> bool:
    return denials(text) > 0


def _is_denied(claim: Claim, sentence: str) -> bool:
    is_said = any(cue.modality == "transcript" for cue in claim.evidence)
    return _goes_against(_cues(claim), sentence, is_said=is_said)


def _goes_against(shown_text: str, sentence: str, *, is_said: bool) -> bool:
    """Whether a sentence denies what the cues show, where they neither deny that too nor show an absence."""
    is_denied_too = _denies(shown_text) or LEXICALLY.search(shown_text) is not None
    is_general = _GENERAL.search(sentence) and _ABSENT.search(shown_text)
    if is_denied_too or is_general or is_absence(sentence, shown_text):
        return False
    parts = [*denied_parts(sentence), *LEXICALLY.split(sentence)[1:]]
    return any(is_held(part, shown_text, is_said=is_said) for part in parts)


def _cues(claim: Claim) -> str:
    """What the cues say; without what they quote where the claim quotes, since a "no" in there denies nothing."""
    return claim.shown if QUOTE.search(claim.step.claim) else claim.said


def _is_shown(clause: str, claim: Claim) -> bool:
    """Whether the words of a denied clause all stand in one sentence of a cue that denies nothing."""
    told = content(clause)
    if len(told) < 2 or not any(map(content, denied_parts(clause))) or is_absence(clause, claim.said):
        return False
    if _GENERAL.search(clause) and _ABSENT.search(claim.said):
        return False
    for cue in claim.cited:
        for sentence in (*sentences(claim.record.said(cue)), shown(cue.text)):
            there = stems(sentence)
            if not _denies(sentence) and sum(stem(word) in there for word in told) >= COVERED * len(told):
                return True
    return False


def _is_elliptic(clause: str, claim: Claim) -> bool:
    """Whether a rival sets something against what it has weighed: "but hardly the long breath"."""
    return claim.step.type == "rival" and _ELLIPTIC.match(clause.strip()) is not None


def _misreported(claim: Claim) -> str | None:
    """What somebody is said to have said, with one "not" more or less than the words that the cue quotes."""
    found = _REPORTED.search(claim.bare)
    if found is None or _denies(claim.bare[: found.start()]):
        return None
    told = claim.bare[found.end() :]
    for cue in claim.cited:
        if cue.modality != "transcript":
            continue
        quoted = " ".join("".join(groups) for groups in QUOTE.findall(cue.text)) or cue.text
        for sentence in re.split(r"[.!?,;]\s", quoted):
            shared = _plain(told) & _plain(sentence)
            if len(shared) >= 2 and denials(told) % 2 != denials(sentence) % 2:
                return "reports what was said with a “not” too many or too few"
    return None


def _plain(text: str) -> set[str]:
    found = set()
    for word in words(text):
        whole = word.removesuffix("n't") if word.endswith("n't") else word
        whole = "can" if word in ("can't", "cannot") else whole
        found.add(stem(_SIMPLE.get(whole, whole)))
    return found - {"that", "the", "and", "p"} - {stem(word) for word in DENIALS}


def _denied_feeling(claim: Claim) -> str | None:
    """A feeling that is denied, "does not appear sad", on cues that bear it."""
    is_no_denial = bool(NO_DENIAL.search(claim.bare)) and not _denies(claim.bare)  # "cannot help laughing"
    found = () if is_no_denial else felt(claim.bare)
    is_only_denied = bool(found) and all(word.negated for word in found)
    is_only_denied = is_only_denied and all(map(_denies, clauses(claim.bare)))
    if claim.step.type == "conclusion" and (is_only_denied or _NOT_APPARENT.search(claim.bare)):
        return "concludes only what does not appear"
    for word in found:
        before = claim.bare[: word.start]
        if _NOT_MEANT.search(before) or _GOES_ON.search(before) or _RATERS_DIFFER.search(before + word.surface):
            continue
        if word.negated and claim.step.type != "rival" and not NO_LONGER.search(claim.bare) and _bears(claim, word):
            return f"denies “{word.surface}”, which the cited cues bear"
        if claim.step.type != "observation" and _is_denied_choice(claim, word):
            return f"denies that readers choose “{word.surface}”, which the cited words show"
    return None


def _bears(claim: Claim, word: Mention) -> bool:
    logs = [log for cue in claim.evidence if (log := cue_log(cue, claim.record.instruments)) is not None]
    return any(sum(float(log[STATES.index(state)]) for log in logs) > 0 for state, _ in word.word.states)


def _is_denied_choice(claim: Claim, word: Mention) -> bool:
    """A choice that is denied, "readers of such words do not choose fear", where they do."""
    before = claim.bare[: word.start]
    return bool(re.search(r"\b(?:do|does) not (?:choose|fit)\s*$", before)) and _bears(claim, word)


def _denied_agreement(claim: Claim) -> str | None:
    """Agreement or disagreement of cues that is denied where the cues show it."""
    if re.search(r"\bdo(?:es)? not disagree\b", claim.bare):
        sides = [point[0] for cue in claim.cited if (point := apparent(cue)) is not None]
        if sides and min(sides) < -_OPPOSITE < _OPPOSITE < max(sides):
            return "denies that the cited cues disagree"
    if re.search(r"\bdo(?:es)? not (?:point the same way|fit)\b", claim.bare) and claim.step.type != "rival":
        return "denies that a cue cited for the claim speaks for it"
    if re.search(r"\bbecause\b[^;]*\bdo(?:es)? not (?:choose|fit)\b", claim.bare) and claim.step.type == "rival":
        return "denies what it cites as the reason"
    return None
