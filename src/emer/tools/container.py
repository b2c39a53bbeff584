"""Opens a media file with PyAV and says what is in it: streams, where they begin and end, what can be decoded.

A header may lie (a recorder that crashed, a cut download), so length and streams are measured from the packets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emer.errors import InputError
from emer.tools.content import decode_text, read_head, text_not_media, unreadable
from emer.tools.picture import frame_orientation, is_cut_off, picture_form, shown_size, stated_size

MAX_STREAMS = 64
MAX_VIDEO_PIXELS = 36_000_000  # a little over 8K (8192 x 4320)
MAX_STILL_PIXELS = 120_000_000
MAX_CLIP_S = 86_400.0
# Timestamps that jump further than this between two packets of a stream are a fault (joined recordings, a broken
# clock), not a pause; ffmpeg draws the line for going backwards at 10 s too (-dts_delta_threshold).
MAX_PAUSE_S = 600.0
MAX_BACKWARDS_S = 10.0

MAX_HELD_S = 60.0  # how long a last picture may last; a header can say anything
DAMAGED = "The file is damaged or cut off; what can be decoded was read."
CONVERT = "convert it first, e.g. ffmpeg -i IN OUT.mp4"

Warn = Callable[[str], None]


@dataclass(frozen=True)
class Track:
    """One decodable stream; times in seconds on the container's own clock."""

    index: int
    start_s: float
    end_s: float
    n_packets: int


@dataclass(frozen=True)
class Contents:
    """What a file holds. `duration_s` is measured; None for a still picture. Sizes are as shown, in pixels."""

    path: Path
    video: Track | None
    audio: Track | None
    origin_s: float
    duration_s: float | None
    width: int | None = None
    height: int | None = None
    pixel_aspect: float = 1.0
    warnings: tuple[str, ...] = ()


def inspect(path: Path) -> Contents:
    """What the file at `path` holds, measured by reading its packets once and decoding the first frame of each stream.

    Raises:
        InputError: the file is missing, empty, a text, broken, too large a picture, or nothing in it can be decoded.
    """
    head = read_head(path)
    if decode_text(head) is not None:
        raise text_not_media(path)
    warnings: dict[str, None] = {}
    survey = _Survey(path, lambda text: warnings.setdefault(text))
    with open_container(path) as container:
        survey.read(container, choose_streams(path, container))
        header_s = container.duration / 1e6 if container.duration else None
    if is_cut_off(path, head):
        survey.warn(DAMAGED)
    return survey.contents(header_s, warnings)


def open_container(path: Path) -> AbstractContextManager[Any]:
    """The open container.

    Raises:
        InputError: the file cannot be read or is no media file.
    """
    import av

    form = picture_form(read_head(path))
    try:
        # "file:", the white list and the form: neither a name with a colon or a "%d" in it nor a play list may reach
        # for anything but this file.
        container: AbstractContextManager[Any] = av.open(
            f"file:{path}", format=form, metadata_errors="ignore", options={"protocol_whitelist": "file"}
        )
    except av.error.PermissionError as error:
        raise unreadable(path, error) from error
    except (av.error.FFmpegError, ValueError) as error:
        raise InputError(_why_not_media(path)) from error
    return container


def choose_streams(path: Path, container: Any) -> list[Any]:
    """The best video stream (not a cover picture) and the best sound, those that exist, every other one discarded.

    Raises:
        InputError: there are too many streams, none of the two, or the pictures are larger than we decode.
    """
    import av

    if len(container.streams) > MAX_STREAMS:
        raise InputError(f"{str(path)!r} has {len(container.streams)} streams; at most {MAX_STREAMS} are read")
    is_cover = av.stream.Disposition.attached_pic
    videos = [s for s in container.streams.video if s.codec_context is not None and not s.disposition & is_cover]
    sounds = [s for s in container.streams.audio if s.codec_context is not None]
    best = container.streams.best("video"), container.streams.best("audio")
    chosen = [wish if wish in have else have[0] for wish, have in zip(best, (videos, sounds), strict=True) if have]
    if not chosen:
        raise InputError(f"{str(path)!r} holds neither moving pictures, a picture nor sound that can be decoded")
    discard_others(container, chosen)
    for stream in chosen:
        _prepare(path, container, stream)
    return chosen


