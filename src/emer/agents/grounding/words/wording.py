"""The words of claims and cues: sentences, clauses, quotations, stems, denials."""

from __future__ import annotations

import re
from functools import lru_cache

from emer.agents.grounding.words.lists import listed

ID = re.compile(r"\[([a-z][a-z0-9_]*-\d+)\]")
PERSON_ID = re.compile(r"\bp\d+\b")
LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")
"""What stands in a quotation for words that were left out, or were put in for others."""
QUOTE = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
DENIALS = listed("denials")
PLAIN = listed("plain")
"""Words that tell nothing by themselves."""
SHORT = 3
"""Letters of the shortest words that are compared."""
_IRREGULAR = {
    form: forms[0]
    for forms in (
        ("take", "took", "taken"), ("give", "gave", "given"), ("win", "won"), ("lose", "lost"), ("leave", "left"),
        ("find", "found"), ("make", "made"), ("come", "came"), ("know", "knew", "known"), ("tell", "told"),
        ("think", "thought"), ("break", "broke", "broken"), ("speak", "spoke", "spoken"), ("mean", "meant", "means"),
        ("see", "saw", "seen"), ("do", "did", "done"), ("forget", "forgot", "forgotten"), ("wait", "waits"),
        ("write", "wrote", "written"), ("eat", "ate", "eaten"), ("buy", "bought"), ("keep", "kept"), ("hold", "held"),
        ("steal", "stole", "stolen"), ("hear", "heard"), ("meet", "met"), ("pay", "paid"), ("send", "sent"),
        ("sell", "sold"), ("bring", "brought"), ("catch", "caught"), ("teach", "taught"), ("drive", "drove", "driven"),
        ("begin", "began", "begun"), ("sing", "sang", "sung"), ("understand", "understood"), ("swear", "swore"),
        ("die", "died", "dead", "death"), ("choose", "chose", "chosen"), ("sit", "sat"), ("stand", "stood"),
    )
    for form in forms
}  # fmt: skip
_ENDINGS = ("ing", "ied", "ed", "ie", "y", "e")
_VOWEL = re.compile(r"[aeiouy]")
_BEHIND_NOUN = re.compile(
    r"\b(?:on|in|at|with|without|behind|beside|from|next|by|of|who|whose|near|to|under|before|opposite|outside|inside|astride|across|around|behind|against|up|down|between|among|into|over|heard|seen|dressed"
    r"|(?<=[a-z] )(?!sibling|darling)[a-z]{3,}ing|\d+)\b|,"
)
_ANYBODY = {"person", "speaker", "voice", "face", "somebody", "someone", "people", "one"}
NO_DENIAL = re.compile(
    r"\b(?:nothing|no (?:more|less|other)) (?:but|than)\b|\bnot (?:only|quite (?!\w+[.,])|until|once but|even|least)\b"
    r"|\b(?:hardly|not|never) [^,;.]{0,20}\bany(?:thing|one|body) (?:but|other than)\b"
    r"|\b(?:can|could)(?:'t|n't|not| not) (?:help|but|stop|suppress|resist|hide)\b"
    r"|\b(?:(?:were|was) it|it (?:were|was|had)|had it|if) not (?:been )?for\b|\byes[- ]or[- ]no\b"
    r"|\b(?:were|had) (?:it|there|this|that) not (?:for|that)\b|\bif (?:it were|there were) not\b"
    r"|\b(?:barely|hardly|scarcely|cannot|can't) (?:hold|keep|contain|suppress|restrain|conceal|hid|stifl|mask)\w*"
    r"|\bnothing (?:short of|like)\b|\bno (?:doubt|wonder|sooner)\b|\b(?:barely|hardly) (?:above|audibl[ey])\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:“[^”]*”|[^.!?“]|[.!?](?!\s+[A-Zp“]))+[.!?]?")
_CLAUSE = re.compile(r"\s*(?:[;:,–]|\b(?:but|although|though|while|yet|whereas)\b)\s*")
_FOLDED = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def bare(text: str) -> str:
    """A text without ids in brackets and without quotations."""
    return QUOTE.sub(" ", ID.sub(" ", text))


def shown(text: str) -> str:
    """A cue's text without quotations: a "no" in there denies nothing that the cue itself says."""
    return QUOTE.sub(" ", text)


def sentences(text: str) -> list[str]:
    """The sentences of a claim or summary, the full stops of what it quotes left alone."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def clauses(text: str) -> list[str]:
    """The parts of a sentence that each say something, roughly."""
    return [part for part in _CLAUSE.split(text) if part.strip()]


def words(text: str) -> list[str]:
    """The words in small letters, apostrophes kept."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def content(text: str) -> list[str]:
    """The words that tell something: longer than three letters and not plain."""
    return [word for word in words(text) if len(word) > 3 and word not in PLAIN and word not in DENIALS]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The first five letters without an inflection: ties smiles, smiling and smiled; irregular verbs by a list."""
    plain = word.removesuffix("'s")
    plain = _IRREGULAR.get(plain, plain)
    plain = plain if plain.endswith("ss") else plain.removesuffix("s")
    for ending in _ENDINGS:
        root = plain.removesuffix(ending)
        if ending == "y" and root[-1:] in set("aeou"):  # "play" as in "played"
            continue
        if root != plain and len(root) >= 3 and _VOWEL.search(root) and not plain.endswith("eed"):
            plain = root
            break
    if len(plain) > 3 and plain[-1] == plain[-2] and plain[-1] not in "aeiosl":
        plain = plain[:-1]
    return plain[:5]


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of all words."""
    return frozenset(stem(word) for word in words(text))


def head_noun(description: str) -> str | None:
    """The noun that a description of a person turns on: "man" of "old man with a cap"; None where it is any person."""
    phrase = _BEHIND_NOUN.split(description.lower(), maxsplit=1)[0]
    found = words(phrase)
    return found[-1] if found and found[-1] not in _ANYBODY else None


def denials(text: str) -> int:
    """How many denials stand in a text; "nothing but" is none."""
    return sum(word in DENIALS for word in words(NO_DENIAL.sub(" ", text)))


def folded(text: str) -> str:
    """The words, ids and numbers of a text alone, for comparing quotations."""
    return " ".join(_FOLDED.findall(text.lower().replace("’", "'")))
