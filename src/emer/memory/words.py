"""The emotion words: what each means on the wheels, in the tiers and in VAD space.

Written by us from the literature: sectors and dyads after Plutchik (1980; 2001, American Scientist 89, fig. 6), tiers
after Parrott (2001) from Shaver et al. (1987, fig. 1), basic emotions after Ekman (1992), families of the Geneva
Emotion Wheel (Scherer 2005; version 3.0), dimensions after Russell (1980) and Mehrabian. A number is ours unless
`data/vad_cited.tsv` gives it with paper and table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from emer.memory.states import VAD

OURS = "ours"


@dataclass(frozen=True)
class EmotionWord:
    """One emotion word.

    Attributes:
        label: how the word is written in a Report, mostly an adjective ("disappointed").
        plutchik: the sectors of Plutchik's wheel, one or the two of a dyad; empty when it has none.
        parrott: the path through Parrott's tiers from primary to tertiary; empty when the tiers leave it out.
        ekman: one of Ekman's six, or None.
        geneva: the family on the Geneva Emotion Wheel 3.0, or None.
        vad_source: paper and table of the three numbers, or "ours".
        states: one or two GoEmotions states with weights that sum to 1.
    """

    label: str
    inflections: tuple[str, ...]
    synonyms: tuple[str, ...]
    plutchik: tuple[str, ...]
    parrott: tuple[str, ...]
    ekman: str | None
    geneva: str | None
    vad: VAD
    vad_source: str
    states: tuple[tuple[str, float], ...]
    gloss: str


@cache
def words() -> Mapping[str, EmotionWord]:
    """Return every emotion word by its label, in alphabetical order."""
    cited = {row["label"]: row for row in read_table("vad_cited.tsv")}
    return MappingProxyType({row["label"]: _word(row, cited.get(row["label"])) for row in read_table("ontology.tsv")})


@cache
def surfaces() -> Mapping[str, tuple[EmotionWord, str]]:
    """Return how each written form is read: the word, and "exact", "inflection" or "synonym".

    A label wins over an inflection of another word, and an inflection over a synonym.
    """
    found: dict[str, tuple[EmotionWord, str]] = {}
    for how in ("exact", "inflection", "synonym"):
        for word in words().values():
            forms = {"exact": (word.label,), "inflection": word.inflections, "synonym": word.synonyms}[how]
            for form in forms:
                found.setdefault(form, (word, how))
    return MappingProxyType(found)


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a tab-separated table of this package."""
    text = (files("emer.memory") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


def _word(row: dict[str, str], cited: dict[str, str] | None) -> EmotionWord:
    return EmotionWord(
        label=row["label"],
        inflections=_listed(row["inflections"]),
        synonyms=_listed(row["synonyms"]),
        plutchik=() if row["plutchik"] == "none" else tuple(row["plutchik"].split("+")),
        parrott=tuple(row["parrott"].split("/")) if row["parrott"] else (),
        ekman=None if row["ekman"] == "none" else row["ekman"],
        geneva=None if row["geneva"] == "none" else row["geneva"],
        vad=_vad((cited or row)["vad"]),
        vad_source=cited["source"] if cited else OURS,
        states=_states(row["states"]),
        gloss=row["gloss"],
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def _vad(cell: str) -> VAD:
    valence, arousal, dominance = (float(number) for number in cell.split())
    return VAD(valence, arousal, dominance)


def _states(cell: str) -> tuple[tuple[str, float], ...]:
    pairs = (pair.split(":") for pair in cell.split())
    return tuple((state, float(weight)) for state, weight in pairs)
