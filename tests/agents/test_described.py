"""Observations that somebody else made: action units read, paragraphs split, conclusions marked, errors placed."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues, sentences
from emer.agents.fusion.facs import action_units, given_units
from emer.agents.fusion.manner import manner
from emer.errors import InputError


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("AU12 lip corner puller, moderate", {12: 2.0}),
        ("brows lowered, lips pressed", {4: 2.0, 24: 2.0}),
        ("strongly Lip Corner Puller", {12: 3.5}),
        ("barely Lip stretcher", {20: 0.5}),
        ("AU6C, AU12 D", {6: 3.0, 12: 4.0}),
        ("AU04: 1.5 and AU07=2.5", {4: 1.5, 7: 2.5}),
        ("a broad smile", {12: 3.5}),
        ("raised eyebrows, mouth open", {1: 2.0, 2: 2.0, 26: 2.0}),
        ("no smile, not frowning", {}),
        ("inner brow raiser", {1: 2.0}),
        ("looks at the window", {}),
    ],
)
def test_action_units_are_read_from_names_and_numbers(text: str, units: dict[int, float]):
    assert action_units(text) == units


def test_given_intensities_are_read_as_openface_writes_them_and_bounded():
    assert given_units({"AU04_r": 1.97, "AU12": 9, "au.AU06": 0.5, "AU04_c": 1.0, "happy": 1}) == {
        4: 1.97,
        6: 0.5,
        12: 5.0,
    }


def test_a_list_of_graded_units_is_one_cue_with_its_values():
    (cue,) = described_cues([{"modality": "face", "text": ["moderately Brow Lowerer", "slightly Lid Tightener"]}])
    assert cue.source.values == {"au.AU04": 2.0, "au.AU07": 1.0}
    assert (cue.id, cue.level, cue.kind) == ("face-1", "described", "action_units")
    assert cue.strength == pytest.approx(0.4)


def test_given_numbers_win_over_words_and_may_stand_alone():
    (cue,) = described_cues([{"modality": "face", "text": "a broad smile", "action_units": {"AU12": 1.2}}])
    assert cue.source.values == {"au.AU12": 1.2}
    (bare,) = described_cues([{"modality": "face", "action_units": {"AU12": 1.2, "AU04": 0.2}}])
    assert bare.text == "action units: lip corner puller (1.2)"


def test_a_paragraph_becomes_one_cue_a_sentence_numbered_by_modality():
    cues = described_cues([
        {"modality": "voice", "text": "His tone sounds negative. He speaks at a slow pace."},
        {"modality": "context", "text": "A kitchen, says Mr. Smith."},
        {"modality": "voice", "text": "He sighs."},
    ])  # fmt: skip
    assert [cue.id for cue in cues] == ["voice-1", "voice-2", "context-1", "voice-3"]
    assert cues[2].text == "A kitchen, says Mr. Smith."
    assert (cues[0].valence, cues[0].arousal) == (-0.5, None)
    assert (cues[1].valence, cues[1].arousal) == (None, -0.4)


def test_a_sentence_that_names_an_emotion_is_inferred():
    named, plain = described_cues([{"modality": "voice", "text": "She sounds very angry. Her voice is loud."}])
    assert named.level == "inferred"
    assert plain.level == "described"
    assert plain.arousal == 0.5


def test_furniture_has_no_tone():
    (cue,) = described_cues([{"modality": "context", "text": "A wonderful bright kitchen with lovely shelves."}])
    assert (cue.valence, cue.arousal) == (None, None)


def test_a_denied_manner_is_not_read():
    assert manner("There is no laughter") is None
    assert manner("She laughs") is not None


def test_a_bare_adjective_is_about_the_voice_only_in_a_note_on_a_voice():
    assert manner("quick, high, rising") is None
    quick = manner("quick, high, rising", of_voice=True)
    assert quick is not None
    assert (quick.valence, quick.arousal) == (None, pytest.approx(0.4))
    assert manner("a low shelf by a quiet road") is None


def test_a_commanding_and_a_helpless_manner_are_told_apart():
    shouted, shaky = described_cues([{"modality": "voice", "text": ["shouted, hard", "shaky, hesitating"]}])
    assert shouted.source.values["manner_dominance"] == pytest.approx(0.4)
    assert shaky.source.values["manner_dominance"] == pytest.approx(-0.5)


def test_a_sentence_that_names_an_emotion_is_not_guessed_at_as_well():
    (cue,) = described_cues([{"modality": "context", "text": "She looks angry at him."}])
    assert (cue.level, cue.valence, cue.arousal) == ("inferred", None, None)


def test_the_observer_s_own_numbers_stay():
    (cue,) = described_cues(
        [{"modality": "voice", "text": "He shouts.", "valence": 0.4, "level": "measured", "person": "p2"}]
    )
    assert (cue.valence, cue.arousal, cue.level, cue.person) == (0.4, None, "measured", "p2")


def test_a_whole_cue_comes_back_as_it_is_and_others_number_on():
    whole = {
        "id": "face-3", "modality": "face", "kind": "expression", "text": "Smiles. Then frowns.",
        "source": {"tool": "t", "version": "2", "values": {}},
    }  # fmt: skip
    first, second = described_cues([{"modality": "face", "text": "looks up"}, whole])
    assert second.model_dump(exclude_unset=True) == whole
    assert first.id == "face-4"


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"text": "x"}, "modality"),
        ({"modality": "face"}, "no text"),
        ({"modality": "face", "text": "x", "colour": "red"}, "colour"),
        ({"modality": "face", "text": 3}, "text"),
        ({"modality": "face", "text": "x", "strength": 7}, "strength"),
        ("smiles", "expected an object"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(broken: object, message: str):
    with pytest.raises(InputError, match=f"observation 2.*{message}"):
        described_cues([{"modality": "face", "text": "smiles"}, broken])  # type: ignore[list-item]


def test_sentences_keep_abbreviations_together():
    assert sentences("Mr. Smith leaves. She stays!\nThe end") == ["Mr. Smith leaves.", "She stays!", "The end"]
