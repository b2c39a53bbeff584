"""Emotion-cause pairs (ECF) and cause spans (RECCON), scored as their official evaluations do.

Sources: SemEval-2024 Task 3 (Wang et al. 2024; NUSTM/SemEval-2024_ECAC, the evaluation's README), strict and
proportional; RECCON (Poria et al. 2021, section 5), whose span scores are SQuAD's (Rajpurkar et al. 2016, section 6).
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from emer.errors import InputError
from emer.evals.metrics.checks import same_length


class Pair(NamedTuple):
    """An emotion and what caused it: utterance numbers within a conversation, and the span's tokens [start, end).

    `start` and `end` are 0 where whole utterances are scored (subtask 2).
    """

    conversation: str
    emotion_utterance: int
    emotion: str
    cause_utterance: int
    start: int = 0
    end: int = 0


class PairScores(NamedTuple):
    """Precision, recall, F1, each 0..1: weighted by each emotion's share of gold pairs, and pooled (micro)."""

    weighted_precision: float
    weighted_recall: float
    weighted_f1: float
    micro_precision: float
    micro_recall: float
    micro_f1: float


class SpanScores(NamedTuple):
    """RECCON's scores, 0..1: over gold spans that are not empty (positive), the empty ones (negative), and both."""

    exact_positive: float
    f1_positive: float
    f1_negative: float
    f1: float


class _Tally(NamedTuple):
    correct: float
    said: float
    true: float
    n_gold: int


def span_tokens(span: str, utterance: str) -> tuple[int, int]:
    """The first place [start, end) of a span among an utterance's tokens; (0, 0) where it is not.

    Punctuation at the span's ends is left out, as the annotation does.
    """
    wanted = span.strip(string.punctuation + string.whitespace).split()
    tokens = utterance.split()
    for start in range(len(tokens) - len(wanted) + 1):
        if wanted and tokens[start : start + len(wanted)] == wanted:
            return start, start + len(wanted)
    return 0, 0


def strict(gold: Collection[Pair], predicted: Collection[Pair]) -> PairScores:
    """Scores where a pair is right only if all of it is: subtask 2, and subtask 1's strict match.

    Raises:
        InputError: there is no gold pair.
    """
    true, said = set(gold), set(predicted)
    right = Counter(pair.emotion for pair in true & said)
    n_said, n_true = Counter(pair.emotion for pair in said), Counter(pair.emotion for pair in true)
    emotions = sorted(n_said.keys() | n_true.keys())
    return _scores([_Tally(right[e], n_said[e], n_true[e], n_true[e]) for e in emotions])


def proportional(gold: Collection[Pair], predicted: Collection[Pair]) -> PairScores:
    """Scores in tokens: each predicted span with the gold span of the same pair that it covers most of.

    A gold span that several predicted spans meet counts once for each, one that none meets counts once.

    Raises:
        InputError: there is no gold pair.
    """
    true, said = list(dict.fromkeys(gold)), list(dict.fromkeys(predicted))
    beside: defaultdict[tuple[object, ...], list[Pair]] = defaultdict(list)
    for pair in true:
        beside[pair[:4]].append(pair)
    correct, n_said, n_true = Counter[str](), Counter[str](), Counter[str]()
    met: set[Pair] = set()
    for pair in said:
        n_said[pair.emotion] += pair.end - pair.start
        best = max(beside[pair[:4]], key=lambda one: (_overlap(pair, one) / max(_length(one), 1), _overlap(pair, one)),
                   default=None)  # fmt: skip
        if best is not None and _overlap(pair, best) > 0:
            correct[pair.emotion] += _overlap(pair, best)
            n_true[pair.emotion] += _length(best)
            met.add(best)
    for pair in true:
        n_true[pair.emotion] += 0 if pair in met else _length(pair)
    n_gold = Counter(pair.emotion for pair in true)
    return _scores([_Tally(correct[e], n_said[e], n_true[e], n_gold[e]) for e in sorted(n_said.keys() | n_gold.keys())])


