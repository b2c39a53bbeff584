"""Prints what the ontology covers and how far its numbers agree with a second source, and writes docs/ontology.md.

    python -m training.ontology.agreement --data ../shared/data [--write docs/ontology.md]

Coverage: every label of GoEmotions, MELD, Ekman and Plutchik, and 200 open labels of our choice
(`open_labels.txt`), out into closed sets and back, with the share of meaning that is lost.

Agreement: valence, arousal and dominance of each word against the mean that raters gave to the EmoBank sentences in
which the word stands and is not denied, for words with at least MIN_SENTENCES, and against the text encoder's reading
of "I am <word>." (the encoder was trained on EmoBank, so the two are not independent of each other).
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emer.memory.ontology import CLOSED_SETS, loss, mentions, project, resolve, state_vad, words
from emer.memory.words import OURS
from emer.tools.text_encoder import encode

MIN_SENTENCES = 5
SETS = ("ekman", "meld7", "plutchik8", "goemotions28", "tone2", "tone3", "emonet40", "sentiment")
AXES = ("valence", "arousal", "dominance")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    text = "\n".join([*_intro(), *_agreement(arguments.data), *_coverage(), *_loss_table()]) + "\n"
    print(text)
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")


INTRO = """\
# The ontology of emotion words

Made by `python -m training.ontology.agreement --data ../shared/data --write docs/ontology.md`; do not edit.

{n_words} words with {n_forms} written forms. Valence, arousal and dominance: **{n_cited} words cited**
(Russell & Mehrabian 1977, the table of 151 terms), **{n_ours} ours**, written with the circumplex (Russell 1980) and
the wheel in view.
Three terms of that table are ours here, because the words have moved since: aggressive, anxious and overwhelmed were
pleasant or neutral to its raters. The cited numbers were taken from two public transcriptions of the table, which agree
in each of the 18 terms that both have. ALMA's table (Gebhard 2005) is not used: its scale is narrower. No value comes
from ANEW, NRC-VAD or any data set. Which class of EmoNet's forty a word goes to, which GoEmotions states it is attached
to, and all glosses are ours.
"""
AGREEMENT = """\
## Agreement with a second source

EmoBank: the mean rating of the sentences in which the word stands and is not denied, at least {least} each
({n_rated} words, {n_sentences} sentences). Encoder: its reading of "I am <word>." ({n_words} words; it was trained
on EmoBank, so the two are not independent). A sentence is more than one word: these are lower bounds of the agreement
of the words themselves.

| dimension | EmoBank Pearson | EmoBank Spearman | n | encoder Pearson | encoder Spearman | n |
|---|---|---|---|---|---|---|"""
SCATTER = """\
Words scatter around the point of the state to which most of them goes with a standard deviation of {:.2f} in valence,
{:.2f} in arousal and {:.2f} in dominance: the judge's Gaussian is as wide as that and a step of a rating scale together
([how the judge weighs](judge.md))."""
COVERAGE = """\

## Coverage of the built-in sets

A word is covered when less than half of it goes to `none`. Loss is the expected distance between a word and the words
that its classes go back to, 0 nothing to 1 everything (`none` loses everything). Back and out again every class gives
itself (tested).

