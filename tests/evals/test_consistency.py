"""Consistency: what a paraphrase changes, what counts as an explanation, and the figures by hand."""

from __future__ import annotations

import pytest

from emer.evals.consistency import PARAPHRASES, Repeated, Told, predict, score
from emer.evals.evaluation import Sample

ROW = {
    "id": "a",
    "cues": [{"modality": "face", "text": "broad smile"}, {"modality": "voice", "text": "bright and quick"}],
    "transcript": "I am so happy. It's done, don't cry!",
}


def test_paraphrases_keep_the_words() -> None:
    told = {name: change(ROW)["transcript"] for name, change in PARAPHRASES.items()}
    assert told["contractions opened"] == "I am so happy. it is done, do not cry!".replace("it is", "It's")
    assert told["contractions closed"] == "I'm so happy. It's done, don't cry!"
    assert told["“well” put before"] == "Well, I am so happy. It's done, don't cry!"
    assert told["no capitals, no marks"] == "i am so happy it's done don't cry"
    assert told["cues in another order"] == ROW["transcript"]


def test_the_same_clip_is_told_the_same() -> None:
    (found,) = predict([Sample("a", ROW, "joy", "a")])
    assert found.is_same
    assert found.once.is_explained
    assert found.once.first == "joy"
    assert found.paraphrased["cues in another order"].labels == found.once.labels
    assert "contractions opened" in found.paraphrased


def test_a_row_that_no_rule_changes_is_not_told_again() -> None:
    (found,) = predict([Sample("a", {"id": "a", "cues": [], "transcript": "hello there"}, "neutral", "a")])
    assert set(found.paraphrased) == {"“well” put before"}


def test_the_figures_by_hand() -> None:
    glad = Told("joy", frozenset({"happy"}), frozenset({"face", "voice"}), 10, True)
    sad = Told("sadness", frozenset({"sad"}), frozenset({"face"}), 30, False)
    rows = [Repeated(glad, True, {"cues in another order": sad}), Repeated(sad, False, {"cues in another order": sad})]
    scores = score([Sample("a", ROW, "joy", "a"), Sample("b", ROW, "joy", "b")], rows)
    found = {one.name: one.value for one in scores}
    assert found["an explanation, or why there is none"] == 0.5
    assert found["same bytes in a second run"] == 0.5
    assert found["same class, cues in another order"] == 0.5
    assert found["same senses cited, cues in another order"] == pytest.approx(0.75)
    assert found["words of reasoning"] == 20
    assert "same class, “well” put before" not in found
