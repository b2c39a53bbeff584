"""Two people in one picture, one of whom speaks: the words and the voice are hers."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from two_people import conversation

import emer
from emer.tools.media import open_media

WORDS = (
    "1\n00:00:00,350 --> 00:00:04,932\nI'm fine. They gave the prize to somebody else.\n\n"
    "2\n00:00:05,232 --> 00:00:08,018\nHonestly, I'm so disappointed.\n"
)


@pytest.mark.parametrize("speaker", ["left", "right"])
def test_the_words_belong_to_the_one_whose_mouth_moves(
    speaker: Literal["left", "right"], tmp_path: Path, demo_dir: Path
) -> None:
    with open_media(demo_dir / "demo.mp4") as media:
        sound = np.array(media.sound_file())
    clip = conversation(tmp_path / "two.mp4", demo_dir, speaker=speaker, sound=sound)
    report = emer.analyze(clip, transcript=WORDS)
    assert len(report.people) == 2
    (who,) = [one.id for one in report.people if "whose mouth moves with the voice" in one.description]
    assert who == ("p1" if speaker == "left" else "p2")
    assert f"person on the {speaker}" in next(one.description for one in report.people if one.id == who)
    assert {one.person for one in report.utterances} == {who}
    assert {cue.person for cue in report.cues if cue.modality in ("voice", "transcript")} == {who}
    assert {cue.person for cue in report.cues if cue.modality == "face"} == {"p1", "p2"}
    assert not any("taken for the one who speaks" in one for one in report.warnings)
    again = emer.analyze(clip, transcript=WORDS)  # from what was kept
    assert [one.description for one in again.people] == [one.description for one in report.people]
    assert again.utterances == report.utterances
