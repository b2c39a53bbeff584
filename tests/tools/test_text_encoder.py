"""The text encoder through its door, with the shipped weights."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from emer.errors import SetupError
from emer.tools import text_encoder
from emer.tools.text_encoder import LABELS, encode, plain

WEIGHTS = Path(text_encoder.__file__).parent / "weights"
pytestmark = pytest.mark.skipif(
    not (WEIGHTS / "text_encoder.onnx").is_file(), reason="the text encoder's weights are not in this checkout"
)

SENTENCES = [
    "Thank you so much, this made my day!",
    "I am so angry that I could scream.",
    "The bus leaves at ten.",
    "",
    "😂😂😂",
]


def fresh(code: str) -> str:
    """What a new process prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def top(text: str) -> str:
    return LABELS[int(encode([text]).probabilities[0].argmax())]


def test_shapes_types_and_ranges() -> None:
    reading = encode(SENTENCES)
    assert reading.embedding.shape == (5, 384)
    assert reading.probabilities.shape == (5, 28)
    assert reading.vad.shape == (5, 3)
    assert {part.dtype for part in reading} == {np.dtype(np.float32)}
    assert np.linalg.norm(reading.embedding, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert (reading.probabilities > 0).all()
    assert (reading.probabilities < 1).all()
    assert (np.abs(reading.vad) <= 1).all()


def test_no_texts_give_no_rows() -> None:
    reading = encode([])
    assert [part.shape for part in reading] == [(0, 384), (0, 28), (0, 3)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Thank you so much, I really appreciate it.", "gratitude"),
        ("I love you so much.", "love"),
        ("I'm so scared, I can't stop shaking.", "fear"),
        ("I'm really sorry, I apologize for what I did.", "remorse"),
        ("That's hilarious, I can't stop laughing 😂", "amusement"),
        ("The meeting starts at ten in room four.", "neutral"),
    ],
)
def test_plain_cases_are_read_as_anybody_would(text: str, label: str) -> None:
    assert top(text) == label


def test_valence_and_arousal_point_the_right_way() -> None:
    good, bad, calm, wild = encode(
        [
            "We won, this is the best day of my life!",
            "My dog died this morning and I feel terrible.",
            "The report lists the items in order.",
            "Help! The house is on fire, get out now!",
        ]
    ).vad
    assert good[0] > 0.2 > -0.2 > bad[0]
    assert wild[1] > calm[1]


def test_a_sentence_reads_the_same_whatever_it_is_read_with() -> None:
    together = encode(SENTENCES)
    for i, text in enumerate(SENTENCES):
        text_encoder._kept_pass.cache_clear()
        for part, alone in zip(together, encode([text]), strict=True):
            assert part[i].tobytes() == alone[0].tobytes()


def test_a_fresh_process_reads_the_same_bytes() -> None:
    code = "from emer.tools.text_encoder import encode; print(encode(['I did not expect that.']).embedding.tobytes())"
    assert fresh(code) == str(encode(["I did not expect that."]).embedding.tobytes())


def test_threads_share_one_session() -> None:
    expected = encode(SENTENCES).probabilities
    with ThreadPoolExecutor(8) as pool:
        for reading in pool.map(lambda _: _read_anew(), range(16)):
            assert np.array_equal(reading.probabilities, expected)


def _read_anew() -> text_encoder.TextReading:
    text_encoder._kept_pass.cache_clear()
    return encode(SENTENCES)


def test_a_text_that_was_read_before_is_not_read_again() -> None:
    text_encoder._kept_pass.cache_clear()
    first = encode(SENTENCES)
    again = encode(SENTENCES)
    assert text_encoder._kept_pass.cache_info()[:2] == (5, 5)  # hits, misses
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    encode(["long " * 1000])  # would fill the memory, were it kept
    assert text_encoder._kept_pass.cache_info().currsize == 5


def test_a_long_text_is_cut_and_not_refused() -> None:
    long = "good " * 5000
    assert np.array_equal(encode([long]).embedding, encode([long + "terrible awful"]).embedding)


@pytest.mark.parametrize("text", ["\ud83d", "\x00", "نص عربي", "日本語", "a" * 10_000, " \n\t "])
def test_strange_text_is_read_and_not_refused(text: str) -> None:
    assert np.isfinite(encode([text]).embedding).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don’t “do” that…", 'don\'t "do" that...'),
        ("👍🏽", "thumbs up sign"),
        ("ok ❤️", "ok heavy black heart"),
        ("⠀⣿ x", "x"),
        ("^^", "^^"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_the_files_are_those_of_the_metadata() -> None:
    facts = json.loads((WEIGHTS / "text_encoder.json").read_text(encoding="utf-8"))
    for name, digest in facts["sha256"].items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == digest
    size = sum((WEIGHTS / name).stat().st_size for name in facts["sha256"])
    assert size < 30e6


def test_thresholds_and_base_rates_cover_every_label() -> None:
    assert tuple(text_encoder.thresholds()) == tuple(text_encoder.base_rates()) == LABELS
    assert all(0 < value < 1 for value in text_encoder.thresholds().values())
    assert text_encoder.base_rates()["neutral"] == pytest.approx(14_219 / 43_410, abs=1e-5)


def test_missing_files_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_encoder, "_WEIGHTS", tmp_path)
    text_encoder._facts.cache_clear()
    try:
        with pytest.raises(SetupError, match="pip install"):
            text_encoder.thresholds()
    finally:
        text_encoder._facts.cache_clear()


def test_importing_the_module_loads_nothing_heavy() -> None:
    heavy = "[m for m in ('numpy', 'onnxruntime', 'tokenizers') if m in sys.modules]"
    assert fresh(f"import sys, emer.tools.text_encoder; print({heavy})") == "[]"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc on this system")
def test_a_fresh_process_with_the_encoder_stays_under_200_mib() -> None:
    code = (
        "from emer.tools.text_encoder import encode; encode(['one sentence to read']);"
        "print([line for line in open('/proc/self/status') if line.startswith('VmRSS')][0].split()[1])"
    )
    assert int(fresh(code)) / 1024 < 200