| set | classes | words covered | mean loss | source |
|---|---|---|---|---|"""


def _intro() -> Iterator[str]:
    n_cited = sum(word.vad_source != OURS for word in words().values())
    n_forms = sum(1 + len(word.inflections) + len(word.synonyms) for word in words().values())
    n_ours = len(words()) - n_cited
    yield INTRO.format(n_words=len(words()), n_forms=n_forms, n_cited=n_cited, n_ours=n_ours)


def _agreement(data: Path) -> Iterator[str]:
    means, counts = _emobank_means(data / "text" / "emobank" / "emobank.csv")
    ours = np.array([words()[label].vad for label in means])
    rated = np.array(list(means.values()))
    labels = list(words())
    read = encode([f"I am {label}." for label in labels]).vad
    everything = np.array([words()[label].vad for label in labels])
    n_sentences, n_words = sum(counts[label] for label in means), len(labels)
    yield AGREEMENT.format(least=MIN_SENTENCES, n_rated=len(means), n_sentences=n_sentences, n_words=n_words)
    yield from _correlation_rows(ours, rated, everything, read)
    yield ""
    yield SCATTER.format(*_scatter())


def _correlation_rows(*tables: NDArray[np.float64]) -> Iterator[str]:
    ours, rated, everything, read = tables
    for axis, name in enumerate(AXES):
        rated_r, rated_rho = _correlations(ours[:, axis], rated[:, axis])
        read_r, read_rho = _correlations(everything[:, axis], read[:, axis])
        first = f"| {name} | {rated_r:.2f} | {rated_rho:.2f} | {len(ours)} "
        yield f"{first}| {read_r:.2f} | {read_rho:.2f} | {len(everything)} |"


def _scatter() -> list[float]:
    """The standard deviation of the words around their first state, by axis."""
    away = [np.subtract(word.vad, state_vad(max(word.states, key=lambda one: one[1])[0])) for word in words().values()]
    return [float(value) for value in np.std(away, axis=0)]


def _emobank_means(path: Path) -> tuple[dict[str, NDArray[np.float64]], dict[str, int]]:
    found: dict[str, list[NDArray[np.float64]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rating = (np.array([float(row[axis]) for axis in "VAD"]) - 3.0) / 2.0
            for label in sorted({m.word.label for m in mentions(row["text"]) if not m.negated}):
                found.setdefault(label, []).append(rating)
    enough = {label: rows for label, rows in sorted(found.items()) if len(rows) >= MIN_SENTENCES}
    return {label: np.mean(rows, axis=0) for label, rows in enough.items()}, {k: len(v) for k, v in enough.items()}


def _correlations(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Return Pearson's r and Spearman's rho (r of the mean ranks)."""
    return float(np.corrcoef(one, other)[0, 1]), float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: Sequence[float]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(np.round(values, 9), return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]


def _coverage() -> Iterator[str]:
    yield COVERAGE
    for name, chosen in CLOSED_SETS.items():
        covered = sum(project({label: 1.0}, name)["none"] < 0.5 for label in words())
        mean = sum(loss(label, name) for label in words()) / len(words())
        yield f"| {name} | {len(chosen.classes)} | {covered} of {len(words())} | {mean:.2f} | {chosen.source} |"
    yield ""


def _loss_table() -> Iterator[str]:
    labels = Path(__file__).with_name("open_labels.txt").read_text(encoding="utf-8").splitlines()
    classes = sorted(
        {each for name in ("goemotions28", "meld7", "ekman", "plutchik8") for each in CLOSED_SETS[name].classes}
    )
    yield "## Labels in and out"
    yield ""
    yield "Each cell: the class with the largest share, and the loss of the whole way out and back."
    for title, some in (("GoEmotions, MELD, Ekman and Plutchik labels", classes), ("200 open labels", labels)):
        yield ""
        yield f"### {title} ({len(some)})"
        yield ""
        yield f"| label | read as | how | confidence | {' | '.join(SETS)} |"
        yield "|---" * (4 + len(SETS)) + "|"
        for label in some:
            yield _row(label)


def _row(label: str) -> str:
    resolution = resolve(label)
    read = " + ".join(f"{word.label} {weight:.1f}" if weight < 1 else word.label for word, weight in resolution.words)
    cells = []
    for name in SETS:
        shares = project({label: 1.0}, name)
        best = max(shares, key=lambda each: shares[each])
        cells.append(f"{best.split('/')[0].lower()} {loss(label, name):.2f}")
    return f"| {label} | {read} | {resolution.how} | {resolution.confidence:.2f} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
