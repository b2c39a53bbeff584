"""Things: an object, place or role that a claim names must be in its cues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.figurative import AS_IF, FIGURES
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.lists import lines_of, listed
from emer.agents.grounding.words.nouns import is_same, mark
from emer.agents.grounding.words.wording import ID, QUOTE, SHORT, stem, stems, words

_BODY = listed("body")
"""Parts of people belong to the senses, which are checked by themselves."""
_PARTICLE = re.compile(
    r"(?:\band [a-z]+|(?<!\bthe )(?<!\ba )(?<!\bhis )(?<!\bher )(?<!\btheir )\b[a-z]+s)"
    r" (?=(?:off|out|away|up|down|back)\b)",
    re.IGNORECASE,
)
"""A verb before a particle: "rings out", "and trail off"; not "throws the keys away"."""
_SOUNDS = {"pitch", "tone", "volume", "loudness", "pace", "tempo", "melody", "delivery", "exclamation", "question"}
"""Nouns behind which a word is a verb: "her pitch sinks"."""
THINGS = (listed("things") | listed("everyday") | listed("objects")) - _BODY
"""Words that name things, places, animals and roles, as the encoder sorts its vocabulary (training/grounding), and
those of every day that it does not know as words."""
_OR_ELSE = listed("twofold")
"""Things whose word is a verb, an adjective or something abstract as well: one is meant behind an article only."""
_ARTICLE = re.compile(
    r"\b(?:a|an|the|his|her|their|its|my|your|one|two|three|four|five|six|some|another|both|several|p\d+'s|[a-z]+'s"
    r"|(?:bunch|bouquet|glass|cup|mug|bottle|pile|stack|pair|set|box|bag|plate|bowl|piece) of)\s+"
    r"(?:(?!the\b|a\b|an\b)(?P<between>[a-z]+(?:-[a-z]+)?)\s+)?$",
    re.IGNORECASE,
)
_OF_A_VOICE = re.compile(
    r"\b(?:pitch|voice|volume|tone|level|melody|intonation|register|pace|smile|gaze|mouth|line|sentence|question|answer"
    r"|reply|request|remark|words?|speech|plea|offer|laugh|sigh|note) [a-z]+s"
    r"(?= (?:in|by|to|towards?|at|on|down|up|away|off|out|back|below|under|over|from|through|when|as"
    r"|for|and)\b|[,;.])",
    re.IGNORECASE,
)
"""What a voice or what is said does: "her pitch sinks by five semitones"."""


@cache
def _same() -> Mapping[str, frozenset[str]]:
    """What may stand in a cue for a thing: the stems of the words that follow it on its line."""
    found: dict[str, frozenset[str]] = {}
    for line in lines_of("same_things"):
        thing, *others = line.split()
        found[stem(thing)] = found.get(stem(thing), frozenset()) | {stem(other) for other in others}
    return found


def strange_thing(claim: Claim) -> str | None:
    """A thing that no cue names; an observation must find it in the cues that it cites.

    What the user told of the situation may be named by anybody: a "commentator" is one who was introduced as such.
    """
    is_observed = claim.step.type == "observation"
    is_said = any(cue.modality == "transcript" for cue in claim.cited)  # what is spoken of may have been named before
    known = [
        cue
        for cue in claim.record.cues.values()
        if not is_observed or cue.kind == "given" or (is_said and cue.modality == "transcript")
    ]
    around = " ".join([claim.said, *(claim.record.said(cue).lower() for cue in known), *claim.record.people.values()])
    around = around.lower()
    for word in _nouns(claim):
        if not is_named(word, around):
            return f"tells of “{word}”, which is in no cited cue"
    return None


def is_named(word: str, around: str) -> bool:
    """Whether a text names a thing: by a word of its kin, or by its own where the kin is that of a verb ("ring")."""
    if _same().get(stem(word), frozenset()) & stems(around) or any(
        is_same(word, other) for other in set(words(around))
    ):
        return True
    if _is_twofold(word) or len(stem(word)) <= SHORT:
        return not {word, f"{word}s", f"{word}es", word.removesuffix("s"), word.removesuffix("es")}.isdisjoint(
            [form for told in words(around) for form in (told, told.removesuffix("'s"))]
        )
    return is_there(word, around)


def _is_twofold(word: str) -> bool:
    return bool({word, word.removesuffix("s"), word.removesuffix("es")} & _OR_ELSE) or (
        mark(word) == "~" and word not in THINGS
    )


def _nouns(claim: Claim) -> Iterator[str]:
    """The things that a claim names as such: not as verbs, in comparisons or in turns of speech."""
    names = "".join(f"|{name}" for name in (*claim.record.names, *_BODY))
    behind = re.compile(
        rf"\b(?:p\d|s?he|they|to{names}) (?!(?:an?|the|his|her|their|its)\b)[a-z]+\b"
        r"(?! (?:is|was|are|were|has|goes)\b)",
        re.IGNORECASE,
    )
    text = QUOTE.sub("·", ID.sub(" ", claim.step.claim))
    for form in (FIGURES, AS_IF, behind, _PARTICLE, _OF_A_VOICE):
        text = form.sub(lambda found: "·" * len(found.group()), text)
    for found in re.finditer(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text):
        word = found.group().lower().replace("’", "'").removesuffix("'s")
        if "-" in word and word not in THINGS:
            word = "" if _is_twofold(word.rpartition("-")[2]) else word.rpartition("-")[2]
        if is_thing(word) and (not _is_twofold(word) or _has_article(text[: found.start()])):
            yield word


def _has_article(before: str) -> bool:
    """Whether an article stands before a word, at most one other word between, which is no noun."""
    found = _ARTICLE.search(before)
    return found is not None and not (
        found["between"] and (is_thing(found["between"]) or found["between"] in _BODY | _SOUNDS)
    )


def is_thing(word: str) -> bool:
    """Whether a word can mean something that is there to be seen."""
    if len(word) < SHORT or word in _BODY:
        return False
    return word in THINGS or word.removesuffix("s") in THINGS or mark(word) in ("=", "~")
