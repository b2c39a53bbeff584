"""The clips that we wrote to develop the judge on: their shape, and that voice, face and scene move its verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from emer.api import reason
from emer.evals.readers import textualised
from emer.evals.textualised import CLASSES, answers, hits, records

SHOWN = ("voice", "face", "scene")
JUDGE = Path(__file__).parents[2] / "training" / "judge"


def test_each_half_has_five_clips_of_each_label_and_no_clip_twice():
    halves = [records(textualised(JUDGE / f"authored_{half}.json")) for half in ("dev", "check")]
    for half in halves:
        assert Counter(clip.label for clip in half) == dict.fromkeys(CLASSES, 5)
        assert all(clip.words and clip.voice and clip.face and clip.scene for clip in half)
    assert len({clip.words for half in halves for clip in half}) == 70


def test_voice_face_and_scene_move_the_verdict(tmp_path: Path):
    """Two of each label, to keep it short: words alone get 3 of 14, what is seen and heard without them 9."""
    clips = [clip for n, clip in enumerate(records(textualised(JUDGE / "authored_check.json"))) if n % 5 in (0, 3)]
    right = {chosen: hits(clips, answers(clips, chosen, tmp_path)).sum() for chosen in (SHOWN, ("words",))}
    assert right[SHOWN] >= 8
    assert right[("words",)] <= 5


@pytest.mark.parametrize(
    ("units", "label"),
    [({"AU06": 3.0, "AU12": 3.5, "AU25": 2.0}, "joy"), ({"AU04": 3.0, "AU05": 2.0, "AU07": 3.0, "AU23": 2.5}, "anger")],
)
def test_a_marked_face_alone_is_concluded_as_its_kind(units: dict[str, float], label: str, tmp_path: Path):
    report = reason({"id": "x", "cues": [{"modality": "face", "action_units": units}]}, memory_dir=tmp_path)
    shares = {one.label: one.p for one in report.projections["meld7"]}
    assert max(shares, key=lambda name: shares[name]) == label
    assert report.emotions
    assert report.emotions[0].evidence == ["face-1"]
