"""The checker of claims: the set is the one that was frozen, its figures do not fall, fields are held to cues."""

from __future__ import annotations

import pytest
from training.grounding.evaluate import CAUGHT, reasons, record_of
from training.grounding.planted import digest, read_frozen

from emer.agents.grounding.check import unborne
from emer.schemas import Step

FROZEN = "43baa7a6e814cf365e1239f71f05ca6f615bcacda53dfb0c1ea9b25a12bacd17"


def test_the_set_is_the_one_that_was_frozen_before_the_checker_was_tuned():
    assert digest() == FROZEN
    scenes, claims = read_frozen()
    planted = [one for one in claims if one.kind is not None]
    assert len(planted) >= 200
    assert sum(one.by == "hand" for one in planted) >= len(planted) * 0.45
    templates = {half: {one.template for one in claims if one.half == half} for half in ("tuning", "held-out")}
    assert not templates["tuning"] & templates["held-out"], "the halves are split by template"
    assert all(one.scene in scenes for one in claims)


@pytest.mark.parametrize(("half", "most_lost"), [("tuning", 0.02), ("held-out", 0.06)])
def test_planted_claims_are_caught_and_true_ones_stand(half: str, most_lost: float):
    scenes, everything = read_frozen()
    claims = [one for one in everything if one.half == half]
    found = reasons(claims, scenes)
    planted = [why is not None for one, why in zip(claims, found, strict=True) if one.kind is not None]
    true = [why is not None for one, why in zip(claims, found, strict=True) if one.kind is None]
    assert sum(planted) / len(planted) >= CAUGHT
    assert sum(true) / len(true) <= most_lost


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"person": "p1", "start_s": 0.5, "end_s": 1.5, "modality": "face", "polarity": "unpleasant"}, None),
        ({"person": "p2"}, "speaks of p2"),
        ({"start_s": 5.0, "end_s": 6.0}, "names a time"),
        ({"modality": "voice"}, "is meant of the voice"),
        ({"polarity": "pleasant"}, "is meant as pleasant"),
    ],
)
def test_what_a_claim_says_of_itself_in_fields_is_held_to_its_cues(fields: dict[str, object], why: str | None):
    scenes, _ = read_frozen()
    step = {"id": "r1", "type": "observation", "claim": "The lips are pressed together [face-1].",
            "evidence": ["face-1"]}  # fmt: skip
    found = unborne(Step.model_validate(step | fields), record_of(scenes["hand:letter"]), about=None)
    assert (found is None) if why is None else (found is not None and why in found)
