"""Declared evaluations: run, limits, other systems, and no score of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from emer.errors import InputError
from emer.evals.evaluation import Eval, Sample, Score, run
from emer.evals.table import EVALS, find, markdown

ITEMS = [Sample(str(i), i, i % 2, str(i)) for i in range(10)]


def _toy(samples: list[Sample]) -> Eval:
    return Eval(
        name="parity",
        title="is it odd",
        data="none",
        terms="none",
        read=lambda data: samples,
        predict=lambda given: [sample.given % 2 for sample in given],
        score=lambda given, said: [
            Score("accuracy", sum(g.target == s for g, s in zip(given, said, strict=True)) / len(said), None, None, 10)
        ],
    )


def test_a_run_reads_predicts_and_scores(tmp_path: Path) -> None:
    outcome = run(_toy(ITEMS), tmp_path)
    assert (outcome.n, outcome.scores[0].value) == (10, 1.0)
    assert run(_toy(ITEMS), tmp_path, limit=3).n == 3
    always_odd = run(_toy(ITEMS), tmp_path, predict=lambda given: [1] * len(given))
    assert always_odd.scores[0].value == 0.5
    assert "| parity | 10 | accuracy | emer | 1.000 |" in markdown([outcome])


def test_there_is_no_score_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sample"):
        run(_toy([]), tmp_path)
    with pytest.raises(InputError, match="no data at"):
        run(_toy(ITEMS), tmp_path / "nowhere")
    with pytest.raises(InputError, match="predictions for"):
        run(_toy(ITEMS), tmp_path, predict=lambda given: [1])


@pytest.mark.parametrize("name", sorted(EVALS))
def test_every_declared_evaluation_reads_its_data(name: str, data_dir: Path) -> None:
    samples = list(find(name).read(data_dir))
    assert len(samples) == {
        "goemotions": 5427, "emobank": 1000, "fer2013": 3589, "ravdess": 60, "emodb": 24, "merr-cues": 191,
        "open-cues": 191, "meld": 2610, "emorynlp": 984, "isear": 1000, "enisear": 1001, "ecf": 341,
        "eibench": 1615, "reccon": 225, "faithfulness": 191, "consistency": 191, "robustness-faces": 1000,
        "robustness-voices": 76, "robustness-words": 1000, "fairness-voices": 76,
    }[name]  # fmt: skip
    assert len({sample.id for sample in samples}) == len(samples)


@pytest.mark.parametrize("name", sorted(EVALS))
def test_data_that_are_not_there_are_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not there; .* needs"):
        run(find(name), tmp_path)


def test_an_unknown_evaluation_lists_the_known() -> None:
    with pytest.raises(InputError, match="goemotions"):
        find("iq")
