"""A voice classifier made here, with random weights: it loads, runs, gives resemblances, and survives being broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emer
from emer.agents.voice_baseline import Unit
from emer.agents.voice_resemblance import QUALITY, resemblances
from emer.errors import ToolError
from emer.memory.ontology import resolve
from emer.tools.voice import listen_to, measure_all
from emer.tools.voice_classifier import open_classifier

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
LABELS = ("ang", "neutral", "joy", "LABEL_7")
NAME = "someone/tiny-wav2vec2"


@pytest.fixture(scope="module")
def weights_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wav2vec2 of one small layer, where `emer models pull` would put it."""
    weights = tmp_path_factory.mktemp("weights")
    folder = weights / "hf" / NAME
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    config = transformers.Wav2Vec2Config(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, conv_dim=(32,) * 7,
        num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2, classifier_proj_size=16,
        id2label=dict(enumerate(LABELS)), label2id={label: k for k, label in enumerate(LABELS)},
    )  # fmt: skip
    transformers.Wav2Vec2ForSequenceClassification(config).save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor().save_pretrained(folder)
    return weights


def test_a_classifier_gives_odds_for_every_sound_in_batches(weights_dir: Path) -> None:
    classifier = open_classifier(NAME, weights_dir)
    rng = np.random.default_rng(0)
    sounds = [0.1 * rng.standard_normal(n).astype(np.float32) for n in (500, 16_000, 16_000 * 25, *[9000] * 10)]
    odds = classifier.read(sounds)
    assert odds.shape == (13, 4)
    assert odds.sum(axis=1) == pytest.approx(np.ones(13), abs=1e-5)
    assert classifier.labels == LABELS


def test_it_is_a_resemblance_with_number_and_origin_and_never_the_verdict(demo_dir: Path, weights_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir, voice_model=NAME)
    found = [cue for cue in report.cues if cue.kind == "resemblance"]
    assert found
    for cue in found:
        assert cue.text.startswith("raters would ")
        assert "tiny-wav2vec2" in cue.text
        assert cue.quality <= QUALITY
        assert sum(float(p or 0) for p in cue.source.values.values()) == pytest.approx(1.0, abs=1e-3)
    assert any("tiny-wav2vec2" in tool for tool in report.provenance.tools)
    numbers = [int(cue.id.partition("-")[2]) for cue in report.cues if cue.modality == "voice"]
    assert numbers == list(range(1, len(numbers) + 1))


class Sure:
    """A classifier that is sure of what it is told to be."""

    tool, version, labels = "sure", "1", LABELS

    def __init__(self, *odds: float):
        self._odds = odds

    def read(self, sounds: list[np.ndarray]) -> np.ndarray:
        return np.array([self._odds] * len(sounds))


def cue_of(*odds: float) -> emer.Cue:
    t = np.arange(16_000) / 16_000
    sound = (0.1 * sum(np.cos(2 * np.pi * 150 * k * t) / k for k in range(1, 20))).astype(np.float32)
    unit = Unit("p1", None, measure_all(listen_to(sound)))
    return resemblances(Sure(*odds), sound, [unit])[0]  # type: ignore[arg-type]


def test_labels_are_read_by_the_ontology() -> None:
    cue = cue_of(0.8, 0.1, 0.0, 0.1)
    assert cue.text.startswith("raters would call this voice “angry” (.80, sure)")
    angry, neutral = resolve("angry").vad, resolve("neutral").vad
    assert cue.valence == pytest.approx((0.8 * angry.valence + 0.1 * neutral.valence) / 0.9)
    assert cue.arousal == pytest.approx((0.8 * angry.arousal + 0.1 * neutral.arousal) / 0.9)
    assert cue.quality == pytest.approx(0.9 * QUALITY)


def test_labels_that_nobody_knows_say_nothing() -> None:
    cue = cue_of(0.0, 0.0, 0.0, 1.0)
    assert (cue.valence, cue.arousal, cue.quality) == (None, None, 0.0)


def test_two_close_labels_are_both_told() -> None:
    assert cue_of(0.45, 0.05, 0.40, 0.1).text.startswith("raters would not agree on this voice: “angry” (.45) or “joy”")


def test_a_model_that_is_not_here_is_missing_with_the_command(demo_dir: Path, weights_dir: Path) -> None:
    report = emer.analyze(demo_dir / "demo.flac", weights_dir=weights_dir, voice_model="someone/else")
    (said,) = [one.why for one in report.missing if one.modality == "voice"]
    assert "models pull hf:someone/else" in said
    assert any(cue.modality == "voice" for cue in report.cues)


@pytest.mark.parametrize("file", ["model.safetensors", "config.json"])
def test_corrupt_weights_are_one_clear_error(file: str, weights_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hf" / NAME
    folder.mkdir(parents=True)
    for one in (weights_dir / "hf" / NAME).iterdir():
        (folder / one.name).write_bytes(one.read_bytes())
    (folder / file).write_bytes((folder / file).read_bytes()[:100])
    with pytest.raises(ToolError, match=r"the voice model weights in .* cannot be loaded"):
        open_classifier(NAME, tmp_path)
