"""Open labels on textualised clips, scored by emotion wheels, always twice: the cues as they are, and masked.

Descriptions written by a model name emotions in half of the clips; a system that copies such a word scores without
reasoning. So every wheel word of the texts (every form that the tables know) is masked in the second half of the rows,
and beside both stand a lexicon that copies wheel words, four constant words, and our own labels dealt to other clips.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emer.evals import kinds, readers, reported, textualised
from emer.evals.evaluation import Eval, Headline, Sample, Score
from emer.evals.metrics.wheel import Wheels, f_s
from emer.evals.own_wheel import wheels_for

MASK = "___"
_WORD = re.compile(r"[a-z][a-z'-]+", re.IGNORECASE)


class Open(NamedTuple):
    """The open labels of one clip from its cues as they are, and with every wheel word masked."""

    plain: list[str]
    masked: list[str]


def read(data: Path) -> list[Sample]:
    """The textualised clips, with the labels that are no `neutral` as targets, which the wheels drop anyway."""
    return [Sample(one.id, one.given, [one.target], one.group) for one in textualised.rows(data)]


def masked(given: Any, is_wheel_word: Callable[[str], bool]) -> Any:
    """The row with every wheel word of its texts masked."""
    if isinstance(given, str):
        return _WORD.sub(lambda match: MASK if is_wheel_word(match.group()) else match.group(), given)
    if isinstance(given, dict):
        kept = ("id", "language", "modality")
        return {key: value if key in kept else masked(value, is_wheel_word) for key, value in given.items()}
    return [masked(one, is_wheel_word) for one in given] if isinstance(given, list) else given


def _on_a_wheel(wheels: Wheels) -> Callable[[str], bool]:
    return lambda word: any(grouping(word) for grouping in wheels.m3.values())


def texts(given: Any) -> str:
    """Every text of a row, in one."""
    cues = " ".join(str(cue.get("text", "")) for cue in given.get("cues", []))
    return f"{given.get('transcript', '')} {cues}"


def lexicon(given: Any, wheels: Wheels, n: int) -> list[str]:
    """The first `n` wheel words of the texts."""
    is_wheel_word = _on_a_wheel(wheels)
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(texts(given)) if is_wheel_word(word)))[:n]


def predict(samples: Sequence[Sample], wheels: Wheels) -> list[Open]:
    """Our labels of each clip, plain and masked."""
    hidden = [_hidden(sample, wheels) for sample in samples]
    plain = reported.predict(samples, reported.open_labels)
    return [Open(*both) for both in zip(plain, reported.predict(hidden, reported.open_labels), strict=True)]


def score(samples: Sequence[Sample], predictions: Any, wheels: Wheels) -> list[Score]:
    """The scores of open labels for both versions of the texts, with the floors of each at our labels per clip."""
    scores: list[Score] = []
    for name, rows in (("", samples), (", masked", [_hidden(sample, wheels) for sample in samples])):
        said = [list(one.masked if name else one.plain) for one in predictions]
        dealt = [said[n] for n in np.random.default_rng(0).permutation(len(said))]
        floors = {
            "wheel words of the text": [
                lexicon(row.given, wheels, max(1, len(labels))) for row, labels in zip(rows, said, strict=True)
            ],
            "our labels of another clip": dealt,
        }
        found = kinds.score_open(samples, said, wheels=wheels, floors=floors)
        scores += [one._replace(name=f"{one.name}{name}") for one in found]
    return scores


def _hidden(sample: Sample, wheels: Wheels) -> Sample:
    return Sample(sample.id, masked(sample.given, _on_a_wheel(wheels)), sample.target, sample.group)


def declare(folder: Path | None) -> Eval:
    """The evaluation, by the official tables if the folder has them."""
    wheels, which = wheels_for(folder)
    return Eval(
        name="open-cues",
        title=f"open labels of textualised clips by emotion wheels, 191 MELD test utterances ({which})",
        data=str(readers.CLIPS),
        terms="none stated",
        read=read,
        predict=partial(predict, wheels=wheels),
        score=partial(score, wheels=wheels),
        headline=Headline(
            "F_S", lambda samples, said: f_s([s.target for s in samples], [o.plain for o in said], wheels).f
        ),
        parse=lambda value: Open(kinds.parse_list(value[0]), kinds.parse_list(value[1])),
    )
