"""A sentence as an embedding, 28 emotion probabilities and valence/arousal/dominance, from one forward pass offline.

The model is all-MiniLM-L6-v2 fine-tuned on GoEmotions and EmoBank; `training/text/README.md` is its card: how it was
made, what it scores and whom it misreads. What it returns is how raters of English comments would label the words,
not what their author feels.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from emer.tools.shipped import WEIGHTS, TextNetwork, shipped_network, text_facts, text_tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENCODER_NAME = "emer-text-encoder"
ENCODER_VERSION = "1"  # kept beside every stored vector: vectors of two versions must never meet in one index
WIDTH = 384
MAX_TOKENS = 256
N_KEPT, KEPT_LENGTH = 512, 1000  # texts and characters: at most about 2 MB
LABELS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity", "desire",
    "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear", "gratitude", "grief", "joy",
    "love", "nervousness", "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
"""The 27 emotions of GoEmotions in the order of its files, then neutral (Demszky et al. 2020, ACL, table 1)."""

_WEIGHTS = WEIGHTS
_LOCK = threading.Lock()
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "\ufe0f": "", "\u200d": ""})


class TextReading(NamedTuple):
    """What the encoder reads in n texts.

    Attributes:
        embedding: float32 (n, 384), of length 1, so that a dot product is the cosine.
        probabilities: float32 (n, 28) in the order of `LABELS`, calibrated: the chance that raters of the GoEmotions
            kind give the label. Labels are judged one by one, so a row need not sum to 1.
        vad: float32 (n, 3), valence, arousal and dominance in -1..1, 0 the middle of EmoBank's scale of 1 to 5.
    """

    embedding: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    vad: NDArray[np.float32]


def encode(texts: Sequence[str]) -> TextReading:
    """Return the reading of each text; no texts give arrays of 0 rows, an empty text a reading of nothing.

    Texts are read one at a time, so that no number depends on what else was asked; the last few hundred are kept, for
    several agents read the same words. A text is cut at 256 tokens.

    Raises:
        SetupError: the model files are missing or are not those of this version.
    """
    import numpy as np

    facts = _loaded().facts["calibration"]
    embedding = np.zeros((len(texts), WIDTH), dtype=np.float32)
    logits = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    vad = np.zeros((len(texts), 3), dtype=np.float32)
    for i, text in enumerate(texts):
        embedding[i], logits[i], vad[i] = _kept_pass(text) if len(text) <= KEPT_LENGTH else _pass(text)
    odds = np.array(facts["emotion_slope"]) * logits + np.array(facts["emotion_offset"])
    centred = np.array(facts["vad_slope"]) * vad + np.array(facts["vad_offset"])
    probabilities = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
    return TextReading(embedding, probabilities, np.clip(centred, -1.0, 1.0).astype(np.float32))


def _pass(text: str) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What the network says of a text: embedding (384,), logits (28,), uncalibrated VAD (3,)."""
    import numpy as np

    model = _loaded()
    ids = np.array([model.tokenizer.encode(plain(text)).ids], dtype=np.int64)
    embedding, logits, vad = model.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    return embedding[0], logits[0], vad[0]


_kept_pass = lru_cache(maxsize=N_KEPT)(_pass)


def thresholds() -> dict[str, float]:
    """Return the probability from which each label is given, chosen on GoEmotions dev for macro-F1."""
    return {label: float(value) for label, value in _facts()["thresholds"].items()}


def base_rates() -> dict[str, float]:
    """Return each label's share of the GoEmotions training comments: the prior that a judge must divide out."""
    return {label: float(value) for label, value in _facts()["base_rates"].items()}


def plain(text: str) -> str:
    """Return the text as the encoder was trained to read it: plain quotes, each emoji as its Unicode name.

    The uncased BERT vocabulary has no emoji (each would be the one unknown token), yet they say what is felt.
    A run of one emoji counts once.

    >>> plain("That’s great 😂😂")
    "That's great face with tears of joy"
    """
    pieces: list[str] = []
    previous = ""
    for char in text.translate(_PLAIN):
        category = unicodedata.category(char)
        if category == "Cs" or (category == "Sk" and ord(char) > 0xFFFF):  # lone surrogate, skin tone
            continue
        if category == "So":
            if char != previous and not "\u2800" <= char <= "\u28ff":  # braille cells draw pictures
                pieces.append(f" {unicodedata.name(char, '').lower()} ")
        else:
            pieces.append(char)
        previous = char
    return " ".join("".join(pieces).split())


def _loaded() -> TextNetwork:
    with _LOCK:
        return _load()


@cache
def _load() -> TextNetwork:
    facts = _facts()
    network = shipped_network("text_encoder.onnx", _WEIGHTS, keeps_memory=False)
    return TextNetwork(network, text_tokenizer(MAX_TOKENS, _WEIGHTS), facts)


@cache
def _facts() -> dict[str, Any]:
    return text_facts("text_encoder", ENCODER_VERSION, _WEIGHTS, labels=LABELS)
