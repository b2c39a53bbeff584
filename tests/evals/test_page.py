"""The page of benchmarks: samples drawn by seed, sets that are not there, floors and published results beside ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from emer.cli import app
from emer.errors import InputError
from emer.evals.evaluation import Outcome, Sample, Score
from emer.evals.page import Left, outcomes, page, sampled
from emer.evals.published import PUBLISHED, WHAT_HELPS
from emer.evals.table import EVALS, find

RECCON = Outcome(
    "reccon",
    9,
    [
        Score("cause F1", 0.60, 0.5, 0.7, 9),
        Score("cause F1", 0.62, None, None, 9, "itself"),
        Score("no-cause F1", 0.9, None, None, 9),
    ],
)


def test_samples_are_drawn_in_order(data_dir: Path) -> None:
    samples = sampled(find("isear"), 5).read(data_dir)
    assert len(samples) == 5
    assert [int(sample.id) for sample in samples] == sorted(int(sample.id) for sample in samples)
    assert [sample.id for sample in sampled(find("isear"), 5).read(data_dir)] == [sample.id for sample in samples]


def test_ours_floors_and_published_stand_in_one_row() -> None:
    text = page(["reccon", "ecf"], [Left("ecf", "not there"), RECCON], command="emer eval page --data DIR", n=9)
    row = next(line for line in text.splitlines() if line.startswith("| reccon | 9 | cause F1"))
    assert "| 0.600 | 0.500 to 0.700 | itself 0.620 | RoBERTa-base 0.643 (Poria et al. 2021, trained" in row
    assert "- `reccon`, cause F1: 0.600 against RoBERTa-base 0.643" in text
    assert "the floor “itself” 0.620, within the interval of ours. A chat model" in text
    narrow = replace(RECCON, scores=[RECCON.scores[0]._replace(high=0.61), *RECCON.scores[1:]])
    assert "the floor “itself” 0.620. A chat model" in page(["reccon"], [narrow], command="", n=None)
    assert "- `ecf`: not there" in text
    assert "At most 9 samples of each set, drawn with seed 0" in text
    with pytest.raises(InputError, match="no evaluation ran: not there"):
        page(["ecf"], [Left("ecf", "not there")], command="", n=None)


def test_a_floor_holds_for_every_slice_of_its_figure() -> None:
    scores = [Score("accuracy", 0.35, None, None, 9, "always neutral"), Score("accuracy, words", 0.45, None, None, 9)]
    text = page(["merr-cues"], [Outcome("merr-cues", 9, scores)], command="", n=None)
    assert "| merr-cues | 9 | accuracy, words | 0.450 |  | always neutral 0.350 | gpt-4o on words 0.524" in text


def test_a_set_that_needs_another_system_is_told(data_dir: Path) -> None:
    (left,) = outcomes(["eibench"], data_dir, n=3, workers=1)
    assert isinstance(left, Left)
    assert "--system" in left.why


def test_what_is_quoted_has_a_figure_of_ours() -> None:
    assert {one.eval for one in PUBLISHED} | set(WHAT_HELPS) <= set(EVALS)
    assert all(one.source for one in PUBLISHED)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_set_that_is_not_there_is_left_out(tmp_path: Path, workers: int) -> None:
    (tmp_path / "text").mkdir()
    found = list(outcomes(["goemotions"], tmp_path, n=None, workers=workers))
    assert isinstance(found[0], Left)
    assert "is not there" in found[0].why


def test_the_command_writes_the_page(data_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "benchmarks.md"
    call = ["eval", "page", "--data", str(data_dir), "--only", "ecf", "--sample", "20", "-o", str(out)]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    text = out.read_text(encoding="utf-8")
    assert "    emer eval page --data DIR --only ecf --sample 20" in text
    assert "| ecf |" in text
    assert "itself and the one before" in text


def test_sampling_keeps_small_sets_whole(tmp_path: Path) -> None:
    few = replace(find("ecf"), read=lambda data: [Sample("a", [], [], "a")])
    assert [sample.id for sample in sampled(few, 5).read(tmp_path)] == ["a"]
