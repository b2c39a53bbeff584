"""Which sense: what is heard must not be told as seen, nor what is seen as heard or said."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim
from emer.agents.grounding.wording import DENIALS, ID, QUOTE, sentences, stems, words

SENSES = {
    "voice": re.compile(
        r"\b(voices?|pitch(?:ed)?|loud(?:er|ly)?|whispers?|sighs?|laughs?|groans?|aloud|sounds? (?:of|takes)"
        r"|tone of voice|falls? silent|grows quiet|syllables?)\b",
        re.IGNORECASE,
    ),
    "face": re.compile(
        r"\b(faces?|smil(?:es?|ing)|frowns?|brows?|grins?|eyebrows?|lips?|eyes?|cheeks?|jaw|chin|mouth|gaze|blinks?|nods?"
        r"|fists?|hands?|tears?|posture|facial|can be seen|(?:is|are) visible)\b",
        re.IGNORECASE,
    ),
    "transcript": re.compile(
        r"\b(says(?! nothing| little| no\b| a word| anything| otherwise)|asks|exclaims|writes|the words"
        r"|in (?:p\d's|her|his|their) words|(?:p\d's|her|his|their) words (?:tell|show|say)|in what p\d says)\b",
        re.IGNORECASE,
    ),
}
"""Words of a sense. Whoever uses one must cite a cue of it, or a cue that uses the word itself."""
_ODD = re.compile(
    r"\b(?:loud(?:er)?|soft(?:er)?|quiet(?:er)?|slow(?:er)?|fast(?:er)?|(?:high|low)-pitched) (?:face|gaze|brows?)\b"
    r"|\bvoice (?:smiles|frowns|blinks|nods)\b|\bface (?:falls silent|gets (?:louder|softer)|speeds up)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?:says|asks|exclaims) (?:it|this|the|them|for)\b", re.IGNORECASE)
"""What a voice that is heard does, whatever its words are."""
_WHEN = re.compile(r"\b(?:when|as|while|before|after|once)\b[^,;:]*$", re.IGNORECASE)
_TOGETHER = re.compile(r"\bby (the (?:words|face|voice)[^.\[]*?) (?:together|alone)\b")
_NAMED = {"words": "transcript", "face": "face", "voice": "voice"}


def wrong_sense(claim: Claim) -> str | None:
    """A sense that is named where no cue of it is cited: sentence by sentence, since each cites for itself."""
    modality = claim.step.modality
    if modality is not None and modality in SENSES and all(cue.modality != modality for cue in claim.cited):
        return f"is meant of the {modality}, but cites no {modality} cue"
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or [*claim.step.evidence, *claim.step.counter]
        cited = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        described = stems(" ".join(claim.record.said(cue) for cue in cited))
        there = {cue.modality for cue in cited}
        for sense, pattern in SENSES.items():
            plain = QUOTE.sub(" ", sentence)
            found = pattern.search(plain)
            if found and _is_aside(sense, plain, found, there):
                continue
            if found and sense not in there and not stems(found.group()) <= described:
                return f"speaks of “{found.group().lower()}”, but cites no {sense} cue there"
    odd = _ODD.search(claim.bare)
    return f"tells “{odd.group()}”, which no sense can show" if odd else _wrong_company(claim)


def _is_aside(sense: str, text: str, found: re.Match[str], there: set[str]) -> bool:
    """Whether a word of a sense is no claim about it: what is denied, or when a voice is heard ("when she asks")."""
    before = text[: found.start()]
    if set(words(before)[-1:]) & DENIALS:
        return True
    return (
        sense == "transcript" and "voice" in there and bool(_WHEN.search(before) or _SPOKEN.match(text, found.start()))
    )


def _wrong_company(claim: Claim) -> str | None:
    """Senses that are counted, "by the words and the face together", must be those that are cited."""
    found = _TOGETHER.search(claim.bare)
    if found is None:
        return None
    named = {modality for word, modality in _NAMED.items() if re.search(rf"\bthe {word}\b", found[1])}
    there = {cue.modality for cue in claim.evidence} & set(_NAMED.values())
    odd = sorted(named ^ there)
    return f"counts the senses wrongly: {', '.join(odd)}" if odd else None
