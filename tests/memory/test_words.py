from __future__ import annotations

import pytest

from emer.memory.closed_set_tables import closed_sets
from emer.memory.ontology import FACE_STATES, STATES, state_vad, words
from emer.memory.words import OURS, read_table, surfaces

PLUTCHIK = {"joy", "trust", "fear", "surprise", "sadness", "disgust", "anger", "anticipation"}
EKMAN = {"anger", "disgust", "fear", "joy", "sadness", "surprise"}
GENEVA = {
    "interest", "amusement", "pride", "joy", "pleasure", "contentment", "love", "admiration", "relief", "compassion",
    "sadness", "guilt", "regret", "shame", "disappointment", "fear", "disgust", "contempt", "hate", "anger",
}  # fmt: skip


def test_there_are_enough_words_in_every_sector():
    assert len(words()) >= 360
    per_sector = {sector: sum(sector in word.plutchik for word in words().values()) for sector in PLUTCHIK}
    assert min(per_sector.values()) >= 25, per_sector
    assert sum(len(word.plutchik) == 2 for word in words().values()) >= 100  # dyads


@pytest.mark.parametrize("label", sorted(words()))
def test_every_word_is_whole(label):
    word = words()[label]
    assert set(word.plutchik) <= PLUTCHIK
    assert len(word.plutchik) <= 2
    assert word.ekman is None or word.ekman in EKMAN
    assert word.geneva is None or word.geneva in GENEVA
    assert all(-1 <= value <= 1 for value in word.vad)
    assert 1 <= len(word.states) <= 2
    assert {state for state, _ in word.states} <= set(STATES)
    assert sum(weight for _, weight in word.states) == pytest.approx(1.0)
    assert word.gloss
    assert "feels" not in word.gloss


def test_no_form_belongs_to_two_words():
    forms = [form for word in words().values() for form in (word.label, *word.inflections, *word.synonyms)]
    assert sorted(forms) == sorted(set(forms))
    assert len(surfaces()) == len(forms)


def test_cited_values_name_a_paper_and_stand_as_they_were_published():
    cited = {word.label: word for word in words().values() if word.vad_source != OURS}
    assert len(cited) >= 60
    assert all("Russell & Mehrabian 1977" in word.vad_source for word in cited.values())
    assert tuple(cited["angry"].vad) == (-0.51, 0.59, 0.25)
    assert {row["label"] for row in read_table("vad_cited.tsv")} == set(cited)


def test_valence_agrees_with_the_states_that_a_word_is_attached_to():
    for word in words().values():
        expected = sum(weight * state_vad(state).valence for state, weight in word.states)
        assert abs(expected - word.vad.valence) < 0.75, word.label


def test_parrotts_tiers_are_there_as_they_were_published():
    sizes = {name: len(closed_sets()[name].classes) for name in ("tone1", "tone2", "tone3")}
    assert sizes == {"tone1": 6, "tone2": 25, "tone3": 135}


def test_faces_and_states_meet():
    assert set(FACE_STATES) == {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"}
    for weights in FACE_STATES.values():
        assert set(weights) <= set(STATES)
        assert sum(weights.values()) == pytest.approx(1.0)
    assert {state: tuple(state_vad(state)) for state in STATES}.keys() == set(STATES)
    with pytest.raises(KeyError):
        state_vad("hunger")