def _length(pair: Pair) -> int:
    return pair.end - pair.start


def _overlap(one: Pair, other: Pair) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _scores(tallies: Sequence[_Tally]) -> PairScores:
    n_gold = sum(tally.n_gold for tally in tallies)
    if not n_gold:
        raise InputError("no metric of an empty set: there is no gold emotion-cause pair")
    each = [(_prf(tally.correct, tally.said, tally.true), tally.n_gold / n_gold) for tally in tallies]
    precision, recall, f1 = (sum(prf[n] * share for prf, share in each) for n in range(3))
    pooled = _prf(*(sum(tally[n] for tally in tallies) for n in range(3)))
    return PairScores(precision, recall, f1, *pooled)


def _prf(correct: float, said: float, true: float) -> tuple[float, float, float]:
    precision, recall = correct / said if said else 0.0, correct / true if true else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if correct else 0.0


def span_scores(gold: Sequence[str], predicted: Sequence[str]) -> SpanScores:
    """RECCON's exact match and F1 of cause spans, an empty string for "this utterance is no cause".

    A positive item scores its token F1; the negative F1 is that of saying "no cause"; `f1` is the mean of both.

    Raises:
        InputError: the lengths differ, or one of the two kinds is absent.
    """
    same_length(gold, predicted)
    positive = [(g, p) for g, p in zip(gold, predicted, strict=True) if g]
    n_negative = len(gold) - len(positive)
    if not positive or not n_negative:
        raise InputError(f"RECCON's scores need spans and empty answers, got {len(positive)} and {n_negative}")
    exact = sum(_normal(g) == _normal(p) for g, p in positive) / len(positive)
    f1_positive = sum(token_f1(g, p) for g, p in positive) / len(positive)
    empty = sum(not p for p in predicted)
    right = sum(not g and not p for g, p in zip(gold, predicted, strict=True))
    f1_negative = _prf(right, empty, n_negative)[2]
    return SpanScores(exact, f1_positive, f1_negative, (f1_positive + f1_negative) / 2)


def token_f1(gold: str, predicted: str) -> float:
    """F1 of the tokens that two texts share, 0..1; 1 where both are empty."""
    true, said = _normal(gold), _normal(predicted)
    if not true or not said:
        return float(true == said)
    return _prf(sum((Counter(true) & Counter(said)).values()), len(said), len(true))[2]


def _normal(text: str) -> list[str]:
    """Lower-case words without punctuation and articles."""
    plain = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", plain).split()


def read_pairs(rows: Iterable[dict[str, object]]) -> list[Pair]:
    """The pairs of conversations in the task's JSON: `["3_joy", "1_0_5"]`, `["3_joy", "1"]` or with the span's words.

    Raises:
        InputError: a pair has another form, with its conversation.
    """
    found = []
    for row in rows:
        texts = [str(turn["text"]) for turn in row.get("conversation", [])]  # type: ignore[attr-defined]
        for emotion, cause in row["emotion-cause_pairs"]:  # type: ignore[attr-defined]
            try:
                found.append(_read_pair(str(row["conversation_ID"]), str(emotion), str(cause), texts))
            except (ValueError, IndexError) as error:
                raise InputError(
                    f"conversation {row['conversation_ID']!r} holds the pair {[emotion, cause]!r}; expected "
                    "['3_joy', '1_0_5'], ['3_joy', '1'] or ['3_joy', '1_the words of the span']"
                ) from error
    return found


def _read_pair(conversation: str, emotion: str, cause: str, texts: Sequence[str]) -> Pair:
    number, _, name = emotion.partition("_")
    utterance, _, place = cause.partition("_")
    if not place:
        span = (0, 0)
    elif match := re.fullmatch(r"(\d+)_(\d+)", place):
        span = (int(match[1]), int(match[2]))
    else:
        span = span_tokens(place, texts[int(utterance) - 1])
    return Pair(conversation, int(number), name, int(utterance), *span)
