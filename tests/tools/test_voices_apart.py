"""Voices told apart by their sound: made ones of which two clearly differ, and one that stays one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from made_voices import HIGH, LOW, RATE, talk

from emer.tools.media import open_media
from emer.tools.voice import listen_to
from emer.tools.voices_apart import tell_voices_apart


def heard(path: Path) -> np.ndarray:
    with open_media(path) as media:
        return np.array(media.sound_file())


def test_two_voices_are_two_in_order_of_their_first_words() -> None:
    sound, spans = talk(LOW, HIGH, HIGH, LOW, HIGH, LOW)
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 1, 1, 0, 1, 0)


def test_one_voice_is_one() -> None:
    sound, spans = talk(LOW, LOW, LOW, LOW)
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 0, 0, 0)


def test_a_short_word_goes_to_the_voice_that_explains_it_and_silence_to_none() -> None:
    sound, spans = talk(LOW, HIGH, LOW, HIGH)
    start_s, end_s = spans[3]
    spans = [*spans[:3], (start_s, end_s - 1.2), (0.0, 0.3)]
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 1, 0, 1, None)


def test_nothing_voiced_is_nobody() -> None:
    sound = np.zeros(RATE, np.float32)
    assert tell_voices_apart(listen_to(sound), sound, [(0.0, 0.5), (0.5, 1.0)]).of_span == (None, None)


def test_a_reader_and_a_speaker_are_told_apart(data_dir: Path) -> None:
    folder = data_dir / "media" / "speech_transcripts"
    names = [f"sense_and_sensibility_01_austen_64kb-0{n}.wav" for n in (870, 880, 890)]
    parts = [heard(folder / name) for name in names]
    parts[1:1] = [heard(folder / "jfk.flac")[: 4 * RATE]]
    ends = np.cumsum([len(one) for one in parts]) / RATE
    spans = list(zip([0.0, *ends[:-1].tolist()], ends.tolist(), strict=True))
    sound = np.concatenate(parts)
    assert tell_voices_apart(listen_to(sound), sound, spans).of_span == (0, 1, 0, 0)
