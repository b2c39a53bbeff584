from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from emer.memory.case_vectors import cues_vectors
from emer.memory.embedder import EncoderEmbedder
from emer.memory.ontology import STATES, words
from emer.memory.probe import MODALITIES
from emer.memory.seed import seed_cases, shipped_vectors
from emer.schemas import Case

FORBIDDEN = re.compile(  # what a Report may not say of anybody stands in no case either
    r"\b(feels|felt|truly|personality|depress\w+|diagnos\w+|disorder\w*|lies|liar|lying|dishonest|man|woman|boy|girl|male"
    r"|female|he|she|his|her|him|young|old|elderly|black|white|asian|african|european)\b",
    re.IGNORECASE,
)


KINDS = ("mixed", "masked", "ironic", "hard")  # `emer-hard-…`: what it looks like it is not


def _kind(case: Case) -> str:
    kind = case.id.split("-")[1]
    return kind if kind in KINDS else "plain"


def test_the_seed_is_broad():
    cases = seed_cases()
    assert len(cases) >= 400
    assert len({case.id for case in cases}) == len(cases)
    assert len({label for case in cases for label in case.labels}) >= 200
    assert len({case.culture for case in cases if case.culture}) >= 30
    assert sum(len(case.labels) > 1 for case in cases) >= 75
    assert sum(case.labels == ["neutral"] for case in cases) >= 40
    kinds = Counter(map(_kind, cases))
    assert min(kinds[kind] for kind in KINDS) >= 12, kinds
    assert sum(len(case.cues) < 4 for case in cases) >= 50


def test_every_family_of_the_ontology_has_cases():
    named = [words()[label] for case in seed_cases() for label in case.labels]
    states = Counter(state for word in named for state, weight in word.states if weight >= 0.3)
    assert {state: n for state, n in states.items() if n < 8} == {}
    assert set(states) == set(STATES)
    assert {word.geneva for word in words().values()} == {word.geneva for word in named}
    assert {word.parrott[:2] for word in words().values()} == {word.parrott[:2] for word in named}
    assert {sector for word in words().values() for sector in word.plutchik} == {
        sector for word in named for sector in word.plutchik
    }


def test_no_case_says_again_what_another_says():
    cases = seed_cases()
    assert len({case.why for case in cases}) == len(cases)
    said = [frozenset(case.cues.get("transcript", "").lower().split()) for case in cases]
    long = [words_said for words_said in said if len(words_said) > 3]
    alike = [(sorted(a), sorted(b)) for a, b in combinations(long, 2) if len(a & b) > 0.5 * len(a | b)]
    assert alike == []


@pytest.mark.parametrize("case", seed_cases(), ids=lambda case: case.id)
def test_every_case_is_whole(case):
    assert case.provenance == "authored"
    assert set(case.cues) <= set(MODALITIES)
    assert len(case.cues) >= 2
    assert case.intensity is not None
    assert all(label in words() for label in case.labels)  # the judge knows no other spelling
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
