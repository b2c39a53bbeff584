"""A copy of a clip in which no face that is found can be recognised.

Faces are searched six times a second, and what is found hides also half a second before and after, so that a face that
is missed for a moment does not flash up. A face that is never found stays: look at the copy before you share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.errors import ToolError
from emer.tools.face import Face, FaceDetector
from emer.tools.media import SAMPLE_RATE, Frame, Media, open_media

Picture = NDArray[np.uint8]

FRAMES_PER_S = 12.0
HOLD_S = 0.5
"""Seconds before and after it was found that the place of a face stays hidden."""
MARGIN = 0.3
"""Of a face's side, what is hidden around it: hair line, ears and chin."""
N_BLOCKS = 4
"""Colours along the side of a hidden face: so few because networks tell people apart in finer mosaics (McPherson,
Shokri and Shmatikov 2016, *Defeating Image Obfuscation with Deep Learning*)."""
SEARCH_EVERY, THOROUGH_EVERY = 2, 12
"""Of how many pictures one is searched for faces, and one thoroughly."""


class _Found(NamedTuple):
    t_s: float
    faces: tuple[Face, ...]


def blur_faces(source: Path, target: Path, detector: FaceDetector) -> int:
    """How many pictures of `target`, an MP4 file made from the video `source`, hold a hidden face.

    The copy has at most 12 pictures a second, a long side of at most 640 pixels and its sound in mono.

    Raises:
        InputError: the source cannot be read.
        ToolError: the copy cannot be written.
    """
    with open_media(source, frames_per_s=FRAMES_PER_S) as media:
        found = [
            _Found(frame.t_s, tuple(detector.detect(frame.image, thorough=index % THOROUGH_EVERY == 0)))
            for index, frame in enumerate(_fresh(media))
            if index % SEARCH_EVERY == 0
        ]
    with open_media(source, frames_per_s=FRAMES_PER_S) as media:
        return _write(media, target, found)


def blurred_picture(picture: Picture, faces: Iterable[Face]) -> Picture:
    """The picture (h, w, 3) with every face as a few colours."""
    import cv2

    hidden = picture.copy()
    for face in faces:
        margin = MARGIN * face.side
        left, top = (max(round(edge - margin), 0) for edge in (face.x, face.y))
        right, bottom = (max(round(edge + face.side + margin), 0) for edge in (face.x, face.y))
        patch = hidden[top:bottom, left:right]
        if patch.size:
            small = cv2.resize(patch, (N_BLOCKS, N_BLOCKS), interpolation=cv2.INTER_AREA)
            size = (patch.shape[1], patch.shape[0])
            hidden[top:bottom, left:right] = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
    return hidden


def _fresh(media: Media) -> Iterator[Frame]:
    """Every kept picture once: the windows overlap."""
    for window in media.windows():
        yield from (frame for frame in window.frames if frame.t_s >= window.fresh_from_s or window.index == 0)


def _faces_at(t_s: float, found: Sequence[_Found]) -> list[Face]:
    return [face for one in found if abs(one.t_s - t_s) <= HOLD_S for face in one.faces]


def _write(media: Media, target: Path, found: Sequence[_Found]) -> int:
    import av

    n_hidden = 0
    try:
        with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as out:
            writer = _Writer(out, media.info.width or 0, media.info.height or 0, has_sound=media.info.has_audio)
            for window in media.windows():
                fresh_s = 0.0 if window.index == 0 else window.fresh_from_s
                for frame in window.frames:
                    if frame.t_s >= fresh_s:
                        faces = _faces_at(frame.t_s, found)
                        n_hidden += bool(faces)
                        writer.picture(frame.t_s, blurred_picture(frame.image, faces))
                writer.sound(fresh_s, window.sound[round((fresh_s - window.start_s) * SAMPLE_RATE) :])
            writer.finish()
    except (OSError, av.FFmpegError) as error:
        raise ToolError(f"the copy with hidden faces cannot be written to {str(target)!r}: {error}") from error
    return n_hidden


class _Writer:
    """Pictures and sound on their way into an MP4 file; times in milliseconds."""

    def __init__(self, out: Any, width: int, height: int, *, has_sound: bool) -> None:
        from fractions import Fraction

        self._out, self._unit = out, Fraction(1, 1000)
        self._size = (width, height)
        self._video: Any = None
        self._audio = out.add_stream("aac", rate=SAMPLE_RATE, layout="mono") if has_sound else None

    def picture(self, t_s: float, picture: Picture) -> None:
        import av

        height, width = (side - side % 2 for side in picture.shape[:2])  # H.264 in 4:2:0 has even sides
        if self._video is None:
            self._video = self._out.add_stream("libx264", rate=25, options={"crf": "23", "preset": "veryfast"})
            self._video.width, self._video.height, self._video.pix_fmt = width, height, "yuv420p"
            self._video.codec_context.time_base = self._unit
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
        frame.pts, frame.time_base = round(1000 * t_s), self._unit
        self._out.mux(self._video.encode(frame))

    def sound(self, t_s: float, samples: NDArray[np.float32]) -> None:
        import av

        if self._audio is None or not len(samples):
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, :]), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE, round(t_s * SAMPLE_RATE)
        self._out.mux(self._audio.encode(frame))

    def finish(self) -> None:
        for stream in (self._video, self._audio):
            if stream is not None:
                self._out.mux(stream.encode(None))
