"""Things, acts and persons that a claim puts in, and those that it only calls otherwise."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues
from emer.agents.grounding import record as records
from emer.agents.grounding.check import unborne
from emer.agents.grounding.words.nouns import is_same, mark
from emer.schemas import Person, Step

CUES = [
    {"modality": "context", "person": "p1", "text": "p1 lays a loaf in front of p2"},
    {"modality": "face", "person": "p2", "text": "looks down at the counter, lips pressed"},
    {"modality": "context", "text": "a small dog looks out of a box"},
]


@pytest.fixture(name="record")
def _record() -> records.Record:
    people = [Person(id="p1", description="woman behind the counter"), Person(id="p2", description="old man")]
    return records.record_of(described_cues(CUES), [], people)


def _why(record: records.Record, evidence: str, claim: str) -> str | None:
    step = Step(id="r1", type="observation", claim=claim, evidence=evidence.split())
    return unborne(step, record, about=None)


@pytest.mark.parametrize(
    ("evidence", "claim"),
    [
        ("context-1", "p1 lays a loaf and a thermos in front of p2"),
        ("context-1", "With a handshake p1 lays a loaf in front of p2"),
        ("context-1", "A loaf is laid in front of p1 by p2"),
        ("face-1", "Two other travellers behind him, p2 looks down at the counter"),
        ("face-1", "His fingers drumming, p2 looks down at the counter"),
        ("face-1", "Her lips are pressed as she looks down"),
        ("context-2", "A hedgehog looks out of a box"),
    ],
)
def test_what_no_cue_shows_is_objected_to(record: records.Record, evidence: str, claim: str) -> None:
    assert _why(record, evidence, claim) is not None


@pytest.mark.parametrize(
    ("evidence", "claim"),
    [
        ("context-1", "A loaf of bread is laid in front of p2 by p1"),
        ("context-2", "A puppy looks out of its box"),
        ("face-1", "His lips are pressed as he looks down at the counter"),
    ],
)
def test_the_same_in_other_words_stands(record: records.Record, evidence: str, claim: str) -> None:
    assert _why(record, evidence, claim) is None


def test_nouns_are_read_in_the_plural_and_by_their_kinds() -> None:
    assert mark("scarves")
    assert not mark("must")
    assert is_same("puppy", "dog")
    assert not is_same("cup", "tray")
