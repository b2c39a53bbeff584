from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emer.errors import InputError
from emer.memory.ontology import CLOSED_SETS, back, loss, project, words

SETS = sorted(CLOSED_SETS)


@pytest.mark.parametrize("name", SETS)
def test_every_class_maps_out_and_back_to_itself(name):
    for each in CLOSED_SETS[name].classes:
        shares = project({back(name, each).label: 1.0}, name)
        assert max(shares, key=lambda key: shares[key]) == each


@pytest.mark.parametrize("name", SETS)
def test_a_round_trip_is_stable_for_every_word(name):
    """Word -> class -> word -> class stays; the second trip loses no more than the first."""
    for label in words():
        shares = project({label: 1.0}, name)
        best = max(shares, key=lambda key: shares[key])
        if best != "none":
            again = project({back(name, best).label: 1.0}, name)
            assert max(again, key=lambda key: again[key]) == best, label


@given(
    st.sampled_from(SETS),
    st.dictionaries(
        st.sampled_from([*sorted(words()), "xyzzy", "not happy", "bitterly amused"]), st.floats(0, 5), max_size=5
    ),
)
def test_a_projection_sums_to_one_with_none(name, weights):
    shares = project(weights, name)
    assert list(shares) == [*CLOSED_SETS[name].classes, "none"]
    assert sum(shares.values()) == pytest.approx(1.0)
    assert all(share >= 0 for share in shares.values())


def test_a_projection_by_hand():
    # relieved and amused are joy to Ekman, contemptuous is disgust, bored has no class
    shares = project({"relieved": 0.4, "amused": 0.2, "contemptuous": 0.2, "bored": 0.2}, "ekman")
    assert shares["joy"] == pytest.approx(0.6)
    assert shares["disgust"] == pytest.approx(0.2)
    assert shares["none"] == pytest.approx(0.2)
    assert project({"remorseful": 1.0}, "plutchik8")["sadness"] == pytest.approx(0.5)  # the dyad sadness + disgust
    assert project({"neutral": 1.0}, "meld7")["neutral"] == 1.0


def test_no_weight_is_all_none():
    assert project({}, "ekman")["none"] == 1.0
    assert project({"happy": 0.0}, "ekman")["none"] == 1.0


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf")])
def test_a_weight_that_is_no_weight_is_refused(weight):
    with pytest.raises(InputError, match="happy"):
        project({"happy": weight}, "ekman")


def test_an_unknown_set_or_class_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="ekman, meld7"):
        project({"happy": 1.0}, "ekmann")
    with pytest.raises(InputError, match="anger, disgust"):
        back("ekman", "love")


@pytest.mark.parametrize("name", SETS)
def test_loss_is_zero_for_anchors_and_one_for_what_is_unknown(name):
    assert loss("xyzzy", name) == 1.0
    assert all(0.0 <= loss(label, name) <= 1.0 for label in sorted(words())[::17])
    if name != "plutchik8":
        assert all(loss(back(name, each).label, name) == pytest.approx(0.0) for each in CLOSED_SETS[name].classes)


def test_a_finer_set_loses_less():
    mean = {
        name: sum(loss(label, name) for label in words()) / len(words()) for name in ("sentiment", "ekman", "tone3")
    }
    assert mean["tone3"] < mean["ekman"]


def test_emonet_has_forty_categories_and_a_place_for_nearly_every_word():
    emonet = CLOSED_SETS["emonet40"]
    assert len(emonet.classes) == 40
    assert sum(project({label: 1.0}, "emonet40")["none"] == 0 for label in words()) / len(words()) > 0.95
