"""The claim reader through its door, with the shipped weights."""

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
from emer.tools import claim_reader, text_encoder
from emer.tools.claim_reader import OUTCOMES, logits, read
from emer.tools.shipped import WEIGHTS

ROOT = Path(__file__).resolve().parents[2]
FACE = "face p1 0.4-1.6: lips pressed together, gaze on the letter"
WORDS = "transcript p2 2.4-4.0: asks “Did they say why?”"
VOICE = "voice p1 4.0-6.0: softer than the rest of this recording (-6 dB)"


def fresh(code: str) -> str:
    """What a new process prints."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()


@pytest.mark.parametrize(
    ("cited", "borne", "planted"),
    [
        ([FACE], "p1 looks at the letter with the lips shut tight.", "p1 looks away from the letter, lips parted."),
        pytest.param(
            [WORDS], "p2 wants to know the reason.", "p2 tells them the reason.",
            marks=pytest.mark.xfail(strict=True, reason="telling for asking is misread, see training/reader/README.md"),
        ),
        ([VOICE], "p1 grows quieter here.", "p1 raises the voice here."),
        (
            [FACE, VOICE],
            "p1 keeps the lips together and then speaks softly.",
            "p2 keeps the lips together and then shouts.",
        ),
    ],
)  # fmt: skip
def test_what_the_cues_say_reads_as_borne_and_its_contrary_does_not(cited: list[str], borne: str, planted: str) -> None:
    assert read(cited, f"observation: {borne}").borne > claim_reader.threshold()
    assert read(cited, f"observation: {planted}").borne < claim_reader.threshold()


def test_an_objection_of_code_lowers_the_odds_and_one_that_nobody_knows_counts_as_any() -> None:
    claim = "observation: p1 looks at the letter."
    plain, objected = read([FACE], claim), read([FACE], claim, "turned_round")
    assert objected.borne < plain.borne
    assert read([FACE], claim, "a check of tomorrow").borne < plain.borne
    assert plain.wrong in OUTCOMES[1:]


def test_the_order_of_asking_and_other_threads_change_nothing() -> None:
    asked = [
        ([FACE, VOICE], "inference: p1 holds something back."),
        ([WORDS], "observation: p2 asks."),
        ([], "rival: no."),
    ]
    first = [logits(*one) for one in asked]
    claim_reader._kept_states.cache_clear()
    with ThreadPoolExecutor(3) as pool:
        again = list(pool.map(lambda one: logits(*one), reversed(asked)))
    for old, new in zip(first, reversed(again), strict=True):
        np.testing.assert_array_equal(old, new)


def test_what_is_cited_may_stand_in_any_order() -> None:
    claim = "conclusion: p1 is tense while p2 asks."
    np.testing.assert_allclose(logits([FACE, WORDS], claim), logits([WORDS, FACE], claim), atol=1e-4)


@pytest.mark.parametrize("text", ["", "[]", "😂" * 500, "a " * 5000, "\ud800", "p1 \x00 p2"])
def test_odd_texts_are_read_without_a_word(text: str) -> None:
    assert 0 <= read([text, FACE], text).borne <= 1


def test_its_words_are_those_of_the_text_encoder() -> None:
    model = claim_reader._loaded().session
    told = {one.name: tuple(one.shape) for one in model.get_inputs()}
    assert set(told) == {"ids", "kinds", "past_keys", "past_values"}
    assert (WEIGHTS / "claim_reader.onnx").stat().st_size < 13e6, "the table of words must not be in it"
    assert b"text_encoder.onnx" in (WEIGHTS / "claim_reader.onnx").read_bytes()


def test_the_card_tells_the_file_and_every_check_that_weighs() -> None:
    facts = json.loads((WEIGHTS / "claim_reader.json").read_text(encoding="utf-8"))
    assert facts["sha256"] == hashlib.sha256((WEIGHTS / "claim_reader.onnx").read_bytes()).hexdigest()
    assert facts["weights"]["none"] > facts["weights"]["other"]
    encoder = json.loads((WEIGHTS / "text_encoder.json").read_text(encoding="utf-8"))
    assert facts["word_table"] == encoder["sha256"]["text_encoder.onnx"]


def test_missing_or_strange_files_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_reader, "_WEIGHTS", tmp_path)
    claim_reader._load.cache_clear()
    try:
        with pytest.raises(SetupError, match="pip install"):
            claim_reader.threshold()
        (tmp_path / "claim_reader.onnx").touch()
        (tmp_path / "claim_reader.json").write_text(json.dumps({"version": "0", "outcomes": []}), encoding="utf-8")
        with pytest.raises(SetupError, match="version '0'"):
            claim_reader.threshold()
    finally:
        claim_reader._load.cache_clear()


def test_importing_the_module_loads_nothing_heavy() -> None:
    heavy = "[m for m in ('numpy', 'onnxruntime', 'tokenizers') if m in sys.modules]"
    assert fresh(f"import sys, emer.tools.claim_reader; print({heavy})") == "[]"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc on this system")
def test_encoder_and_reader_together_stay_under_300_mib() -> None:
    code = (
        "from emer.tools.text_encoder import encode; from emer.tools.claim_reader import read;"
        "encode(['one sentence to read']); read(['face p1: smiles'], 'observation: p1 smiles.');"
        "print([line for line in open('/proc/self/status') if line.startswith('VmRSS')][0].split()[1])"
    )
    assert int(fresh(code)) / 1024 < 300
    assert text_encoder.WIDTH == 384
