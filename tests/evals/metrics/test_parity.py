"""Our metrics against the official figures beside the checkout, to the last digit that is given."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from emer.evals import metrics
from emer.evals.metrics.causes import PairScores, proportional, read_pairs, strict
from emer.evals.metrics.explanations import mean_trigger_recall, step_scores
from emer.evals.metrics.preferences import Choice, three_class, two_class
from emer.evals.metrics.wheel import Wheels, hit, official_wheels, overlap, parse_labels
from emer.evals.metrics.wheel_files import read_tables

YEARS = ("2025", "2026")


@pytest.fixture(scope="module")
def parity(data_dir: Path) -> Path:
    return data_dir / "parity"


@pytest.fixture(scope="module")
def misc(parity: Path) -> dict[str, Any]:
    return _json(parity / "misc_metrics.json")


def _json(path: Path) -> Any:
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


def _wheels(parity: Path, year: str) -> Wheels:
    if year == "2025":
        pytest.importorskip("openpyxl", reason="the MER2025 tables are xlsx: make extra NAME=evals")
    return official_wheels(read_tables(parity / f"official_emotion_wheel_mer{year}"))


@pytest.mark.parametrize("year", YEARS)
def test_every_word_of_the_official_table_goes_to_its_class(parity: Path, year: str) -> None:
    wheels, table = _wheels(parity, year), _json(parity / f"ew_label_table_mer{year}.json.gz")
    groupings = [wheels.m1, wheels.m2, *(wheels.m3[w, level] for w in range(1, 6) for level in (1, 2))]
    wrong = [
        (word, column, grouping(word), official)
        for word, row in table["rows"].items()
        for column, grouping, official in zip(table["columns"], groupings, row, strict=True)
        if grouping(word) != official
    ]
    assert len(table["rows"]) > 7_000
    assert wrong == []


def test_the_2025_table_reads_fear_as_happy_and_the_2026_table_does_not(parity: Path) -> None:
    assert _wheels(parity, "2025").m3[2, 1]("fear") == "happy"
    assert _wheels(parity, "2026").m3[2, 1]("fear") == "fearful"


def test_hit_of_the_published_meld_predictions(parity: Path) -> None:
    meld = _json(parity / "unibench_5sets.json.gz")["meld"]
    gold = [[meld["gt"][name]] for name in meld["gt"]]
    said = [parse_labels(meld["pred"][name]) for name in meld["gt"]]
    assert hit(gold, said, _wheels(parity, "2025")) == pytest.approx(meld["score"]["hitrate"], abs=1e-9)


@pytest.mark.parametrize("name", ["cmumosi", "cmumosei", "sims", "simsv2"])
def test_waf_of_the_published_sentiment_predictions(parity: Path, name: str) -> None:
    cell = _json(parity / "unibench_5sets.json.gz")[name]
    ids = list(cell["gt"])
    found = metrics.sentiment_waf([cell["gt"][i] for i in ids], [cell["pred"][i] for i in ids])
    assert found == pytest.approx(cell["score"]["waf"], abs=1e-9)


def _equal(found: PairScores, official: dict[str, float]) -> None:
    names = ("w_p", "w_r", "w_f1", "micro_p", "micro_r", "micro_f1")
    assert list(found) == pytest.approx([official[name] for name in names], abs=1e-6)


def test_ecf_subtask_1_strict_and_proportional(parity: Path, data_dir: Path) -> None:
    official = _json(parity / "ecf" / "scores.json")
    cases = [
        ("official_sample_subtask1", parity / "ecf" / "gold_for_sample_Subtask_1.json", "official_sample"),
        ("perturbed_subtask1", data_dir / "text" / "ecf" / "Subtask_1_test.json", "synthetic_perturbed"),
    ]
    for name, gold_file, said_file in cases:
        gold = read_pairs(_json(gold_file))
        said = read_pairs(_json(parity / "ecf" / f"{said_file}_Subtask_1_pred.json"))
        _equal(strict(gold, said), official[name]["strict"])
        _equal(proportional(gold, said), official[name]["proportional"])


@pytest.mark.parametrize(
    ("name", "said_file"),
    [("perturbed_subtask2", "synthetic_perturbed"), ("self_cause_baseline_subtask2(gold emotions)", "self_cause")],
)
def test_ecf_subtask_2(parity: Path, data_dir: Path, name: str, said_file: str) -> None:
    gold = read_pairs(_json(data_dir / "text" / "ecf" / "Subtask_2_test.json"))
    said = read_pairs(_json(parity / "ecf" / f"{said_file}_Subtask_2_pred.json"))
    _equal(strict(gold, said), _json(parity / "ecf" / "scores.json")[name])


def test_worked_examples_of_eibench_and_mme_emotion(misc: dict[str, Any]) -> None:
    grades = {path: grade for row in misc["eibench"]["inputs"] for path, grade in row.items()}
    found = mean_trigger_recall(grades)
    assert found == pytest.approx({"happy": 0.4, "angry": 0.0, "sadness": 1.0, "excitement": 0.25, "average": 0.4125})
    mme = misc["mme_emotion"]
    steps = step_scores([row["score"] for row in mme["inputs"]])
    official = (mme["rec_s"], mme["rea_s"], mme["cot_s_alpha0.5"], mme["avg_step"], mme["count"])
    assert tuple(steps) == pytest.approx(official)


def test_the_list_parser_reads_the_official_edge_cases(misc: dict[str, Any]) -> None:
    assert [parse_labels(text) for text, _ in misc["string_to_list"]] == [
        labels for _, labels in misc["string_to_list"]
    ]


def test_emoprefer_of_a_judge_that_always_says_first(misc: dict[str, Any]) -> None:
    # The official figures hold for 275 pairs with the first preferred, 288 with the second, 11 with neither.
    gold: list[Choice] = ["first"] * 275 + ["second"] * 288 + ["same"] * 11
    for said, official in (("first", "always_a1"), ("second", "always_a2")):
        chosen: list[Choice] = [said] * len(gold)  # type: ignore[list-item]  # one of the two
        for score, name in ((two_class, "twoclass"), (three_class, "threeclass")):
            found = score(gold, chosen)
            assert found.weighted_f1 == pytest.approx(misc["emoprefer"][official][name]["waf"])
            assert found.accuracy == pytest.approx(misc["emoprefer"][official][name]["acc"])


def test_ten_thousand_predictions_on_twelve_wheel_metrics_in_two_seconds(parity: Path) -> None:
    meld = _json(parity / "unibench_5sets.json.gz")["meld"]
    gold = ([[label] for label in meld["gt"].values()] * 4)[:10_000]
    said = ([parse_labels(meld["pred"][name]) for name in meld["gt"]] * 4)[:10_000]
    wheels = _wheels(parity, "2026")
    begun = time.process_time()
    scores = [overlap(gold, said, grouping) for grouping in (wheels.m1, wheels.m2, *wheels.m3.values())]
    assert time.process_time() - begun < 2.0
    assert len(scores) == 12
    assert all(0 < score.f < 1 for score in scores)
