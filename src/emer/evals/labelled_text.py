"""Emotions of texts and of utterances in conversation, by emer's whole way from words to verdict.

An utterance is read with its speaker and, as context, the two turns before it. Nothing is fitted on these sets; the
labels come from the projection of the Report on a codebook of the set's labels.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from emer.evals import kinds, readers, reported
from emer.evals.evaluation import Eval, Sample, Score
from emer.evals.metrics import accuracy, indicator, macro_f1
from emer.memory.phrases import mentions
from emer.memory.words import words

MELD = {
    "anger": "angry", "disgust": "disgusted", "fear": "afraid", "joy": "joyful", "neutral": "neutral, no emotion",
    "sadness": "sad", "surprise": "surprised",
}  # fmt: skip
EMORYNLP = {
    "joyful": "joyful, amused", "mad": "angry, annoyed", "neutral": "neutral, no emotion",
    "peaceful": "calm, loving, caring, relieved, content", "powerful": "proud, confident, in control", "sad": "sad",
    "scared": "afraid, anxious",
}  # fmt: skip
ISEAR = {
    "anger": "angry", "disgust": "disgusted", "fear": "afraid", "guilt": "guilty", "joy": "joyful", "sadness": "sad",
    "shame": "ashamed",
}  # fmt: skip
N_BEFORE = 2


def meld(data: Path) -> list[Sample]:
    """MELD test (Poria et al. 2019): utterance with two turns before it -> emotion; groups are the dialogues."""
    rows = _rows(data / "text" / "meld" / "test_sent_emo.csv")
    turns = [(row["Dialogue_ID"], row["Speaker"], row["Utterance"], row["Emotion"]) for row in rows]
    return _utterances(turns, [f"dia{row['Dialogue_ID']}_utt{row['Utterance_ID']}" for row in rows])


def emorynlp(data: Path) -> list[Sample]:
    """EmoryNLP test (Zahiri and Choi 2018): utterance with two turns before it -> emotion; groups are the scenes."""
    rows = _rows(data / "text" / "emorynlp" / "emorynlp_test_final.csv")
    keys = [f"s{row['Season']}e{row['Episode']}c{row['Scene_ID']}" for row in rows]
    names = [row["Speaker"].strip("[]").replace("'", "") for row in rows]
    turns = list(zip(keys, names, [row["Utterance"] for row in rows], [row["Emotion"] for row in rows], strict=True))
    return _utterances(turns, [f"{key}u{row['Utterance_ID']}" for key, row in zip(keys, rows, strict=True)])


def enisear(data: Path) -> list[Sample]:
    """The events of enISEAR (Hofmann et al. 2020), their emotion blanked -> the emotion that each was written for."""
    path = data / "text" / "enisear_appraisal" / "enISEAR_appraisal_majority.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Sample(row["Sentence_id"], row["Sentence"], row["Prior_Emotion"].lower(), row["Sentence_id"]) for row in rows
    ]


def isear(data: Path) -> list[Sample]:
    """A thousand situations of ISEAR, drawn with seed 0: all 7,467 would take most of an hour."""
    samples = readers.isear(data)
    drawn = np.random.default_rng(0).choice(len(samples), size=min(1000, len(samples)), replace=False)
    return [samples[i] for i in sorted(drawn)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file))


def _utterances(turns: Sequence[tuple[str, str, str, str]], ids: Sequence[str]) -> list[Sample]:
    samples = []
    for n, (dialogue, speaker, text, emotion) in enumerate(turns):
        before = [f"{who}: {said}" for key, who, said, _ in turns[max(0, n - N_BEFORE) : n] if key == dialogue]
        given: dict[str, Any] = {"id": ids[n], "cues": [], "transcript": f"{_name(speaker)}: {text}", "language": "en"}
        if before:
            given["context"] = "Before this: " + " ".join(before)
        samples.append(Sample(ids[n], given, emotion.strip().lower(), dialogue))
    return samples


def _name(speaker: str) -> str:
    """The speaker's first name as a transcript's label can have it."""
    return "".join(letter for letter in speaker.split(",")[0] if letter.isalpha() or letter == " ").strip() or "Speaker"


def predict(samples: Sequence[Sample], labels: Mapping[str, str]) -> list[list[str]]:
    """The labels of each sample, the likeliest first."""
    neutral = "neutral" if "neutral" in labels else None
    with reported.codebook("set", dict(labels)) as path:
        return reported.predict(samples, partial(reported.ranked, name="set", neutral=neutral), labels=(path,))


def lexicon(samples: Sequence[Sample], labels: Mapping[str, str]) -> list[str]:
    """What a lexicon alone answers: the label that most emotion words of the ontology in the text point to."""
    found = []
    words_of = {label: {one.label for _, one in _named(gloss)} for label, gloss in labels.items()}
    default = "neutral" if "neutral" in labels else min(labels)
    for sample in samples:
        text = sample.given if isinstance(sample.given, str) else sample.given["transcript"]
        met = [mention.word for mention in mentions(text)]
        near = {label: sum(_near(word, names) for word in met) for label, names in words_of.items()}
        best = max(near, key=lambda label: (near[label], label))
        found.append(best if near[best] > 0 else default)
    return found


def _named(gloss: str) -> list[tuple[str, Any]]:
    return [(part.strip(), words()[part.strip()]) for part in gloss.split(",") if part.strip() in words()]


def _near(word: Any, names: set[str]) -> float:
    """How much of a word's states the words of a label share."""
    states = {state for name in names for state, _ in words()[name].states}
    return float(sum(weight for state, weight in word.states if state in states))


