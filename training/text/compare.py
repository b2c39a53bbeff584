"""The shipped encoder beside what one could pip-install today, on one set, in one run.

pip install --target PEERS vaderSentiment NRCLex text2emotion "emoji<2"
PYTHONPATH=src:PEERS python -m training.text.compare [--test]

Sentiment (VADER): comments whose gold labels are all positive, all negative or neutral alone, three classes.
Ekman (NRCLex, text2emotion): the seven groups of the GoEmotions paper, several per comment; text2emotion knows no
disgust and is scored on the other six. The groups are those of Demszky et al. (2020), section 4 and the repository.
text2emotion downloads NLTK data at import; where there is no network its tokenizer, stop words and lemmatizer are
replaced by a regular expression, scikit-learn's stop words and none, which the output says.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable

import numpy as np
from training.text import data

from emer.evals import metrics
from emer.tools.text_encoder import LABELS, encode, thresholds

POSITIVE = {"admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy", "love",
            "optimism", "pride", "relief"}  # fmt: skip
NEGATIVE = {"anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief",
            "nervousness", "remorse", "sadness"}  # fmt: skip
EKMAN = {
    "anger": {"anger", "annoyance", "disapproval"},
    "disgust": {"disgust"},
    "fear": {"fear", "nervousness"},
    "joy": POSITIVE,
    "sadness": {"sadness", "disappointment", "embarrassment", "grief", "remorse"},
    "surprise": {"surprise", "realization", "confusion", "curiosity"},
    "neutral": {"neutral"},
}
SENTIMENTS = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": {"neutral"}}


def grouped(indicator: np.ndarray, groups: dict[str, set[str]]) -> np.ndarray:
    """Return bool (n, n_groups): is any label of the group set?"""
    return np.stack(
        [indicator[:, [k for k, v in enumerate(LABELS) if v in group]].any(1) for group in groups.values()], 1
    )


def emer_labels(p: np.ndarray) -> np.ndarray:
    """Return bool (n, 28): labels over their thresholds, the likeliest where none is."""
    cut = np.array([thresholds()[label] for label in LABELS])
    said = p >= cut
    none = ~said.any(1)
    said[none, (p[none] / cut).argmax(1)] = True
    return said


def emer_sentiment(p: np.ndarray) -> np.ndarray:
    """Return the class (n,) with the largest sum of its labels' probabilities."""
    sums = [p[:, [k for k, v in enumerate(LABELS) if v in group]].sum(1) for group in SENTIMENTS.values()]
    return np.stack(sums, 1).argmax(1)


def vader(texts: list[str]) -> np.ndarray:
    """Return VADER's class (n,) at its documented cuts of the compound score, +-.05."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    score = SentimentIntensityAnalyzer().polarity_scores
    compound = np.array([score(text)["compound"] for text in texts])
    return np.where(compound >= 0.05, 0, np.where(compound <= -0.05, 1, 2))


def nrclex(texts: list[str]) -> np.ndarray:
    """Return bool (n, 7): the most frequent of the six Ekman categories, ties kept, neutral where no word is listed."""
    from nrclex import NRCLex

    said = np.zeros((len(texts), 7), dtype=bool)
    for i, text in enumerate(texts):
        reader = NRCLex()
        reader.load_token_list(re.findall(r"[a-z']+", text.lower()))
        said[i] = _largest([reader.affect_frequencies.get(name, 0.0) for name in list(EKMAN)[:6]])
    return said


def text2emotion(texts: list[str]) -> np.ndarray:
    """Return bool (n, 7): the largest of Angry, Fear, Happy, Sad and Surprise, ties kept, neutral where all are 0."""
    reader = _text2emotion()
    names = {"anger": "Angry", "fear": "Fear", "joy": "Happy", "sadness": "Sad", "surprise": "Surprise"}
    said = np.zeros((len(texts), 7), dtype=bool)
    for i, text in enumerate(texts):
        scores = reader(text)
        said[i] = _largest([scores[names[n]] if n in names else 0.0 for n in list(EKMAN)[:6]])
    return said


def _largest(scores: list[float]) -> list[bool]:
    top = max(scores)
    return [top > 0 and value == top for value in scores] + [top <= 0]


def _text2emotion() -> Callable[[str], dict[str, float]]:
    import nltk

    nltk.download = lambda *_, **__: True
    import text2emotion as module

    try:
        module.get_emotion("a probe of its downloads")
    except LookupError:
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        class Words:
            @staticmethod
            def words(*_: str) -> list[str]:
                return sorted(ENGLISH_STOP_WORDS)

        class NoLemmas:
            @staticmethod
            def lemmatize(word: str, *_: str) -> str:
                return word

        module.stopwords, module.WordNetLemmatizer = Words, NoLemmas
        module.word_tokenize = lambda text: re.findall(r"\w+", text)
        print("text2emotion: NLTK data absent; tokenizer, stop words and lemmatizer replaced")
    return module.get_emotion


def scores(gold: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """Return macro- and micro-F1."""
    return {"macro_f1": round(metrics.macro_f1(gold, said), 4), "micro_f1": round(metrics.micro_f1(gold, said), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true")
    gold = data.goemotions("test" if parser.parse_args().test else "dev")
    p = encode(gold.texts).probabilities
    made: dict[str, object] = {}
    groups = grouped(gold.targets > 0, SENTIMENTS)
    ambiguous = (gold.targets[:, [k for k, v in enumerate(LABELS) if v in EKMAN["surprise"]]] > 0).any(1)
    clear = np.flatnonzero((groups.sum(1) == 1) & ~ambiguous)
    truth = groups[clear].argmax(1)
    for name, said in {"emer": emer_sentiment(p[clear]), "VADER": vader([gold.texts[i] for i in clear])}.items():
        made[f"sentiment/{name}"] = {"n": len(clear), "accuracy": round(metrics.accuracy(truth, said), 4),
                                     **scores(np.eye(3)[truth], np.eye(3)[said])}  # fmt: skip
    ekman, ours = grouped(gold.targets > 0, EKMAN), grouped(emer_labels(p), EKMAN)
    six = [0, 2, 3, 4, 5, 6]
    made["ekman7/emer"] = {"n": len(ekman), **scores(ekman, ours)}
    made["ekman6/emer"] = {"n": len(ekman), **scores(ekman[:, six], ours[:, six])}
    for name, reader in {"NRCLex": nrclex, "text2emotion": text2emotion}.items():
        said = reader(gold.texts)
        made[f"ekman7/{name}"] = {"n": len(ekman), **scores(ekman, said)}
        made[f"ekman6/{name}"] = {"n": len(ekman), **scores(ekman[:, six], said[:, six])}
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
