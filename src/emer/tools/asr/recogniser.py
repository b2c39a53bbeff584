"""What a speech recogniser is: sound in, segments with times and doubts out."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from emer.tools.playback import Samples


class Word(NamedTuple):
    """One word, the space before it kept, with its time in the sound given and its probability, 0..1."""

    text: str
    start_s: float
    end_s: float
    probability: float


class Segment(NamedTuple):
    """One stretch of words, with what the back end doubts about it.

    Attributes:
        text: the words as written.
        start_s, end_s: in the sound that was given.
        words: each word with its time; empty where the back end found none.
        mean_log_prob: mean natural log probability of the tokens, 0 certain.
        no_speech: probability that nobody speaks, 0..1.
        compression: characters over their size under zlib; above 2.4 the text repeats itself.
    """

    text: str
    start_s: float
    end_s: float
    words: tuple[Word, ...]
    mean_log_prob: float
    no_speech: float
    compression: float


class Recognised(NamedTuple):
    """The segments in order of time, the language as an ISO 639-1 code and its probability, 0..1."""

    segments: tuple[Segment, ...]
    language: str
    language_p: float


class Recogniser(Protocol):
    """A back end with its weights loaded; `tool` and `version` name both in the Report."""

    tool: str
    version: str

    def recognise(self, sound: Samples, language: str | None) -> Recognised:
        """The words in mono sound at 16 kHz, `(n,)` float32, at most 30 s; a `language` given is not detected.

        Raises:
            ToolError: the back end failed.
        """
        ...