def score(samples: Sequence[Sample], predictions: Any, *, labels: Mapping[str, str]) -> list[Score]:
    """The scores of a closed set, beside the lexicon."""
    said, gold = lexicon(samples, labels), [sample.target for sample in samples]
    truth, guess = indicator(gold, tuple(labels)), indicator(said, tuple(labels))
    return [
        *kinds.score_closed(samples, predictions, labels=tuple(labels)),
        Score("accuracy", accuracy(gold, said), None, None, len(said), "emotion words alone"),
        Score("macro F1", macro_f1(truth, guess), None, None, len(said), "emotion words alone"),
    ]


def _declare(
    name: str, title: str, *, data: str, terms: str, read: Callable[[Path], Sequence[Sample]], labels: dict[str, str]
) -> Eval:
    return Eval(
        name=name, title=title, data=data, terms=terms, read=read,
        predict=partial(predict, labels=labels), score=partial(score, labels=labels),
        headline=kinds.headline("closed"), parse=kinds.parse_list,
    )  # fmt: skip


MELD_EVAL = _declare(
    "meld", "7 emotions of utterances in dialogues, MELD test (words alone)",
    data="text/meld/test_sent_emo.csv", terms="GPL-3.0 repository", read=meld, labels=MELD,
)  # fmt: skip
EMORYNLP_EVAL = _declare(
    "emorynlp", "7 emotions of utterances in dialogues, EmoryNLP test (words alone)",
    data="text/emorynlp/emorynlp_test_final.csv", terms="in the MELD repository", read=emorynlp, labels=EMORYNLP,
)  # fmt: skip
ISEAR_EVAL = _declare(
    "isear", "7 emotions of reported situations, 1,000 of ISEAR drawn with seed 0",
    data="text/isear/isear.csv", terms="CC BY-NC-SA", read=isear, labels=ISEAR,
)  # fmt: skip
ENISEAR_EVAL = _declare(
    "enisear", "7 emotions of reported events, enISEAR (its appraisals are not scored: emer has no appraisal model)",
    data="text/enisear_appraisal/enISEAR_appraisal_majority.tsv", terms="GPL-3.0 repository", read=enisear,
    labels=ISEAR,
)  # fmt: skip
