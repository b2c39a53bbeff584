"""Plays a file forward once: sampled pictures and mono 16 kHz sound, cut into overlapping windows.

Pictures and sound each have a demuxer of their own that skips the other's packets, so that no interleaving, however
bad, makes one wait in memory for the other. Every packet is decoded once; only the pictures that are kept are
converted. What is held is at most one window, whatever the length of the clip.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.container import Contents, Track, Warn, choose_streams, decode, discard_others, open_container, packets
from emer.tools.picture import UPRIGHT, frame_orientation, shown_size, turn

SAMPLE_RATE = 16_000
WINDOW_S = 15.0
OVERLAP_S = 0.5
MAX_WINDOW_FRAMES = (
    60  # 15 s at 4 per second, 40 MB at 640 x 360; a faster rate makes shorter windows, so memory stays the same
)
MIN_TAIL_S = 5.0  # a last window shorter than this is joined to the one before it
VIDEO_LONG_SIDE = 640
STILL_LONG_SIDE = 1600
SYNC_S = 0.1  # sound this far from its timestamp is moved to it: a gap becomes silence, an overlap is cut
_SILENCE_CHUNK = 10 * SAMPLE_RATE

Samples = NDArray[np.float32]


class Frame(NamedTuple):
    """One picture: RGB `(h, w, 3)`, read-only, upright, with square pixels, its long side at most 640 (still: 1600)."""

    t_s: float
    image: NDArray[np.uint8]


class Window(NamedTuple):
    """A stretch [start_s, end_s) of the clip. What comes before `fresh_from_s` stood in the window before it.

    `frames` are in order of time; `sound` is mono at 16 kHz, `(n,)` float32, about -1..1, read-only, silence where
    the clip has none, n = round((end_s - start_s) * 16000); n = 0 if the clip has no sound at all.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    start_s: float
    end_s: float
    fresh_from_s: float
    frames: tuple[Frame, ...]
    sound: Samples


class Span(NamedTuple):
    """When a window starts, from where it is fresh and where it ends, in seconds."""

    start_s: float
    fresh_from_s: float
    end_s: float


