"""The Report contract: the example of the design document is valid, ids resolve, equal Reports are equal bytes."""

from __future__ import annotations

import json
import math

import pytest
from pydantic import ValidationError

from emer.schemas import Anchor, Change, Clip, Cue, Emotion, Provenance, Report, Series, Source, Step


def _cue(number: int, **fields: object) -> Cue:
    source = Source(tool="t", version="1", values={"f0_st": 1.23456789})
    return Cue.model_validate(
        {
            "id": f"face-{number}",
            "modality": "face",
            "kind": "expression",
            "text": "a smile",
            "source": source,
            **fields,
        }
    )


def _report(**fields: object) -> Report:
    clip = Clip(id="sha256:0", source="clip.mp4", kind="video", duration_s=6.0)
    return Report.model_validate(
        {"clip": clip, "provenance": Provenance(emer="0.1.0", mode="offline", effort="standard"), **fields}
    )


def test_floats_are_rounded_where_the_report_is_written() -> None:
    report = _report(cues=[_cue(1, strength=1 / 3, valence=-0.00001)])
    cue = json.loads(report.to_json())["cues"][0]
    assert cue["strength"] == 0.3333
    assert cue["source"]["values"]["f0_st"] == 1.2346
    assert math.copysign(1, cue["valence"]) == 1, "minus zero would be another byte"


def test_a_report_survives_its_own_json() -> None:
    change = Change.model_validate({"person": "p1", "from": "e1", "to": "e2", "t_s": 1.0, "evidence": ["face-1"]})
    report = _report(cues=[_cue(1)], changes=[change])
    again = Report.model_validate_json(report.to_json())
    assert again.to_json() == report.to_json()
    assert json.loads(report.to_json())["changes"][0]["from"] == "e1"


def test_cited_finds_every_kind_of_citation() -> None:
    emotion = Emotion(
        id="e1", label="relieved", intensity=0.5, confidence=0.5, valence=0.5, arousal=0, dominance=0, holder="p1",
        evidence=["face-1"], counter_evidence=["face-2"],
    )  # fmt: skip
    step = Step(id="r1", type="rival", claim="…", evidence=["face-3"], counter=["face-4"])
    assert _report(emotions=[emotion], reasoning=[step]).cited() == {f"face-{n}" for n in range(1, 5)}


@pytest.mark.parametrize(
    "anchor", [{"start_s": 2.0, "end_s": 1.0}, {"start_s": -1.0}, {"chars": [3, 1]}, {"bbox": [0, 0, 2, 1]}]
)
def test_an_impossible_anchor_is_refused(anchor: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Anchor.model_validate(anchor)


def test_unknown_fields_nan_and_bad_ids_are_refused() -> None:
    for broken in (
        {"strenght": 0.5},
        {"strength": float("nan")},
        {"strength": 1.5},
        {"id": "Face 1"},
        {"level": "guessed"},
    ):
        with pytest.raises(ValidationError):
            _cue(1, **broken)


def test_a_series_has_at_most_600_points() -> None:
    Series(person="p1", modality="face", dimension="valence", t0_s=0, step_s=0.25, values=[None] * 600)
    with pytest.raises(ValidationError):
        Series(person="p1", modality="face", dimension="valence", t0_s=0, step_s=0.25, values=[0.0] * 601)
