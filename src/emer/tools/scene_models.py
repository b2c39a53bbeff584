"""What a model of transformers sees in a few pictures of a clip: objects, or a sentence; offline.

Whether a model detects objects or writes captions is told by its own configuration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.errors import ToolError
from emer.tools.hub import Named, files_of, find_model, load, opened, version
from emer.tools.resizing import shrunk

Picture = NDArray[np.uint8]
MAX_FRAMES = 8
"""Pictures of a clip that are looked at, spread over it: on a CPU such models are slow."""
LONG_SIDE = 640
MIN_SCORE = 0.7
"""Score from which an object counts as there, as in the examples of DETR (Carion et al. 2020)."""
MAX_CAPTION_TOKENS = 30
CAPTIONERS = ("blip", "git", "vision-encoder-decoder")
"""Kinds of models that need nothing but the picture; those that are talked to belong to the setting `model`."""


class Still(NamedTuple):
    """One picture of the clip, RGB (h, w, 3), and its time in seconds."""

    t_s: float
    image: Picture


class Thing(NamedTuple):
    """A kind of object: in how many of the pictures it is, most at once, best score (0..1), first and last time (s)."""

    label: str
    n_frames: int
    n_at_once: int
    score: float
    first_s: float
    last_s: float


class Caption(NamedTuple):
    """A sentence about one picture."""

    t_s: float
    text: str


class Sample:
    """Keeps at most `MAX_FRAMES` pictures of a stream, evenly spread, without knowing how long it will be."""

    def __init__(self) -> None:
        """An empty sample."""
        self._stride, self._n_seen = 1, 0
        self._stills: list[Still] = []

    def offer(self, t_s: float, image: Picture) -> None:
        """Takes the picture if it is its turn; then every second one goes where there would be too many."""
        if self._n_seen % self._stride == 0:
            if len(self._stills) == MAX_FRAMES:
                self._stills, self._stride = self._stills[::2], 2 * self._stride
            if self._n_seen % self._stride == 0:
                self._stills.append(Still(t_s, shrunk(image, LONG_SIDE)[0]))
        self._n_seen += 1

    @property
    def stills(self) -> tuple[Still, ...]:
        """The pictures in order of time."""
        return tuple(self._stills)


class SceneModel:
    """A detector of objects or a captioner."""

    def __init__(self, model: Named) -> None:
        """Opens the model.

        Raises:
            SetupError: it is not on this machine.
            ToolError: its files are broken, or it does neither.
        """
        self.tool, self.version = model.tool, version()
        self.kind, self._network, self._prepare, self._tokenizer = load(model, _opened)

    def things(self, stills: Sequence[Still]) -> list[Thing]:
        """The kinds of objects in the pictures, those in most of them first.

        Raises:
            ToolError: the model failed on a picture.
        """
        found: dict[str, list[tuple[float, int, float]]] = {}
        for still in stills:
            scores: dict[str, list[float]] = {}
            for label, score in self._objects(still.image):
                scores.setdefault(unsexed(label), []).append(score)
            for label, each in scores.items():
                found.setdefault(label, []).append((still.t_s, len(each), max(each)))
        things = [
            Thing(label, len(rows), max(n for _, n, _ in rows), max(s for *_, s in rows), rows[0][0], rows[-1][0])
            for label, rows in found.items()
        ]
        return sorted(things, key=lambda thing: (-thing.n_frames, -thing.score, thing.label))

    def captions(self, stills: Sequence[Still]) -> list[Caption]:
        """A sentence about each picture; one that says the same as the one before is left out.

        Raises:
            ToolError: the model failed on a picture.
        """
        captions: list[Caption] = []
        for still in stills:
            text = unsexed(self._sentence(still.image))
            if text and (not captions or captions[-1].text != text):
                captions.append(Caption(still.t_s, text))
        return captions

    def _objects(self, image: Picture) -> list[tuple[str, float]]:
        import torch

        answer = self._asked(image)
        sizes = torch.tensor([image.shape[:2]])
        (found,) = self._prepare.post_process_object_detection(answer, threshold=MIN_SCORE, target_sizes=sizes)
        names = self._network.config.id2label
        return [
            (str(names[int(label)]), float(score))
            for label, score in zip(found["labels"], found["scores"], strict=True)
        ]

    def _sentence(self, image: Picture) -> str:
        ids = self._asked(image)
        return " ".join(str(self._tokenizer.batch_decode(ids, skip_special_tokens=True)[0]).split())

    def _asked(self, image: Picture) -> Any:
        """What the network answers to one picture."""
        import torch
        from PIL import Image

        try:
            inputs = self._prepare(images=Image.fromarray(image), return_tensors="pt")
            with torch.inference_mode():
                if self.kind == "objects":
                    return self._network(pixel_values=inputs["pixel_values"])
                options = {"max_new_tokens": MAX_CAPTION_TOKENS, "do_sample": False, "num_beams": 1}
                return self._network.generate(pixel_values=inputs["pixel_values"], **options)
        except (RuntimeError, ValueError, TypeError, IndexError, KeyError) as error:
            raise ToolError(f"{self.tool} failed on a picture: {type(error).__name__}: {error}") from error


def open_scene(reader: str, weights_dir: Path) -> SceneModel:
    """The model that the setting `scene` names, `hf:MODEL`; raises as `SceneModel` does."""
    model = find_model(reader.partition(":")[2].strip(), weights_dir)
    return _kept(model, files_of(model))


@lru_cache(maxsize=2)
def _kept(model: Named, _files: object) -> SceneModel:
    """The model, opened once for many clips as long as its files stay the same."""
    return SceneModel(model)


def _opened(place: str) -> tuple[Literal["objects", "caption"], Any, Any, Any]:
    """What the model does, its network, what prepares a picture for it, and what reads its words."""
    from transformers import (
        AutoConfig,
        AutoImageProcessor,
        AutoModelForImageTextToText,
        AutoModelForObjectDetection,
        AutoTokenizer,
    )
    from transformers.models.auto.modeling_auto import MODEL_FOR_OBJECT_DETECTION_MAPPING_NAMES as DETECTORS

    kind = AutoConfig.from_pretrained(place, local_files_only=True).model_type
    if kind not in (*DETECTORS, *CAPTIONERS):
        raise ValueError(f"a {kind} model neither detects objects nor writes captions ({', '.join(CAPTIONERS)})")
    prepare = AutoImageProcessor.from_pretrained(place, local_files_only=True)
    if kind in DETECTORS:
        return "objects", opened(AutoModelForObjectDetection, place), prepare, None
    tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True)
    return "caption", opened(AutoModelForImageTextToText, place), prepare, tokenizer


_NEUTRAL = (
    (r"(?:(?:young|old|older|elderly|little|middle-aged) )?(?:men|women|boys|girls|ladies|gentlemen|guys)", "people"),
    (r"(?:(?:young|old|older|elderly|little|middle-aged) )?(?:man|woman|boy|girl|lady|gentleman|guy)", "person"),
    (r"(?:he|she)", "the person"),
    (r"(?:his|her|hers)", "their"),
    (r"him", "the person"),
)
_PATTERNS = tuple((re.compile(rf"\b{pattern}\b", re.IGNORECASE), word) for pattern, word in _NEUTRAL)


def unsexed(text: str) -> str:
    """The text without what a model says of somebody's sex or age, which emer never infers.

    >>> unsexed("an old man and two women with her dog")
    'a person and two people with their dog'
    """
    for pattern, word in _PATTERNS:
        text = pattern.sub(word, text)
    return re.sub(r"\ban (?=person\b)", "a ", text)
