"""Recorded answers of a capable model, replayed: each run ends in a Report whose claims verify; see tests/recorded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.recorded.replay import Replay, clip, recording, runs
from training.grounding.natural import report_of

import emer
from emer.models.fake import FakeBackend
from emer.prompts import load

RUNS = runs()
LEAST_IN_ONE, LEAST_IN_ALL = 0.8, 0.94
"""Support of one run, which may have four claims, and of all: the check loses a few true claims in a hundred."""


@pytest.fixture(params=RUNS, ids=lambda run: "@".join(run))
def replayed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[emer.Report, Replay]]:
    """The Report of one recorded run, and what it asked."""
    name, effort = request.param
    replay = Replay(recording(name, effort))
    monkeypatch.setattr("emer.models.opening.FakeBackend", lambda script: FakeBackend(replay))
    yield emer.reason(clip(name), effort=effort, model="fake:"), replay


def test_there_are_twelve_clips_over_three_efforts():
    assert len({name for name, _ in RUNS}) >= 12
    assert {effort for _, effort in RUNS} == {"quick", "standard", "thorough"}
    assert all(recording(*run)["answered_by"] for run in RUNS)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "@".join(run))
def test_every_answer_is_of_the_prompt_that_is_asked_today(run: tuple[str, str]):
    stale = {one["agent"] for one in recording(*run)["answers"] if one["prompt"] != load(one["agent"]).id}
    assert not stale, f"the prompt of {stale} has changed: python -m tests.recorded.record {' '.join(run)}"


def test_a_recorded_run_ends_in_a_report_whose_claims_verify(replayed: tuple[emer.Report, Replay]):
    report, replay = replayed
    assert not replay.open
    assert report.provenance.mode == "model"
    assert report.support is not None
    assert report.support >= LEAST_IN_ONE
    assert report.emotions
    assert report.alternatives
    assert {"observation", "rival", "conclusion"} <= {step.type for step in report.reasoning}
    assert report.cited() <= {cue.id for cue in report.cues}
    assert not [warning for warning in report.warnings if "failed" in warning or "left out: it" in warning]


def test_nearly_all_claims_of_the_recorded_runs_verify():
    reports = [report_of(*run) for run in RUNS]
    kept, dropped = (sum(len(getattr(one, name)) for one in reports) for name in ("reasoning", "dropped"))
    assert kept / (kept + dropped) >= LEAST_IN_ALL
