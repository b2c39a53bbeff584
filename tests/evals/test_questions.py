"""What a chat model is asked, and what is read in its reply: one form for each kind of prediction."""

from __future__ import annotations

from typing import Any

import pytest

from emer.agents.speech.causal_turns import Turn
from emer.errors import InputError
from emer.evals.questions import question, read_reply, told
from emer.evals.table import find

READ: list[tuple[str, str, Any, bool]] = [
    ("meld", '["joy", "surprise"]', ["joy", "surprise"], True),
    ("meld", 'It may be ["anger"], but the end says otherwise.\n```json\n["Joy"]\n```', ["joy"], True),
    ("meld", "Sadness.", ["sadness"], True),
    ("meld", "It is sadness, I think", [], False),
    ("meld", "[1, 2]", [], False),
    ("meld", "", [], False),
    ("goemotions", '["GRATITUDE", "joy"]', ["gratitude", "joy"], True),
    ("goemotions", "[]", [], True),
    ("emobank", "valence first: [0.5, -0.25, 0]", [0.5, -0.25, 0], True),
    ("emobank", "[0.5, 0.1]", [0.0, 0.0, 0.0], False),
    ("emobank", "[NaN, 0.1, 0.2]", [0.0, 0.0, 0.0], False),
    ("mosi", "Negative", "negative", True),
    ("mosi", '["positive"]', "positive", True),
    ("mosi", "mixed", "neutral", False),
    ("ecf", '[[2, "Joy", 1], [2, "joy", 2]]', [[2, "joy", 1], [2, "joy", 2]], True),
    ("ecf", '[[2, "joy"]]', [], False),
    ("ov-mer", '["wistful", "proud"]', ["wistful", "proud"], True),
]


@pytest.mark.parametrize(("name", "reply", "prediction", "has_form"), READ)
def test_a_reply_is_read(name: str, reply: str, prediction: Any, has_form: bool) -> None:
    parse = find(name).parse
    assert parse is not None
    found = read_reply(reply, question(name), parse)
    assert (found.prediction, found.has_form) == (prediction, has_form)
    parse(found.prediction)


def test_a_question_names_its_labels() -> None:
    assert "anger, disgust, fear, joy, neutral, sadness, surprise" in question("meld").text
    assert "angry, happy, sad, neutral" in question("iemocap").text
    assert "JSON list of the three numbers" in question("emobank").text


@pytest.mark.parametrize("name", ["emoprefer", "mme-emotion", "eibench", "open-cues", "fer2013"])
def test_what_words_cannot_put_is_not_asked(name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} cannot be put to a chat model in words; .*system=FILE"):
        question(name)


def test_samples_are_told_in_words() -> None:
    assert told("Thank you!") == "Thank you!"
    turns = [Turn("Ann", "I won!", "joy"), Turn("Bo", "Oh.", None)]
    assert told(turns) == "0. Ann (joy): I won!\n1. Bo (neutral): Oh."
    row = {"id": "a", "cues": [{"modality": "face", "text": "lips pressed"}], "transcript": "No!", "context": "A row."}
    assert told(row) == "A row.\nface: lips pressed\nNo!"
