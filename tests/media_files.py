"""Makes the small media files that tests need: pictures at given times, a tone, lying headers."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 16_000
MILLISECONDS = Fraction(1, 1000)
SOUND_CODECS = {".webm": "libopus", ".avi": "libmp3lame"}


@dataclass(frozen=True)
class Recipe:
    """What a file is made of; `times` (s) are those of the pictures, grey `levels` or all `picture`."""

    times: Sequence[float] | np.ndarray = ()
    picture: np.ndarray | None = None
    levels: Sequence[int] = ()
    codec: str = "libx264"
    pixels: str = "yuv420p"
    pixel_aspect: Fraction = Fraction(1)
    gop: int = 250
    sound: np.ndarray | None = None
    sound_at_s: Sequence[float] = (0.0,)
    sound_codec: str | None = None
    offset_s: float = 0.0
    options: tuple[tuple[str, str], ...] = ()

    def image(self, k: int) -> np.ndarray:
        if self.picture is not None:
            return self.picture
        return np.full((120, 160, 3), self.levels[k] if len(self.levels) else 90, np.uint8)


def video(path: Path, **recipe: Any) -> Path:
    """The file at `path`, made after a `Recipe`; sound is mono at 16 kHz."""
    made = Recipe(**recipe)
    with av.open(str(path), "w", options=dict(made.options)) as out:
        packets = []
        pictures = _video_stream(out, made) if len(made.times) else None
        sound = None
        if made.sound is not None:
            sound = out.add_stream(made.sound_codec or SOUND_CODECS.get(path.suffix, "aac"), rate=RATE, layout="mono")
        if pictures is not None:
            packets += [p for frame in [*_pictures(made), None] for p in pictures.encode(frame)]
        if sound is not None:
            packets += [p for frame in [*_sounds(made), None] for p in sound.encode(frame)]
        for packet in sorted(packets, key=lambda p: float((p.dts or 0) * p.time_base)):
            out.mux(packet)
    return path


def first_seconds(source: Path, target: Path, seconds: float) -> Path:
    """The beginning of a media file, its packets copied as they are."""
    with av.open(str(source)) as given, av.open(str(target), "w") as cut:
        streams = {stream.index: cut.add_stream_from_template(stream) for stream in given.streams}
        for packet in given.demux():
            if packet.dts is not None and float(packet.pts * packet.time_base) <= seconds:
                packet.stream = streams[packet.stream.index]
                cut.mux(packet)
    return target


def av_sound(samples: np.ndarray) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray((samples[None, :] * 32_767).astype(np.int16), format="s16", layout="mono")
    frame.sample_rate = RATE
    return frame


def tone(length_s: float) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 300 * np.arange(round(length_s * RATE)) / RATE)).astype(np.float32)


def patch_matrix(path: Path, matrix: Sequence[int]) -> None:
    """Writes (a, b, c, d) into the track header's display matrix (version 0: 40 bytes after its flags)."""
    raw = bytearray(path.read_bytes())
    at = raw.index(b"tkhd") + 4 + 40
    for place, value in zip((0, 4, 12, 16), matrix, strict=True):
        struct.pack_into(">i", raw, at + place, value << 16)
    path.write_bytes(raw)


def patch_durations(path: Path, seconds: int) -> None:
    """Writes the length into an MP4's movie and media headers (version 0) or into a Matroska's info."""
    raw = bytearray(path.read_bytes())
    if path.suffix == ".mkv":
        struct.pack_into(">d", raw, raw.index(b"\x44\x89\x88") + 3, seconds * 1000.0)
    for box in (b"mvhd", b"mdhd"):
        at = -1
        while (at := raw.find(box, at + 1)) >= 0:
            (scale,) = struct.unpack_from(">I", raw, at + 16)
            struct.pack_into(">I", raw, at + 20, seconds * scale)
    path.write_bytes(raw)


def _video_stream(out: Any, made: Recipe) -> Any:
    stream = out.add_stream(made.codec, rate=100, options={"preset": "ultrafast"} if made.codec == "libx264" else {})
    stream.height, stream.width = made.image(0).shape[:2]
    stream.pix_fmt = made.pixels
    stream.codec_context.gop_size = made.gop
    stream.codec_context.time_base = MILLISECONDS
    stream.codec_context.sample_aspect_ratio = made.pixel_aspect
    return stream


def _pictures(made: Recipe) -> Iterator[av.VideoFrame]:
    for k, t_s in enumerate(made.times):
        frame = av.VideoFrame.from_ndarray(made.image(k), format="rgb24").reformat(format=made.pixels)
        frame.pts, frame.time_base = round((t_s + made.offset_s) * 1000), MILLISECONDS
        yield frame


def _sounds(made: Recipe) -> Iterator[av.AudioFrame]:
    assert made.sound is not None
    for at_s in made.sound_at_s:
        for begin in range(0, len(made.sound), 1024):
            frame = av_sound(made.sound[begin : begin + 1024])
            frame.pts, frame.time_base = round((at_s + made.offset_s) * RATE) + begin, Fraction(1, RATE)
            yield frame
