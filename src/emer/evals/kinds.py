"""The kinds of task: what a target and a prediction look like, and which scores and floors each has.

| kind | target | prediction (JSON) |
|---|---|---|
| closed | one label of a set | its labels, the likeliest first, or one label |
| multilabel | labels of a set | labels |
| open | labels in anyone's words | labels |
| sentiment | a number, below 0 negative | "positive", "negative" or "neutral" |
| dimensions | valence, arousal, dominance in -1..1 | three numbers |
| preference | which of two texts people prefer: first, second, same | the judge's choice |
| steps | nothing | a graded answer with `<score>Step 1: 1/1, …</score>` |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, cast

import numpy as np

from emer.errors import InputError
from emer.evals import metrics
from emer.evals.evaluation import Headline, Sample, Score
from emer.evals.metrics.explanations import step_scores
from emer.evals.metrics.preferences import Choice, by_length, three_class, two_class
from emer.evals.metrics.wheel import Wheels, f_s, f_s_interval, hit, mean_labels, mer2025_fg

Kind = Literal["closed", "multilabel", "open", "sentiment", "dimensions", "preference", "steps"]
Scorer = Callable[[Sequence[Sample], Any], list[Score]]
N_DRAWS = 1000


def parse_list(value: Any) -> list[str]:
    """Labels from a list of them, or from one."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        raise ValueError(f"{value!r} is not a label or a list of labels")
    return value


def parse_sentiment(value: Any) -> str:
    """A sentiment, lower case."""
    said = str(value).strip().lower()
    if said not in ("positive", "negative", "neutral"):
        raise ValueError(f"{value!r} is not positive, negative or neutral")
    return said


def parse_dimensions(value: Any) -> tuple[float, ...]:
    """Three numbers."""
    found = tuple(float(number) for number in value)
    if len(found) != 3:
        raise ValueError(f"{value!r} is not valence, arousal and dominance")
    return found


def first_of(predictions: Sequence[Sequence[str]]) -> list[str]:
    """The first label of each prediction, empty where there is none."""
    return [labels[0] if labels else "" for labels in predictions]


def score_closed(samples: Sequence[Sample], predictions: Any, *, labels: Sequence[str]) -> list[Score]:
    """Accuracy, F1s and UAR by groups, top-two hit, share answered; beside always the commonest label."""
    gold, groups, n = [sample.target for sample in samples], [sample.group for sample in samples], len(samples)
    said = first_of(predictions)
    truth, guess = metrics.indicator(gold, labels), metrics.indicator(said, labels)
    commonest = Counter(gold).most_common(1)[0][0]
    floor = metrics.indicator([commonest] * n, labels)
    hits = np.array([g == s for g, s in zip(gold, said, strict=True)], dtype=float)
    scores = [
        Score("accuracy", *metrics.mean(hits, groups), n=n),
        Score("accuracy", metrics.accuracy(gold, [commonest] * n), None, None, n, f"always {commonest}"),
    ]
    for name, statistic in (("macro F1", metrics.macro_f1), ("weighted F1", metrics.weighted_f1), ("UAR", metrics.uar)):
        scores.append(Score(name, *metrics.paired(statistic, truth, guess, groups, n_draws=N_DRAWS), n=n))
        scores.append(Score(name, statistic(truth, floor), None, None, n, f"always {commonest}"))
    either = float(np.mean([g in row[:2] for g, row in zip(gold, predictions, strict=True)]))
    answered = float(np.mean([bool(label) for label in said]))
    return [*scores, Score("top-two hit", either, None, None, n), Score("answered", answered, None, None, n)]


def score_multilabel(samples: Sequence[Sample], predictions: Any, *, labels: Sequence[str]) -> list[Score]:
    """Jaccard (SemEval-2018's accuracy), macro, micro and weighted F1, beside always the commonest label."""
    gold, groups, n = [sample.target for sample in samples], [sample.group for sample in samples], len(samples)
    truth, guess = metrics.indicator(gold, labels), metrics.indicator([list(row) for row in predictions], labels)
    commonest = Counter(label for row in gold for label in row).most_common(1)[0][0]
    floor = metrics.indicator([commonest] * n, labels)
    scores = []
    figures = {
        "Jaccard": metrics.jaccard, "macro F1": metrics.macro_f1, "micro F1": metrics.micro_f1,
        "weighted F1": metrics.weighted_f1,
    }  # fmt: skip
    for name, statistic in figures.items():
        scores.append(Score(name, *metrics.paired(statistic, truth, guess, groups, n_draws=N_DRAWS), n=n))
        scores.append(Score(name, statistic(truth, floor), None, None, n, f"always {commonest}"))
    return scores


