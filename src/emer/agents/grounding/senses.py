"""Which sense: what is heard must not be told as seen, nor what is seen as heard or said."""

from __future__ import annotations

import re

from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.kin import kin
from emer.agents.grounding.words.wording import DENIALS, ID, QUOTE, sentences, stems, words

SENSES = {
    "voice": re.compile(
        r"\b(voices?|vocal\w*|pitch(?:ed)?|loud(?:er|ly)?|volume|loudness|whisper\w*|sighs?|laughs?|groans?|aloud"
        r"|sounds? (?:of|takes)|tones? of voice|falls? silent|grows quiet|syllables?|semitones?|decibels?|intonation"
        r"|inflection|timbre|toneless\w*|monoton\w+|(?:mumbl|mutter|murmur)\w*|hoarse\w*|husk(?:y|ily)|rasp\w*"
        r"|croak\w*"
        r"|creak\w*|quaver\w*|breathy|breathily|audibl[ey]|(?:can|could|may|might|to) be heard|heard (?:in|to|from)"
        r"|(?:you|one|we|can|could|may|viewers?|listeners?) hears?|tone (?:in|with) which|sounds (?:\w+ )?to raters"
        r"|(?:his|her|their|\w+'s) tone(?! down)|(?:breathy|flat|shaky|husky|raised|hushed|lowered) tone"
        r"|stammer\w*|stutter\w*"
        r"|catch in (?:the|her|his|their) (?:voice|throat|breath)|giggl\w+|chuckl\w+|sobs?|whimper\w*|gasps?"
        r"|growls?)\b",
        re.IGNORECASE,
    ),
    "face": re.compile(
        r"\b(faces?|smil(?:es?|ing)|frown(?:s|ing)?|brows?|grin(?:s|ning)?|eyebrows?|lips?|eyes?|cheeks?|jaw"
        r"|chin|mouth|gaze"
        r"|blink(?:s|ing)?|nods?|nodding|fists?|hands?|tears?|posture|facial\w*|can be seen|(?:is|are) visible"
        r"|visibly"
        r"|features|glanc(?:es?|ing)|star(?:es?|ing)|beam(?:s|ing)|(?:p\d's|his|her|their|facial"
        r"|the) expression(?! of)|eyelids?|lids|lashes|forehead|nostrils|dimples|winks?|winking|squint\w*"
        r"|pout\w*|smirk\w*|scowl\w*|grimac\w*|winc(?:es?|ing)|countenance|(?:one|you|we) (?:can |may |might )?sees?"
        r"|back straightens|straightens? (?:up|his|her|their)|shoulders?|nose wrinkl\w+|look on \w+ face"
        r"|fingers?|fist)\b",
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
_SPOKEN = re.compile(r"(?:says|asks|exclaims) (?:it|this|the|them|for|\w+ly)\b", re.IGNORECASE)
"""What a voice that is heard does, whatever its words are."""
_IDIOM = re.compile(
    r"\b(?:leav(?:es?|ing)|pass(?:es|ing)?|cross(?:es|ing)?|escap(?:es?|ing)|from|on|over) (?:[\w']+ )?lips\b"
    r"|\bword of mouth\b"
    r"|\b(?:on|at|in|out of|to) (?:the (?:one|other) )?hand\b|\bface to face\b|\bin the face of\b|\bat face value\b"
    r"|\bin (?:the|her|his|their|p\d's|whose) eyes of\b|\bfac(?:es?|ed) with\b|\bloud and clear\b"
    r"|\bhands? (?:over|in|out|back|down)\b"
    r"|\b(?:hands|faces|eyes|heads) (?:it|the|a|an|him|her|them|p\d)\b|\bsecond hand\b|\bat first glance\b"
    r"|\bshoulders? the\b"
    r"|\bcan be seen (?:as|from|by|in (?:the )?(?:context|light))\b|\b(?:can|could|may|might) be heard as\b"
    r"|\blip service\b|\btongue in cheek\b"
    r"|\bmouths (?:the|words|\w+ing)\b|\blaugh(?:s|ed)? off\b|\bmakes? a face\b|\bhear(?:s|d)? (?:of|about"
    r"|that)\b|\bat \w+ hands\b",
    re.IGNORECASE,
)
"""Phrases in which a word of a sense tells of no sense."""
_WHEN = re.compile(r"\b(?:when|as|while|before|after|once|what|how|that)\b[^,;:]*$", re.IGNORECASE)
_TELL = re.compile(
    r"\s+(?:tell|say|show|speak|mean|name|claim|state|admit|reveal|betray|themselves"
    r"|are about)",
    re.IGNORECASE,
)
_SEEN = re.compile(r"can be seen|(?:is|are) visible|visibly|(?:one|you|we) .*sees?", re.IGNORECASE)
_REST = re.compile(r"\bthan the rest of this recording\b")
_SENSES = {"voice", "voices", "face", "faces", "words", "facial", "vocal", "tone", "features"}
_HELPERS = {"can", "could", "may", "might", "be", "is", "are", "the", "of", "in", "to", "from", "one", "you", "we", "a",
            "his", "her", "their", "up", "on"}  # fmt: skip
_AGREE = re.compile(
    r"\b(?:the|her|his|their|p\d's) (?P<one>words?|face|voice) and (?:(?:the|her|his|their"
    r"|p\d's) )?(?P<other>words?|face|voice)"
    r" (?:both |all |do not |don't |clearly |hardly )*(?:dis)?(?:agree|match|fit|contradict|point|diverge|part"
    r"|conflict|differ|clash|go)",
    re.IGNORECASE,
)
"""Two senses that are set against one another."""
_TOGETHER = re.compile(r"\bby (the (?:situation|words|face|voice)[^.\[]*?) (?:together|alone)\b")
_NAMED = {"situation": "context", "words": "transcript", "face": "face", "voice": "voice"}


def wrong_sense(claim: Claim) -> str | None:
    """A sense that is named where no cue of it is cited: sentence by sentence, since each cites for itself."""
    modality = claim.step.modality
    if modality is not None and modality in SENSES and all(cue.modality != modality for cue in claim.cited):
        return f"is meant of the {modality}, but cites no {modality} cue"
    for sentence in sentences(claim.step.claim):
        ids = ID.findall(sentence) or [*claim.step.evidence, *claim.step.counter]
        cited = [claim.record.cues[name] for name in ids if name in claim.record.cues]
        described = stems(_REST.sub(" ", " ".join(claim.record.said(cue) for cue in cited)))
        there = {cue.modality for cue in cited}
        for sense, pattern in SENSES.items():
            plain = _IDIOM.sub(" ", QUOTE.sub(" ", ID.sub(" ", sentence)))
            if sense in there:
                continue
            for found in pattern.finditer(plain):
                if not _is_aside(sense, plain, found, there) and not _is_described(found.group(), described):
                    return f"speaks of “{found.group().lower()}”, but cites no {sense} cue there"
    odd = _ODD.search(claim.bare)
    return f"tells “{odd.group()}”, which no sense can show" if odd else _wrong_company(claim)


def _is_described(told: str, described: frozenset[str]) -> bool:
    """Whether the cues name what is told: its last word at least, or one that may stand for it."""
    named = [word for word in words(told) if word not in _HELPERS]
    return stems(told) <= described or (
        bool(named) and not _SENSES & set(named) and all(kin(word) & described for word in named)
    )


def _is_aside(sense: str, text: str, found: re.Match[str], there: set[str]) -> bool:
    """Whether a word of a sense is no claim about it: what is denied, or when a voice is heard ("when she asks")."""
    before = text[: found.start()]
    if set(words(before)[-1:]) & DENIALS:
        return True
    if sense == "face" and "context" in there and _SEEN.fullmatch(found.group()):
        return True
    if sense == "voice" and "transcript" in there and found.group().lower() == "aloud":
        return True
    if sense != "transcript" or "voice" not in there:
        return False
    is_words = found.group().lower() == "the words" and not _TELL.match(text, found.end())
    return is_words or bool(_WHEN.search(before) or _SPOKEN.match(text, found.start()))


def _wrong_company(claim: Claim) -> str | None:
    """Senses that are counted, "by the words and the face together", must be those that are cited."""
    pair = _AGREE.search(claim.bare)
    if pair is not None:
        names = [pair[name].lower().removesuffix("s") for name in ("one", "other")]
        there = {cue.modality for cue in claim.cited}
        senses = {_NAMED["words" if name == "word" else name] for name in names}
        return None if len(senses) > 1 and senses <= there else "counts the senses wrongly"
    found = _TOGETHER.search(claim.bare)
    if found is None:
        return None
    named = {modality for word, modality in _NAMED.items() if re.search(rf"\bthe {word}\b", found[1])}
    there = {cue.modality for cue in claim.evidence} & set(_NAMED.values())
    odd = sorted(named ^ there)
    return f"counts the senses wrongly: {', '.join(odd)}" if odd else None
