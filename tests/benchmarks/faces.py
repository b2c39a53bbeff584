"""How well faces are found and followed, and how long it takes: prints three tables.

    OMP_NUM_THREADS=1 python tests/benchmarks/faces.py [folder of the labelled data]

1. Photographs and clips: faces found, false ones (counts checked by eye), milliseconds of processor time per picture.
2. The detectors that could be had, on the same pictures shrunk, shifted and darkened at random (seed 3). Where the
   faces are is what the thorough search finds in the whole picture, so that row is no contest; the counts are right.
3. Following: two real clips side by side with a face hidden, cuts, changed places, poor light, blur, noise and a
   moving camera; how many people are counted (right: 2) and how often a number goes over to somebody else.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emer.tools.face import CascadeDetector, Face, distinct
from emer.tools.face_watch import Watched, watch_faces
from emer.tools.media import Frame, open_media

Picture = NDArray[np.uint8]
REPOSITORY = Path(__file__).resolve().parents[2]
FACES = {
    "fer_justin.jpg": 1, "fer_no-faces.jpg": 0, "pyfeat_0-f1-su-ph.jpg": 1, "pyfeat_0-f15-hao-ph.jpg": 1,
    "pyfeat_15-f13-anc-ph.jpg": 1, "pyfeat_45-m7-di-ph.jpg": 1, "pyfeat_BWPictureHuman.jpg": 1,
    "pyfeat_free-mountain-vector-01.jpg": 0, "pyfeat_multi_face.jpg": 5, "pyfeat_single_face.jpg": 1,
}  # fmt: skip
CLIPS = ("pyfeat_WolfgangLanger_Pexels.mp4", "pyfeat_single_face.mp4")


class Sample(NamedTuple):
    picture: Picture
    faces: list[Face]


def main() -> None:
    cv2.setNumThreads(1)
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY.parent / "shared" / "data"
    photographs = {name: _read(data / "media" / "face_other" / name) for name in FACES}
    clips = {name: _frames(data / "media" / "video" / name) for name in CLIPS}
    _photographs(photographs)
    _clips({**clips, "demo.mp4": _frames(REPOSITORY / "src" / "emer" / "data" / "demo" / "demo.mp4")})
    _detectors(photographs, clips)
    _following(*clips.values())


def _read(path: Path) -> Picture:
    with open_media(path) as media:
        return next(media.windows()).frames[0].image


def _frames(path: Path) -> list[Frame]:
    with open_media(path) as media:
        return [frame for window in media.windows() for frame in window.frames if frame.t_s >= window.fresh_from_s]


def _photographs(photographs: dict[str, Picture]) -> None:
    print(f"{'photograph':36s} faces  found  scores                     ms")
    n_found = n_false = 0
    for name, picture in photographs.items():
        start = time.process_time()
        faces = [face for face in CascadeDetector().detect(picture, thorough=True) if face.score >= 0.3]
        spent = 1e3 * (time.process_time() - start)
        n_found, n_false = n_found + min(len(faces), FACES[name]), n_false + max(len(faces) - FACES[name], 0)
        scores = " ".join(f"{face.score:.2f}" for face in faces)
        print(f"{name:36s} {FACES[name]:5d}  {len(faces):5d}  {scores:26s} {spent:4.0f}")
    print(f"{n_found} of {sum(FACES.values())} faces found, {n_false} false, n = {len(FACES)} photographs\n")


def _clips(clips: dict[str, list[Frame]]) -> None:
    print(f"{'clip (one face in every frame)':36s} frames  seen  people  ms per frame (found, followed, moved, read)")
    for name, frames in clips.items():
        start = time.process_time()
        watched = watch_faces(frames, CascadeDetector())
        spent = 1e3 * (time.process_time() - start) / len(frames)
        n_seen = sum(len(track.sights) for track in watched.tracks)
        print(f"{name:36s} {len(frames):6d}  {n_seen:4d}  {len(watched.tracks):6d}  {spent:4.0f}")
    print()


# --- which detector --------------------------------------------------------------------------------------------------


def _detectors(photographs: dict[str, Picture], clips: dict[str, list[Frame]]) -> None:
    pictures = [picture for name, picture in photographs.items() if name != "pyfeat_BWPictureHuman.jpg"]
    pictures += [frame.image for frames in clips.values() for frame in frames[::6]]
    samples = list(_varied(pictures))
    n = sum(len(sample.faces) for sample in samples)
    print(f"{'detector':44s} found of {n}  false   ms  ({len(samples)} pictures)")
    default, alt2, alt = "frontalface_default", "frontalface_alt2", "frontalface_alt"
    for label, find in {
        f"{default} 320": _cascade(default, 320), f"{default} 640": _cascade(default, 640),
        f"{default} 320, CLAHE": _cascade(default, 320, clahe=True), f"{alt} 320": _cascade(alt, 320),
        f"{alt2} 320": _cascade(alt2, 320), f"{alt2} 640": _cascade(alt2, 640),
        "profileface 320": _cascade("profileface", 320), "emer, quick": CascadeDetector().detect,
        "emer, thorough": lambda picture: CascadeDetector().detect(picture, thorough=True),
    }.items():  # fmt: skip
        start = time.process_time()
        found = [find(sample.picture) for sample in samples]
        spent = 1e3 * (time.process_time() - start) / len(samples)
        hits = [_hits(sample.faces, faces) for sample, faces in zip(samples, found, strict=True)]
        n_false = sum(len(faces) for faces in found) - sum(hits)
        print(f"{label:44s} {sum(hits):8d}     {n_false:5d} {spent:4.0f}")
    print()


def _varied(pictures: Sequence[Picture]) -> Iterator[Sample]:
    """Each picture four times, shrunk, shifted and with another brightness, and where its faces went."""
    rng = np.random.default_rng(3)
    for picture in pictures:
        zoom = min(1.0, 640 / max(picture.shape))
        whole = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        faces = [face for face in CascadeDetector().detect(whole, thorough=True) if face.score >= 0.3]
        for _ in range(4):
            scale, light = rng.uniform(0.35, 1.0), rng.uniform(0.5, 1.2)
            x, y = rng.uniform(0, 640 - 640 * scale), rng.uniform(0, 360 - 360 * scale)
            move = np.array([[scale, 0, x], [0, scale, y]], np.float32)
            seen = cv2.warpAffine(whole, move, (640, 480), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
            there = [Face(f.x * scale + x, f.y * scale + y, f.side * scale, 1.0) for f in faces]
            inside = [face for face in there if face.y + 0.9 * face.side < 480]
            yield Sample(np.clip(seen * light, 0, 255).astype(np.uint8), inside)


def _cascade(name: str, side: int, *, clahe: bool = False) -> Callable[[Picture], list[Face]]:
    """OpenCV's usual steps and three hits."""
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"))

    def find(picture: Picture) -> list[Face]:
        zoom = min(1.0, side / max(picture.shape))
        small = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        grey = cv2.createCLAHE(2.0, (8, 8)).apply(grey) if clahe else grey
        boxes = cascade.detectMultiScale(grey, 1.1, 3, minSize=(20, 20))
        return distinct(Face(x / zoom, y / zoom, w / zoom, 1.0) for x, y, w, _ in boxes)

    return find