def discard_others(container: Any, wanted: Sequence[Any]) -> None:
    """Lets the demuxer skip every stream that is not wanted."""
    import av

    for stream in container.streams:
        if stream not in wanted:
            stream.discard = av.stream.Discard.all


def _prepare(path: Path, container: Any, stream: Any) -> None:
    """Sets the decoder to one thread, which gives the same output every time, and to a limit of pixels."""
    context = stream.codec_context
    context.thread_count = 1
    if stream.type != "video":
        return
    is_still = container.format.name.endswith("_pipe")
    limit = MAX_STILL_PIXELS if is_still else MAX_VIDEO_PIXELS
    if context.width * context.height > limit:
        raise _too_large(path, context.width, context.height, limit)
    context.options = {"max_pixels": str(limit)}


def packets(container: Any, streams: Sequence[Any], warn: Warn) -> Iterator[Any]:
    """The streams' packets in file order, clocks mended; ends early, with a warning, where the file is broken."""
    import av

    clocks = {stream.index: _Clock(stream, warn) for stream in streams}
    demuxed = container.demux(*streams)
    while True:
        try:
            packet = next(demuxed)
        except StopIteration:
            return
        except (av.error.FFmpegError, OSError):
            warn(DAMAGED)
            demuxed = iter(())
            yield from (_flush_packet(stream) for stream in streams)
            continue
        if packet.size:
            clocks[packet.stream.index].mend(packet)
        if packet.is_corrupt:
            warn(DAMAGED)
        yield packet


def decode(packet: Any, warn: Warn) -> list[Any]:
    """The frames that a packet completes; a broken packet gives none and a warning."""
    import av

    kind = "pictures" if packet.stream.type == "video" else "sound"
    try:
        frames = list(packet.decode())
    except (av.error.FFmpegError, ValueError, MemoryError):
        warn(f"Some of the {kind} could not be decoded and were skipped.")
        return []
    if any(frame.is_corrupt for frame in frames):
        warn(f"Some of the {kind} are damaged.")
    return frames


class _Clock:
    """Takes out of a stream's timestamps the jumps that no real pause makes."""

    def __init__(self, stream: Any, warn: Warn):
        self._unit = float(stream.time_base or 0) or 1.0
        self._shift = 0
        self._last: int | None = None
        self._warn = warn

    def mend(self, packet: Any) -> None:
        now = packet.dts if packet.dts is not None else packet.pts
        if now is None:
            return
        if self._last is not None:
            step_s = (now + self._shift - self._last) * self._unit
            if not -MAX_BACKWARDS_S <= step_s <= MAX_PAUSE_S:
                self._shift = self._last + (packet.duration or 0) - now
                self._warn("The clip's clock jumps, as after joining recordings; times were made to run on.")
        self._last = now + self._shift
        if self._shift:
            packet.pts = None if packet.pts is None else packet.pts + self._shift
            packet.dts = None if packet.dts is None else packet.dts + self._shift


