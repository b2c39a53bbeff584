"""The same material as worse clips would show it: faces, sound and words, each altered in a stated way."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Sound = NDArray[np.float32]
AS_GIVEN = "as given"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _blurred(sigma_px: float) -> Callable[[Picture], Picture]:
    def blur(face: Picture) -> Picture:
        import cv2

        return np.asarray(cv2.GaussianBlur(face, (0, 0), sigma_px), dtype=np.uint8)

    return blur


def _lit(gain: float) -> Callable[[Picture], Picture]:
    """Less light: the grey values times `gain`, so that what is left takes fewer steps."""
    return lambda face: np.asarray(np.floor(face * gain), dtype=np.uint8)


def _noisy(sigma: float) -> Callable[[Picture], Picture]:
    """Sensor noise of `sigma` grey values, drawn anew for each face by its own content."""

    def add(face: Picture) -> Picture:
        drawn = np.random.default_rng(int(face.sum())).normal(0, sigma, face.shape)
        return np.asarray(np.clip(face + drawn, 0, 255), dtype=np.uint8)

    return add


FACES: dict[str, Callable[[Picture], Picture]] = {
    AS_GIVEN: lambda face: face,
    "blur, 1 px": _blurred(1.0),
    "blur, 1.5 px": _blurred(1.5),
    "low light, a fifth": _lit(0.2),
    "low light, a tenth": _lit(0.1),
    "noise, 15 of 255": _noisy(15),
    "noise, 30 of 255": _noisy(30),
}


def _with_noise(snr_db: float) -> Callable[[Sound], Sound]:
    """White noise `snr_db` below the mean power of the sound."""

    def add(sound: Sound) -> Sound:
        power = float(np.mean(np.square(sound, dtype=np.float64)))
        drawn = np.random.default_rng(len(sound)).normal(0, np.sqrt(power / 10 ** (snr_db / 10)), len(sound))
        return np.asarray((sound + drawn).clip(-1, 1), dtype=np.float32)

    return add


def _at_gain(gain_db: float) -> Callable[[Sound], Sound]:
    """`gain_db` louder or softer, clipped at full scale as a recorder would."""
    return lambda sound: np.asarray((sound * 10 ** (gain_db / 20)).clip(-1, 1), dtype=np.float32)


def _with_silence(seconds: float) -> Callable[[Sound], Sound]:
    """Digital silence before and after; sound is 16 kHz."""
    quiet = np.zeros(int(seconds * 16000), dtype=np.float32)
    return lambda sound: np.concatenate([quiet, sound, quiet])


SOUNDS: dict[str, Callable[[Sound], Sound]] = {
    AS_GIVEN: lambda sound: sound,
    "noise at 20 dB": _with_noise(20),
    "noise at 10 dB": _with_noise(10),
    "12 dB softer": _at_gain(-12),
    "12 dB louder, clipped": _at_gain(12),
    "2 s of silence around": _with_silence(2),
}


def _misheard(share: float) -> Callable[[str], str]:
    """`share` of the words wrong as a recogniser makes them: a third lost, a third misspelt, a third doubled."""

    def spoil(text: str) -> str:
        chosen = random.Random(f"{share}:{text}")
        told: list[str] = []
        for word in text.split():
            if chosen.random() >= share:
                told.append(word)
                continue
            kind = chosen.randrange(3)
            told += [[], [_misspelt(word, chosen)], [word, word]][kind]
        return " ".join(told) or text

    return spoil


def _misspelt(word: str, chosen: random.Random) -> str:
    at = chosen.randrange(len(word))
    return word[:at] + chosen.choice(_LETTERS) + word[at + 1 :]


def _unpunctuated(text: str) -> str:
    kept = "".join(letter for letter in text if letter.isalnum() or letter.isspace() or letter == "'")
    return kept.lower() if kept.strip() else text


WORDS: dict[str, Callable[[str], str]] = {
    AS_GIVEN: lambda text: text,
    "no capitals, no marks": _unpunctuated,
    "10 % of words wrong": _misheard(0.1),
    "20 % of words wrong": _misheard(0.2),
    "40 % of words wrong": _misheard(0.4),
}
