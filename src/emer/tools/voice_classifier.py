"""How raters would call a voice, by any audio classifier of transformers whose folder lies on this disk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.errors import SetupError, ToolError
from emer.installation import command, extra_command, is_installed
from emer.tools.local_weights import loading, stamp
from emer.tools.playback import SAMPLE_RATE, Samples

BACK_END = "hf"
BATCH = 8
MAX_SOUND_S = 20.0
"""Of a longer stretch the middle so many seconds are read, because attention grows with the square of the length."""
MIN_SOUND_S = 0.5


class VoiceClassifier:
    """An audio classifier with its weights loaded; `labels` are as its makers wrote them."""

    def __init__(self, folder: Path):
        """Loads the model in `folder`.

        Raises:
            ToolError: it is gone, broken or no audio classifier.
        """
        with loading(folder, "voice model", f"{command()} models pull {BACK_END}:ID"):
            import transformers

            transformers.utils.logging.disable_progress_bar()
            extractor = transformers.AutoFeatureExtractor.from_pretrained(folder, local_files_only=True)
            model = transformers.AutoModelForAudioClassification.from_pretrained(folder, local_files_only=True)
            self._pipe: Any = transformers.pipeline("audio-classification", model=model, feature_extractor=extractor)
            self.labels = tuple(str(model.config.id2label[k]) for k in range(model.config.num_labels))
        self.tool, self.version = folder.name, f"transformers {transformers.__version__}"

    def read(self, sounds: Sequence[Samples]) -> NDArray[np.float64]:
        """Probability of each label for each sound, `(n, n_labels)`, several sounds at a time.

        Args:
            sounds: mono at 16 kHz, `(n,)` float32 each.

        Raises:
            ToolError: the model failed.
        """
        raw = [{"raw": np.array(_middle(one)), "sampling_rate": SAMPLE_RATE} for one in sounds]
        try:
            answers = self._pipe(raw, top_k=None, batch_size=BATCH)
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise ToolError(f"the voice model {self.tool!r} failed: {error}") from error
        odds = [{one["label"]: float(one["score"]) for one in answer} for answer in answers]
        return np.array([[one[label] for label in self.labels] for one in odds]).reshape(len(sounds), len(self.labels))


def open_classifier(model: str, weights_dir: Path) -> VoiceClassifier:
    """The classifier that `model` names: a folder, or a hub id that was pulled before; the last one opened is kept.

    Raises:
        SetupError: transformers is not installed, or nothing of that name lies on this machine.
        ToolError: its weights are broken.
    """
    if not is_installed("transformers"):
        raise SetupError(f"transformers is not installed; bring it with `{extra_command('hf')}`")
    for folder in (Path(model).expanduser(), *(weights_dir / BACK_END / name for name in (model, _flat(model)))):
        if (folder / "config.json").is_file():
            return _opened(folder, stamp(folder))
    raise SetupError(
        f"the voice model {model!r} is not on this machine: expected a folder with config.json, or a hub id that was "
        f"brought with `{command()} models pull {BACK_END}:{model}`"
    )


def _flat(model: str) -> str:
    return model.replace("/", "--")


@lru_cache(maxsize=1)
def _opened(folder: Path, stamped: object) -> VoiceClassifier:
    return VoiceClassifier(folder)


def _middle(sound: Samples) -> Samples:
    """The middle of a long sound; a very short one with silence after it, for networks that need some length."""
    n_most, n_least = round(MAX_SOUND_S * SAMPLE_RATE), round(MIN_SOUND_S * SAMPLE_RATE)
    begin = max((len(sound) - n_most) // 2, 0)
    part = np.asarray(sound[begin : begin + n_most], np.float32)
    return np.pad(part, (0, max(n_least - len(part), 0)))