class _Survey:
    """Gathers, packet by packet, where each stream begins and ends and whether it decodes."""

    def __init__(self, path: Path, warn: Callable[[str], Any]):
        self.path = path
        self.warn = warn
        self.tracks: dict[str, Track] = {}
        self.first: dict[str, float] = {}
        self.size: tuple[int | None, int | None] = (None, None)
        self.undecodable: list[str] = []
        self.pixel_aspect = 1.0

    def read(self, container: Any, streams: Sequence[Any]) -> None:
        """Reads every packet; decodes only until each stream has given its first frame."""
        for packet in packets(container, streams, self.warn):
            kind = packet.stream.type
            if packet.size:
                self._stretch(kind, packet)
            if kind not in self.first:
                for frame in decode(packet, self.warn)[:1]:
                    self._begin(kind, frame, packet.stream)
        self.undecodable = [s.codec_context.name for s in streams if s.type not in self.first]

    def _stretch(self, kind: str, packet: Any) -> None:
        unit = float(packet.time_base or 0)
        track = self.tracks.get(kind) or Track(packet.stream.index, float("inf"), float("-inf"), 0)
        length_s = _length_s(packet, unit)
        stamp = packet.pts if packet.pts is not None else packet.dts
        start_s = stamp * unit if stamp is not None else max(track.end_s, 0.0)
        self.tracks[kind] = Track(
            track.index, min(track.start_s, start_s), max(track.end_s, start_s + length_s), track.n_packets + 1
        )

    def _begin(self, kind: str, frame: Any, stream: Any) -> None:
        """Notes the first frame, whose time may be later than its packet's: coders put in a lead that is not shown."""
        track = self.tracks[kind]
        self.first[kind] = track.start_s if frame.pts is None else float(frame.pts * frame.time_base)
        if kind == "video":
            self.pixel_aspect = _pixel_aspect(stream)
            self.size = shown_size(frame, self.pixel_aspect, frame_orientation(frame, self.path))

    def contents(self, header_s: float | None, warnings: dict[str, None]) -> Contents:
        video, audio = (self.tracks.get(kind) if kind in self.first else None for kind in ("video", "audio"))
        size = stated_size(read_head(self.path)) or (0, 0)
        if size[0] * size[1] > MAX_STILL_PIXELS:
            raise _too_large(self.path, *size, MAX_STILL_PIXELS)
        if video is None and audio is None:
            raise self._nothing_found()
        for codec in self.undecodable:
            self.warn(f"The stream in {codec} could not be decoded and was left out.")
        origin_s = min(self.first.values())
        duration_s = self._duration_s(video, audio, origin_s)
        if duration_s is not None and header_s is not None and abs(header_s - duration_s) > 1.0 + 0.02 * duration_s:
            self.warn(f"The file's header says {header_s:.1f} s, but {duration_s:.1f} s were found in it.")
        return Contents(
            self.path, video, audio, origin_s=origin_s, duration_s=duration_s,
            width=self.size[0], height=self.size[1], pixel_aspect=self.pixel_aspect, warnings=tuple(warnings),
        )  # fmt: skip

    def _nothing_found(self) -> InputError:
        if not self.tracks:
            return InputError(
                f"{str(self.path)!r} has a header, but neither pictures nor sound; export or copy it again"
            )
        codecs = " and ".join(self.undecodable)
        return InputError(f"{str(self.path)!r} is damaged or in a form we cannot decode ({codecs}); {CONVERT}")

    def _duration_s(self, video: Track | None, audio: Track | None, origin_s: float) -> float | None:
        if audio is None and video is not None and video.n_packets == 1:
            return None
        duration_s = max(track.end_s for track in (video, audio) if track) - origin_s
        if duration_s > MAX_CLIP_S:
            self.warn(f"The clip is {duration_s / 3600:.0f} hours long; only the first 24 hours are read.")
        return round(min(duration_s, MAX_CLIP_S), 6)


def _pixel_aspect(stream: Any) -> float:
    """Width of a pixel over its height: 1.0 unless the stream says something believable (0.25..4)."""
    ratio = float(stream.sample_aspect_ratio or 1)
    return ratio if 0.25 <= ratio <= 4.0 else 1.0


def _length_s(packet: Any, unit: float) -> float:
    if packet.duration:
        return min(float(packet.duration * unit), MAX_HELD_S)
    rate = getattr(packet.stream, "average_rate", None)
    return 1.0 / float(rate) if rate else 0.04


def _too_large(path: Path, width: int, height: int, limit: int) -> InputError:
    return InputError(
        f"{str(path)!r} has {width} x {height} pixels; at most {limit / 1e6:.0f} megapixels are read: "
        "make it smaller first, e.g. ffmpeg -i IN -vf scale=1600:-2 OUT"
    )


def _flush_packet(stream: Any) -> Any:
    import av

    packet = av.Packet()
    packet.stream = stream
    return packet


def _why_not_media(path: Path) -> str:
    if read_head(path)[4:8] == b"ftyp":
        return f"{str(path)!r} is cut off (the index of the recording is missing); copy, download or export it again"
    return f"{str(path)!r} is no video, sound or picture that can be read; {CONVERT}"
