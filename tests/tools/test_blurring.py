"""A copy of a clip in which the faces are hidden, found again by the same detector or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.media_files import tone, video

from emer.tools.blurring import blur_faces, blurred_picture
from emer.tools.face import CascadeDetector, Face
from emer.tools.media import open_media


def test_no_face_is_found_in_the_copy_and_the_rest_is_left(demo_dir: Path, tmp_path: Path) -> None:
    with open_media(demo_dir / "demo.mp4", frames_per_s=1) as media:
        face = next(media.windows()).frames[0].image
    picture = np.full((480, 640, 3), 200, np.uint8)
    picture[:, 160:] = face
    source, target = tmp_path / "clip.mp4", tmp_path / "copy.mp4"
    video(source, times=tuple(k / 10 for k in range(16)), picture=picture, sound=tone(1.6))
    n_hidden = blur_faces(source, target, CascadeDetector())
    before, after = _pictures(source), _pictures(target)
    assert len(before) == len(after) == 16
    assert all(CascadeDetector().detect(one) for one in before)
    assert not any(CascadeDetector().detect(one) for one in after)
    assert n_hidden == 16
    assert np.abs(after[8][:, :80].astype(int) - before[8][:, :80]).mean() < 6  # what coding again changes
    with open_media(target) as media:
        assert media.info.has_audio
        assert media.info.duration_s is not None
        assert abs(media.info.duration_s - 1.6) < 0.15


def _pictures(path: Path) -> list[np.ndarray]:
    with open_media(path, frames_per_s=12) as media:
        return [frame.image for window in media.windows() for frame in window.frames]


def test_a_face_keeps_few_colours_and_nothing_else_changes() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (100, 120, 3), np.uint8)
    hidden = blurred_picture(picture, [Face(40, 40, 20, 1.0), Face(-50, -50, 10, 1.0)])
    changed = np.nonzero((hidden != picture).any(axis=2))
    assert (changed[0].min(), changed[0].max(), changed[1].min(), changed[1].max()) == (34, 65, 34, 65)
    assert hidden[34:66, 34:66].std() < picture[34:66, 34:66].std() / 2
