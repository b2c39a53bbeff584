"""Both back ends run their real code on tiny models that always say the same words."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from emer.errors import InputError, ToolError
from emer.tools.asr.door import BACK_ENDS, check_choice, choose, open_recogniser, readiness
from emer.tools.asr.guards import doubt

parrot = pytest.importorskip("parrot_whisper", reason="torch, whisper and transformers are not installed")
for package in ("whisper", "faster_whisper", "transformers"):
    pytest.importorskip(package)

SOUND = (0.1 * np.random.default_rng(0).standard_normal(40_000)).astype(np.float32)


@pytest.fixture
def weights_dir(tiny_whispers: Path) -> Path:
    return tiny_whispers


@pytest.mark.parametrize("back_end", ["whisper", "faster-whisper"])
def test_a_back_end_loads_runs_and_gives_words_with_times_language_and_doubts(back_end: str, weights_dir: Path) -> None:
    ready = choose(back_end, weights_dir)
    assert ready.weights is not None
    recogniser = open_recogniser(back_end, ready.weights)
    heard = recogniser.recognise(SOUND, None)
    (segment,) = heard.segments
    assert segment.text == parrot.WORDS.strip()
    assert "".join(word.text for word in segment.words) == parrot.WORDS
    starts = [word.start_s for word in segment.words]
    assert starts == sorted(starts)
    assert segment.mean_log_prob == pytest.approx(0.0, abs=0.01)
    assert segment.no_speech < 0.1
    assert (heard.language, round(heard.language_p, 3)) == ("en", 1.0)
    assert recogniser.version.endswith("tiny")
    assert recogniser.recognise(SOUND, None) == heard, "the same sound gives the same words"
    assert open_recogniser(back_end, ready.weights) is recogniser, "loaded once"


def test_a_model_that_doubts_is_doubted(tmp_path: Path) -> None:
    path = parrot.whisper_file(tmp_path / "unsure.pt", sharpness=1.3)
    (segment,) = open_recogniser("whisper", path).recognise(SOUND, "en").segments
    assert segment.text == parrot.WORDS.strip()
    assert -3 < segment.mean_log_prob < -1.0
    assert doubt(segment) == "low probability"


def test_auto_takes_the_first_whose_weights_are_here(weights_dir: Path, tmp_path: Path) -> None:
    assert choose("auto", weights_dir).back_end == "faster-whisper"
    shutil.copytree(weights_dir / "whisper", tmp_path / "whisper")
    assert choose("auto", tmp_path).back_end == "whisper"


def test_weights_are_found_by_path_and_by_name(weights_dir: Path) -> None:
    path = weights_dir / "whisper" / "tiny.pt"
    assert choose(f"whisper:{path}", Path("/nowhere")).weights == path
    assert choose("whisper:tiny", weights_dir).weights == path
    absent = choose("whisper:large", weights_dir)
    assert absent.weights is None
    assert absent.lacks == "whisper has no weights 'large' on this machine"


@pytest.mark.parametrize(("back_end", "name"), [(b, b.name) for b in BACK_ENDS])
def test_without_weights_the_command_that_brings_them_is_named(back_end, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    lacking = readiness(back_end, tmp_path)
    assert lacking.weights is None
    assert (lacking.remedy or "").endswith(f"models pull {name}")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("emer.tools.asr.door.is_installed", lambda module: False)
    lacking = choose("auto", tmp_path)
    assert lacking.lacks == "the package of faster-whisper is not installed"
    assert "fast-whisper" in (lacking.remedy or "")


@pytest.mark.parametrize("choice", ["siri", "auto:tiny", "", "none:x"])
def test_another_word_is_no_back_end(choice: str) -> None:
    with pytest.raises(InputError, match="is no speech back end"):
        check_choice(choice)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


@pytest.mark.parametrize("damage", ["cut", "noise", "empty"])
@pytest.mark.parametrize(("back_end", "file"), [("whisper", "tiny.pt"), ("faster-whisper", "tiny/model.bin")])
def test_corrupt_weights_are_one_clear_error(
    back_end: str, file: str, damage: str, weights_dir: Path, tmp_path: Path
) -> None:
    shutil.copytree(weights_dir / back_end, tmp_path / back_end)
    path = tmp_path / back_end / file
    if damage == "cut":
        _cut(path)
    else:
        path.write_bytes(b"" if damage == "empty" else np.random.default_rng(0).bytes(5000))
    with pytest.raises(ToolError, match=r"weights in .* cannot be loaded .*models pull"):
        open_recogniser(back_end, path)


def test_a_folder_without_a_tokeniser_is_not_completed_from_the_network(weights_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(weights_dir / "faster-whisper" / "tiny", tmp_path / "tiny")
    (tmp_path / "tiny" / "tokenizer.json").unlink()
    with pytest.raises(ToolError, match=r"no tokenizer\.json"):
        open_recogniser("faster-whisper", tmp_path / "tiny")


def test_weights_that_went_away_are_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="are gone"):
        open_recogniser("whisper", tmp_path / "tiny.pt")
