"""Ablation: which conditions there are, what a row keeps, and what leaving a part out does to a Report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import emer
from emer.cli import app
from emer.errors import InputError
from emer.evals.ablation import Subject, ablate, conditions, modalities_of, reduced, subject, told
from emer.evals.evaluation import Sample

ROW = {
    "id": "a",
    "cues": [{"modality": "face", "text": "broad smile"}, {"modality": "voice", "text": "harsh, loud voice"}],
    "transcript": "I am so happy!",
    "context": "A kitchen.",
}
LABELS = {"anger": "angry", "joy": "joyful", "neutral": "neutral, no emotion"}


def test_the_conditions() -> None:
    names = [one.name for one in conditions(["words", "face", "voice"], has_model=False)]
    assert names == [
        "all", "words alone", "face alone", "voice alone", "all but words", "all but face", "all but voice",
        "without memory", "without verify",
    ]  # fmt: skip
    with_model = [one.name for one in conditions(["words"], has_model=True)]
    assert with_model == ["all", "without memory", "without verify", "effort quick", "effort thorough"]


def test_a_row_keeps_only_what_is_asked_for() -> None:
    assert modalities_of([Sample("a", ROW, "joy", "a")]) == ["words", "face", "voice", "what was told"]
    assert reduced(ROW, frozenset({"face"})) == {"id": "a", "cues": [{"modality": "face", "text": "broad smile"}]}
    assert reduced(ROW, frozenset({"words"})) == {"id": "a", "cues": [], "transcript": "I am so happy!"}
    assert reduced(ROW, None) == ROW
    with pytest.raises(InputError, match="cannot be taken apart"):
        modalities_of([Sample("a", {"clip": Path("a.mp4")}, "joy", "a")])


def test_the_matrix_of_two_clips() -> None:
    angry = {"id": "b", "cues": [{"modality": "voice", "text": "harsh, loud voice"}], "transcript": "I am furious!"}
    samples = [Sample("a", ROW, "joy", "a"), Sample("b", angry, "anger", "b")]
    rows = ablate(Subject(lambda data: samples, LABELS), samples, {})
    found = {row.name: row for row in rows}
    assert found["all"].accuracy.estimate == 1.0
    assert found["all"].difference.estimate == 0.0
    assert found["face alone"].concluded == 0.5  # the second clip has no face
    assert found["words alone"].accuracy.estimate == 1.0
    assert told("two", rows).splitlines()[2].startswith("| all | 1.000 [1.000, 1.000] |  | ")
    with pytest.raises(InputError, match="empty set"):
        ablate(Subject(lambda data: [], LABELS), [], {})


def test_what_cannot_be_ablated_is_told() -> None:
    with pytest.raises(InputError, match="merr-cues, meld, emorynlp"):
        subject("fer2013", {})
    assert subject("iemocap", {}).labels.keys() == {"angry", "happy", "sad", "neutral"}


def test_a_part_that_was_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, bare = emer.reason(ROW), emer.reason(ROW, without=("memory", "verify"))
    assert whole.provenance.memory
    assert whole.support is not None
    assert bare.provenance.memory is None
    assert bare.cases == []
    assert bare.support is None
    assert [text for text in bare.warnings if "left out (setting without)" in text] == [
        "The part memory was left out (setting without).", "The part verify was left out (setting without).",
    ]  # fmt: skip
    with pytest.raises(InputError, match="without"):
        emer.reason(ROW, without=("judge",))


def test_the_command_prints_the_matrix(tmp_path: Path) -> None:
    clip = {
        "video_id": "dia0_utt0", "transcript": "I am so happy!", "audio_description": "He laughs.",
        "visual_expression_description": ["Lip corner puller (strong)"], "true_label": "joy",
        "visual_objective_description": "A kitchen.", "raw_AU_values_at_peak": {"AU12": 3.0},
    }  # fmt: skip
    (tmp_path / "mine.json").write_text(json.dumps([clip]))
    done = CliRunner().invoke(app, ["eval", "ablate", "merr-cues", "--data", str(tmp_path / "mine.json")])
    assert done.exit_code == 0, done.output
    assert "| merr-cues, n 1 | accuracy |" in done.output
    assert "| all but words |" in done.output
