from __future__ import annotations

import numpy as np
import pytest
from memory_support import make_case

from emer import analyze
from emer.errors import InputError
from emer.memory.layout import plane
from emer.memory.learning import chosen_ids, corrected_case
from emer.memory.statistics import count
from emer.memory.store import open_memory

WORDS = "ANNA: They gave my job to somebody else.\nBEN: That is a shame."


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return analyze(text=WORDS, memory_dir=tmp_path_factory.mktemp("memory"))


def test_a_correction_is_recalled_for_the_next_similar_clip(report, tmp_path):
    case = corrected_case(report, ["humiliated"], "Passed over in front of the others.", intensity=0.66)
    assert case.provenance == "corrected"
    assert case.source == f"{report.clip.source}:{report.clip.id}"
    assert "job" in case.cues["transcript"]
    with_case = open_memory(tmp_path)
    with_case.add([case])
    with_case.close()
    again = analyze(text="CLEO: They gave the job that I wanted to somebody else.", memory_dir=tmp_path)
    recalled = {one.id: one for one in again.cases}
    assert recalled[case.id].provenance == "corrected"
    assert recalled[case.id].labels == ["humiliated"]


def test_the_same_correction_is_the_same_case(report):
    first, second = (corrected_case(report, ["sad"], "so") for _ in range(2))
    assert first == second
    assert corrected_case(report, ["hurt"], "so").id != first.id


def test_a_correction_about_one_person_takes_what_that_person_said(report):
    person = report.utterances[1].person
    assert corrected_case(report, ["sympathetic"], "so", person=person).cues["transcript"] == "That is a shame."


@pytest.mark.parametrize(
    ("labels", "why", "person", "says"),
    [
        (["zzyzx qwrtp"], "so", None, "no emotion word"),
        ([], "so", None, "needs a label"),
        (["sad"], "  ", None, "a reason"),
        (["sad"], "so", "p9", "no person 'p9'"),
    ],
)
def test_a_correction_that_says_too_little_is_refused(report, labels, why, person, says):
    with pytest.raises(InputError, match=says):
        corrected_case(report, labels, why, person=person)


def test_cases_are_chosen_by_id_source_and_person():
    cases = [
        make_case("a", provenance="imported:meld", source="meld:line 2", person="Ann"),
        make_case("b", provenance="corrected", source="clip.mp4:sha256:12", person="p1"),
        make_case("c"),
    ]
    assert chosen_ids(cases, ids=["c", "x"]) == ["c"]
    for source in ("meld", "imported:meld", "meld:line 2"):
        assert chosen_ids(cases, source=source) == ["a"]
    for source in ("corrected", "clip.mp4", "sha256:12", "clip.mp4:sha256:12"):
        assert chosen_ids(cases, source=source) == ["b"]
    assert chosen_ids(cases, source="12") == chosen_ids(cases, source="line 2") == chosen_ids(cases) == []
    assert chosen_ids(cases, person="Ann", ids=["c"]) == ["a", "c"]


def test_counts():
    counts = count([make_case("a", labels=["sad", "hurt"]), make_case("b", cues={"face": "x"}, culture="Dutch")])
    assert (counts.n, counts.n_mixed) == (2, 1)
    assert counts.labels == {"sad": 1, "hurt": 1, "happy": 1}
    assert counts.modalities == {"transcript": 1, "face": 1}
    assert counts.cultures == {"Dutch": 1}


def test_groups_stay_together_on_the_plane():
    rng = np.random.default_rng(0)
    centres = np.eye(3, 20, dtype=np.float32)
    vectors = np.repeat(centres, 20, axis=0) + 0.05 * rng.standard_normal((60, 20), dtype=np.float32)
    points = plane(vectors)
    assert points.shape == (60, 2)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2) + np.diag(np.full(60, np.inf))
    assert (apart.argmin(axis=1) // 20 == np.arange(60) // 20).all()
    assert np.array_equal(points, plane(vectors))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_few_points_have_a_place_each(n):
    points = plane(np.eye(max(n, 1), 8, dtype=np.float32)[:n])
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
