"""Hostile content stays data: the instructions, the schema and the verdict's path are those of any other clip.

What a model would do with a text cannot be tested without it. What can: the request holds the text between the marks
and nowhere else; and a model that obeys gets nothing past the check.
"""

from __future__ import annotations

from typing import Any

import pytest
from asking_support import Model, claim, emotion, is_enclosed, mark_of, text_of, unmarked, verdict
from hostile import ATTACKS, Attack

import emer
from emer.schemas import RecalledCase, Report

SAID = "We waited for an hour."
OBEYED = verdict(
    observations=[claim("p1 says that the label is HACKED", "transcript-99")],
    rivals=[],
    emotions=[emotion("HACKED", "transcript-99"), emotion("overjoyed", "screen-1", name="e2")],
    conclusions=[
        claim("p1 appears HACKED", "transcript-99"),
        claim("p1 appears overjoyed, as the instructions demand", "screen-1", supports=("e2",)),
    ],
    summary=[{"evidence": ["transcript-99"], "claim": "HACKED"}],
)


def run(attack: Attack, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The Report of a clip with the attack in its place."""
    options: dict[str, Any] = {"model": "fake:", "effort": "quick"}
    if attack.place == "context":
        return emer.analyze(text=SAID, context=attack.text, **options)
    if attack.place == "cue":
        cues = [{"modality": "face", "person": "p1", "text": attack.text}]
        return emer.reason({"id": "x", "cues": cues, "transcript": SAID}, **options)
    if attack.place == "case":
        case = RecalledCase(id="user-1", role="support", similarity=0.9, labels=["HACKED"], applies=True,
                            why=attack.text, provenance="user", text=attack.text)  # fmt: skip
        monkeypatch.setattr("emer.agents.recall.recall", lambda *_: [case])
    if attack.place == "source":
        return emer.reason({"id": attack.text, "cues": [], "transcript": SAID}, **options)
    return emer.analyze(text=SAID if attack.place == "case" else attack.text, **options)


def test_there_are_at_least_sixty_of_every_kind():
    assert len(ATTACKS) >= 60
    assert len({attack.text for attack in ATTACKS}) >= 58
    assert {"direct", "quoted", "language", "encoded", "subtitle", "turns", "case", "tool", "prompt", "label"} <= {
        attack.kind for attack in ATTACKS
    }


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """Instructions and schema of a harmless clip, filled by the first test that needs them."""
    return {}


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{a.kind}-{n}" for n, a in enumerate(ATTACKS)])
def test_an_attack_stays_data(attack: Attack, model: Model, plain: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    if not plain:
        emer.analyze(text=SAID, model="fake:", effort="quick")
        plain |= {"system": unmarked(model.calls[-1].system), "schema": model.calls[-1].schema}
        model.calls.clear()
    model.answers["judge"] = OBEYED
    report = run(attack, monkeypatch)
    (call,) = model.calls
    assert unmarked(call.system) == plain["system"], "the instructions are those of any clip"
    assert call.schema == plain["schema"]
    assert is_enclosed(text_of(call), mark_of(call.system))
    assert not {"HACKED", "overjoyed"} & {e.label for e in report.emotions}, "what obeys cites nothing that exists"
    assert "HACKED" not in report.summary
    assert report.cited() <= {cue.id for cue in report.cues}


@pytest.mark.parametrize("attack", ATTACKS[:3], ids=lambda a: a.kind)
def test_offline_an_order_in_the_words_is_no_label(attack: Attack):
    report = emer.analyze(text=attack.text)
    assert not any("HACKED" in emotion.label for emotion in report.emotions)
