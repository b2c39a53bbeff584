"""Whether a conclusion is there because of past cases: the same cues read without them, and what that would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from emer.agents.fusion.likelihood import Instruments
from emer.agents.fusion.phrases import marks
from emer.agents.fusion.reading import Reading, read
from emer.agents.fusion.sentences import Sentence
from emer.agents.fusion.votes import CASES


class Turned(NamedTuple):
    """The cases by which a reading has another first label than its cues alone would give, and a sentence about it."""

    cases: list[str]
    sentence: Sentence


def turned(reading: Reading, instruments: Instruments) -> Turned | None:
    """What past cases changed in a reading's first label; None where they changed nothing.

    Past cases enter as `reading.weighed`, so that only a reading that some voted in is read again.
    """
    if not reading.labels or not any(one.modality == CASES for one in reading.weighed):
        return None
    alone = read(reading.person, reading.cues, (), instruments)
    before = alone.labels[0].word.label if alone.labels else None
    if before == reading.labels[0].word.label:
        return None
    ids = reading.cases_for(reading.labels[0].state)
    cited = [one.id for one in reading.supporting(reading.labels[0].state)[:1]]
    return Turned(ids, Sentence(f"{_without(ids)}, {_instead(before)} {marks(cited)}.", cited, [])) if ids else None


def _without(ids: Sequence[str]) -> str:
    return "Without the past case that is like this one" if len(ids) == 1 else "Without the past cases like this one"


def _instead(before: str | None) -> str:
    return f"{before} would be the better reading" if before else "the cues alone would bear no conclusion"
