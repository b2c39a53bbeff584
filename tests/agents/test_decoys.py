"""Decoys among a critic's claims: what the critic's word is worth, and that it never beats what is plain."""

from __future__ import annotations

import re

import pytest
from asking_support import TEXT, Model, claim, verdict

import emer
from emer.agents.asking.decoys import N_DECOYS, decoys
from emer.agents.described import described_cues
from emer.models import Text
from emer.models.backend import Call
from emer.schemas import Cue, Report

CUES = {
    "transcript": TEXT,
    "cues": [
        {"modality": "face", "person": "p1", "text": "brows drawn together, gaze on the floor"},
        {"modality": "voice", "person": "p1", "text": "soft and slow"},
    ],
}
SOFT = "p1 hums a lullaby"
"""In no cue: words alone tell."""
PLAIN = "p2 looks at the floor with brows drawn together"
"""The cue is of p1."""


def made(*texts: tuple[str, str]) -> list[Cue]:
    return list(described_cues([{"modality": modality, "text": text} for modality, text in texts]))


def test_a_decoy_tells_what_one_cue_says_and_cites_one_of_another_sense():
    cues = made(("face", "Broad smile, cheeks raised."), ("voice", "falls silent for 2 s"))
    first, second = decoys(cues, [])
    assert (first.id, first.claim, first.evidence) == ("r1", "Broad smile, cheeks raised [voice-1].", ["voice-1"])
    assert (second.id, second.claim, second.evidence) == ("r2", "Falls silent for 2 s [face-1].", ["face-1"])


@pytest.mark.parametrize(
    "texts",
    [
        [("face", "broad smile")],
        [("face", "broad smile"), ("face", "brows raised")],
        [("face", "laughs aloud"), ("voice", "laughter")],  # who reads both may well hold it borne
    ],
)
def test_no_decoy_is_made_that_a_careful_reader_could_hold_borne(texts: list[tuple[str, str]]):
    assert decoys(made(*texts), []) == []


def judged(model: Model, *, on_decoys: str) -> Report:
    """The Report where one claim is in no cue and one is of the wrong person, and a critic likes both."""

    def critic(call: Call) -> object:
        asked = next(part.text for part in call.parts if isinstance(part, Text))
        ids = re.findall(r"^(r\d+) \|", asked, re.MULTILINE)
        last = len(ids) - N_DECOYS
        said = [
            {"id": name, "says": "", "borne": "yes" if n < last else on_decoys, "why": ""} for n, name in enumerate(ids)
        ]
        return {"claims": said, "missed": []}

    model.answers |= {
        "judge": verdict(observations=[claim(SOFT, "face-1"), claim(PLAIN, "face-1")]),
        "critic": critic,
    }
    return emer.reason(CUES, effort="thorough", model="fake:")


def test_a_critic_who_finds_the_decoys_keeps_what_words_alone_object_to_and_the_report_says_so(model: Model):
    report = judged(model, on_decoys="no")
    assert any(step.claim.startswith(SOFT) for step in report.reasoning)
    assert any(one.startswith("Kept on the critic's word") and SOFT in one for one in report.warnings)
    assert any(one.claim.startswith(PLAIN) for one in report.dropped), "a person is not a matter of wording"


def test_a_critic_who_holds_everything_borne_keeps_nothing(model: Model):
    report = judged(model, on_decoys="yes")
    assert not any(step.claim.startswith(SOFT) for step in report.reasoning)
    assert any(one.claim.startswith(SOFT) for one in report.dropped)
    assert any("planted to try it" in one for one in report.warnings)


def test_a_decoy_is_in_no_report(model: Model):
    report = judged(model, on_decoys="no")
    told = [step.claim for step in report.reasoning] + [one.claim for one in report.dropped]
    assert not any(one.startswith(("Brows drawn", "Soft and slow")) for one in told)
