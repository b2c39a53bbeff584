"""What reviews make of the labels: settled ones, soft ones of several people, and how far people agree with emer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from emer.memory.resolution import resolve
from emer.reviewing.verdicts import same_state
from emer.schemas import Emotion, Report, Review, Step

REJECTED = "none"


def settled_emotions(report: Report) -> list[Emotion]:
    """The emotions as most reviewers have them: corrected labels, and without what most rejected.

    An emotion that nobody reviewed stays as it is; where votes are equal, emer's own label stays.
    """
    settled = []
    for emotion in report.emotions:
        votes = Counter(_said(review, emotion.label) for review in _of(report, emotion.id))
        votes[emotion.label] += 0
        best = max(votes.values())
        label = emotion.label if votes[emotion.label] == best else next(k for k, n in votes.items() if n == best)
        if label == REJECTED:
            continue
        settled.append(emotion if label == emotion.label else _relabelled(emotion, label, report))
    return settled


def settled_steps(report: Report) -> list[Step]:
    """The sentences as most reviewers have them: as corrected, and without what most rejected."""
    settled = []
    for step in report.reasoning:
        reviews = _of(report, step.id)
        n_rejected = sum(one.verdict == "reject" for one in reviews)
        if 2 * n_rejected > len(reviews):
            continue
        texts = [one.text for one in reviews if one.verdict == "correct" and one.text]
        settled.append(step.model_copy(update={"claim": texts[-1]}) if 2 * len(texts) > len(reviews) else step)
    return settled


def soft_labels(report: Report) -> dict[str, dict[str, float]]:
    """For each reviewed emotion the share of its reviewers for each label; shares sum to 1, `none` is a rejection."""
    soft = {}
    for emotion in report.emotions:
        votes = Counter(_said(review, emotion.label) for review in _of(report, emotion.id))
        if votes:
            total = sum(votes.values())
            soft[emotion.id] = {label: n / total for label, n in sorted(votes.items())}
    return soft


class Agreement(NamedTuple):
    """How far reviewers agree, with emer and with one another.

    Attributes:
        n: verdicts on labels.
        accepted: share of them that accept emer's label.
        n_pairs: pairs of reviewers who judged the same emotion.
        among_people: share of these pairs whose labels name the same state; None without a pair.
    """

    n: int
    accepted: float
    n_pairs: int
    among_people: float | None


def agreement(reports: Iterable[Report], *, is_blind: bool) -> Agreement | None:
    """How far those agree who gave labels before seeing emer's, or after; None where there is no such verdict.

    The two are never pooled: who has seen a label accepts it more readily.
    """
    accepted, pairs = [], []
    for report in reports:
        for emotion in report.emotions:
            reviews = [one for one in report.reviews if one.item == emotion.id and one.blind == is_blind]
            accepted += [one.verdict == "accept" for one in reviews]
            said = [_said(one, emotion.label) for one in reviews]
            pairs += [same_state(one, other) for one, other in combinations(said, 2)]
        nothing = [one for one in report.reviews if one.blind == is_blind and one.item in _people(report)]
        accepted += [False] * len(nothing)  # emer concluded nothing about this person; the reviewer did
    if not accepted:
        return None
    among = sum(pairs) / len(pairs) if pairs else None
    return Agreement(len(accepted), sum(accepted) / len(accepted), len(pairs), among)


def _people(report: Report) -> set[str]:
    return {person.id for person in report.people} | {"clip"}


def _of(report: Report, item: str) -> list[Review]:
    """The reviews of an item, of each person the last: who judged blind and then seen counts once."""
    return list({one.by: one for one in report.reviews if one.item == item}.values())


def _said(review: Review, label: str) -> str:
    if review.verdict == "reject":
        return REJECTED
    return label if review.verdict == "accept" or not review.label else review.label


def _relabelled(emotion: Emotion, label: str, report: Report) -> Emotion:
    """The emotion under another label; its strength is the mean of what those who gave the label said."""
    given = [one.intensity for one in _of(report, emotion.id) if one.label == label and one.intensity is not None]
    valence, arousal, dominance = resolve(label).vad
    changes: dict[str, object] = {"label": label, "confidence_basis": "reviewed"}
    changes |= {"valence": valence, "arousal": arousal, "dominance": dominance}
    return emotion.model_copy(update=changes | ({"intensity": sum(given) / len(given)} if given else {}))
