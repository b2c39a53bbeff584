"""Alterations by hand, what they cost, and whose voices are compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emer.evals import alterations, fairness, robustness
from emer.evals.alterations import AS_GIVEN
from emer.evals.evaluation import Sample

FACE = np.tile(np.arange(48, dtype=np.uint8) * 5, (48, 1))
SOUND = np.sin(np.arange(16000, dtype=np.float32) / 20) * np.float32(0.1)


def test_faces_are_darker_blurred_and_noisy() -> None:
    dark = alterations.FACES["low light, a fifth"](FACE)
    assert dark.max() == 235 // 5
    assert len(np.unique(alterations.FACES["low light, a tenth"](FACE))) == 24  # half of the 48 grey values are left
    noisy = alterations.FACES["noise, 15 of 255"](FACE)
    assert 10 < float(np.std(noisy[:, 20:30].astype(float) - FACE[:, 20:30])) < 20
    assert (noisy == alterations.FACES["noise, 15 of 255"](FACE)).all()
    edge = np.zeros((48, 48), np.uint8)
    edge[:, 24:] = 200
    assert 0 < alterations.FACES["blur, 1 px"](edge)[24, 23] < 200
    assert (alterations.FACES[AS_GIVEN](FACE) == FACE).all()


def test_sounds_have_the_noise_gain_and_silence_that_are_named() -> None:
    added = alterations.SOUNDS["noise at 10 dB"](SOUND) - SOUND
    ratio_db = 10 * np.log10(np.mean(SOUND**2) / np.mean(added**2))
    assert ratio_db == pytest.approx(10, abs=0.3)
    softer = alterations.SOUNDS["12 dB softer"](SOUND)
    assert 20 * np.log10(np.abs(softer).max() / np.abs(SOUND).max()) == pytest.approx(-12, abs=0.01)
    assert np.abs(alterations.SOUNDS["12 dB louder, clipped"](SOUND * 8)).max() == 1.0
    padded = alterations.SOUNDS["2 s of silence around"](SOUND)
    assert len(padded) == len(SOUND) + 4 * 16000
    assert not padded[: 2 * 16000].any()


def test_words_are_spoilt_in_the_share_that_is_named() -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    spoilt = alterations.WORDS["20 % of words wrong"](text)
    intact = len(set(text.split()) & set(spoilt.split()))
    assert 0.84 < intact / 2000 < 0.9  # two thirds of a fifth are gone or misspelt, a third of it is said twice
    assert spoilt == alterations.WORDS["20 % of words wrong"](text)
    assert alterations.WORDS["no capitals, no marks"]("Don't, I say!") == "don't i say"
    assert alterations.WORDS["no capitals, no marks"]("?!") == "?!"


def test_a_cost_is_paired() -> None:
    samples = [Sample(name, None, "happy", name) for name in "abcd"]
    said = [dict.fromkeys(alterations.FACES, "happy") for _ in samples]
    said[0] = {**said[0], "blur, 1 px": "sad"}
    found = {one.name: one.value for one in robustness.score_faces(samples, said)}
    assert found["accuracy, as given"] == 1.0
    assert found["accuracy, blur, 1 px"] == 0.75
    assert found["cost, blur, 1 px"] == 0.25
    assert found["cost, blur, 1.5 px"] == 0.0


def test_speakers_are_whom_the_corpora_say() -> None:
    assert fairness.traits(Sample("audio_ravdess/x.wav", None, "angry", "02")) == ("women", "English")
    assert fairness.traits(Sample("audio_ravdess/x.wav", None, "angry", "03")) == ("men", "English")
    assert fairness.traits(Sample("audio_emodb/x.wav", None, "angry", "08")) == ("women", "German")
    assert fairness.traits(Sample("audio_emodb/x.wav", None, "angry", "15")) == ("men", "German")


def test_slices_by_hand() -> None:
    rows = [("audio_ravdess", "02"), ("audio_ravdess", "03"), ("audio_emodb", "08"), ("audio_emodb", "15")]
    samples = [
        Sample(f"{corpus}/{speaker}{target}.wav", None, target, speaker)
        for corpus, speaker in rows
        for target in ("angry", "sad")
    ]
    said = [0.9, 0.1, 0.5, -0.5, 0.9, 0.1, 0.5, -0.5]
    found = {one.name: one.value for one in fairness.score(samples, said)}
    assert found["AUC of high arousal, women"] == found["AUC of high arousal, men"] == 1.0
    assert found["mean reading of low arousal, women less men"] == pytest.approx(0.6)
    assert found["mean reading of low arousal, English less German"] == pytest.approx(0.0)


def test_the_sets_are_read(data_dir: Path) -> None:
    assert len(robustness.speech(data_dir)) == 76
    assert len(robustness.WORDS.read(data_dir)) == 1000
