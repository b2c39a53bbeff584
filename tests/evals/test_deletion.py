"""Deletion by hand: what a verdict loses without its cues, and claims held against another clip's cues."""

from __future__ import annotations

from pathlib import Path

import pytest

import emer
from emer.agents.judge import instruments_for
from emer.errors import InputError
from emer.evals.deletion import Deleted, delete, support_by
from emer.evals.evaluation import Sample
from emer.evals.faithfulness import predict, score

GLAD = {
    "id": "glad",
    "cues": [
        {"modality": "face", "text": "broad smile, cheeks raised"},
        {"modality": "context", "text": "Two plates stand on a table."},
        {"modality": "voice", "text": "He laughs warmly."},
    ],
    "transcript": "I am so happy, thank you!",
}
ANGRY = {
    "id": "angry",
    "cues": [
        {"modality": "face", "text": "brows lowered, lips pressed"},
        {"modality": "voice", "text": "harsh, loud voice"},
    ],
    "transcript": "I am furious, get out!",
}


def _report(row: dict[str, object]) -> emer.Report:
    return emer.reason(row)


def test_without_the_cited_cues_the_class_is_less_likely() -> None:
    found = delete(_report(GLAD), _report(ANGRY), instruments_for(0.2, has_faces=False))
    assert found is not None
    assert 0 < found.n_cited < found.n_cues
    assert found.p - found.p_without > 0.2
    assert found.p_without < found.random_without < found.p
    assert found.p_only >= found.p - 0.05
    assert found.own > found.other


def test_a_clip_bears_its_own_claims_and_another_does_not() -> None:
    glad, angry = _report(GLAD), _report(ANGRY)
    assert support_by(glad, glad) == pytest.approx(glad.support)
    assert support_by(glad, angry) <= 0.5
    bare = angry.model_copy(update={"cues": [], "utterances": []})
    assert support_by(glad, bare) == 0.0


def test_who_concludes_nothing_has_nothing_to_delete() -> None:
    empty = _report({"id": "x", "cues": [{"modality": "context", "text": "A wall."}]})
    assert not empty.emotions
    assert delete(empty, _report(GLAD), instruments_for(0.2, has_faces=False)) is None


def _deleted(**changed: float) -> Deleted:
    made = {
        "n_cues": 4, "n_cited": 1, "n_words": 10, "p": 0.8, "p_without": 0.2, "p_only": 0.7, "random_without": 0.7,
        "random_only": 0.5, "matched": ((0.5, 0.1),), "is_kept": False, "own": 1.0, "other": 0.25,
    }  # fmt: skip
    return Deleted(**{**made, **changed})  # type: ignore[arg-type]


def test_the_figures_by_hand() -> None:
    samples = [Sample(name, {}, "joy", name) for name in "abc"]
    other = _deleted(n_cited=2, p_without=0.4, other=0.75, is_kept=True)
    scores = score(samples, [_deleted(), other, None])
    found = {(one.name, one.system): one.value for one in scores}
    assert found["explained", "emer"] == pytest.approx(2 / 3)
    assert found["share of cues cited", "emer"] == pytest.approx(0.375)
    assert found["comprehensiveness", "emer"] == pytest.approx(0.5)
    assert found["comprehensiveness", "as many cues at random"] == pytest.approx(0.1)
    assert found["sufficiency (lower is better)", "emer"] == pytest.approx(0.1)
    assert found["verdict kept without the cited cues", "emer"] == 0.5
    assert found["loss by one cue, difference", "emer"] == pytest.approx(0.4)
    assert found["AUC of support, own against another's", "emer"] == 1.0
    assert found["median drop of support", "emer"] == pytest.approx(0.5)
    with pytest.raises(InputError, match="empty set"):
        score(samples, [None, None, None])


def test_another_clip_is_of_another_group(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="all clips are of one dialogue"):
        predict([Sample("a", GLAD, "joy", "d"), Sample("b", ANGRY, "anger", "d")])
    both = predict([Sample("a", GLAD, "joy", "d"), Sample("b", ANGRY, "anger", "e")])
    assert all(one is not None and one.own > one.other for one in both)
