"""The back end `faster-whisper`: a Whisper converted for CTranslate2, from a folder on this disk, without torch."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from emer.errors import ToolError
from emer.installation import command
from emer.tools.asr.recogniser import Recognised, Segment, Word
from emer.tools.local_weights import loading
from emer.tools.playback import Samples

PULL = "models pull faster-whisper"
NEEDED = ("model.bin", "config.json", "tokenizer.json")
"""Without tokenizer.json the package would fetch one."""


class FasterWhisper:
    """Whisper on CTranslate2 with its weights loaded; several threads may ask at once."""

    def __init__(self, path: Path):
        """Loads the folder at `path` (or the folder of the `model.bin` there).

        Raises:
            ToolError: it is gone or broken.
        """
        folder = path if path.is_dir() else path.parent
        with loading(folder, "faster-whisper", f"{command()} {PULL}"):
            import faster_whisper

            absent = [name for name in NEEDED if not (folder / name).is_file()]
            if absent:
                raise FileNotFoundError(f"there is no {' and no '.join(absent)}")
            self._model: Any = faster_whisper.WhisperModel(str(folder), local_files_only=True)
        self.tool, self.version = "faster-whisper", f"{version('faster-whisper')} {folder.name}"

    def recognise(self, sound: Samples, language: str | None) -> Recognised:
        """The words, by a beam of five without falling back to chance, so that the same sound gives the same words.

        Raises:
            ToolError: the package failed, or does not know the language.
        """
        try:
            segments, info = self._model.transcribe(
                sound, language=language, beam_size=5, temperature=0.0, word_timestamps=True,
                condition_on_previous_text=False, compression_ratio_threshold=None, log_prob_threshold=None,
                no_speech_threshold=None, vad_filter=False,
            )  # fmt: skip
            found = tuple(_segment(one) for one in segments)
        except (RuntimeError, ValueError, IndexError) as error:
            raise ToolError(f"faster-whisper failed: {error}") from error
        return Recognised(found, str(info.language), float(info.language_probability))


def _segment(one: Any) -> Segment:
    words = tuple(
        Word(word.word, float(word.start), float(word.end), float(word.probability)) for word in one.words or ()
    )
    return Segment(
        one.text.strip(), float(one.start), float(one.end), words, float(one.avg_logprob), float(one.no_speech_prob),
        float(one.compression_ratio),
    )  # fmt: skip
