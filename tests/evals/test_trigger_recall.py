"""EIBench by hand: which triggers an answer holds, and the floors beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from emer.errors import InputError
from emer.evals.evaluation import Sample, run
from emer.evals.metrics import krippendorff_alpha
from emer.evals.table import find
from emer.evals.trigger_recall import human_scores, recall, score


def test_half_of_the_content_words_find_a_trigger() -> None:
    assert recall(["Hand on forehead", "Mechanical issues with the motorcycle"], "his hands hold his forehead") == 0.5
    assert recall(["Distress or worry"], "distressed") == 0.5 * 2
    with pytest.raises(InputError, match="empty set"):
        recall([], "anything")


def test_scores_beside_another_images_answer() -> None:
    samples = [
        Sample("a", {"image": "a", "question": "Why is he sad?"}, ["broken motorcycle"], "a"),
        Sample("b", {"image": "b", "question": "Why is she glad?"}, ["a new puppy"], "b"),
    ]
    found = {
        (one.name.split(",")[0], one.system): one.value for one in score(samples, ["broken motorcycle", "puppy new"])
    }
    assert found["trigger recall", "emer"] == 1.0
    assert found["trigger recall", "another image's answer"] == 0.0


def test_emer_sees_no_image_of_it(data_dir: Path) -> None:
    with pytest.raises(InputError, match="--system"):
        run(find("eibench"), data_dir)
    references = run(find("eibench"), data_dir, limit=200, predict=lambda given: ["\n".join(s.target) for s in given])
    assert references.scores[0].value > 0.99
    raters = human_scores(data_dir)
    assert [len(row) for row in raters] == [200, 200, 200]
    assert -1 <= krippendorff_alpha(raters, level="ordinal") <= 1
