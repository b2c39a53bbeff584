from __future__ import annotations

import re

import numpy as np
import pytest

from emer.memory.case_vectors import cues_vectors
from emer.memory.embedder import EncoderEmbedder
from emer.memory.ontology import project, resolve, words
from emer.memory.probe import MODALITIES
from emer.memory.seed import seed_cases, shipped_vectors

FORBIDDEN = re.compile(  # what a Report may not say of anybody stands in no case either
    r"\b(feels|felt|truly|personality|depress\w+|diagnos\w+|disorder\w*|lies|liar|lying|dishonest|man|woman|boy|girl|male"
    r"|female|he|she|his|her|him|young|old|elderly|black|white|asian|african|european)\b",
    re.IGNORECASE,
)


def test_the_seed_is_broad():
    cases = seed_cases()
    assert len(cases) >= 120
    assert len({case.id for case in cases}) == len(cases)
    labels = {label for case in cases for label in case.labels}
    assert len(labels) >= 60
    reached = {name for label in labels for name, share in project({label: 1.0}, "goemotions28").items() if share > 0}
    missing = {state for word in words().values() for state, _ in word.states} - reached
    assert missing <= {"approval", "disapproval", "optimism"}, missing
    assert len({case.culture for case in cases if case.culture}) >= 12
    assert sum(len(case.labels) > 1 for case in cases) >= 30  # mixed, masked, ironic
    assert sum(case.labels == ["neutral"] for case in cases) >= 6  # hard negatives


@pytest.mark.parametrize("case", seed_cases(), ids=lambda case: case.id)
def test_every_case_is_whole(case):
    assert case.provenance == "authored"
    assert set(case.cues) <= set(MODALITIES)
    assert len(case.cues) >= 2
    assert case.intensity is not None
    assert all(resolve(label).how in ("exact", "inflection", "synonym") for label in case.labels)
    assert case.why.endswith((".", "!"))
    ours = [case.why, *(text for modality, text in case.cues.items() if modality != "transcript")]
    for text in ours:
        assert not FORBIDDEN.search(re.sub(r'"[^"]*"', "", text)), text


def test_the_shipped_vectors_are_those_of_the_encoder():
    """Fails when the seed or the encoder changed: run `python -m training.ontology.seed_vectors`."""
    cases, embedder = seed_cases(), EncoderEmbedder()
    shipped = shipped_vectors(cases, embedder)
    assert set(shipped) == {case.id for case in cases}
    some = cases[:: len(cases) // 3]
    fresh = cues_vectors([case.cues for case in some], embedder)
    for case, vector in zip(some, fresh, strict=True):
        assert float(vector @ shipped[case.id]) > 0.999
        assert np.linalg.norm(shipped[case.id]) == pytest.approx(1.0, abs=1e-5)


def test_another_encoder_gets_no_shipped_vectors():
    assert shipped_vectors(seed_cases(), EncoderEmbedder(version="0")) == {}