def spans(duration_s: float, frames_per_s: float) -> list[Span]:
    """The windows that cover [0, duration_s): fresh parts touch, starts overlap by half a second."""
    length_s = min(WINDOW_S, max(2.0, MAX_WINDOW_FRAMES / frames_per_s))
    n_windows = max(1, int(-(-duration_s // length_s)))
    if n_windows > 1 and duration_s - (n_windows - 1) * length_s < min(MIN_TAIL_S, length_s / 2):
        n_windows -= 1
    edges = [k * length_s for k in range(n_windows)] + [duration_s]
    return [Span(max(0.0, fresh_s - OVERLAP_S), fresh_s, end_s) for fresh_s, end_s in pairwise(edges)]


def windows(contents: Contents, frames_per_s: float, warn: Warn) -> Iterator[Window]:
    """The clip's windows in order; a still picture is one window of no length.

    Raises:
        InputError: the file has gone since it was inspected.
    """
    if contents.duration_s is None:
        first = next(pictures(contents, frames_per_s, warn), None)
        yield Window(0, 0.0, 0.0, 0.0, (first,) if first else (), _frozen(np.zeros(0, np.float32)))
        return
    with closing(pictures(contents, frames_per_s, warn)) as seen, closing(sound(contents, warn)) as heard:
        reel, tape = _Reel(seen), _Tape(heard)
        for index, span in enumerate(spans(contents.duration_s, frames_per_s)):
            samples = tape.read(span) if contents.audio else np.zeros(0, np.float32)
            yield Window(index, span.start_s, span.end_s, span.fresh_from_s, reel.read(span), _frozen(samples))


def pictures(contents: Contents, frames_per_s: float, warn: Warn) -> Generator[Frame]:
    """The first picture at or after each tick of 1 / frames_per_s seconds; a picture is never shown twice.

    Ticks follow timestamps, so a variable frame rate is sampled evenly in time.
    """
    if contents.video is None:
        return
    next_s = 0.0
    long_side = STILL_LONG_SIDE if contents.duration_s is None else VIDEO_LONG_SIDE
    for frame, t_s in _timed(contents, contents.video, warn):
        if t_s + 1e-6 < next_s:
            continue
        next_s = (np.floor(t_s * frames_per_s + 1e-6) + 1) / frames_per_s
        image = _image(frame, contents, long_side)
        if image is None:
            warn("Some of the pictures could not be decoded and were skipped.")
        else:
            yield Frame(round(max(t_s, 0.0), 6), _frozen(image))


def sound(contents: Contents, warn: Warn) -> Generator[Samples]:
    """The clip's sound from 0 s on in contiguous pieces of mono 16 kHz float32; gaps are filled with silence."""
    if contents.audio is None:
        return
    mono = _Mono(warn)
    n_given, next_s = 0, None
    for frame, t_s in _timed(contents, contents.audio, warn):
        if next_s is None or abs(t_s - next_s) > SYNC_S:
            rest = mono.flush()
            yield rest
            n_given += len(rest)
            n_gap = round(t_s * SAMPLE_RATE) - n_given
            yield from _silence(n_gap)
            n_given += max(n_gap, 0)
            mono.n_skip = max(-n_gap, 0)
        next_s = t_s + frame.samples / max(frame.sample_rate, 1)
        new = mono.convert(frame)
        n_given += len(new)
        yield new
    yield mono.flush()


def _silence(n: int) -> Iterator[Samples]:
    for begin in range(0, n, _SILENCE_CHUNK):
        yield np.zeros(min(_SILENCE_CHUNK, n - begin), np.float32)


def _timed(contents: Contents, track: Track, warn: Warn) -> Iterator[tuple[Any, float]]:
    """Decoded frames of one track with the clip's time in seconds."""
    next_s = 0.0
    with open_container(contents.path) as container:
        choose_streams(contents.path, container)
        wanted = [container.streams[track.index]]
        discard_others(container, wanted)
        for packet in packets(container, wanted, warn):
            for frame in decode(packet, warn):
                t_s = next_s if frame.pts is None else float(frame.pts * frame.time_base) - contents.origin_s
                if t_s >= (contents.duration_s or np.inf):
                    return
                next_s = t_s + _frame_length_s(frame, wanted[0])
                yield frame, t_s


def _frame_length_s(frame: Any, stream: Any) -> float:
    if stream.type == "audio":
        return float(frame.samples / max(frame.sample_rate, 1))
    return 1.0 / float(stream.average_rate or 25)


def _image(frame: Any, contents: Contents, long_side: int) -> NDArray[np.uint8] | None:
    import av

    width, height = shown_size(frame, contents.pixel_aspect, UPRIGHT)
    scale = min(1.0, long_side / max(width, height))
    try:
        rgb = frame.reformat(
            width=max(1, round(width * scale)), height=max(1, round(height * scale)),
            format="rgb24", interpolation="AREA", threads=1,
        )  # fmt: skip
        return turn(rgb.to_ndarray(), frame_orientation(frame, contents.path))
    except (av.error.FFmpegError, ValueError, MemoryError):
        return None


class _Mono:
    """Turns decoded sound of any form, which may change on the way, into mono 16 kHz."""

    def __init__(self, warn: Warn):
        self._warn = warn
        self._resampler: Any = None
        self._form: tuple[Any, ...] = ()
        self.n_skip = 0

    def convert(self, frame: Any) -> Samples:
        import av

        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        before = self.flush() if form != self._form else np.zeros(0, np.float32)
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
            self._form = form
        frame.pts = None  # its place is kept by counting samples
        try:
            return np.concatenate([before, self._joined(self._resampler.resample(frame))])
        except (av.error.FFmpegError, ValueError):
            self._warn("Some of the sound could not be decoded and was skipped.")
            return before

    def flush(self) -> Samples:
        """What is still inside; the next frame begins afresh."""
        resampler, self._resampler, self._form = self._resampler, None, ()
        return np.zeros(0, np.float32) if resampler is None else self._joined(resampler.resample(None))

    def _joined(self, frames: list[Any]) -> Samples:
        parts = [np.zeros(0, np.float32), *(frame.to_ndarray().reshape(-1) for frame in frames)]
        samples: Samples = np.nan_to_num(np.concatenate(parts), nan=0.0, posinf=1.0, neginf=-1.0)
        n_cut = min(self.n_skip, len(samples))
        self.n_skip -= n_cut
        return samples[n_cut:]


class _Reel:
    """Gives the pictures of one span after the other, keeping those that the next one shares."""

    def __init__(self, frames: Iterator[Frame]):
        self._frames = frames
        self._held: list[Frame] = []

    def read(self, span: Span) -> tuple[Frame, ...]:
        while not self._held or self._held[-1].t_s < span.end_s:
            frame = next(self._frames, None)
            if frame is None:
                break
            self._held.append(frame)
        taken = tuple(f for f in self._held if span.start_s <= f.t_s < span.end_s)
        self._held = [f for f in self._held if f.t_s >= span.end_s - OVERLAP_S]
        return taken


class _Tape:
    """Gives the samples of one span after the other, keeping those that the next one shares; silence at the end."""

    def __init__(self, pieces: Iterator[Samples]):
        self._pieces = pieces
        self._held: Samples = np.zeros(0, np.float32)
        self._first = 0  # which sample of the clip `_held` begins with

    def read(self, span: Span) -> Samples:
        begin, end = (round(t_s * SAMPLE_RATE) for t_s in (span.start_s, span.end_s))
        parts, n_held = [self._held], len(self._held)
        while self._first + n_held < end:
            piece = next(self._pieces, None)
            if piece is None:
                piece = np.zeros(end - self._first - n_held, np.float32)
            parts.append(piece)
            n_held += len(piece)
        held = np.concatenate(parts)
        kept_from = max(begin, end - round(OVERLAP_S * SAMPLE_RATE))
        taken = held[begin - self._first : end - self._first].copy()
        self._held, self._first = held[kept_from - self._first :].copy(), kept_from
        return taken


def _frozen(array: Any) -> Any:
    """The same array, read-only, because several threads look at it."""
    array.flags.writeable = False
    return array
