"""What the claim reader is given of a claim, and what its word does to what code objects."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues
from emer.agents.grounding import reading
from emer.agents.grounding.check import checked, unborne
from emer.agents.grounding.record import Claim, Record, record_of
from emer.schemas import Person, Step, Utterance
from emer.tools import claim_reader
from emer.tools.claim_reader import ClaimReading

CUES = [
    ("face", "p1", 0.0, 2.0, "gaze on the floor, smile fades"),
    ("voice", "p1", 2.5, 4.0, "softer than the rest of this recording (-6 dB), 2.5–4.0 s"),
    ("transcript", "p1", 2.5, 4.0, "asks “Can I start over?”"),
    ("context", None, None, None, "2 people speak"),
]


@pytest.fixture(scope="module")
def record() -> Record:
    rows = [{"modality": m, "person": p, "anchor": {"start_s": a, "end_s": b}, "text": t} for m, p, a, b, t in CUES]
    people = [Person(id="p1", description="singer at a piano"), Person(id="p2", description="given")]
    said = [Utterance(id="u1", person="p1", text="Can I start over?", start_s=2.5, end_s=4.0)]
    return record_of(described_cues(rows), said, people)


def step(claim: str, *evidence: str, counter: tuple[str, ...] = (), kind: str = "observation") -> Step:
    return Step.model_validate({"id": "r1", "type": kind, "claim": claim, "evidence": evidence, "counter": counter})


def test_a_claim_becomes_what_is_there_what_is_cited_and_what_is_said_meanwhile(record: Record) -> None:
    one = step("p1 drops the voice [voice-1].", "voice-1", counter=("face-1",), kind="rival")
    assert reading.premises(Claim(one, record)) == (
        "p1 singer at a piano",
        "voice p1 2.5-4.0: softer than the rest of this recording (-6 dB)",
        "against: face p1 0.0-2.0: gaze on the floor, smile fades",
        "meanwhile said: “Can I start over?”",
    )
    assert reading.hypothesis(Claim(one, record)) == "rival: p1 drops the voice."


def test_words_that_a_cited_cue_quotes_are_not_told_twice(record: Record) -> None:
    one = step("p1 asks softly [voice-1] [transcript-1].", "voice-1", "transcript-1")
    assert not any("meanwhile" in text for text in reading.premises(Claim(one, record)))


def test_a_cue_without_person_and_time_has_neither(record: Record) -> None:
    assert "context: 2 people speak" in reading.premises(Claim(step("Two talk [context-1].", "context-1"), record))


def test_the_reader_overrules_word_lists_and_never_what_is_plain(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = step("p1 looks at a teapot [face-1].", "face-1")
    plain = step("p2 looks at the floor [face-1].", "face-1")
    monkeypatch.setattr(claim_reader, "read", lambda *_: ClaimReading(0.99, "object"))
    assert checked(odd, record, about=None, is_prose=True).why is None
    assert unborne(odd, record, about=None) is not None
    assert checked(plain, record, about=None, is_prose=True).why is not None


def test_what_only_the_reader_holds_against_a_claim_says_what_seems_wrong(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = step("p1 looks at the floor [face-1].", "face-1")
    monkeypatch.setattr(claim_reader, "read", lambda *_: ClaimReading(0.01, "negation"))
    found = checked(one, record, about=None, is_prose=True)
    assert found.why == "seems to deny what they say, or to affirm what they deny (borne out: 0.01)"
    assert found.is_soft, "a critic may know better"
    assert unborne(one, record, about=None) is None


def test_every_outcome_has_its_words() -> None:
    assert set(reading.SEEMS) == set(claim_reader.OUTCOMES[1:])
