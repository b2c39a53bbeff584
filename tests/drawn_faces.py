"""Drawn people, simple enough to be made by a test and face-like enough for the detector."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
RGB = tuple[int, int, int]


class Drawn(NamedTuple):
    """The colours of somebody."""

    skin: RGB
    hair: RGB
    shirt: RGB


ANNA = Drawn((205, 170, 150), (60, 40, 30), (40, 60, 120))
BEN = Drawn((120, 85, 60), (20, 15, 10), (160, 40, 40))
CLEO = Drawn((190, 140, 110), (200, 150, 40), (40, 130, 60))
SCALE = 200


class Placed(NamedTuple):
    """Somebody in a scene: centre of the face and width of the head, in pixels; roll clockwise in degrees."""

    who: Drawn
    x: float
    y: float
    side: float = 60
    roll_deg: float = 0


def scene(
    people: Iterable[Placed], *, size: tuple[int, int] = (480, 270), camera: tuple[float, float] = (0, 0)
) -> Picture:
    """An RGB picture of the people before a textured wall; `camera` moves wall and people."""
    width, height = size
    wall = np.random.default_rng(7).integers(110, 190, (height // 6 + 20, width // 6 + 20, 3), dtype=np.uint8)
    wall = cv2.resize(wall, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    wall = cv2.GaussianBlur(wall, (0, 0), 3)
    move = np.array([[1, 0, camera[0] - 40], [0, 1, camera[1] - 40]], np.float32)
    picture = cv2.warpAffine(wall, move, size)
    for one in people:
        body, mask, centre = _figure(one.who)
        turn = cv2.getRotationMatrix2D(centre, -one.roll_deg, one.side / SCALE)
        turn[:, 2] += np.array([one.x + camera[0], one.y + camera[1]]) - np.array(centre)
        # shrunk first, because warpAffine does not average
        seen = cv2.warpAffine(cv2.GaussianBlur(body, (0, 0), max(SCALE / one.side / 2, 0.1)), turn, size)
        share = cv2.warpAffine(mask, turn, size)[..., None].astype(np.float32) / 255
        picture = (share * seen + (1 - share) * picture).astype(np.uint8)
    return picture


def _figure(who: Drawn) -> tuple[Picture, Picture, tuple[float, float]]:
    s, (x, y) = SCALE, (2 * SCALE, 2 * SCALE)
    body = np.zeros((5 * s, 4 * s, 3), np.uint8)
    mask = np.zeros((5 * s, 4 * s), np.uint8)

    def ellipse(dx: float, dy: float, rx: float, ry: float, colour: RGB, tilt: float = 0) -> None:
        for canvas, paint in ((body, colour), (mask, 255)):
            place, radii = (round(x + dx * s), round(y + dy * s)), (round(rx * s), round(ry * s))
            cv2.ellipse(canvas, place, radii, tilt, 0, 360, paint, -1, cv2.LINE_AA)

    def block(left: float, top: float, right: float, bottom: float, colour: RGB) -> None:
        for canvas, paint in ((body, colour), (mask, 255)):
            corners = [(round(x + left * s), round(y + top * s)), (round(x + right * s), round(y + bottom * s))]
            cv2.rectangle(canvas, corners[0], corners[1], paint, -1)

    def shade(factor: float) -> RGB:
        red, green, blue = (min(round(factor * value), 255) for value in who.skin)
        return red, green, blue

    block(-0.95, 0.8, 0.95, 3, who.shirt)
    block(-0.25, 0.35, 0.25, 0.9, shade(0.8))
    ellipse(0, -0.12, 0.58, 0.72, who.hair)
    ellipse(0, 0, 0.48, 0.66, who.skin)
    for side in (-1, 1):
        ellipse(side * 0.2, -0.1, 0.15, 0.09, shade(0.62))
        ellipse(side * 0.2, -0.1, 0.1, 0.045, (225, 225, 225))
        ellipse(side * 0.2, -0.1, 0.045, 0.05, (40, 30, 25))
        ellipse(side * 0.21, -0.21, 0.15, 0.035, who.hair, side * -4)
        ellipse(side * 0.25, 0.15, 0.13, 0.1, shade(1.12))
        ellipse(side * 0.08, 0.2, 0.04, 0.025, shade(0.62))
    ellipse(0, 0.02, 0.055, 0.2, shade(1.12))
    ellipse(0, -0.38, 0.3, 0.12, shade(1.12))
    ellipse(0, 0.36, 0.19, 0.05, (140, 70, 70))
    ellipse(0, 0.33, 0.17, 0.015, (90, 40, 40))
    ellipse(0, 0.47, 0.12, 0.03, shade(0.8))
    return cv2.GaussianBlur(body, (0, 0), 4), mask, (float(x), float(y))


def write_video(path: Path, pictures: Iterable[Picture], *, fps: int = 4) -> Path:
    """An H.264 video of the pictures."""
    import av

    with av.open(str(path), "w") as container:
        stream = None
        for picture in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=fps, options={"crf": "16"})
                stream.height, stream.width, stream.pix_fmt = picture.shape[0], picture.shape[1], "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        assert stream is not None
        container.mux(stream.encode())
    return path
