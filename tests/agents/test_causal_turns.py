"""The rule of ten constants by hand, and what the cause agent makes of it."""

from __future__ import annotations

import math

import pytest

from emer import reason
from emer.agents.speech.causal_turns import Turn, causes_of, probability, traits

TALK = [
    Turn("anna", "I failed the exam and they will not let me try again.", "sadness"),
    Turn("ben", "Oh no.", "sadness"),
    Turn("anna", "Yes.", None),
]


def test_traits_and_probability_by_hand() -> None:
    # Ben's two words, one turn after Anna's twelve, who is somebody else and has the same emotion.
    assert traits(TALK, 1, 0) == pytest.approx((1, 0, 1, 0, math.log(13), 0, 1, math.log(3), 0))
    odds = -4.39 + 2.75 + 1.01 * math.log(13) + 1.06 - 0.49 * math.log(3)
    assert probability(TALK, 1, 0) == pytest.approx(1 / (1 + math.exp(-odds)))
    assert traits(TALK, 0, 0)[1] == 1


def test_a_short_answer_points_back_and_a_long_turn_to_itself() -> None:
    assert causes_of(TALK, 0) == [0]
    assert causes_of(TALK, 1) == [0]


def test_one_cause_at_least() -> None:
    assert causes_of([Turn(None, "Hm.", "anger")], 0) == [0]


def test_the_report_tells_the_turn_that_is_answered() -> None:
    report = reason({"id": "talk", "cues": [], "transcript": "ANNA: They gave my desk to the intern while I was away.\n"
                     "BEN: Wow, I am so sorry, that is awful."})  # fmt: skip
    told = [cause for cause in report.causes if "They gave my desk" in cause.text]
    assert told and told[0].utterance == "u1"
