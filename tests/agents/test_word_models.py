"""Words read by models of transformers that the user names: random ones, loaded and run by the real code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("transformers", reason="the extra hf is not installed")
pytest.importorskip("torch", reason="the extra hf is not installed")
import small_models

from emer import analyze
from emer.agents.fusion.likelihood import channels, labels_ratio, written_instruments
from emer.agents.state import Observation, Services
from emer.agents.transcript import observe
from emer.config import Settings
from emer.errors import InputError, SetupError, ToolError
from emer.memory.labels import expected_point, label_meaning
from emer.memory.ontology import STATES
from emer.schemas import Clip, Cue, Utterance
from emer.tools.word_models import ZERO_SHOT_LABELS, open_words

SAID = ("I am so glad that you came back.", "This is not fair, you lied to me!", "so")
SEVEN = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_models.text_classifier(tmp_path_factory.mktemp("seven"), SEVEN)


def told(words: str, *texts: str, weights_dir: Path = Path("nowhere")) -> Observation:
    utterances = [Utterance(id=f"u{n}", text=text) for n, text in enumerate(texts, start=1)]
    clip = Clip(id="sha256:0", source="-", kind="text")
    return observe(clip, utterances, Services(settings=Settings(words=words, weights_dir=weights_dir)))


def resemblances(found: Observation) -> list[Cue]:
    return [cue for cue in found.cues if cue.kind == "resemblance"]


def test_a_classifier_reads_in_batches_what_it_reads_alone(seven: Path) -> None:
    reader = open_words(f"hf:{seven}", Path("nowhere"))
    together = reader.read([*SAID, *("glad " * 200,), ""])
    assert together.labels == SEVEN and together.shares.shape == (5, 7)
    assert together.shares.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert together.shares.std(axis=0).max() > 0.01  # it looks at the words
    for text, row in zip(SAID, together.shares, strict=False):
        assert reader.read([text]).shares[0] == pytest.approx(row, abs=1e-5)
    assert reader.read([]).shares.shape == (0, 7)


def test_each_utterance_gets_a_resemblance_with_number_and_origin(seven: Path) -> None:
    found = told(f"hf:{seven}", *SAID)
    cues = resemblances(found)
    assert [cue.anchor.utterance for cue in cues] == ["u1", "u2", "u3"] and not found.missing
    for cue, text in zip(cues, SAID, strict=True):
        assert f"“{text}”" in cue.text and f"hf:{seven.name}" in cue.text and "a text model" in cue.text
        assert cue.level == "measured" and cue.source.tool == f"hf:{seven.name}"
        shares = {name: value for name, value in cue.source.values.items() if name.startswith("label.")}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-4) and len(shares) == 7
        top = max(shares, key=lambda name: shares[name]).removeprefix("label.")
        assert top in cue.text
        assert cue.valence == pytest.approx(expected_point({k[6:]: v for k, v in shares.items()})[0], abs=1e-4)
    said = [cue for cue in found.cues if cue.kind == "said"]
    assert all("go.joy" not in cue.source.values for cue in said)  # the embedded encoder did not read as well


def test_a_model_of_the_28_states_speaks_as_the_encoder_does(tmp_path: Path) -> None:
    folder = small_models.text_classifier(tmp_path / "go", STATES, multi_label=True)
    (cue,) = resemblances(told(f"hf:{folder}", SAID[0]))
    assert {f"go.{state}" for state in STATES} == {name for name in cue.source.values if name.startswith("go.")}
    assert [ratio.channel for ratio in channels(cue, written_instruments(0.2))] == ["words"]


def test_a_zero_shot_model_chooses_from_ekmans_six_and_neutral(tmp_path: Path) -> None:
    folder = small_models.text_classifier(tmp_path / "nli", ("contradiction", "neutral", "entailment"))
    (cue,) = resemblances(told(f"hf-zero-shot:{folder}", SAID[1]))
    assert set(cue.source.values) == {f"label.{label}" for label in ZERO_SHOT_LABELS}
    assert sum(float(value) for value in cue.source.values.values()) == pytest.approx(1, abs=1e-3)


def test_a_model_without_entailment_cannot_choose(seven: Path) -> None:
    with pytest.raises(ToolError, match="zero-shot needs one that is trained on entailment"):
        open_words(f"hf-zero-shot:{seven}", Path("nowhere"))


def test_the_label_is_evidence_and_never_the_verdict(tmp_path: Path) -> None:
    glad = {}
    for says in ("disgust", "joy"):
        folder = small_models.text_classifier(tmp_path / says, SEVEN, says=says)
        report = analyze(text=SAID[0], words=f"hf:{folder}")
        (cue,) = [cue for cue in report.cues if cue.kind == "resemblance"]
        assert f"would call “{SAID[0]}” {says}" in cue.text
        assert channels(cue, written_instruments(0.2))[0].channel == "labels"
        assert (
            f"hf:{says}" in " ".join(report.provenance.tools) and report.provenance.settings["words"] == f"hf:{folder}"
        )
        # the speaker's own word wins over what the model says, and the model's word is none that she used
        assert [emotion.label for emotion in report.emotions] == ["glad"]
        glad[says] = report.emotions[0]
    assert glad["joy"].confidence > glad["disgust"].confidence
    assert glad["joy"].confidence_basis == "uncalibrated"


def test_another_language_is_read_by_a_model_that_the_user_names(seven: Path) -> None:
    german = "Ich habe heute wirklich keine Lust mehr, das ist alles nicht mehr zum Aushalten."
    assert not resemblances(told("embedded", german)) and told("embedded", german).missing
    found = told(f"hf:{seven}", german)
    assert len(resemblances(found)) == 1 and not found.missing
    assert resemblances(found)[0].strength > 0


@pytest.mark.parametrize("damage", ["cut", "text", "gone", "config"])
def test_broken_files_are_named_and_the_words_stay(tmp_path: Path, damage: str) -> None:
    folder = small_models.text_classifier(tmp_path / "model", SEVEN)
    weights = folder / "model.safetensors"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif damage == "text":
        weights.write_text("<html>404</html>")
    elif damage == "gone":
        weights.unlink()
    else:
        (folder / "config.json").write_text("{")
    with pytest.raises(ToolError, match=r"cannot be loaded from.*model"):
        open_words(f"hf:{folder}", Path("nowhere"))
    found = told(f"hf:{folder}", SAID[0])
    assert found.cues[0].kind == "said" and not resemblances(found)
    assert "the words were read without a model" in found.missing[0].why


def test_a_model_is_opened_once_as_long_as_its_files_stay_the_same(tmp_path: Path) -> None:
    folder = small_models.text_classifier(tmp_path / "model", SEVEN)
    first = open_words(f"hf:{folder}", tmp_path)
    assert open_words(f"hf:{folder}", tmp_path) is first
    small_models.text_classifier(folder, SEVEN, says="fear")
    second = open_words(f"hf:{folder}", tmp_path)
    assert second is not first and second.read(SAID).shares[:, SEVEN.index("fear")].min() > 0.5


def test_several_threads_may_ask_one_model(seven: Path) -> None:
    reader = open_words(f"hf:{seven}", Path("nowhere"))
    alone = reader.read(SAID).shares
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: reader.read(SAID).shares, range(12)))
    assert all(shares == pytest.approx(alone, abs=1e-6) for shares in together)


def test_a_model_that_was_not_trained_to_classify_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="it was not trained for this task"):
        open_words(f"hf:{small_models.headless_text_model(tmp_path / 'bare')}", Path("nowhere"))


def test_labels_without_names_say_nothing(tmp_path: Path) -> None:
    folder = small_models.text_classifier(tmp_path / "nameless", ("LABEL_0", "LABEL_1"))
    found = told(f"hf:{folder}", SAID[0])
    assert not resemblances(found) and "labels without names" in found.missing[0].why


def test_an_id_is_looked_for_in_the_weights_folder_and_never_fetched(
    tmp_path: Path, seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("it reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    with pytest.raises(
        SetupError, match=r"'somebody/some-model' is not on this machine; run .* models pull hf:somebody"
    ):
        open_words("hf:somebody/some-model", tmp_path)
    (tmp_path / "hf" / "somebody").mkdir(parents=True)
    (tmp_path / "hf" / "somebody" / "some-model").symlink_to(seven)
    reader = open_words("hf:somebody/some-model", tmp_path)
    assert reader.tool == "hf:somebody/some-model" and reader.read(SAID).shares.shape == (3, 7)


@pytest.mark.parametrize("words", ["hf:", "bert", "hf-zero-shot", "deepface:x"])
def test_an_unknown_reader_of_words_is_told_at_once(words: str) -> None:
    with pytest.raises(InputError, match=r"unknown reader.*'hf:' and the id or folder of a model"):
        analyze(text=SAID[0], words=words)


def test_labels_are_read_by_the_ontology() -> None:
    joy, positive, stars = (label_meaning(label) for label in ("Joy", "POSITIVE", "1 star"))
    assert joy is not None and joy.states == {"joy": 1.0} and joy.valence > 0.5
    assert positive is not None and (positive.states, positive.valence, positive.arousal) == ({}, 0.5, None)
    assert stars is not None and stars.valence == -0.5
    assert label_meaning("LABEL_2") is None and label_meaning("no emotion") is None
    assert expected_point({"positive": 0.75, "negative": 0.25}) == (pytest.approx(0.25), None)
    assert expected_point({"LABEL_1": 1.0}) == (None, None)


def test_labels_in_equal_shares_say_nothing_and_a_clear_one_speaks_for_its_state_first() -> None:
    instruments = written_instruments(0.2)
    flat = labels_ratio({f"label.{label}": 1 / 7 for label in SEVEN}, instruments)
    assert flat == pytest.approx(np.ones(28))
    clear = labels_ratio({f"label.{label}": 0.94 if label == "anger" else 0.01 for label in SEVEN}, instruments)
    assert STATES[int(clear.argmax())] == "anger"
    assert clear[STATES.index("annoyance")] > 1 > clear[STATES.index("joy")]
    assert instruments.prior @ clear == pytest.approx(1)
    only = labels_ratio({"label.LABEL_0": 0.9, "label.LABEL_1": 0.1}, instruments)
    assert only == pytest.approx(np.ones(28))
