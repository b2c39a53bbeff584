"""The back end `whisper`: OpenAI's Whisper from a `.pt` file on this disk, on torch.

Source: Radford et al. (2022), Robust Speech Recognition via Large-Scale Weak Supervision; package openai-whisper.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from emer.errors import ToolError
from emer.installation import command
from emer.tools.asr.recogniser import Recognised, Segment, Word
from emer.tools.local_weights import loading
from emer.tools.playback import Samples


class OpenAIWhisper:
    """Whisper with its weights loaded; several threads may ask, one is served at a time."""

    def __init__(self, path: Path):
        """Loads the weights at `path`.

        Raises:
            ToolError: they are gone or broken.
        """
        with loading(path, "Whisper", f"{command()} models pull whisper"):
            import whisper

            if not path.is_file():
                raise FileNotFoundError("there is no such file")  # whisper would take the name for a download
            self._model: Any = whisper.load_model(str(path))
        self._lock = threading.Lock()  # whisper hangs its cache on the model while it decodes
        self.tool, self.version = "openai-whisper", f"{whisper.__version__} {path.stem}"

    def recognise(self, sound: Samples, language: str | None) -> Recognised:
        """The words, by greedy decoding without falling back to chance, so that the same sound gives the same words.

        Raises:
            ToolError: Whisper failed, or does not know the language.
        """
        import whisper

        try:
            with self._lock:
                known, p = (language, 1.0) if language else self._language(sound)
                result = whisper.transcribe(
                    self._model, sound, language=known, temperature=0.0, word_timestamps=True, verbose=None,
                    fp16=self._model.device.type == "cuda", condition_on_previous_text=False,
                    compression_ratio_threshold=None, logprob_threshold=None, no_speech_threshold=None,
                )  # fmt: skip
        except (RuntimeError, ValueError, IndexError) as error:
            raise ToolError(f"whisper failed: {error}") from error
        return Recognised(tuple(_segment(one) for one in result["segments"]), known, p)

    def _language(self, sound: Samples) -> tuple[str, float]:
        """The language and its probability; English for a model that knows no other."""
        import whisper

        if not self._model.is_multilingual:
            return "en", 1.0
        mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(sound), self._model.dims.n_mels)
        _, odds = self._model.detect_language(mel.to(self._model.device))
        best = max(odds, key=lambda code: odds[code])
        return best, float(odds[best])


def _segment(one: Any) -> Segment:
    words = tuple(
        Word(word["word"], float(word["start"]), float(word["end"]), float(word["probability"]))
        for word in one.get("words", ())
    )
    return Segment(
        one["text"].strip(), float(one["start"]), float(one["end"]), words, float(one["avg_logprob"]),
        float(one["no_speech_prob"]), float(one["compression_ratio"]),
    )  # fmt: skip