def _hits(truth: Sequence[Face], found: Sequence[Face]) -> int:
    return sum(any(_same(face, other) for other in found) for face in truth)


def _same(one: Face, other: Face) -> bool:
    apart = np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1])
    return bool(apart < 0.3 * one.side and 0.55 < other.side / one.side < 1.8)


# --- following -------------------------------------------------------------------------------------------------------


def _following(long: list[Frame], short: list[Frame]) -> None:
    n = 48
    first = [short[(k if (k // len(short)) % 2 == 0 else -1 - k) % len(short)].image[:, 160:480] for k in range(n)]
    second = [long[k].image[:, 280:600] for k in range(n)]

    def pair(k: int) -> Picture:
        return np.hstack([first[k], second[k]])

    def hidden(k: int) -> Picture:
        picture = pair(k).copy()
        picture[:, 320:] = 20 if 16 <= k < 22 else picture[:, 320:]
        return picture

    def noise(k: int) -> Picture:
        return np.clip(pair(k) * 0.5 + np.random.default_rng(k).normal(0, 12, pair(k).shape), 0, 255).astype(np.uint8)

    def small(k: int) -> Picture:
        picture = np.full((360, 640, 3), 90, np.uint8)
        picture[100:190, 60:220] = cv2.resize(pair(k), (160, 90), interpolation=cv2.INTER_AREA)
        return picture

    def shaken(k: int) -> Picture:
        return np.roll(pair(k), tuple(np.random.default_rng(k).integers(-15, 16, 2)), (0, 1))

    scenes: dict[str, tuple[Callable[[int], Picture], Callable[[int], float]]] = {
        "side by side": (pair, lambda k: 0.5),
        "one hidden for 1.5 s": (hidden, lambda k: 0.5),
        "cuts every 2 s": (lambda k: (long[k].image, short[k % len(short)].image)[k // 8 % 2], lambda k: k // 8 % 2),
        "places changed every 2.5 s": (
            lambda k: pair(k) if k // 10 % 2 == 0 else np.hstack([second[k], first[k]]),
            lambda k: 0.5 if k // 10 % 2 == 0 else -0.5,
        ),
        "a quarter of the light": (lambda k: (pair(k) * 0.25).astype(np.uint8), lambda k: 0.5),
        "half the light, noise": (noise, lambda k: 0.5),
        "blur of 3 pixels": (lambda k: cv2.GaussianBlur(pair(k), (0, 0), 3), lambda k: 0.5),
        "faces of 50 and 70 pixels": (small, lambda k: 0.25),
        "shaking camera": (shaken, lambda k: 0.5),
    }  # fmt: skip
    print(f"{'two people, 48 frames':30s} people  sightings  numbers changed")
    for label, (picture, middle) in scenes.items():
        watched = watch_faces((Frame(k / 4, picture(k)) for k in range(n)), CascadeDetector())
        n_sights = sum(len(track.sights) for track in watched.tracks)
        print(f"{label:30s} {len(watched.tracks):6d}  {n_sights:9d}  {_changes(watched, middle):15d}")


def _changes(watched: Watched, middle: Callable[[int], float]) -> int:
    """How often a track goes from one person to the other; who is whom is told by the side of `middle` (see scenes)."""
    n_changes = 0
    for track in watched.tracks:
        sides = [_side(sight.box[0] + sight.box[2] / 2, middle(round(sight.t_s * 4))) for sight in track.sights]
        n_changes += sum(one != other for one, other in pairwise(sides))
    return n_changes


def _side(x: float, middle: float) -> bool:
    if middle in (0, 1):  # one person a shot
        return bool(middle)
    return (x > abs(middle)) == (middle > 0)


if __name__ == "__main__":
    main()
