"""Causes, explanations, preferences and agreement by hand."""

from __future__ import annotations

import pytest

from emer.errors import InputError
from emer.evals import metrics
from emer.evals.metrics.causes import Pair, proportional, read_pairs, span_scores, span_tokens, strict, token_f1
from emer.evals.metrics.explanations import read_steps, step_scores, trigger_recall
from emer.evals.metrics.preferences import agreed, by_length, swap_consistency


def test_strict_weighs_each_emotion_by_its_gold_share() -> None:
    gold = [Pair("1", 1, "joy", 1), Pair("1", 2, "joy", 1), Pair("1", 3, "fear", 2)]
    said = [Pair("1", 1, "joy", 1), Pair("1", 3, "fear", 3)]
    found = strict(gold, said)
    # joy: P 1, R 1/2, F 2/3, share 2/3; fear: 0. Pooled: 1 of 2 said, 1 of 3 gold.
    assert found.weighted_f1 == pytest.approx(4 / 9)
    assert (found.micro_precision, found.micro_recall) == pytest.approx((1 / 2, 1 / 3))


def test_proportional_counts_tokens() -> None:
    gold = [Pair("1", 1, "joy", 1, 0, 4), Pair("1", 2, "joy", 2, 0, 2)]
    said = [Pair("1", 1, "joy", 1, 2, 8)]
    found = proportional(gold, said)  # 2 tokens right of 6 said; gold 4 + 2
    assert (found.micro_precision, found.micro_recall) == pytest.approx((2 / 6, 2 / 6))
    with pytest.raises(InputError, match="no gold"):
        strict([], said)


def test_spans_and_the_forms_of_a_pair() -> None:
    assert span_tokens("... I am naked .", "Well , I am naked .") == (2, 5)
    assert span_tokens("?", "What ?") == (0, 0)
    rows = [{"conversation_ID": 7, "conversation": [{"text": "I am naked ."}],
             "emotion-cause_pairs": [["1_joy", "1"], ["1_joy", "1_0_2"], ["1_joy", "1_am naked ."]]}]  # fmt: skip
    assert read_pairs(rows) == [Pair("7", 1, "joy", 1), Pair("7", 1, "joy", 1, 0, 2), Pair("7", 1, "joy", 1, 1, 3)]
    with pytest.raises(InputError, match="conversation 8"):
        read_pairs([{"conversation_ID": 8, "emotion-cause_pairs": [["joy", "1"]]}])


def test_reccon_span_scores() -> None:
    found = span_scores(["the big news", "", "lost it", ""], ["big news", "", "found keys", "something"])
    # Exact 1 of 2 (articles do not count); token F1 1 and 0; "no cause": P 1, R 1/2.
    assert found == pytest.approx((0.5, 0.5, 2 / 3, (0.5 + 2 / 3) / 2))
    assert token_f1("a b c", "c d") == pytest.approx(2 * (1 / 2) * (1 / 2) / (1 / 2 + 1 / 2))


def test_grades() -> None:
    assert trigger_recall("I think {score: 2/5}.") == 0.4
    with pytest.raises(InputError, match="FOUND/ALL"):
        trigger_recall("score 2/5")
    assert read_steps("<score>Step 1: 1/2, Step 2: 0/0</score>") == [0.5, 0.0]
    with pytest.raises(InputError, match="empty set"):
        step_scores(["no tag"])


def test_preferences() -> None:
    assert swap_consistency(["first", "second", "same"], ["second", "second", "same"]) == pytest.approx(2 / 3)
    assert agreed(["first", "second"], ["second", "second"]) == ["first", "same"]
    found = by_length(["first", "second", "first"], ["first", "first", "first"], [(9, 2), (9, 2), (2, 9)])
    assert tuple(found) == pytest.approx((1.0, 0.5, 0.75, 1, 2))
    with pytest.raises(InputError, match="both are needed"):
        by_length(["first"], ["first"], [(2, 1)])


def test_krippendorff_equals_the_papers_example() -> None:
    # Krippendorff (2011), example C: 4 observers, 12 units; nominal .743, interval .849. Ordinal by its formula: .815.
    rows: list[list[float | None]] = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    assert metrics.krippendorff_alpha(rows) == pytest.approx(0.743, abs=5e-4)
    assert metrics.krippendorff_alpha(rows, level="interval") == pytest.approx(0.849, abs=5e-4)
    assert metrics.krippendorff_alpha(rows, level="ordinal") == pytest.approx(0.815, abs=5e-4)
    with pytest.raises(InputError, match="two values"):
        metrics.krippendorff_alpha([[1, 1], [1, 1]])


def test_uar_is_the_mean_recall_of_what_is_there() -> None:
    gold = metrics.indicator(["a", "a", "b"], ["a", "b", "c"])
    said = metrics.indicator(["a", "c", "b"], ["a", "b", "c"])
    assert metrics.uar(gold, said) == pytest.approx((1 / 2 + 1) / 2)
    assert metrics.sentiment_waf([1.0, -2.0, 0.0], ["positive", "neutral", "positive"]) == 1.0
