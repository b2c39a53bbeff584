"""Where a claim mentions a person, by id, by what she is described as, by her relation or by her name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from emer.agents.grounding.record import Claim, Record
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import head_noun, words

_SHORT_FOR = {
    "veterinarian": ("vet",), "veterinary": ("vet",), "doctor": ("physician", "doc"), "mother": ("mum", "mom"),
    "father": ("dad",), "grandmother": ("gran", "grandma", "granny"), "grandfather": ("grandpa", "granddad"),
    "teacher": ("tutor",), "boy": ("lad", "youngster"), "girl": ("lass",), "host": ("presenter", "interviewer"),
    "presenter": ("newsreader", "anchor", "host"), "groom": ("bridegroom",), "policeman": ("officer",),
    "policewoman": ("officer",), "police": ("officer",), "carer": ("caregiver",), "applicant": ("candidate",),
    "candidate": ("applicant",), "customer": ("client", "shopper"), "apprentice": ("trainee",), "chef": ("cook",),
    "goalkeeper": ("keeper", "goalie"), "photographer": ("cameraman",), "singer": ("vocalist",),
    "waiter": ("server",), "waitress": ("server",), "barrister": ("lawyer", "counsel"), "lawyer": ("attorney",),
    "examiner": ("invigilator",), "trainer": ("coach",), "coach": ("trainer",), "guest": ("visitor",),
    "warden": ("attendant",), "attendant": ("warden",), "clerk": ("official",), "official": ("clerk",),
}  # fmt: skip
"""What else somebody of a description may be called."""
_SEX = {
    "man": {"man", "gentleman", "fellow", "husband", "father", "grandfather", "widower", "waiter", "guy"},
    "woman": {"woman", "lady", "wife", "mother", "grandmother", "widow", "waitress"},
    "boy": {"boy"},
    "girl": {"girl"},
}
_NOBODY = listed("body") | listed("plain") | listed("common") | {"it", "he", "she", "also", "now", "not"}
"""What names nobody, though it stands where a name could."""
_NAMED = (
    re.compile(r"\b(?P<name>[A-Z][a-z]+) is (?P<who>p\d+)\b"),
    re.compile(r"\b(?P<who>p\d+) is (?:called |named )?(?P<name>[A-Z][a-z]+)\b"),
)
_ARTICLE = re.compile(r"^(?:the|an?|his|her|their|p\d+'s)\s+")


class Mention(NamedTuple):
    """Who is mentioned, where in the claim's bare text, and whether as one who has something ("p1's")."""

    person: str
    start: int
    end: int
    owns: bool


@lru_cache(maxsize=4096)
def mentioned(text: str, names: tuple[tuple[str, str], ...]) -> tuple[Mention, ...]:
    """The persons that a text mentions, in order, by id or by one of the names."""
    by_name = dict(names)
    nouns = "|".join(sorted(map(re.escape, by_name), key=len, reverse=True))
    form = r"\b(?P<id>p\d+)\b"
    if nouns:
        form += rf"|\b(?:(?:the|her|his|their|this|that) (?:[a-z-]+ )?)(?P<noun>{nouns})\b|\b(?P<name>{nouns})\b"
    found = []
    for hit in re.finditer(rf"(?:{form})(?P<owns>['’]s?(?=\s))?", text, re.IGNORECASE):
        noun = hit["noun"] if nouns else None
        name = hit["name"] if nouns else None
        if name is not None and not name[0].isupper():
            continue  # a noun without an article is no mention, a first name is
        who = hit["id"].lower() if hit["id"] else by_name.get((noun or name or "").lower())
        if who:
            found.append(Mention(who, hit.start(), hit.end(), hit["owns"] is not None))
    return tuple(found)


def mentions_of(claim: Claim) -> tuple[Mention, ...]:
    """The persons that a claim mentions outside quotations, in order."""
    return mentioned(claim.bare, tuple(sorted(names_of(claim.record).items())))


@lru_cache(maxsize=16)
def names_of(record: Record) -> Mapping[str, str]:
    """Persons by whatever they alone may be called: nouns of descriptions, relations, first names, in small letters."""
    found = {**record.relations, **record.names}
    for noun, who in record.names.items():
        for other in _SHORT_FOR.get(noun, ()):
            found.setdefault(other, who)
    for phrase, who in [*_phrases(record), *_besides(record)]:
        found.setdefault(phrase, who)
    for noun, sex in _SEX.items():
        of_sex = [who for who, text in record.people.items() if sex & set(words(text.split(",")[0])[:3])]
        if len(of_sex) == 1 and noun not in " ".join(_others(record, of_sex[0])):
            found.setdefault(noun, of_sex[0])
    found = _by_sex(record) | found
    for cue in record.cues.values():
        if cue.kind == "given":
            found |= {hit["name"].lower(): hit["who"] for form in _NAMED for hit in form.finditer(cue.text)}
    return {noun: who for noun, who in found.items() if noun not in _NOBODY}


def _by_sex(record: Record) -> dict[str, str]:
    """The other of two, of whom one is told to be a man or a woman and she is not."""
    sexes = {"man": _SEX["man"] | _SEX["boy"], "woman": _SEX["woman"] | _SEX["girl"]}
    told = {who: [noun for noun, sex in sexes.items() if sex & set(words(text))] for who, text in record.people.items()}
    plain, sexed = ([who for who in told if len(told[who]) == n] for n in (0, 1))
    if len(told) != len(plain) + len(sexed) or len(plain) != 1 or len(sexed) != 1:
        return {}
    return {"woman" if told[sexed[0]] == ["man"] else "man": plain[0]}


def _others(record: Record, who: str) -> list[str]:
    return [text.lower() for one, text in record.people.items() if one != who]


def _phrases(record: Record) -> list[tuple[str, str]]:
    """Whole descriptions, for those who share their noun: "flatmate in pyjamas"."""
    return [(text.lower().split(",")[0], who) for who, text in record.people.items() if len(text.split()) > 1]


def _besides(record: Record) -> list[tuple[str, str]]:
    """What somebody alone is told to be behind a comma: "father" of "grey-haired man, the father"."""
    found = [
        (noun, who)
        for who, text in record.people.items()
        for part in text.lower().split(",")[1:]
        if _ARTICLE.match(part.strip()) and (noun := head_noun(_ARTICLE.sub("", part.strip())))
    ]
    return [(noun, who) for noun, who in found if noun not in " ".join(_others(record, who))]
