"""A few pictures and the sound of a clip, small enough to be sent to a model that sees or hears."""

from __future__ import annotations

import io
import threading
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from emer.errors import ToolError
from emer.tools.playback import SAMPLE_RATE, Frame

if TYPE_CHECKING:
    from emer.tools.media import Media

LONG_SIDE = 768
"""Pixels of a picture's long side at most: vision models tile or shrink what is larger, and faces are still clear."""
JPEG_QUALITY = 85
MAX_SOUND_S = 60.0
"""Sound that is sent at most: 2 MB of WAV."""


class Picture(NamedTuple):
    """One picture of a clip as JPEG, and the time of the frame that it shows."""

    t_s: float
    jpeg: bytes


class Stills:
    """Pictures of one clip, taken in one pass for all who want some; `media` None means that there are none."""

    def __init__(self, media: Media | None) -> None:
        self._media = media
        self._lock = threading.Lock()
        self._found: dict[frozenset[float], Mapping[float, Picture]] = {}

    def at(self, times: frozenset[float]) -> Mapping[float, Picture]:
        """The picture nearest to each time, by that time; empty where the clip has none.

        Raises:
            ToolError: the clip cannot be decoded, or a frame cannot be written as JPEG.
        """
        with self._lock:
            if times not in self._found:
                self._found[times] = pictures(self._media, times) if self._media is not None else {}
            return self._found[times]


def pictures(media: Media, times: Collection[float]) -> dict[float, Picture]:
    """The frame nearest to each time, in seconds, by that time; empty where the clip has no picture.

    Raises:
        ToolError: the clip cannot be decoded, or a frame cannot be written as JPEG.
    """
    if not times or not (media.info.has_video or media.info.kind == "image"):
        return {}
    nearest: dict[float, Frame] = {}
    for window in media.picture_windows():
        for frame in window.frames:
            for t_s in times:
                if t_s not in nearest or abs(frame.t_s - t_s) < abs(nearest[t_s].t_s - t_s):
                    nearest[t_s] = frame
        if window.start_s > max(times):
            break
    taken = {frame.t_s: frame for frame in nearest.values()}
    shown = {t_s: Picture(t_s, _jpeg(frame)) for t_s, frame in taken.items()}
    return {t_s: shown[frame.t_s] for t_s, frame in nearest.items()}


def wav(media: Media, *, max_s: float = MAX_SOUND_S) -> bytes:
    """The beginning of the sound as WAV, mono 16 kHz, 16 bit; empty where the clip has none.

    Raises:
        ToolError: the sound cannot be decoded.
    """
    if not media.info.has_audio:
        return b""
    import soundfile

    samples = np.asarray(media.sound_file()[: round(max_s * SAMPLE_RATE)])
    if not len(samples):
        return b""
    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1.0, 1.0), SAMPLE_RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _jpeg(frame: Frame) -> bytes:
    import cv2

    image = frame.image
    scale = LONG_SIDE / max(image.shape[:2])
    if scale < 1:
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ToolError(f"the frame at {frame.t_s:.1f} s cannot be written as JPEG")
    return bytes(data.tobytes())
