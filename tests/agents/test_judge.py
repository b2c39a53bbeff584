"""The judge on hand-written evidence: labels, abstention, mixture, rivals, conflicts, time, invariances."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.agents.judge import judge, settings_used
from emer.agents.state import Evidence, Services, Verdict
from emer.config import Settings
from emer.memory.ontology import STATES, words
from emer.schemas import Anchor, Cause, Clip, Cue, Person, RecalledCase, Source, Utterance

SERVICES = Services(settings=Settings())
CLIP = Clip(id="sha256:0", source="clip.mp4", kind="video")
TEXT = Clip(id="sha256:1", source="-", kind="text")
QUIET = {"neutral": 0.05, "sadness": 0.01, "joy": 0.01}


def face(number: int, at: tuple[float, float] = (0.0, 2.0), *, person: str | None = "p1", **shares: float) -> Cue:
    named = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    values = {f"fer.{name}": shares.get(name, 0.01) for name in named}
    top = max(shares, key=lambda name: shares[name])
    text = f"raters would call this face {top} ({shares[top]:.2f}, FER2013), {at[0]:.1f}–{at[1]:.1f} s"
    source = Source(tool="emer-face-expression", version="1", values=values)
    return Cue(
        id=f"face-{number}", modality="face", kind="expression", person=person, text=text,
        anchor=Anchor(start_s=at[0], end_s=at[1]), strength=0.7, quality=0.9, source=source,
    )  # fmt: skip


def voice(number: int, arousal: float, at: tuple[float, float] = (0.0, 2.0), *, person: str | None = "p1") -> Cue:
    source = Source(tool="emer.tools.voice", version="1", values={"level_db": 3.0})
    text = "speaks louder and higher than in the rest" if arousal > 0 else "speaks softer and lower than in the rest"
    return Cue(
        id=f"voice-{number}", modality="voice", kind="prosody", person=person, text=text, arousal=arousal,
        anchor=Anchor(start_s=at[0], end_s=at[1]), strength=0.6, quality=0.9, source=source,
    )  # fmt: skip


def said(number: int, text: str, *, person: str | None = "p1", strength: float = 0.66, **read: float) -> Cue:
    values = {f"go.{name}": read.get(name, QUIET.get(name, 0.01)) for name in STATES} if read else {}
    return Cue(
        id=f"transcript-{number}", modality="transcript", kind="words", person=person, text=f"says “{text}”",
        level="reported", anchor=Anchor(utterance=f"u{number}"), strength=strength,
        source=Source(tool="emer-text-encoder", version="1", values=values),
    )  # fmt: skip


def utterance(number: int, text: str, start: float | None = None, *, person: str | None = "p1") -> Utterance:
    end = None if start is None else start + 2
    return Utterance(id=f"u{number}", person=person, text=text, start_s=start, end_s=end)


def verdict(
    *cues: Cue, utterances: tuple[Utterance, ...] = (), people: tuple[str, ...] = (), clip: Clip = CLIP
) -> Verdict:
    cast = [Person(id=name, description="a person") for name in people]
    return judge(Evidence(clip=clip, people=cast, utterances=utterances, cues=cues), SERVICES)


SAD_CLIP = (
    face(1, sad=0.7, neutral=0.2),
    voice(1, -0.5),
    said(1, "I am so disappointed with this", disappointment=0.62, sadness=0.3, annoyance=0.1),
)


def test_three_modalities_agree_on_one_cited_label():
    found = verdict(*SAD_CLIP, utterances=(utterance(1, "I am so disappointed with this", 0.0),))
    (emotion,) = found.emotions
    assert emotion.label == "disappointed"
    assert emotion.evidence == ["transcript-1", "voice-1", "face-1"]  # beside words a face counts least
    assert (emotion.start_s, emotion.end_s, emotion.utterance) == (0.0, 2.0, "u1")
    assert (emotion.holder, emotion.person, emotion.perspective) == ("p1", "p1", "expressed")
    assert not found.conflicts
    assert not found.abstained


def test_reasoning_goes_from_observation_over_inference_and_rival_to_the_conclusion():
    found = verdict(*SAD_CLIP)
    order = [step.type for step in found.reasoning]
    assert order == ["observation"] * 3 + ["inference", "rival", "conclusion"]
    assert [step.id for step in found.reasoning] == [f"r{n}" for n in range(1, 7)]
    assert all(step.evidence and step.supports == ["e1"] for step in found.reasoning)
    rival = found.reasoning[4]
    assert found.alternatives[0].label in rival.claim.lower()


def test_every_id_told_in_a_sentence_is_cited_by_it():
    import re

    for step in verdict(*SAD_CLIP, face(2, happy=0.95)).reasoning:
        assert set(re.findall(r"\[([a-z]+-\d+)\]", step.claim)) <= {*step.evidence, *step.counter}


def test_the_person_s_own_word_is_preferred():
    read = {"fear": 0.3, "nervousness": 0.5}
    plain = verdict(said(1, "there is that letter again", **read)).emotions[0]
    own = verdict(said(1, "I am worried about that letter", **read)).emotions[0]
    assert own.label == "worried"
    assert plain.label != "worried" or plain.perspective == "expressed"
    assert own.perspective == "reported"


def test_words_without_a_model_fall_back_on_their_emotion_words():
    (emotion, *_) = verdict(said(1, "I was furious about it")).emotions
    assert dict(words()[emotion.label].states).keys() & {"anger", "annoyance"}
    assert emotion.evidence == ["transcript-1"]
    assert emotion.confidence_basis == "uncalibrated"


def test_a_text_about_somebody_else_depicts():
    found = verdict(said(1, "She was furious with them", person=None), clip=TEXT).emotions[0]
    assert (found.perspective, found.holder, found.person) == ("depicted", "author", None)


def test_opposite_feelings_from_different_cues_stay_two_labels():
    cues = (
        said(1, "it is over at last", relief=0.5, joy=0.3),
        said(2, "and I miss her terribly", sadness=0.6, grief=0.2),
    )
    same_time = tuple(replace_anchor(cue, 0.0, 4.0) for cue in cues)
    found = verdict(*same_time)
    valences = sorted(emotion.valence for emotion in found.emotions)
    assert len(valences) == 2
    assert valences[0] < 0 < valences[1]


def replace_anchor(cue: Cue, start: float, end: float) -> Cue:
    return cue.model_copy(update={"anchor": Anchor(start_s=start, end_s=end)})


def test_smile_over_bitter_words_is_shown_as_a_conflict():
    found = verdict(said(1, "this is a disaster", disappointment=0.5, sadness=0.3), face(1, happy=0.95))
    (conflict,) = found.conflicts
    assert conflict.between == ["face-1", "transcript-1"]
    assert conflict.distance >= 0.25
    kinds = [hypothesis.kind for hypothesis in conflict.hypotheses]
    assert "measurement_error" in kinds
    assert "masking" in kinds
    assert found.emotions[0].counter_evidence == ["face-1"]


def test_no_conflict_between_modalities_that_agree_or_say_little():
    assert verdict(*SAD_CLIP).conflicts == []
    assert verdict(voice(1, 0.6), face(1, neutral=0.9)).conflicts == []


def test_neutral_needs_evidence():
    assert verdict(said(1, "the train leaves at nine", neutral=0.9)).emotions[0].label == "neutral"
    assert [e.label for e in verdict(face(1, happy=0.9)).emotions] != ["neutral"]
    assert all(e.label != "neutral" for e in verdict(face(1, sad=0.9)).emotions)


def test_nothing_to_say_is_an_abstention_per_person():
    room = Cue(
        id="context-1", modality="context", kind="scene", text="a bright room", source=Source(tool="t", version="1")
    )
    found = verdict(room, *SAD_CLIP, people=("p1", "p2"))
    assert [one.person for one in found.abstained] == ["p2"]
    assert {emotion.person for emotion in found.emotions} == {"p1"}


def test_faint_evidence_is_an_abstention():
    found = verdict(face(1, neutral=0.25, happy=0.25, sad=0.2, angry=0.1, fear=0.1, surprise=0.1))
    assert not found.emotions
    assert found.abstained[0].person == "p1"
    assert "faint" in found.abstained[0].why or "alike" in found.abstained[0].why or "nothing" in found.abstained[0].why


def test_no_cues_at_all_is_an_empty_verdict():
    assert verdict().emotions == []
    assert verdict().summary == ""


def test_two_people_are_read_apart():
    found = verdict(
        said(1, "wonderful", joy=0.8),
        said(2, "leave me alone", person="p2", anger=0.7),
        people=("p1", "p2"),
    )
    by_person = {emotion.person: emotion.valence for emotion in found.emotions}
    assert by_person["p1"] > 0 > by_person["p2"]


@pytest.mark.parametrize(("ends", "labels"), [((0.8, 2.4), 2), ((0.5, 2.4), 1), ((0.8, 9.0), 1), ((1.2, 9.0), 2)])
def test_what_lasts_a_second_or_three_tenths_of_a_short_clip_is_told_apart(ends: tuple[float, float], labels: int):
    first, last = ends
    found = verdict(face(1, (0.0, first), neutral=0.9), face(2, (first, last), happy=0.9), people=("p1",))
    assert len(found.emotions) == labels


def test_a_change_over_time_is_two_emotions_and_a_change():
    utterances = (utterance(1, "this is wonderful", 0.0), utterance(2, "no, no, that is awful", 4.0))
    found = verdict(
        said(1, "this is wonderful", joy=0.9), said(2, "no, no, that is awful", anger=0.8), utterances=utterances
    )
    assert [e.valence > 0 for e in found.emotions] == [True, False]
    (change,) = found.changes
    assert (change.from_, change.to, change.t_s) == ("e1", "e2", 4.0)
    assert change.evidence == ["transcript-1", "transcript-2"]


def test_intensity_comes_from_the_behaviour_not_from_confidence():
    mild = verdict(said(1, "a bit disappointed", strength=0.33, disappointment=0.7)).emotions[0]
    strong = verdict(said(1, "utterly disappointed", strength=1.0, disappointment=0.7)).emotions[0]
    assert mild.intensity == pytest.approx(0.33)
    assert strong.intensity == pytest.approx(1.0)
    assert mild.confidence == strong.confidence


def test_cases_help_but_are_never_the_only_support():
    case = RecalledCase(
        id="case-1", role="support", similarity=0.9, labels=["worried"], applies=True, why="x", provenance="user"
    )
    cue = said(1, "there is that letter again", nervousness=0.3, neutral=0.3)
    with_case = judge(Evidence(clip=CLIP, cues=[cue], cases=[case]), SERVICES)
    alone = judge(Evidence(clip=CLIP, people=[Person(id="p1", description="x")], cases=[case]), SERVICES)
    assert with_case.emotions[0].cases == ["case-1"]
    assert with_case.emotions[0].evidence == ["transcript-1"]
    assert with_case.emotions[0].confidence >= verdict(cue).emotions[0].confidence
    assert not alone.emotions


def test_a_cause_is_linked_to_the_emotion_that_rests_on_the_same_cue():
    cause = Cause(id="c1", text="this", kind="explicit", evidence=["transcript-1"])
    found = judge(Evidence(clip=CLIP, cues=SAD_CLIP, causes=[cause]), SERVICES)
    assert found.causes[0].emotions == ["e1"]


def test_projections_sum_to_one_and_hold_the_hub():
    found = verdict(*SAD_CLIP)
    for rows in found.projections.values():
        assert sum(row.p for row in rows) == pytest.approx(1.0)
    ekman = {row.label: row.p for row in found.projections["ekman"]}
    assert max(ekman, key=lambda name: ekman[name]) == "sadness"
    assert {row.label for row in found.projections["goemotions28"]} == {*STATES, "none"}


def test_an_abstention_projects_on_none():
    rows = verdict(people=("p1",)).projections["ekman"]
    assert {row.label: row.p for row in rows}["none"] == 1.0


def test_the_settings_hold_every_validity():
    numbers = settings_used()["judge"]
    assert isinstance(numbers, dict)
    assert numbers["validity"]["face_classes"] == 0.5
    assert numbers["validity_beside_words"]["face_classes"] == 0.2


CLIP_OF_MANY = (
    *SAD_CLIP,
    face(2, (3.0, 4.0), happy=0.8, neutral=0.1),
    face(3, (4.0, 6.0), surprise=0.6, fear=0.2),
    voice(2, 0.7, (4.0, 6.0)),
    said(2, "wait, really?", surprise=0.7, curiosity=0.4),
    face(4, (0.0, 6.0), person="p2", angry=0.7),
    said(3, "you should have told us", person="p2", annoyance=0.5, disapproval=0.4),
)
UTTERANCES = (utterance(1, "I am so disappointed with this", 0.0), utterance(2, "wait, really?", 4.0),
              utterance(3, "you should have told us", 2.0, person="p2"))  # fmt: skip


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_cues_changes_nothing(chance: random.Random):
    shuffled = list(CLIP_OF_MANY)
    chance.shuffle(shuffled)
    evidence = Evidence(clip=CLIP, utterances=UTTERANCES, cues=CLIP_OF_MANY)
    assert judge(replace(evidence, cues=shuffled), SERVICES) == judge(evidence, SERVICES)


@given(st.integers(1, 3600))
@settings(max_examples=25, deadline=None)
def test_shifting_a_clip_shifts_its_emotions(shift: int):
    def later(cue: Cue) -> Cue:
        anchor = cue.anchor
        if anchor.start_s is None or anchor.end_s is None:
            return cue
        moved = anchor.model_copy(update={"start_s": anchor.start_s + shift, "end_s": anchor.end_s + shift})
        return cue.model_copy(update={"anchor": moved})

    moved = [
        u.model_copy(update={"start_s": (u.start_s or 0) + shift, "end_s": (u.end_s or 0) + shift}) for u in UTTERANCES
    ]
    here = judge(Evidence(clip=CLIP, utterances=UTTERANCES, cues=CLIP_OF_MANY), SERVICES)
    there = judge(Evidence(clip=CLIP, utterances=moved, cues=[later(cue) for cue in CLIP_OF_MANY]), SERVICES)
    assert [e.label for e in here.emotions] == [e.label for e in there.emotions]
    for one, other in zip(here.emotions, there.emotions, strict=True):
        assert other.start_s == pytest.approx((one.start_s or 0) + shift)
        assert other.end_s == pytest.approx((one.end_s or 0) + shift)
        assert other.apex_s == pytest.approx((one.apex_s or 0) + shift)
        assert other.confidence == pytest.approx(one.confidence)
    assert [c.t_s + shift for c in here.changes] == pytest.approx([c.t_s for c in there.changes])