def score_sentiment(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """WAF over the items that are not 0, beside always positive."""
    gold, groups = np.array([float(sample.target) for sample in samples]), [sample.group for sample in samples]
    said, n = np.array(predictions), int((gold != 0).sum())
    always = metrics.sentiment_waf(gold.tolist(), ["positive"] * len(gold))

    def waf(drawn: Any) -> float:
        return metrics.sentiment_waf(gold[drawn].tolist(), said[drawn].tolist())

    return [
        Score("WAF", *metrics.bootstrap(waf, groups, n_draws=N_DRAWS), n=n),
        Score("WAF", always, None, None, n, "always positive"),
    ]


def score_dimensions(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """CCC of each dimension that the targets hold; a constant scores 0."""
    gold, said = np.array([sample.target for sample in samples], float), np.asarray(predictions, float)
    groups = [sample.group for sample in samples]
    scores = []
    for axis, name in enumerate(("valence", "arousal", "dominance")):
        known = np.isfinite(gold[:, axis])
        if known.any():
            kept = [group for group, is_known in zip(groups, known, strict=True) if is_known]
            found = metrics.paired(metrics.ccc, gold[known, axis], said[known, axis], kept, n_draws=N_DRAWS)
            scores.append(Score(f"CCC {name}", *found, n=int(known.sum())))
    if not scores:
        raise InputError("no metric of an empty set: the targets hold no dimension")
    return scores


def score_open(
    samples: Sequence[Sample], predictions: Any, *, wheels: Wheels, floors: dict[str, list[list[str]]] | None = None
) -> list[Score]:
    """F_S with a clip bootstrap, P_S, R_S, level 2, MER2025 FG and HIT with labels per clip, beside the floors.

    Args:
        samples: with label lists as targets.
        predictions: label lists.
        wheels: the groupings.
        floors: other systems' label lists by name; four constant words are always among them.
    """
    gold = [sample.target for sample in samples]
    constant = {"four constant words": [["happy", "sad", "angry", "surprised"]] * len(gold)}
    systems = {"emer": [list(row) for row in predictions], **constant, **(floors or {})}
    return [score for name, said in systems.items() for score in _open_scores(gold, said, wheels, system=name)]


def _open_scores(gold: list[list[str]], said: list[list[str]], wheels: Wheels, *, system: str) -> list[Score]:
    one, two = f_s(gold, said, wheels), f_s(gold, said, wheels, level=2)
    rows = {
        "P_S": one.precision, "R_S": one.recall, "F_S level 2": two.f, "MER2025 FG": mer2025_fg(gold, said, wheels),
        "HIT": hit(gold, said, wheels), "labels per clip": mean_labels(said),
    }  # fmt: skip
    interval = f_s_interval(gold, said, wheels, n_draws=N_DRAWS)
    head = Score("F_S", *interval, n=one.n, system=system)
    return [head, *(Score(name, value, None, None, one.n, system) for name, value in rows.items())]


def parse_choice(value: Any) -> Choice:
    """A preference."""
    if value not in ("first", "second", "same"):
        raise ValueError(f"{value!r} is not first, second or same")
    return cast("Choice", value)


def score_preference(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """Two-class and three-class WAF and accuracy, and apart by length, beside "the longer text".

    A sample gives the lengths of both texts as `{"lengths": [first, second]}`.
    """
    gold, chosen = [sample.target for sample in samples], list(predictions)
    lengths = [tuple(sample.given["lengths"]) for sample in samples]
    longer: list[Choice] = ["first" if a > b else "second" if b > a else "same" for a, b in lengths]
    scores = []
    for system, said in (("emer", chosen), ("the longer text", longer)):
        for name, found in (("two-class", two_class(gold, said)), ("three-class", three_class(gold, said))):
            scores.append(Score(f"WAF, {name}", found.weighted_f1, None, None, found.n, system))
            scores.append(Score(f"accuracy, {name}", found.accuracy, None, None, found.n, system))
        apart = by_length(gold, said, lengths)
        scores.append(Score("accuracy, balanced by length", apart.balanced, None, None, len(gold), system))
    return scores


def score_steps(samples: Sequence[Sample], predictions: Any) -> list[Score]:
    """Recognition, reasoning and chain-of-thought scores of graded answers, and steps an answer."""
    found = step_scores(list(predictions))
    named = {"Rec-S": found.recognition, "Rea-S": found.reasoning, "CoT-S": found.chain_of_thought,
             "steps per answer": found.steps_per_answer}  # fmt: skip
    return [Score(name, value, None, None, found.n) for name, value in named.items()]


def closed_headline(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    """The accuracy of the first labels."""
    return metrics.accuracy([sample.target for sample in samples], first_of(predictions))


def _waf(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    return metrics.sentiment_waf([float(sample.target) for sample in samples], list(predictions))


def _mean_ccc(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    gold, said = np.array([sample.target for sample in samples], float), np.asarray(predictions, float)
    axes = [axis for axis in range(3) if np.isfinite(gold[:, axis]).all()]
    return float(np.mean([metrics.ccc(gold[:, axis], said[:, axis]) for axis in axes]))


def _macro(samples: Sequence[Sample], predictions: Sequence[Any], *, labels: Sequence[str]) -> float:
    truth = metrics.indicator([sample.target for sample in samples], labels)
    return metrics.macro_f1(truth, metrics.indicator([list(row) for row in predictions], labels))


def _choice_accuracy(samples: Sequence[Sample], predictions: Sequence[Any]) -> float:
    return metrics.accuracy([sample.target for sample in samples], list(predictions))


def headline(kind: Kind, *, labels: Sequence[str] = (), wheels: Wheels | None = None) -> Headline:
    """The figure by which two runs of a kind are compared."""
    if kind == "open" and wheels is not None:
        return Headline("F_S", lambda samples, said: f_s([one.target for one in samples], list(said), wheels).f)
    return {
        "closed": Headline("accuracy", closed_headline),
        "multilabel": Headline("macro F1", partial(_macro, labels=labels)),
        "sentiment": Headline("WAF", _waf),
        "dimensions": Headline("mean CCC", _mean_ccc),
        "preference": Headline("accuracy", _choice_accuracy),
        "steps": Headline("CoT-S", lambda samples, said: step_scores(list(said)).chain_of_thought),
    }[kind]
