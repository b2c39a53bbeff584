"""What is not believed of a recogniser: words where nobody speaks, loops, and words that it doubts itself.

The three numbers are those of Whisper's own decoder (Radford et al. 2022, section 4.5; `whisper.transcribe`), which
uses them to decode again at random. Here a segment that fails is left out and counted: the same sound must give the
same words. The rule about repeats is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from emer.tools.asr.recogniser import Segment

NO_SPEECH = 0.6
"""Probability that nobody speaks, above which a segment is left out if the words are doubted as well."""
MIN_MEAN_LOG_PROB = -1.0
MAX_COMPRESSION = 2.4
MAX_REPEATS = 4
"""The same one to four words so often in a row are a loop (ours; "no, no, no" is speech)."""
Doubt = Literal["no speech", "repetition", "low probability"]


def doubt(segment: Segment) -> Doubt | None:
    """Why a segment is not believed, or None."""
    if segment.no_speech > NO_SPEECH and segment.mean_log_prob < MIN_MEAN_LOG_PROB:
        return "no speech"
    if segment.compression > MAX_COMPRESSION or repeats(segment.text) > MAX_REPEATS:
        return "repetition"
    if segment.mean_log_prob < MIN_MEAN_LOG_PROB:
        return "low probability"
    return None


def repeats(text: str) -> int:
    """How often the most repeated run of one to four words stands in a row.

    >>> repeats("thank you thank you thank you for coming")
    3
    """
    words = ["".join(char for char in word.lower() if char.isalnum()) for word in text.split()]
    return max((_in_a_row(words, size) for size in range(1, 5)), default=0)


def _in_a_row(words: Sequence[str], size: int) -> int:
    longest = 0
    for offset in range(size):
        runs = [tuple(words[k : k + size]) for k in range(offset, len(words) - size + 1, size)]
        longest = max([longest, *(len(list(same)) for _, same in groupby(runs))])
    return longest
