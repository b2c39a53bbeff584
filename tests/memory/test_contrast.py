from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from memory_support import make_case

from emer.memory.contrast import contrastive, leading, mistaken_for
from emer.memory.embedder import AFFECT_WEIGHT, EncoderEmbedder
from emer.memory.meaning import Meaning, distance
from emer.memory.meaning_rows import as_row, distances, labels_row, meaning_of, row_states
from emer.memory.neighbours import UNRELATED, compared, diverse, likeness_by_part, part_cosines
from emer.memory.probe import Probe
from emer.memory.states import STATES
from emer.memory.store import Found
from emer.schemas import Case

WIDTH = 8
Placed = tuple[Case, tuple[float, float]]


class AxisEmbedder:
    """The first axis for every text, another for each first letter: cosine .5 of unlike texts, 1 of like ones."""

    name, version = "axes", "1"

    def __init__(self) -> None:
        self.n_calls = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.n_calls += 1
        rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = row[1 + (ord(text[:1].lower() or "a") - ord("a")) % (WIDTH - 1)] = 0.5**0.5
        return rows


class Shelf:
    """A memory whose vectors are given: (said, described) as angles in degrees from the clip's."""

    def __init__(self, *cases: Placed) -> None:
        self.embedder, self._cases = AxisEmbedder(), cases
        self.asked: list[int] = []

    def query_vectors(self, vectors: np.ndarray, n: int) -> list[list[Found]]:
        self.asked.append(len(vectors))
        found = [Found(case, 0.0, vector_at(*angles)) for case, angles in self._cases]
        return [found[:n] for _ in vectors]


def vector_at(said: float, described: float) -> np.ndarray:
    halves = []
    for degrees in (said, described):
        turn, half = np.radians(degrees), np.zeros(WIDTH)
        half[:2] = half[0] + np.cos(turn - np.pi / 4), np.cos(turn + np.pi / 4)  # the clip's half is (1, 1) / sqrt 2
        halves.append(half / np.linalg.norm(half))
    return (np.concatenate(halves) / 2**0.5).astype(np.float32)


def _probe(
    *,
    cues: dict[str, str] | None = None,
    valence: float | None = None,
    meaning: Meaning | None = None,
    certainty: float = 0.0,
) -> Probe:
    return Probe({"transcript": "a", "face": "a"} if cues is None else cues, valence, meaning, certainty)


def _case(id_: str, label: str, said: str = "") -> Case:
    return make_case(id_, said or id_, label)


CLIP = vector_at(0, 0)


def test_likeness_is_0_where_unrelated_cases_are_and_1_where_all_is_the_same():
    cosines = np.array([[UNRELATED[0], UNRELATED[1]], [1.0, 1.0], [0.64, np.nan], [0.0, 0.745]])
    assert likeness_by_part(cosines) == pytest.approx(
        np.array([[0, 0], [1, 1], [0.5, np.nan], [0, 0.5]]), abs=1e-6, nan_ok=True
    )


def test_each_part_is_compared_with_its_own_kind_alone():
    cosines = part_cosines(np.stack([vector_at(60, 0), vector_at(0, 90)]), CLIP)
    assert cosines == pytest.approx(np.array([[0.5, 1.0], [1.0, 0.0]]), abs=1e-6)
    words_only = CLIP.copy()
    words_only[WIDTH:] = 0
    assert np.isnan(part_cosines(words_only[None], CLIP)[0, 1])


def test_the_clip_itself_its_words_and_what_has_nothing_to_do_with_it_are_left_out():
    said = "you came back after all"
    cases = [_case("same", "happy"), _case("words", "happy", said), _case("far", "happy"), _case("near", "happy")]
    angles = [(1, 1), (40, 40), (85, 85), (40, 40)]
    found = [Found(case, 0.0, vector_at(*each)) for case, each in zip(cases, angles, strict=True)]
    probe = _probe(cues={"transcript": said.upper() + "!", "face": "a"})
    near = compared([*found, *found], CLIP, probe)
    assert [case.id for case in near.cases] == ["near"]
    expected = np.mean([(np.cos(np.radians(40)) - u) / (1 - u) for u in UNRELATED])
    assert near.likeness[0] == pytest.approx(expected, abs=1e-5)


def test_a_case_told_twice_is_taken_once_and_the_next_is_unlike_it():
    cases = {"a": (20, 20), "twin": (21, 21), "beside": (36, 36), "other": (-37, -37)}
    found = [Found(_case(name, "happy"), 0.0, vector_at(*each)) for name, each in cases.items()]
    near = compared(found, CLIP, _probe())
    chosen = diverse(near, range(len(near.cases)), 2, newness=0.3)
    assert [near.cases[k].id for k in chosen] == ["a", "other"]
    alike = diverse(near, range(len(near.cases)), 2, newness=0.0)
    assert [near.cases[k].id for k in alike] == ["a", "beside"]


