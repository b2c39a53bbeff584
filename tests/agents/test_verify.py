"""Verification on a true verdict and on planted errors: each is caught by name, and what rested on it goes with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emer.agents.judge import judge
from emer.agents.state import Evidence, Services, Verdict
from emer.agents.verify import verify
from emer.config import Settings
from emer.memory.ontology import STATES
from emer.schemas import Anchor, Clip, Cue, Emotion, Person, Source, Step, Utterance

CLIP = Clip(id="sha256:0", source="clip.mp4", kind="video")
FACE = Cue(
    id="face-1", modality="face", kind="expression", person="p1",
    text="raters would call this face sad (.71, FER2013), 0.5–2.0 s", anchor=Anchor(start_s=0.5, end_s=2.0),
    strength=0.7, quality=0.9,
    source=Source(tool="t", version="1", values={"fer.sad": 0.71, "fer.neutral": 0.2, "fer.happy": 0.02}),
)  # fmt: skip
WORDS = Cue(
    id="transcript-1", modality="transcript", kind="words", person="p1", text="says “I am so disappointed with this”",
    level="reported", anchor=Anchor(utterance="u1"), strength=0.8,
    source=Source(tool="t", version="1", values={f"go.{s}": 0.01 for s in STATES} | {"go.disappointment": 0.6}),
)  # fmt: skip
OTHER = Cue(
    id="face-2", modality="face", kind="expression", person="p2", text="smiles broadly, 3.0–4.0 s",
    anchor=Anchor(start_s=3.0, end_s=4.0),
    source=Source(tool="t", version="1", values={"fer.happy": 0.95, "fer.neutral": 0.05}),
)  # fmt: skip
EVIDENCE = Evidence(
    clip=CLIP,
    people=[Person(id="p1", description="person on the left"), Person(id="p2", description="person on the right")],
    utterances=[Utterance(id="u1", person="p1", text="I am so disappointed with this", start_s=0.4, end_s=2.1)],
    cues=[FACE, WORDS, OTHER],
)


def true_verdict() -> Verdict:
    return judge(EVIDENCE, Services(settings=Settings()))


def told(claim: str, *evidence: str, kind: str = "observation") -> Step:
    return Step.model_validate({"id": "r9", "type": kind, "claim": claim, "evidence": evidence, "supports": ["e1"]})


def why(claim: str, *evidence: str, kind: str = "observation") -> str | None:
    verdict = replace(true_verdict(), reasoning=[*true_verdict().reasoning, told(claim, *evidence, kind=kind)])
    dropped = verify(EVIDENCE, verdict).dropped
    return next((one.why for one in dropped if one.claim == claim), None)


def test_a_true_verdict_stands_whole():
    before, after = true_verdict(), verify(EVIDENCE, true_verdict())
    assert after.dropped == []
    assert after.support == 1.0
    assert [s.claim for s in after.reasoning] == [s.claim for s in before.reasoning]
    assert after.summary == before.summary
    assert all(step.support == 1.0 for step in after.reasoning)


@pytest.mark.parametrize(
    ("claim", "evidence", "expected"),
    [
        ("p1 trembles [voice-7].", ["voice-7"], "cites no cue that exists"),
        ("p2 says “I am so disappointed with this” [transcript-1].", ["transcript-1"], "speaks of p2"),
        ("Raters would call this face sad, 6.0–7.0 s [face-1].", ["face-1"], "outside the cues"),
        ("Says “I hate all of you” [transcript-1].", ["transcript-1"], "no cited cue contains"),
        ("The voice is flat [face-1].", ["face-1"], "cites no voice cue"),
        ("A red umbrella falls on the dog [face-1].", ["face-1"], "in no cited cue"),
        ("Raters would not call this face sad [face-1].", ["face-1"], "denies"),
        ("Raters would call this face sad [face-1] [voice-2].", ["face-1"], "names voice-2"),
    ],
)
def test_a_planted_observation_is_caught(claim: str, evidence: list[str], expected: str):
    found = why(claim, *evidence)
    assert found is not None
    assert expected in found


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("p1 appears delighted [face-1].", ["face-1"]),
        ("p1 appears furious with p2 [transcript-1].", ["transcript-1"]),
        ("p2 appears sad [face-2].", ["face-2"]),
    ],
)
def test_an_emotion_word_that_no_evidence_bears_is_caught(claim: str, evidence: list[str]):
    found = why(claim, *evidence, kind="inference")
    assert found is not None
    assert "speaks of" in found


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Raters would call this face sad, 0.5–2.0 s [face-1].", ["face-1"]),
        ("p1 says “so disappointed” [transcript-1].", ["transcript-1"]),
        ("p2 smiles broadly from 3.0 to 4.0 s [face-2].", ["face-2"]),
    ],
)
def test_a_true_claim_stands(claim: str, evidence: list[str]):
    assert why(claim, *evidence) is None


def test_an_emotion_whose_evidence_vanished_goes_with_its_steps_and_the_person_is_abstained_from():
    after = verify(replace(EVIDENCE, cues=[OTHER]), true_verdict())
    assert {emotion.person for emotion in after.emotions} <= {"p2"}
    assert "p1" in [one.person for one in after.abstained]
    standing = {emotion.id for emotion in after.emotions}
    assert all(set(step.supports) <= standing and step.supports for step in after.reasoning)
    assert "transcript-1" not in after.summary
    assert after.support is not None
    assert after.support < 1.0


def test_ids_that_do_not_resolve_are_taken_out_and_the_rest_stays():
    emotion = true_verdict().emotions[0].model_copy(update={"evidence": ["transcript-1", "voice-9"], "cases": ["gone"]})
    after = verify(EVIDENCE, replace(true_verdict(), emotions=[emotion]))
    assert after.emotions[0].evidence == ["transcript-1"]
    assert after.emotions[0].cases == []


def test_a_cue_that_says_nothing_of_a_claim_beside_one_that_bears_it_is_no_longer_cited():
    claim = told("p2 smiles broadly [face-2] [transcript-1].", "face-2", "transcript-1").model_copy(
        update={"supports": []}
    )
    [step] = verify(EVIDENCE, Verdict(reasoning=[claim])).reasoning
    assert (step.claim, step.evidence, step.support) == ("p2 smiles broadly [face-2].", ["face-2"], 0.5)


def test_a_summary_sentence_without_a_living_citation_goes():
    verdict = replace(true_verdict(), summary="He did it. p1 says so [transcript-1]. The dog barks [voice-9].")
    assert verify(EVIDENCE, verdict).summary == "p1 says so [transcript-1]."


def test_an_empty_verdict_has_no_support():
    assert verify(EVIDENCE, Verdict()).support is None


def test_an_emotion_all_of_whose_steps_fell_goes_too():
    base = true_verdict()
    invented = Emotion.model_validate({**base.emotions[0].model_dump(), "id": "e9", "label": "furious"})
    lie = told("p2 appears furious [face-2].", "face-2", kind="conclusion").model_copy(update={"supports": ["e9"]})
    after = verify(EVIDENCE, replace(base, emotions=[*base.emotions, invented], reasoning=[*base.reasoning, lie]))
    assert "e9" not in {emotion.id for emotion in after.emotions}
