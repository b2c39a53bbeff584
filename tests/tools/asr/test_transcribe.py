"""Silence never reaches a recogniser, times come back to the clip, and doubts are counted."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest

from emer.tools.asr.recogniser import Recognised, Segment, Word
from emer.tools.asr.transcribe import JOINT_S, MARGIN_S, PACK_S, transcribe
from emer.tools.playback import SAMPLE_RATE, Samples
from emer.tools.speech_activity import Stretch


class Listener:
    """Notes what it hears and answers one word for each loud piece, at the times in the sound that it was given."""

    tool, version = "listener", "1"

    def __init__(self, *, language_p: float = 0.9, mean_log_prob: float = -0.1, takes_s: float = 0.0):
        self.heard: list[Samples] = []
        self.asked: list[str | None] = []
        self._language_p, self._mean, self._takes_s = language_p, mean_log_prob, takes_s

    def recognise(self, sound: Samples, language: str | None) -> Recognised:
        time.sleep(self._takes_s)
        self.heard.append(sound)
        self.asked.append(language)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (sound != 0).astype(int), [0]])))
        spans = [(a / SAMPLE_RATE, b / SAMPLE_RATE) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        words = tuple(Word(f" w{k}", a, b, 0.5 + 0.25 * (k % 2)) for k, (a, b) in enumerate(spans))
        text = "".join(word.text for word in words)
        return Recognised(
            (Segment(text, spans[0][0], spans[-1][1], words, self._mean, 0.0, 1.0),), "de", self._language_p
        )


def clip(stretches: Sequence[tuple[float, float]], length_s: float) -> Samples:
    """Ones where somebody speaks, zeros elsewhere."""
    sound = np.zeros(round(length_s * SAMPLE_RATE), np.float32)
    for start_s, end_s in stretches:
        sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)] = 1
    return sound


def test_silence_is_left_out_and_times_come_back() -> None:
    spoken = [(2.0, 3.0), (20.0, 21.5)]
    listener = Listener()
    found = transcribe(clip(spoken, 30.0), [Stretch(*one) for one in spoken], listener)
    (heard,) = listener.heard
    assert len(heard) / SAMPLE_RATE == pytest.approx(1.0 + 1.5 + 4 * MARGIN_S + JOINT_S, abs=0.001)
    assert [(turn.text, turn.start_s, turn.end_s) for turn in found.turns] == [("w0", 2.0, 3.0), ("w1", 20.0, 21.5)]
    assert [turn.confidence for turn in found.turns] == [0.5, 0.75]
    assert found.turns[0].language == "de"
    assert found.is_whole


def test_a_short_pause_does_not_end_a_turn() -> None:
    spoken = [(1.0, 2.0), (2.5, 3.0)]
    (turn,) = transcribe(clip(spoken, 5.0), [Stretch(*one) for one in spoken], Listener()).turns
    assert (turn.text, turn.start_s, turn.end_s) == ("w0 w1", 1.0, 3.0)


def test_no_pack_is_longer_than_a_whisper_hears_and_nothing_is_lost() -> None:
    spoken = [(float(10 * k), 10.0 * k + 9.0) for k in range(12)] + [(130.0, 200.0)]
    listener = Listener()
    found = transcribe(clip(spoken, 210.0), [Stretch(*one) for one in spoken], listener)
    assert max(len(one) for one in listener.heard) <= (PACK_S + 0.01) * SAMPLE_RATE
    heard_s = sum(float((one != 0).sum()) for one in listener.heard) / SAMPLE_RATE
    assert heard_s == pytest.approx(12 * 9 + 70, abs=0.01)
    assert found.turns[-1].end_s == pytest.approx(200.0, abs=0.01)


def test_words_in_a_joint_are_dropped() -> None:
    class Inventor(Listener):
        def recognise(self, sound: Samples, language: str | None) -> Recognised:
            joint_s = 1.0 + 2 * MARGIN_S + JOINT_S / 2
            word = Word(" invented", joint_s - 0.05, joint_s + 0.05, 1.0)
            return Recognised((Segment("invented", 0.0, 1.0, (word,), -0.1, 0.0, 1.0),), "en", 1.0)

    spoken = [(2.0, 3.0), (20.0, 21.0)]
    assert not transcribe(clip(spoken, 30.0), [Stretch(*one) for one in spoken], Inventor()).turns


def test_doubted_segments_are_counted_not_told() -> None:
    spoken = [(1.0, 2.0)]
    found = transcribe(clip(spoken, 3.0), [Stretch(*one) for one in spoken], Listener(mean_log_prob=-2.0))
    assert not found.turns
    assert found.doubts == {"low probability": 1}


def test_a_language_given_is_asked_for_and_an_unsure_one_falls_back_to_the_last() -> None:
    spoken = [(0.5, 20.0), (25.0, 50.0)]
    given = Listener()
    transcribe(clip(spoken, 51.0), [Stretch(*one) for one in spoken], given, language="fr")
    assert given.asked == ["fr", "fr"]
    unsure = Listener(language_p=0.2)
    transcribe(clip(spoken, 51.0), [Stretch(*one) for one in spoken], unsure)
    assert unsure.asked == [None, None]


def test_when_time_is_up_it_says_how_far_it_came() -> None:
    spoken = [(0.5, 20.0), (25.0, 50.0)]
    slow = Listener(takes_s=0.2)
    found = transcribe(clip(spoken, 51.0), [Stretch(*one) for one in spoken], slow, until=time.monotonic() + 0.1)
    assert not found.is_whole
    assert found.heard_until_s == pytest.approx(20.2)
    assert len(found.turns) == 1
