"""From stretches of speech to turns of words with times: silence is left out before a recogniser hears anything.

Stretches are laid one after the other into packs of at most 28 s, because a Whisper hears 30 s whatever they hold;
the times of the words are led back to the clip.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from emer.tools.asr.guards import Doubt, doubt
from emer.tools.asr.recogniser import Recognised, Recogniser, Segment, Word
from emer.tools.playback import SAMPLE_RATE, Samples
from emer.tools.speech_activity import Stretch

PACK_S = 28.0
MARGIN_S = 0.2
"""Sound kept before and after a stretch, so that a soft first or last consonant is heard (ours)."""
JOINT_S = 0.3
"""Silence between two stretches of a pack."""
TURN_S = 0.7
"""A silence at least this long ends a turn (ours; pauses between turns have a mode of about 0.2 s, within a speaker
more: Heldner and Edlund 2010)."""
SURE_LANGUAGE = 0.5
"""Probability from which on the language of one pack is believed; else it is that of the pack before (as in Whisper's
own command line, which decides once)."""


class Turn(NamedTuple):
    """Words said in one go, in seconds of the clip; `confidence` is the mean probability of the words, 0..1."""

    text: str
    start_s: float
    end_s: float
    language: str
    confidence: float


@dataclass(frozen=True)
class Transcription:
    """What was said, how many segments were not believed and why, and up to where the clip was heard."""

    turns: Sequence[Turn] = ()
    doubts: Counter[Doubt] = field(default_factory=Counter)
    heard_until_s: float = 0.0
    is_whole: bool = True


class _Piece(NamedTuple):
    """A part of the clip and where it lies in its pack, in seconds."""

    start_s: float
    end_s: float
    at_s: float


def transcribe(
    sound: Samples,
    stretches: Sequence[Stretch],
    recogniser: Recogniser,
    *,
    language: str | None = None,
    until: float = float("inf"),
) -> Transcription:
    """The words of the stretches of speech in `sound`, mono at 16 kHz.

    Args:
        sound: the whole clip, `(n,)` float32.
        stretches: where somebody speaks, in order.
        recogniser: an open back end.
        language: ISO 639-1; None detects it in each pack.
        until: the `time.monotonic()` after which no further pack is begun.

    Raises:
        ToolError: the recogniser failed.
    """
    turns: list[Turn] = []
    doubts = Counter[Doubt]()
    heard_s, last = 0.0, language
    for pack in _packs(stretches, len(sound) / SAMPLE_RATE):
        if time.monotonic() > until:
            return Transcription(turns, doubts, heard_s, is_whole=False)
        heard = recogniser.recognise(_laid_out(sound, pack), language)
        if heard.language_p < SURE_LANGUAGE and last is not None and last != heard.language:
            heard = recogniser.recognise(_laid_out(sound, pack), last)
        last, heard_s = heard.language, pack[-1].end_s
        doubts.update(found for one in heard.segments if (found := doubt(one)) is not None)
        turns += _turns(heard, pack)
    return Transcription(turns, doubts, heard_s)


def _packs(stretches: Sequence[Stretch], duration_s: float) -> Iterator[list[_Piece]]:
    """The stretches with their margins, those that then touch as one, in packs."""
    pack: list[_Piece] = []
    at_s = 0.0
    for start_s, end_s in _pieces(stretches, duration_s):
        if pack and at_s + end_s - start_s > PACK_S:
            yield pack
            pack, at_s = [], 0.0
        pack.append(_Piece(start_s, end_s, at_s))
        at_s += end_s - start_s + JOINT_S
    if pack:
        yield pack


def _pieces(stretches: Sequence[Stretch], duration_s: float) -> Iterator[tuple[float, float]]:
    spans: list[list[float]] = []
    for one in stretches:
        start_s, end_s = max(0.0, one.start_s - MARGIN_S), min(duration_s, one.end_s + MARGIN_S)
        if spans and start_s <= spans[-1][1]:
            spans[-1][1] = max(end_s, spans[-1][1])
        else:
            spans.append([start_s, end_s])
    for start_s, end_s in spans:
        n_parts = max(1, int(np.ceil((end_s - start_s) / PACK_S)))
        edges = np.linspace(start_s, end_s, n_parts + 1).tolist()
        yield from pairwise(edges)


def _laid_out(sound: Samples, pack: Sequence[_Piece]) -> Samples:
    """The pieces of a pack with silence between them."""
    made = np.zeros(round((pack[-1].at_s + pack[-1].end_s - pack[-1].start_s) * SAMPLE_RATE), np.float32)
    for piece in pack:
        begin, first = round(piece.at_s * SAMPLE_RATE), round(piece.start_s * SAMPLE_RATE)
        n = min(round((piece.end_s - piece.start_s) * SAMPLE_RATE), len(made) - begin, len(sound) - first)
        made[begin : begin + n] = sound[first : first + n]
    return made


def _turns(heard: Recognised, pack: Sequence[_Piece]) -> Iterator[Turn]:
    """The believed segments as turns: cut where the clip is silent for long, words outside of the speech left out."""
    for segment in heard.segments:
        if not segment.text or doubt(segment) is not None:
            continue
        words = [one for word in _words(segment) if (one := _led_back(word, pack)) is not None]
        turn: list[Word] = []
        for word in words:
            if turn and word.start_s - turn[-1].end_s >= TURN_S:
                yield _turn(turn, heard.language)
                turn = []
            turn.append(word)
        if turn:
            yield _turn(turn, heard.language)


def _words(segment: Segment) -> Sequence[Word]:
    """The words; where the back end timed none, the whole segment as one."""
    probability = float(np.exp(min(segment.mean_log_prob, 0.0)))
    return segment.words or [Word(segment.text, segment.start_s, segment.end_s, probability)]


def _led_back(word: Word, pack: Sequence[_Piece]) -> Word | None:
    """The word in seconds of the clip; None if its middle lies in a joint or beyond the end, where nobody speaks."""
    middle_s = (word.start_s + word.end_s) / 2
    for start_s, end_s, at_s in pack:
        if at_s <= middle_s < at_s + end_s - start_s:
            shift_s = start_s - at_s
            return word._replace(
                start_s=min(max(word.start_s + shift_s, start_s), end_s),
                end_s=min(max(word.end_s + shift_s, start_s), end_s),
            )
    return None


def _turn(words: Sequence[Word], language: str) -> Turn:
    text = "".join(word.text for word in words).strip()
    confidence = float(np.mean([word.probability for word in words]))
    return Turn(text, round(words[0].start_s, 3), round(words[-1].end_s, 3), language, min(max(confidence, 0.0), 1.0))
