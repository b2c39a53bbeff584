"""Who is who: the cast of a clip."""

from emer.agents import people as casting
from emer.schemas import Cue, Person, Source, Utterance
from emer.tools.talking_mouth import Tie


def _face(number: int) -> Person:
    return Person(id=f"face:{number}", description=f"person {number}")


def _voice() -> Person:
    return Person(id="voice:1", description="a voice")


def _cue(person: str | None, utterance: str | None = None) -> Cue:
    return Cue(
        id="face-1",
        modality="face",
        kind="expression",
        person=person,
        text="a smile",
        anchor={"utterance": utterance},
        source=Source(tool="t", version="1"),
    )


def test_speakers_are_numbered_in_order_of_their_first_words() -> None:
    people, ids = casting.number_speakers(["BEN", "ANNA", None, "BEN"])
    assert ids == {"BEN": "p1", "ANNA": "p2"}
    assert [person.id for person in people] == ["p1", "p2"]


def test_one_face_and_one_voice_are_one_person() -> None:
    cast = casting.cast([], [_face(1), _voice()], [Utterance(id="u1", text="Hello.")])
    assert [person.id for person in cast.people] == ["p1"]
    assert cast.ids == {"face:1": "p1", "voice:1": "p1"}
    assert cast.words_of == "p1"
    assert cast.warnings, "the tie is an assumption and must be said"


def test_one_face_and_one_named_speaker_are_one_person() -> None:
    speakers, _ = casting.number_speakers(["ANNA"])
    cast = casting.cast(speakers, [_face(1), _voice()], [Utterance(id="u1", person="p1", text="Hello.")])
    assert [person.id for person in cast.people] == ["p1"]
    assert set(cast.ids.values()) == {"p1"}


def test_two_faces_and_two_speakers_stay_four_people_because_nobody_is_guessed() -> None:
    speakers, _ = casting.number_speakers(["ANNA", "BEN"])
    cast = casting.cast(speakers, [_face(1), _face(2)], [])
    assert [person.id for person in cast.people] == ["p1", "p2", "p3", "p4"]


def test_words_of_nobody_in_a_clip_with_two_faces_belong_to_the_voice() -> None:
    cast = casting.cast([], [_face(1), _face(2), _voice()], [Utterance(id="u1", text="Hello.")])
    assert cast.ids["voice:1"] == "p3"
    assert cast.words_of == "p3"


def test_text_without_speakers_belongs_to_nobody() -> None:
    cast = casting.cast([], [], [Utterance(id="u1", text="Hello.")])
    assert cast.people == []
    assert cast.words_of is None


def test_cues_follow_their_utterance_and_their_local_key() -> None:
    cast = casting.cast([], [_face(1)], [])
    assert casting.rename([_cue("face:1")], cast)[0].person == "p1"
    claimed = casting.claim_cues([_cue(None, "u1")], [Utterance(id="u1", person="p2", text="x")])
    assert claimed[0].person == "p2"


def test_without_leaves_out_only_the_named() -> None:
    assert casting.without([_cue("p1"), _cue("p2"), _cue(None)], ["p2"]) == [_cue("p1"), _cue(None)]


def _tie(face: str, speaker: str) -> Tie:
    return Tie(face, speaker, 0.61, 33, 0.8)


def test_a_face_whose_mouth_goes_with_a_named_speaker_is_that_speaker() -> None:
    speakers, _ = casting.number_speakers(["ANNA", "BEN"])
    said = [Utterance(id="u1", person="p1", text="Hello."), Utterance(id="u2", person="p2", text="Hi.")]
    cast = casting.cast(speakers, [_face(1), _face(2)], said, ties=[_tie("face:2", "p1"), _tie("face:1", "p2")])
    assert [person.id for person in cast.people] == ["p1", "p2"]
    assert cast.ids == {"face:1": "p2", "face:2": "p1"}
    assert "moves with the voice (in 80% of the frames with it; r 0.61 over 33 frames)" in cast.people[0].description
    assert not cast.warnings


def test_of_two_faces_the_one_that_speaks_has_the_voice_and_the_words() -> None:
    said = [Utterance(id="u1", text="Hello.")]
    cast = casting.cast([], [_face(1), _face(2), _voice()], said, ties=[_tie("face:2", "voice:1")])
    assert [person.id for person in cast.people] == ["p1", "p2"]
    assert cast.ids["voice:1"] == cast.words_of == "p2"


def test_one_speaker_of_two_may_be_out_of_view() -> None:
    speakers, _ = casting.number_speakers(["ANNA", "BEN"])
    said = [Utterance(id="u1", person="p1", text="Hello."), Utterance(id="u2", person="p2", text="Hi.")]
    cast = casting.cast(speakers, [_face(1), _face(2)], said, ties=[_tie("face:1", "p2")])
    assert cast.ids == {"face:1": "p2", "face:2": "p3"}


def test_several_faces_and_no_tie_is_said() -> None:
    cast = casting.cast([], [_face(1), _face(2), _voice()], [])
    assert cast.warnings == [
        "No mouth in view clearly moves with the voice, so no face is taken for the one who speaks."
    ]
