from __future__ import annotations

import pytest
from memory_support import LetterEmbedder

from emer.memory.ontology import resolve, words


def _words(label: str) -> dict[str, float]:
    return {word.label: round(weight, 3) for word, weight in resolve(label).words}


@pytest.mark.parametrize(
    ("label", "expected", "how"),
    [
        ("happy", {"happy": 1.0}, "exact"),
        ("Disappointment", {"disappointed": 1.0}, "inflection"),
        ("let down", {"disappointed": 1.0}, "synonym"),
        ("over the moon", {"ecstatic": 1.0}, "idiom"),
        ("mixed feelings", {"ambivalent": 1.0}, "idiom"),
        ("bitterly amused", {"amused": 0.7, "bitter": 0.3}, "compound"),
        ("happy/sad", {"happy": 0.5, "sad": 0.5}, "compound"),
        ("a sense of dread and relief", {"dreading": 0.5, "relieved": 0.5}, "compound"),
        ("pleasantly surprised", {"surprised": 0.7, "pleased": 0.3}, "compound"),
        ("disapointed", {"disappointed": 1.0}, "embedding"),
    ],
)
def test_open_labels(label, expected, how):
    resolution = resolve(label)
    assert _words(label) == expected
    assert resolution.how == how


def test_confidence_falls_with_the_distance_of_the_rule():
    order = ["happy", "happiness", "let down", "disapointed", "xyzzy"]
    found = [resolve(label).confidence for label in order]
    assert found == sorted(found, reverse=True)
    assert found[0] == 1.0
    assert found[-1] == 0.0


def test_degree_and_polarity():
    assert resolve("a little hurt").degree == 0.33
    assert resolve("utterly furious").degree == 1.0
    denied = resolve("not exactly happy")
    assert denied.polarity == -1
    assert denied.vad.valence < 0 < resolve("happy").vad.valence
    assert resolve("not sad").vad.valence > 0


def test_vad_is_the_weighted_mean_of_the_words():
    amused, bitter = words()["amused"].vad, words()["bitter"].vad
    assert resolve("bitterly amused").vad.valence == pytest.approx(0.7 * amused.valence + 0.3 * bitter.valence)


@pytest.mark.parametrize("label", ["", "   ", "?!", "42", "中文", "x"])
def test_what_cannot_be_read_has_no_words(label):
    resolution = resolve(label)
    assert resolution.words == ()
    assert resolution.how == "none"
    assert resolution.states == {}
    assert tuple(resolution.vad) == (0.0, 0.0, 0.0)


def test_an_unknown_word_goes_to_the_embedder_with_less_confidence():
    resolution = resolve("glooomyish", LetterEmbedder())
    assert resolution.how == "embedding"
    assert 0 < resolution.confidence <= 0.7
    assert sum(weight for _, weight in resolution.words) == pytest.approx(1.0)


@pytest.mark.parametrize("label", sorted(words()))
def test_every_label_and_inflection_resolves_to_its_word(label):
    for form in (label, *words()[label].inflections):
        assert [word.label for word, _ in resolve(form).words] == [label], form
