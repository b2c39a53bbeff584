"""One stretch of a clip for whoever looks again: the windows with pictures, without those outside the stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from emer.tools.media import Media, MediaInfo
from emer.tools.playback import Window

Told = Callable[[str], None]


@dataclass(frozen=True)
class SpanView:
    """A view of open media that shows pictures of [start_s, end_s] only.

    `told` is called before each window with how far it has come; what it raises ends the reading.
    """

    media: Media
    start_s: float
    end_s: float
    told: Told

    @property
    def info(self) -> MediaInfo:
        """What is in the file."""
        return self.media.info

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was odd about the file, as far as it has been read."""
        return self.media.warnings

    def windows(self) -> Iterator[Window]:
        """The windows in order of time, pictures outside the stretch left out; ends after it."""
        for window in self.media.windows():
            self.told(f"{window.start_s:.1f} s")
            if window.start_s > self.end_s:
                return
            frames = tuple(frame for frame in window.frames if self.start_s <= frame.t_s <= self.end_s)
            yield window._replace(frames=frames)
