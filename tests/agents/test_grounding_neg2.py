"""Denials that no cue backs, what is said to be left unsaid, and denials that a claim may well make."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues
from emer.agents.grounding.check import unborne
from emer.agents.grounding.record import record_of
from emer.schemas import Step

_CUES = (
    ("context", "p1 takes a spoonful"),
    ("context", "p2 bumps the case against a seat"),
    ("transcript", "says “It's fine. It's the third time this week.”"),
    ("voice", "stresses “ninety” (+5 dB)"),
    ("voice", "laughs"),
    ("context", "p1 walks through the gate without turning round"),
    ("face", "gaze stays on the phone"),
    ("face", "eyelids half lowered"),
    ("context", "p1 keeps his gloves on"),
    ("transcript", "says “Every page of it.”"),
)


def _why(claim: str, numbers: tuple[int, ...], kind: str = "observation") -> str | None:
    rows = [{"modality": sense, "person": None, "anchor": {}, "text": text} for sense, text in _CUES]
    cues = described_cues(rows)
    step = Step.model_validate(
        {"id": "r1", "type": kind, "claim": claim, "evidence": [cues[n].id for n in numbers], "counter": []}
    )
    return unborne(step, record_of(cues, [], []), about=None)


@pytest.mark.parametrize(
    ("claim", "numbers", "kind"),
    [
        ("Without having tasted anything, p1 lays the spoon down.", (0,), "observation"),
        ("The case passes without touching a single seat.", (1,), "observation"),
        ("No hint is given of how often this has happened: p1 gives no hint of how often.", (2,), "inference"),
        ("How much of it was read is left open.", (9,), "inference"),
        ("No stress is laid on “ninety”.", (3,), "inference"),
        ("It is said without so much as a laugh.", (4,), "inference"),
        ("p1 looks back once more at the gate.", (5,), "observation"),
        ("p1 takes off his gloves.", (8,), "observation"),
    ],
)
def test_a_denial_that_no_cue_backs_is_an_objection(claim: str, numbers: tuple[int, ...], kind: str) -> None:
    assert _why(claim, numbers, kind) is not None


@pytest.mark.parametrize(
    ("claim", "numbers", "kind"),
    [
        ("The eyes do not lift from the phone.", (6,), "observation"),
        ("Half-shut lids need not mean boredom.", (7,), "inference"),
        ("p1 does not turn round at the gate.", (5,), "observation"),
        ("p1's gloves do not come off.", (8,), "observation"),
    ],
)
def test_a_denial_that_the_cue_bears_is_none(claim: str, numbers: tuple[int, ...], kind: str) -> None:
    assert _why(claim, numbers, kind) is None
