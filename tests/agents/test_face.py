from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_faces import ANNA, BEN, CLEO, Drawn, Picture, Placed, scene, write_video

from emer.agents.face import observe
from emer.agents.state import Observation, Services
from emer.config import Settings
from emer.schemas import Clip
from emer.tools.face_expression import CLASSES
from emer.tools.face_watch import Sight, Track, Watched
from emer.tools.media import open_media


def seen(path: Path) -> Observation:
    with open_media(path) as media:
        clip = Clip(id="sha256:0", source=path.name, kind=media.info.kind, duration_s=media.info.duration_s)
        return observe(clip, [], Services(settings=Settings(), media=media))


def seen_in(tmp_path: Path, pictures: Iterable[Picture]) -> Observation:
    return seen(write_video(tmp_path / "clip.mp4", pictures))


def nodding(k: int) -> Picture:
    return scene([Placed(ANNA, 120, 110 + 12 * (k % 2)), Placed(BEN, 360, 115)])


@pytest.fixture(scope="module")
def two_people(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    return seen_in(tmp_path_factory.mktemp("two"), (nodding(k) for k in range(12)))


def test_two_people_are_told_apart_by_place_alone(two_people: Observation) -> None:
    assert [(person.id, person.description) for person in two_people.people] == [
        ("face:1", "person on the left"), ("face:2", "person on the right"),
    ]  # fmt: skip
    assert all(person.role is None for person in two_people.people)


def test_cues_are_numbered_in_order_of_time(two_people: Observation) -> None:
    assert [cue.id for cue in two_people.cues] == [f"face-{n}" for n in range(1, len(two_people.cues) + 1)]
    starts = [cue.anchor.start_s for cue in two_people.cues]
    assert starts == sorted(starts)
    assert {cue.person for cue in two_people.cues} == {"face:1", "face:2"}


def test_every_expression_is_worded_as_what_raters_would_say(two_people: Observation) -> None:
    expressions = [cue for cue in two_people.cues if cue.kind == "expression"]
    assert {cue.person for cue in expressions} == {"face:1", "face:2"}
    for cue in expressions:
        assert cue.text.startswith("raters would ") and "FER2013" in cue.text
        assert not re.search(r"face:\d|p\d", cue.text)
        assert cue.level == "measured"
        shares = [cue.source.values[f"fer.{name}"] for name in CLASSES]
        assert sum(shares) == pytest.approx(1, abs=1e-4)
        assert cue.anchor.start_s <= cue.source.values["apex_s"] <= cue.anchor.end_s
        assert cue.valence is not None and cue.arousal is not None


def test_the_expressions_of_a_person_cover_the_time_that_she_is_visible(two_people: Observation) -> None:
    for person in ("face:1", "face:2"):
        spans = [cue.anchor for cue in two_people.cues if cue.kind == "expression" and cue.person == person]
        assert (spans[0].start_s, spans[-1].end_s) == pytest.approx((0, 3))
        assert [span.end_s for span in spans[:-1]] == pytest.approx([span.start_s for span in spans[1:]])


def test_a_nod_is_a_cue_of_the_one_who_nods(two_people: Observation) -> None:
    nods = [cue for cue in two_people.cues if "as in nodding" in cue.text]
    assert [cue.person for cue in nods] == ["face:1"]
    assert nods[0].kind == "head_motion" and nods[0].valence is None
    assert nods[0].source.values["face_widths"] == pytest.approx(12 / 75, abs=0.04)


def test_series_run_over_the_clip(two_people: Observation) -> None:
    lines = {(line.person, line.dimension): line for line in two_people.series}
    assert set(lines) == {(person, name) for person in ("face:1", "face:2") for name in ("valence", "arousal")}
    assert all((line.t0_s, line.step_s, len(line.values)) == (0, 0.25, 12) for line in lines.values())


def test_two_runs_give_the_same(two_people: Observation, tmp_path: Path) -> None:
    assert seen_in(tmp_path, (nodding(k) for k in range(12))) == two_people


def test_a_later_person_is_told_by_her_time(tmp_path: Path) -> None:
    found = seen_in(tmp_path, (scene([Placed(ANNA, 110, 110)] + [Placed(BEN, 370, 110)] * (k >= 6)) for k in range(10)))
    assert [person.description for person in found.people] == [
        "person on the left", "person on the right, seen from 1.5 s",
    ]  # fmt: skip
    line = next(line for line in found.series if line.person == "face:2")
    assert [value is None for value in line.values] == [True] * 6 + [False] * 4


def test_a_still_picture_gives_boxes_and_no_times(tmp_path: Path) -> None:
    picture = scene([Placed(CLEO, 240, 110, 80)])
    cv2.imwrite(str(tmp_path / "still.png"), picture[..., ::-1])
    found = seen(tmp_path / "still.png")
    assert [cue.kind for cue in found.cues] == ["expression", "presence"]
    assert found.series == [] and found.people[0].description == "person in the centre"
    for cue in found.cues:
        x, y, width, height = cue.anchor.bbox
        assert x + width / 2 == pytest.approx(0.5, abs=0.05) and y + height / 2 == pytest.approx(110 / 270, abs=0.06)
        assert not re.search(r"\d s", cue.text)


def test_of_a_crowd_the_eight_most_present_are_kept(tmp_path: Path) -> None:
    colours = [(200, 60, 60), (60, 200, 60), (60, 60, 200), (200, 200, 60), (200, 60, 200), (60, 200, 200),
               (240, 240, 240), (20, 20, 20), (150, 90, 30), (90, 30, 150)]  # fmt: skip
    crowd = [Placed(Drawn(ANNA.skin, ANNA.hair, shirt), 70 + 125 * (n % 5), 80 + 200 * (n // 5), 50)
             for n, shirt in enumerate(colours)]  # fmt: skip
    cv2.imwrite(str(tmp_path / "crowd.png"), scene(crowd, size=(640, 420))[..., ::-1])
    found = seen(tmp_path / "crowd.png")
    assert len(found.people) == 8
    assert found.warnings == ["2 more faces were seen; only the 8 most present were read."]
    assert found.people[0].description == "person 1 of 8 from the left"


def test_nobody_in_view_is_missing_not_silent(tmp_path: Path) -> None:
    found = seen_in(tmp_path, [scene([])] * 5)
    assert [(one.modality, one.why) for one in found.missing] == [("face", "no face was found in 5 sampled frames")]
    assert not found.cues and not found.people and not found.series


def test_sound_alone_and_no_media_are_missing(tmp_path: Path) -> None:
    import soundfile

    soundfile.write(tmp_path / "tone.wav", np.zeros(16000, np.float32), 16000)
    assert seen(tmp_path / "tone.wav").missing[0].why == "the clip has no picture"
    text = Clip(id="sha256:0", source="-", kind="text")
    assert observe(text, [], Services(settings=Settings())).missing[0].modality == "face"


def test_small_and_blurred_faces_are_of_lower_quality(tmp_path: Path) -> None:
    def quality(name: str, picture: Picture) -> float:
        cv2.imwrite(str(tmp_path / name), picture[..., ::-1])
        return min(cue.quality for cue in seen(tmp_path / name).cues)

    good = quality("good.png", scene([Placed(ANNA, 240, 110, 80)]))
    assert quality("small.png", scene([Placed(ANNA, 240, 110, 24)])) < 0.8 * good
    assert quality("blurred.png", cv2.GaussianBlur(scene([Placed(ANNA, 240, 110, 80)]), (0, 0), 8)) < 0.7 * good


def test_a_series_never_has_more_than_600_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n = 1201
    valence = np.arange(n, dtype=np.float32) / n
    sights = tuple(Sight(0.25 * k, (0.4, 0.4, 0.2, 0.2), 60.0, 1.0, 500.0, None) for k in range(n))
    track = Track(1, sights, np.full((n, 7), 1 / 7, np.float32), valence, -valence)
    monkeypatch.setattr("emer.agents.face.watch_faces", lambda *_, **__: Watched((track,), n, 0.25, n * 0.25))
    line = seen_in(tmp_path, [scene([])]).series[0]
    # 1201 steps, so three at a time: 401 points, the last of one step
    assert (line.dimension, line.step_s, len(line.values)) == ("valence", 0.75, 401)
    assert line.values[0] == pytest.approx(1 / n) and line.values[-1] == pytest.approx(1200 / n)


def test_of_many_cues_the_most_marked_are_kept_and_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emer.agents.face.MAX_CUES", 2)
    sights = tuple(Sight(0.25 * k, (0.4, 0.4, 0.2, 0.2), 60.0, 1.0, 500.0, None) for k in range(12))
    table = np.full((12, 7), 0.02, np.float32)
    for k, peak in enumerate((0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.6, 0.6, 0.6, 0.88, 0.88, 0.88)):
        table[k, k // 3] = peak  # four stretches of three frames
    track = Track(
        1, sights, table / table.sum(axis=1, keepdims=True), np.zeros(12, np.float32), np.zeros(12, np.float32)
    )
    monkeypatch.setattr("emer.agents.face.watch_faces", lambda *_, **__: Watched((track,), 12, 0.25, 3.0))
    found = seen_in(tmp_path, [scene([])])
    kept = [cue for cue in found.cues if cue.kind == "expression"]
    assert ["disgusted" in kept[0].text, "happy" in kept[1].text] == [True, True]
    assert found.warnings == ["2 of the least marked face cues were left out; 2 of a kind are kept per person."]


def test_the_demo_shows_one_face(demo_dir: Path) -> None:
    if not (demo_dir / "demo.mp4").exists():
        pytest.skip(f"no demo clip in {demo_dir}")
    found = seen(demo_dir / "demo.mp4")
    assert len(found.people) == 1
    assert {cue.kind for cue in found.cues} >= {"presence", "expression"}


def test_a_real_face_that_turns_from_neutral_to_a_smile(data_dir: Path) -> None:
    found = seen(data_dir / "media" / "video" / "pyfeat_single_face.mp4")
    looks = [cue.text for cue in found.cues if cue.kind == "expression"]
    assert len(found.people) == 1 and len(looks) == 2
    assert "neutral" in looks[0] and "happy" in looks[1]
