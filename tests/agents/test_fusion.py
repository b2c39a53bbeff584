"""The judge's arithmetic, by hand: likelihood ratios, contamination, votes, leave-one-out, action units."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emer.agents.fusion import likelihood, tables
from emer.agents.fusion.evidence import supporting, weigh
from emer.agents.fusion.likelihood import (
    action_unit_ratio,
    activations,
    attachment_ratio,
    contaminated,
    cue_log,
    face_ratio,
    flat_prior,
    point_ratio,
    region_ratio,
    words_ratio,
    written_instruments,
)  # fmt: skip
from emer.agents.fusion.votes import Ballot, ballots, posterior
from emer.memory.ontology import FACE_STATES, STATES, words
from emer.schemas import Cue, RecalledCase, Source

INSTRUMENTS = written_instruments(0.2)


def cue(number: int, modality: str = "face", *, strength: float = 0.5, quality: float = 1.0, **values: float) -> Cue:
    named = {name.replace("_", ".", 1): value for name, value in values.items()}
    source = Source(tool="test", version="1", values=named)
    return Cue(
        id=f"{modality}-{number}",
        modality=modality,
        kind="x",
        text="x",
        strength=strength,
        quality=quality,
        source=source,
    )


def state(name: str) -> int:
    return STATES.index(name)


def test_the_flat_prior_gives_neutral_its_share_and_the_rest_alike():
    prior = flat_prior(0.2)
    assert prior.sum() == pytest.approx(1.0)
    assert prior[state("neutral")] == 0.2
    assert set(np.round(np.delete(prior, state("neutral")), 12)) == {round(0.8 / 27, 12)}


def test_words_are_odds_over_base_odds():
    base = float(INSTRUMENTS.go_base[state("anger")])
    ratios = words_ratio({"go.anger": 0.5}, INSTRUMENTS)  # the others are not given, so at their base rates
    other = ratios[state("joy")]
    assert ratios[state("anger")] / other == pytest.approx(1.0 / (base / (1 - base)))


def test_words_at_base_rate_say_nothing():
    values = {f"go.{name}": float(INSTRUMENTS.go_base[n]) for n, name in enumerate(STATES)}
    assert np.allclose(words_ratio(values, INSTRUMENTS), 1.0)


def test_a_face_is_read_through_the_confusions_of_its_network():
    values = {"fer.happy": 1.0}
    happy = tables.FACE_CLASSES.index("happy")
    marginal = INSTRUMENTS.fer_shares @ INSTRUMENTS.fer_confusion
    per_class = INSTRUMENTS.fer_confusion[:, happy] / marginal[happy]
    expected = np.array([tables.FACE_SHOWS[name] for name in STATES]) @ per_class
    assert np.allclose(face_ratio(values, INSTRUMENTS), expected)


@pytest.mark.parametrize("name", tables.FACE_CLASSES)
def test_each_face_class_speaks_most_for_a_state_that_the_ontology_also_gives_it(name: str):
    ratios = face_ratio({f"fer.{name}": 1.0}, INSTRUMENTS)
    assert STATES[int(np.argmax(ratios))] == max(FACE_STATES[name], key=lambda s: FACE_STATES[name][s])


def test_every_row_of_the_face_table_is_a_distribution():
    assert set(tables.FACE_SHOWS) == set(STATES) == set(tables.EKMAN_SHARES)
    for row in tables.FACE_SHOWS.values():
        assert sum(row) == pytest.approx(1.0)


def test_contamination_bounds_what_a_weak_cue_can_do():
    ratios = np.array([0.0, 1.0, 28.0])
    assert contaminated(ratios, 0.2).tolist() == pytest.approx([0.8, 1.0, 6.4])
    assert contaminated(ratios, 0.0).tolist() == [1.0, 1.0, 1.0]


def test_a_cue_of_quality_zero_changes_nothing():
    log = cue_log(cue(1, quality=0.0, fer_happy=1.0), INSTRUMENTS)
    assert log is not None
    assert np.allclose(log, 0.0)


def test_a_cue_without_numbers_or_tone_does_not_vote():
    assert cue_log(cue(1), INSTRUMENTS) is None


def test_duchenne_smile_is_happy_and_a_trace_is_nothing():
    assert activations({"au.AU06": 3.0, "au.AU12": 4.0})["happy"] == 1.0
    trace = activations({"au.AU12": 0.9})
    assert trace["happy"] == 0.0
    assert trace["neutral"] == 1.0


def test_activation_is_the_weakest_needed_unit_and_grows_with_extras():
    # EMFACS 4+7: .5 of min(1, 2)/2 = .25; extra 17 at 2 adds 15 % of it
    assert activations({"au.AU04": 1.0, "au.AU07": 2.0})["angry"] == pytest.approx(0.25)
    assert activations({"au.AU04": 1.0, "au.AU07": 2.0, "au.AU17": 2.0})["angry"] == pytest.approx(0.2875)


def test_anger_units_speak_for_anger_against_joy():
    ratios = action_unit_ratio({"au.AU04": 3.0, "au.AU07": 3.0, "au.AU23": 3.0})
    assert ratios[state("anger")] > 1 > ratios[state("joy")]


def test_a_point_speaks_for_the_states_near_it():
    ratios = point_ratio(-0.65, 0.65, INSTRUMENTS)
    assert ratios[state("fear")] > 1 > ratios[state("relief")]


def test_ratios_have_mean_one_under_the_prior():
    for ratios in (
        words_ratio({"go.joy": 0.9}, INSTRUMENTS),
        point_ratio(0.3, None, INSTRUMENTS),
        attachment_ratio({"joy": 0.5, "relief": 0.5}, INSTRUMENTS),
    ):
        assert INSTRUMENTS.prior @ ratios == pytest.approx(1.0)


def test_a_face_that_says_what_the_training_faces_say_at_large_says_nothing():
    marginal = INSTRUMENTS.fer_shares @ INSTRUMENTS.fer_confusion
    per_class = (INSTRUMENTS.fer_confusion / marginal) @ marginal
    assert np.allclose(per_class, 1.0)
    values = {f"fer.{name}": float(p) for name, p in zip(tables.FACE_CLASSES, marginal, strict=True)}
    assert np.allclose(face_ratio(values, INSTRUMENTS), 1.0)


def test_unmarked_words_leave_a_state_open():
    base = INSTRUMENTS.go_base[state("neutral")]
    alone = words_ratio({"go.neutral": 0.9}, INSTRUMENTS)
    beside = words_ratio({"go.neutral": 0.9}, INSTRUMENTS, unmarked=0.6)
    odds = 9.0 / (base / (1 - base))  # of neutral against its base rate; the other states are at theirs, so 1
    assert alone[state("joy")] / alone[state("neutral")] == pytest.approx(1 / odds)
    assert beside[state("joy")] / beside[state("neutral")] == pytest.approx((1 + 0.6 * odds) / odds)
    assert INSTRUMENTS.prior @ beside == pytest.approx(1.0)


def test_words_without_a_mark_say_less_where_somebody_is_seen_too():
    said, face = cue(1, "transcript", go_neutral=0.9), cue(1, fer_happy=1.0)
    alone = ballots([said], [], INSTRUMENTS)[0].vote()
    beside = {ballot.modality: ballot.vote() for ballot in ballots([said, face], [], INSTRUMENTS)}["transcript"]
    unseen = {ballot.modality: ballot.vote() for ballot in ballots([said, cue(1, quality=0.0)], [], INSTRUMENTS)}
    neutral, joy = state("neutral"), state("joy")
    assert 0 < beside[neutral] - beside[joy] < alone[neutral] - alone[joy]
    assert np.allclose(unseen["transcript"], alone)


def test_dominance_tells_anger_from_fear():
    strong = point_ratio(-0.6, 0.6, INSTRUMENTS, dominance=0.4)
    weak = point_ratio(-0.6, 0.6, INSTRUMENTS, dominance=-0.4)
    assert strong[state("anger")] > 2 * strong[state("fear")]
    assert weak[state("fear")] > 2 * weak[state("anger")]


def test_a_cue_that_nobody_trusts_dilutes_no_other():
    clear = cue(1, fer_happy=1.0)
    together = ballots([clear, cue(2, quality=0.0, strength=1.0, fer_sad=1.0)], [], INSTRUMENTS)[0].vote()
    assert np.allclose(together, ballots([clear], [], INSTRUMENTS)[0].vote())


def test_a_vote_is_the_strength_weighted_mean_not_the_sum():
    logs = np.zeros((2, len(STATES)))
    logs[0, 0], logs[1, 0] = 1.0, 0.2
    ballot = Ballot("face", ("face-1", "face-2"), np.array([3.0, 1.0]), logs)
    assert ballot.vote()[0] == pytest.approx(0.8)
    assert ballot.votes_without_each()[:, 0].tolist() == pytest.approx([0.2, 1.0])


def test_forty_frames_of_one_smile_weigh_like_one():
    one = ballots([cue(1, fer_happy=0.9, fer_neutral=0.1)], [], INSTRUMENTS)[0].vote()
    forty = ballots([cue(n, fer_happy=0.9, fer_neutral=0.1) for n in range(1, 41)], [], INSTRUMENTS)[0].vote()
    assert np.allclose(one, forty)


def test_a_vote_is_capped():
    logs = np.full((1, len(STATES)), 9.0)
    assert Ballot("x", ("x-1",), np.array([1.0]), logs).vote().max() == tables.VOTE_CAP


def test_posterior_is_prior_plus_votes():
    votes = np.zeros(len(STATES))
    votes[state("joy")] = math.log(2)
    log_p = posterior(INSTRUMENTS.prior, [votes])
    joy, sad = log_p[state("joy")], log_p[state("sadness")]
    assert math.exp(joy - sad) == pytest.approx(2.0)
    assert np.exp(log_p).sum() == pytest.approx(1.0)


def test_leave_one_out_is_exact():
    cast = ballots([cue(1, fer_happy=0.9), cue(2, fer_sad=0.9), cue(3, "voice", go_joy=0.5)], [], INSTRUMENTS)
    full = posterior(INSTRUMENTS.prior, [ballot.vote() for ballot in cast])
    for one in weigh(cast, INSTRUMENTS.prior):
        kept = [c for c in (cue(1, fer_happy=0.9), cue(2, fer_sad=0.9), cue(3, "voice", go_joy=0.5)) if c.id != one.id]
        left = posterior(INSTRUMENTS.prior, [b.vote() for b in ballots(kept, [], INSTRUMENTS)])
        assert np.allclose(one.delta, full - left)


def test_a_cue_that_says_what_another_says_is_still_evidence():
    cast = ballots([cue(1, fer_happy=0.9), cue(2, fer_happy=0.8, fer_neutral=0.2)], [], INSTRUMENTS)
    assert {one.id for one in supporting(weigh(cast, INSTRUMENTS.prior), state("joy"))} == {"face-1", "face-2"}


def case(number: int, provenance: str, *, applies: bool = True) -> RecalledCase:
    return RecalledCase(
        id=f"c{number}",
        role="support",
        similarity=0.9,
        labels=["angry"],
        applies=applies,
        why="",
        provenance=provenance,
    )


def test_cases_are_one_more_vote_authored_ones_a_weaker_one_and_never_alone():
    face = cue(1, fer_neutral=1.0)
    authored = ballots([face], [case(1, "authored")], INSTRUMENTS)[-1].vote()[state("anger")]
    users = ballots([face], [case(1, "user")], INSTRUMENTS)[-1].vote()[state("anger")]
    assert 0 < authored < users
    near = float(region_ratio([words()["angry"]], INSTRUMENTS)[state("anger")])
    ratio = 0.5 / float(INSTRUMENTS.prior[state("anger")]) + 0.5 * near  # half that very state, half what lies near
    assert users == pytest.approx(math.log(0.2 * 0.9 * ratio + 1 - 0.18))
    assert ballots([], [case(1, "user")], INSTRUMENTS) == []
    assert len(ballots([face], [case(1, "user", applies=False)], INSTRUMENTS)) == 1


@given(st.lists(st.floats(0, 1), min_size=7, max_size=7), st.floats(0, 1), st.floats(0.01, 1))
def test_no_face_moves_any_state_further_than_its_validity_lets_it(
    shares: list[float], quality: float, strength: float
):
    values = {f"fer_{name}": share for name, share in zip(tables.FACE_CLASSES, shares, strict=True)}
    log = cue_log(cue(1, quality=quality, strength=strength, **values), INSTRUMENTS)
    assert log is not None
    assert log.min() >= math.log(1 - tables.VALIDITY["face_classes"].rho * quality) - 1e-9


def test_every_channel_has_a_validity_and_a_source():
    for name, validity in tables.VALIDITY.items():
        assert 0 < validity.rho < 1, name
        assert len(validity.source) > 20, name
    # CREMA-D, six classes: (.582 - 1/6) / (5/6) = .498 from the picture alone, (.409 - 1/6) / (5/6) = .291 from sound
    assert tables.VALIDITY["face_classes"].rho == tables.VALIDITY["action_units"].rho == round(0.498, 2)
    assert tables.VALIDITY["voice"].rho == round(0.291, 2)
    assert tables.VALIDITY["named"].rho < min(tables.VALIDITY[name].rho for name in ("voice", "scene", "face_classes"))
    assert tables.VALIDITY["cases"].rho <= 0.2
    assert tables.AUTHORED_CASE_RHO <= 0.1


def test_the_point_of_a_denied_word_lies_on_the_other_side():
    from emer.memory.ontology import mentions

    plain, denied = mentions("I am happy")[0], mentions("I am not happy")[0]
    assert likelihood.mention_ratio(plain, INSTRUMENTS)[state("joy")] > 1
    assert likelihood.mention_ratio(denied, INSTRUMENTS)[state("joy")] < 1
    assert likelihood.mention_ratio(denied, INSTRUMENTS)[state("disappointment")] > 1
