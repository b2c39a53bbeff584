"""Several people in one picture are several people in the Report, each with cues of her own."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from drawn_faces import ANNA, BEN, Placed, scene, write_video

from emer import Report, analyze
from emer.tools.media import open_media


def people_with_faces(report: Report) -> dict[str, set[str]]:
    """Person -> kinds of her face cues, of everybody whom the Report lists."""
    kinds = {person.id: set[str]() for person in report.people}
    for cue in report.cues:
        if cue.modality == "face":
            kinds[cue.person or ""].add(cue.kind)
    return kinds


def judged(report: Report) -> set[str | None]:
    return {emotion.person for emotion in report.emotions} | {one.person for one in report.abstained}


def test_two_people_in_a_video_are_two_people_in_the_report(tmp_path: Path) -> None:
    pictures = [scene([Placed(ANNA, 120, 110 + 10 * (k % 2)), Placed(BEN, 360, 115)]) for k in range(8)]
    report = analyze(write_video(tmp_path / "clip.mp4", pictures))
    assert [(person.id, person.description) for person in report.people] == [
        ("p1", "person on the left"), ("p2", "person on the right"),
    ]  # fmt: skip
    faces = people_with_faces(report)
    assert all(kinds >= {"presence", "expression"} for kinds in faces.values())
    assert judged(report) >= {"p1", "p2"}
    assert {line.person for line in report.series} == {"p1", "p2"}


def test_a_real_face_beside_itself_is_two_people(tmp_path: Path, demo_dir: Path) -> None:
    with open_media(demo_dir / "demo.mp4") as media:
        frame = next(iter(next(iter(media.windows())).frames)).image
    other = np.clip(frame[:, ::-1].astype(int) * np.array([0.7, 0.9, 1.1]), 0, 255).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "two.png"), np.hstack([frame, other])[..., ::-1])
    report = analyze(tmp_path / "two.png")
    assert [person.description for person in report.people] == ["person on the left", "person on the right"]
    assert all("expression" in kinds for kinds in people_with_faces(report).values())
    boxes = [cue.anchor.bbox for cue in report.cues if cue.kind == "presence"]
    assert len(boxes) == 2 and boxes[0][0] < 0.5 < boxes[1][0]


def test_five_people_in_a_photograph(data_dir: Path) -> None:
    report = analyze(data_dir / "media" / "face_other" / "pyfeat_multi_face.jpg")
    assert len(report.people) == 5
    assert all(kinds >= {"presence", "expression"} for kinds in people_with_faces(report).values())
    assert judged(report) >= {person.id for person in report.people}
