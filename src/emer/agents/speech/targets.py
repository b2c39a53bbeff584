"""What an affect word is about and whose it is: "I'm disappointed in THEM", "SHE is scared", "I love THIS CITY"."""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.memory.ontology import Mention
from emer.tools.word_lists import words


class Target(NamedTuple):
    """The object of an affect word: characters [start, end) of the text, and the words."""

    start: int
    end: int
    text: str


_PREPOSITION = re.compile(r"\s+(?:about|at|with|of|in|for|by|over|on|towards?|from|to)\s+", re.IGNORECASE)
_TRANSITIVE = re.compile(
    r"(?:lov|hat|ador|despis|loath|enjoy|lik|fear|miss|admir|resent|envi?y?|regret|detest|appreciat|dread|dislik|respect|"
    r"piti?y?|cherish|crav|worship|abhor|trust|distrust|mourn)(?:e|es|s|d|ed|ing)?$",
    re.IGNORECASE,
)
_CAUSING = re.compile(r"\w+(?:ing|ful|ible|able|some|ous)$", re.IGNORECASE)
"""Words that qualify their subject: "the news is disappointing"."""
_SUBJECT = re.compile(
    r"(?P<noun>[^.!?;:,\n]{1,60}?)\s+(?:is|are|was|were|'s|'re|seems?|seemed|looks?|looked|sounds?|sounded|feels?|felt|"
    r"has been|have been)(?:\s+(?:so|very|really|just|quite|pretty|too|such an?|an?|the most|not|kind of|kinda|a bit|"
    r"a little|absolutely|always))*\s*$",
    re.IGNORECASE,
)
_STOP = (
    "and|but|or|so|because|since|when|if|that|which|who|for|at|in|on|with|about|to|from|by|as|than|then|though|until|while|"
    "is|was|are|were|am|has|have|had|will|would|did|does|do|can|could|should|may|might|must|now|today|yesterday|tonight|"
    "tomorrow|right|again|anymore|too|i|you|he|she|we|they|it|not|never|just|always|after|before|over|out|up|down|off|very|really"
)
_NO_HEAD = (
    _STOP.replace("|it|", "|").replace("|you|", "|") + "|be|go|see|hear|know|think|say|get|tell|make|meet|find|let"
)
_NOUN = re.compile(
    rf"(?:(?:all|both|this|that|these|those|the|an?|my|your|his|her|its|our|their|every|each|some|any|such|what|how)\s+){{0,3}}"
    rf"(?!(?:{_NO_HEAD})\b)[\w’'-]+"
    rf"(?:\s+(?!(?:{_STOP})\b)[\w’'-]+){{0,3}}(?:\s+of\s+(?:the|my|your|his|her|our|their|this|that)?\s*[\w’'-]+)?",
    re.IGNORECASE,
)  # fmt: skip
_LEADING = re.compile(r"^(?:and|but|so|because|well|oh|i think|i guess|honestly|like)\s+", re.IGNORECASE)
_PRONOUNS, _NO_TARGET, _SELF_WORDS = words("pronouns"), words("no_target"), words("self_words")
_FIRST = frozenset(("i", "i'm", "i've", "i'd", "me", "we", "we're", "we've", "us", "my", "myself"))
_OTHERS = frozenset(("you", "you're", "you've", "he", "he's", "she", "she's", "they", "they're", "him", "her", "them",
                     "everyone", "everybody", "people"))  # fmt: skip


def target_of(text: str, found: Mention) -> Target | None:
    """The object of an affect word in `text`, or None where its clause names none."""
    if _TRANSITIVE.match(found.surface):
        gap = re.match(r"\s+(?!to\b)", text[found.end :])
    else:
        gap = _PREPOSITION.match(text[found.end :])
    if gap is not None:
        return _noun_at(text, found.end + gap.end())
    return _subject_of(text, found) if _CAUSING.match(found.surface) else None


def is_pronoun(noun: str) -> bool:
    """Whether the words only point to something named elsewhere ("them")."""
    return noun.lower() in _PRONOUNS


def holder_of(text: str, found: Mention) -> str | None:
    """Whose state the clause says it is: "speaker" or the pronoun it names ("you", "she"); None if it does not say."""
    clause = text[clause_start(text, found.start) : found.start].replace("’", "'").lower()
    for word in reversed(re.findall(r"[a-z']+", clause)):
        if word in _FIRST:
            return "speaker"
        if word in _OTHERS:
            return str(word.partition("'")[0])
        if word not in _SELF_WORDS and not word.endswith("ly"):
            return None
    return None


def clause_start(text: str, before: int) -> int:
    """Where the clause that holds position `before` begins."""
    return max(text.rfind(mark, 0, before) for mark in ".!?;:,\n])") + 1


def _noun_at(text: str, start: int) -> Target | None:
    match = _NOUN.match(text, start)
    if match is None:
        return None
    noun = match.group().rstrip(" '’-")
    if not noun or noun.lower() in _NO_TARGET:
        return None
    return Target(start, start + len(noun), noun)


def _subject_of(text: str, found: Mention) -> Target | None:
    """The subject of "… is disappointing"."""
    begin = clause_start(text, found.start)
    match = _SUBJECT.match(text[begin : found.start].replace("’", "'"))
    if match is None:
        return None
    noun = match["noun"].strip()
    noun = _LEADING.sub("", noun)
    if (
        not noun
        or noun.lower() in _FIRST | {"there", "that", "it", "this", "what", "he", "she"}
        or len(noun.split()) > 7
    ):
        return None
    start = begin + text[begin : found.start].find(noun)
    return Target(start, start + len(noun), noun)
