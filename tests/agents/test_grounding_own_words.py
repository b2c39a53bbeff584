"""The offline judge's fixed sentences cite the sense that they weigh, and do not deny what they cite."""

from __future__ import annotations

import pytest
from training.grounding.own import said

from emer.agents.described import described_cues
from emer.agents.grounding.check import unborne
from emer.agents.grounding.record import record_of
from emer.schemas import Step

CUES = [
    {"modality": "face", "text": "broad smile"},
    {"modality": "voice", "text": "soft voice"},
    {"modality": "transcript", "text": "says “All right.”"},
    {"modality": "context", "text": "A wedding."},
]


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("The situation points the same way [context-1].", None),
        ("The situation points the same way [face-1].", "speaks of the situation"),
        ("Rather than sad, because the face fits joy better than sadness [face-1].", None),
        ("Rather than sad, because the face fits joy better than sadness [voice-1].", "speaks of"),
        ("Rather than sad, because the face fits joy [face-1], although such words raise sadness [face-1].",
         "speaks of the words"),
        ("The voice and the face disagree [voice-1] [face-1], which could be irony.", None),
        ("The voice and the face do not disagree [voice-1] [face-1], which could be irony.", "explains a conflict"),
        ("Readers of such words do not choose approval more often than others [transcript-1].", "denies that"),
    ],
)  # fmt: skip
def test_a_fixed_sentence_cites_the_sense_that_it_weighs(claim: str, why: str | None):
    evidence = list(dict.fromkeys(name for name in ("face-1", "voice-1", "transcript-1", "context-1") if name in claim))
    kind = "rival" if claim.startswith("Rather") else "inference"
    step = Step.model_validate({"id": "r1", "type": kind, "claim": claim, "evidence": evidence})
    found = unborne(step, record_of(described_cues(CUES), (), ()), about=None)
    assert (found is None) if why is None else (found is not None and why in found), found


def test_the_offline_judge_says_next_to_nothing_that_its_own_check_takes_out():
    found = [*said(every=12)]
    lost = [one for one in found if one.why is not None]
    assert len(found) > 200
    assert len(lost) <= 0.01 * len(found), lost
