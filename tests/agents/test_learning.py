"""A correction changes how the next clip like it is read, and the Report says that it was because of that case."""

from __future__ import annotations

from pathlib import Path

import pytest

from emer import Case, Report, analyze
from emer.memory.store import open_memory
from emer.report import wording

BEFORE, NEXT = "So you really did it, then.", "So you really did do it."
CORRECTED = Case(
    id="mine-1", labels=["proud"], why="I know that tone.", provenance="corrected", cues={"transcript": BEFORE}
)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    folder: Path = tmp_path_factory.mktemp("memory")
    before = analyze(text=NEXT, memory_dir=folder)
    memory = open_memory(folder)
    assert memory.add([CORRECTED]) == 1
    memory.close()
    return before, analyze(text=NEXT, memory_dir=folder)


def test_the_next_clip_like_a_corrected_one_is_read_otherwise(read):
    before, after = read
    assert before.emotions[0].label == "approving"
    assert after.emotions[0].label == "proud"


def test_the_report_says_that_it_was_because_of_that_case(read):
    before, after = read
    case = next(one for one in after.cases if one.id == "mine-1")
    assert (case.role, case.applies, case.provenance) == ("support", True, "corrected")
    assert case.similarity > 0.7
    assert case.alike == {"said": pytest.approx(case.similarity, abs=1e-4)}
    assert after.emotions[0].cases[0] == "mine-1"
    conclusion = next(step for step in after.reasoning if step.type == "conclusion")
    assert conclusion.cases[0] == "mine-1"
    turning = [step for step in after.reasoning if step.claim.startswith("Without the past case")]
    assert [(step.type, step.cases[0]) for step in turning] == [("rival", "mine-1")]
    assert "approving would be the better reading" in turning[0].claim
    assert after.dropped == []
    assert not any(step.claim.startswith("Without the past case") for step in before.reasoning)


def test_a_case_is_never_the_only_evidence_and_no_claim_counts_for_being_one(read):
    _, after = read
    assert all(emotion.evidence for emotion in after.emotions)
    assert all(step.evidence for step in after.reasoning)
    assert not after.cited() & {case.id for case in after.cases}


def test_an_example_written_for_emer_is_shown_as_one(read):
    written = [case for report in read for case in report.cases if case.provenance == "authored"]
    assert written
    assert wording.provenance(written[0].provenance) == "example written for emer"
