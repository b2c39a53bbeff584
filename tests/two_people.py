"""A clip of two people in one picture, made of what ships with emer: the mouth of one moves with the sound."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import cv2
import media_files
import numpy as np
from numpy.typing import NDArray

from emer.tools.media import open_media

Picture = NDArray[np.uint8]
FPS, SIDE = 12, 240
MOUTH = (113, 123, 34, 30)
"""Centre (x, y), half width and height of the mouth's neighbourhood in a portrait of 240 pixels."""


def conversation(path: Path, demo_dir: Path, *, speaker: Literal["left", "right"], sound: NDArray[np.float32]) -> Path:
    """The clip at `path`: one portrait speaks what is heard, the other, mirrored and tinted, only stands there."""
    with open_media(demo_dir / "demo.mp4") as media:
        portrait = next(iter(media.windows())).frames[0].image
    left = cv2.resize(np.asarray(portrait), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    right = np.ascontiguousarray(left[:, ::-1] * np.array([0.62, 0.72, 0.6])).astype(np.uint8)
    loud = _envelope(sound)
    rng = np.random.default_rng(5)
    pictures = []
    for k in range(int(len(sound) / media_files.RATE * FPS)):
        mouths = {"left": 0.0, "right": 0.0, speaker: float(loud[k])}
        sway = np.cumsum(rng.normal(0, 0.15, 2))
        halves = [_opened(left, mouths["left"]), _opened(right, mouths["right"], mirrored=True)]
        pictures.append(_placed(halves, sway))
    return _written(path, pictures, sound)


def _envelope(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """How wide the mouth is open in each picture, 0..1: loudness, opening and closing with the syllables."""
    n = media_files.RATE // FPS
    level = np.sqrt(np.mean(sound[: len(sound) // n * n].reshape(-1, n) ** 2, axis=1))
    return np.append(np.clip(level / np.quantile(level, 0.95), 0, 1), 0.0)


def _opened(face: Picture, wide: float, *, mirrored: bool = False) -> Picture:
    """The portrait with its mouth's neighbourhood drawn out downwards by up to a third."""
    x, y, half_width, height = MOUTH
    x = SIDE - x if mirrored else x
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    near = np.exp(-(((columns - x) / half_width) ** 2) - ((rows - y) / height) ** 2)
    moved = rows - (8 * wide * near * np.sign(rows - y) * np.minimum(np.abs(rows - y) / 10, 1)).astype(np.float32)
    return np.asarray(cv2.remap(face, columns, moved, cv2.INTER_LINEAR), np.uint8)


def _placed(halves: list[Picture], sway: NDArray[np.float64]) -> Picture:
    canvas = np.full((270, 520, 3), 150, np.uint8)
    for k, face in enumerate(halves):
        move = np.array([[1, 0, sway[0]], [0, 1, sway[1]]], np.float32)
        canvas[15 : 15 + SIDE, 10 + 260 * k : 10 + 260 * k + SIDE] = cv2.warpAffine(
            face, move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE
        )
    return canvas


def _written(path: Path, pictures: list[Picture], sound: NDArray[np.float32]) -> Path:
    import av

    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"crf": "18", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = pictures[0].shape[1], pictures[0].shape[0], "yuv420p"
        audio = out.add_stream("aac", rate=media_files.RATE, layout="mono")
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode())
        for begin in range(0, len(sound), 1024):
            frame = media_files.av_sound(sound[begin : begin + 1024])
            frame.pts = begin
            out.mux(audio.encode(frame))
        out.mux(audio.encode())
    return path
