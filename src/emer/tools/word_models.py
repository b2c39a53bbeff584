"""What a text-classification or zero-shot model of transformers calls some texts, in batches and offline."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from emer.errors import ToolError
from emer.tools.hub import Named, files_of, find_model, load, opened, version

BATCH = 16
MAX_TOKENS = 512
ZERO_SHOT_LABELS = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
"""What a zero-shot model chooses from: Ekman's six and neutral, the set that text models most often share."""
HYPOTHESIS = "The speaker expresses {}."
_LOCK = threading.Lock()


class LabelReading(NamedTuple):
    """What a model calls n texts: its `labels`, and `shares` (n, labels) float32, 0..1.

    Rows sum to 1 unless the model judges its labels one by one.
    """

    labels: tuple[str, ...]
    shares: NDArray[np.float32]


class WordReader(Protocol):
    """Says what a model calls a text."""

    @property
    def tool(self) -> str:
        """The model's name in cues."""
        ...

    @property
    def version(self) -> str:
        """The version of what runs it."""
        ...

    def read(self, texts: Sequence[str]) -> LabelReading:
        """The reading of each text, which is cut at the model's length; no texts give 0 rows.

        Raises:
            ToolError: the model failed on them.
        """
        ...


def open_words(reader: str, weights_dir: Path) -> WordReader:
    """The model that the setting `words` names: `hf:MODEL` or `hf-zero-shot:MODEL`.

    Raises:
        SetupError: transformers or the model is not on this machine, with the command that brings it.
        ToolError: the model's files are broken, or it is of another kind.
    """
    door, _, name = reader.partition(":")
    model = find_model(name.strip(), weights_dir)
    return _kept(door, model, files_of(model))


@lru_cache(maxsize=2)
def _kept(door: str, model: Named, _files: object) -> WordReader:
    """The model, opened once for many clips as long as its files stay the same."""
    return _ZeroShot(model) if door == "hf-zero-shot" else _Classifier(model)


class _Classifier:
    """A model with labels of its own."""

    def __init__(self, model: Named) -> None:
        self.tool, self.version = model.tool, version()
        self._pipe, self._n_tokens = _pipeline(model, "text-classification")
        self._labels = tuple(str(label) for _, label in sorted(self._pipe.model.config.id2label.items()))

    def read(self, texts: Sequence[str]) -> LabelReading:
        """The reading of each text."""
        found = _run(self.tool, self._pipe, texts, top_k=None, truncation=True, max_length=self._n_tokens)
        rows = [{one["label"]: one["score"] for one in row} for row in found]
        return LabelReading(self._labels, _table(rows, self._labels))


class _ZeroShot:
    """A model of entailment that chooses from `ZERO_SHOT_LABELS`."""

    def __init__(self, model: Named) -> None:
        self.tool, self.version = model.tool, version()
        self._pipe, _ = _pipeline(model, "zero-shot-classification")
        labels = [str(label) for label in self._pipe.model.config.id2label.values()]
        if not any(label.lower().startswith("entail") for label in labels):
            raise ToolError(
                f"the model {model.name!r} has the labels {', '.join(labels[:5])}; zero-shot needs one that is trained "
                "on entailment; with labels of its own it is read as hf:MODEL"
            )

    def read(self, texts: Sequence[str]) -> LabelReading:
        """The reading of each text."""
        options = {"candidate_labels": list(ZERO_SHOT_LABELS), "hypothesis_template": HYPOTHESIS}
        found = _run(self.tool, self._pipe, texts, **options)
        rows = [dict(zip(row["labels"], row["scores"], strict=True)) for row in found]
        return LabelReading(ZERO_SHOT_LABELS, _table(rows, ZERO_SHOT_LABELS))


def _pipeline(model: Named, task: str) -> tuple[Any, int]:
    """The pipeline on the processor, and how many tokens the model takes."""

    def opening(place: str) -> tuple[Any, int]:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True)
        network = opened(AutoModelForSequenceClassification, place)
        # some models count positions from an offset of up to two
        room = (getattr(network.config, "max_position_embeddings", None) or MAX_TOKENS) - 2
        pipe = pipeline(task, model=network, tokenizer=tokenizer, device="cpu", batch_size=BATCH)
        return pipe, max(1, min(MAX_TOKENS, room, tokenizer.model_max_length))

    found: tuple[Any, int] = load(model, opening)
    return found


def _run(tool: str, pipe: Any, texts: Sequence[str], **options: Any) -> list[Any]:
    if not texts:
        return []
    try:
        with _LOCK:  # a tokenizer cannot be asked by two threads at once
            answers: list[Any] = pipe([text or " " for text in texts], **options)
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        raise ToolError(f"{tool} failed on the words: {type(error).__name__}: {error}") from error
    return answers


def _table(rows: Sequence[dict[str, float]], labels: Sequence[str]) -> NDArray[np.float32]:
    return np.array([[row[label] for label in labels] for row in rows], np.float32).reshape(len(rows), len(labels))