LABELS = ("angry", "annoyed", "sad", "joyful", "neutral", "schadenfreude", "nostalgic", "disgusted")


def test_distances_of_rows_are_those_of_meanings():
    meanings = [found for label in LABELS if (found := meaning_of([label])) is not None]
    rows = np.stack([as_row(meaning) for meaning in meanings])
    one_by_one = [[distance(a, b) for b in meanings] for a in meanings]
    assert distances(rows, rows) == pytest.approx(np.array(one_by_one), abs=1e-5)
    assert row_states(rows[0])["anger"] == pytest.approx(meanings[0].states["anger"])
    assert labels_row(("xyzzyish",)) is None


def _row(label: str) -> np.ndarray:
    row = labels_row((label,))
    assert row is not None
    return row


def test_what_a_label_is_mistaken_for_is_the_reading_whose_cases_lie_among_its_own():
    shelf = [
        (_case("angry-1", "angry"), (20, 20)), (_case("angry-2", "angry"), (24, 24)),
        (_case("jealous-1", "jealous"), (22, 22)), (_case("annoyed-1", "annoyed"), (-40, -40)),
    ]  # fmt: skip
    near = compared([Found(case, 0.0, vector_at(*each)) for case, each in shelf], CLIP, _probe())
    lead, meant = _row("angry"), _row("jealous")
    assert float(distances(lead[None], meant[None])[0, 0]) <= 0.5
    found = mistaken_for(near, lead)
    assert found is not None
    assert np.array_equal(found, meant)
    assert mistaken_for(near, _row("joyful")) is None


def test_the_nearest_and_the_measurements_elect_the_leading_reading():
    shelf = [(_case("s", "sad"), (20, 20)), (_case("j", "joyful"), (25, 25)), (_case("k", "joyful"), (-25, -25))]
    near = compared([Found(case, 0.0, vector_at(*each)) for case, each in shelf], CLIP, _probe())
    assert np.array_equal(leading(near, _probe()), _row("joyful"))  # two against one
    measured = _probe(meaning=meaning_of(["sad"]), certainty=0.9)
    assert np.array_equal(leading(near, measured), _row("sad"))
    assert np.array_equal(leading(near, _probe(valence=-0.6)), _row("sad"))  # the clip leans to the other side


def test_roles_are_split_by_meaning_and_the_clip_is_encoded_once():
    shelf = Shelf(
        (_case("a", "angry"), (20, 20)), (_case("b", "furious"), (-22, 10)), (_case("r", "annoyed"), (25, -25)),
        (_case("c", "joyful"), (-30, -30)), (_case("d", "grateful"), (35, -10)),
    )  # fmt: skip
    roles = contrastive(shelf, _probe(meaning=meaning_of(["angry"]), certainty=1.0))
    names = {role: {one.case.id for one in cases} for role, cases in roles.items()}
    assert "a" in names["support"]
    assert "r" not in names["counter"]
    assert names["counter"] == {"c", "d"}
    assert not names["support"] & names["confusion"]
    assert shelf.embedder.n_calls == 1
    assert shelf.asked == [1, 2]  # what is like the clip, then the rival's and the contrary together


def test_nothing_is_asked_of_a_clip_without_words():
    shelf = Shelf((_case("a", "angry"), (20, 20)))
    assert contrastive(shelf, _probe(cues={})) == {"support": [], "confusion": [], "counter": []}
    assert shelf.asked == []


def test_a_vector_is_what_a_text_is_about_and_how_it_strikes():
    made = EncoderEmbedder()
    vectors = made.embed(["I am so grateful to you all.", "The lift is on the left."])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    affect = vectors[:, -len(STATES) :]
    assert np.linalg.norm(affect, axis=1) == pytest.approx([AFFECT_WEIGHT / np.hypot(1, AFFECT_WEIGHT)] * 2, abs=1e-5)
    assert STATES[int(affect[0].argmax())] == "gratitude"
    angry = made.steered(vectors, {"anger": 3.0, "annoyance": 1.0})
    assert np.linalg.norm(angry, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert angry[:, : -len(STATES)] == pytest.approx(vectors[:, : -len(STATES)], abs=1e-5)
    parts = angry[0, -len(STATES) :]
    assert parts[STATES.index("anger")] / parts[STATES.index("annoyance")] == pytest.approx(3**0.5, abs=1e-5)
