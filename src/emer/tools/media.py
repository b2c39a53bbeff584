"""Media in, numbers out: opens a video, a sound or a picture and gives it window by window.

```python
with open_media(Path("clip.mp4")) as media:
    for window in media.windows():
        window.frames, window.sound
```

Several threads may iterate at the same time; the file is then decoded once for all of them. Memory does not grow with
the length of the clip.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

import numpy as np

from emer.errors import InputError, ToolError
from emer.tools.allocator import give_memory_back
from emer.tools.container import Contents, inspect
from emer.tools.content import content_hash, sniff
from emer.tools.playback import SAMPLE_RATE, Frame, Samples, Window, sound, windows
from emer.tools.shared_pass import SharedPass

__all__ = ["SAMPLE_RATE", "Frame", "Media", "MediaInfo", "Window", "content_hash", "open_media", "sniff"]

N_KEPT = 2  # windows with pictures, some 40 MB each
N_KEPT_SOUND = 64  # windows without, 1 MB each
GRACE_S = 3.0  # how long the beginning of a video is kept for an agent that is still loading its model


@dataclass(frozen=True)
class MediaInfo:
    """What is in the file: length in seconds as measured (None for a picture), size in pixels as shown."""

    kind: Literal["video", "audio", "image"]
    duration_s: float | None
    width: int | None
    height: int | None
    has_video: bool
    has_audio: bool
    warnings: tuple[str, ...] = ()


def open_media(path: Path, *, frames_per_s: float = 4.0) -> Media:
    """The media file at `path`, whatever its name ends with.

    Args:
        path: a video, a sound or a picture.
        frames_per_s: how many pictures of a video are kept per second, at most.

    Raises:
        InputError: it is missing, empty, a directory, a text, broken or too large, with what to do.
    """
    if not 0 < frames_per_s <= 120:
        raise InputError(f"frames_per_s must be between 0 and 120, got {frames_per_s!r}")
    give_memory_back()
    return Media(inspect(path), frames_per_s=frames_per_s)


class Media:
    """An open clip. Use it as a context manager, or call `close()`."""

    def __init__(self, contents: Contents, *, frames_per_s: float = 4.0):
        self._contents = contents
        self._frames_per_s = frames_per_s
        self._found: dict[str, None] = dict.fromkeys(contents.warnings)
        self._lock = threading.Lock()
        self._sound: Samples | None = None
        self._pass = SharedPass(
            lambda: windows(contents, frames_per_s, self._warn),
            n_kept=N_KEPT if contents.video else N_KEPT_SOUND,
            grace_s=GRACE_S if contents.video else 0.0,
        )
        self.info = _info(contents)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was odd about the file, as far as it has been read; in an order that no thread decides."""
        return (*self.info.warnings, *sorted(self._found.keys() - set(self.info.warnings)))

    def windows(self) -> Iterator[Window]:
        """The clip's windows in order of time.

        Call this before slow preparations: from this call on the beginning is kept for the reader. Dropping the
        iterator gives its place up.
        """
        return self._pass.reader()

    def sound_windows(self) -> Iterator[Window]:
        """The same windows without pictures, decoded apart, so that whoever only listens waits for no picture."""
        return windows(replace(self._contents, video=None), self._frames_per_s, self._warn)

    def picture_windows(self) -> Iterator[Window]:
        """The same windows without sound, decoded apart, for whoever looks a second time."""
        return windows(replace(self._contents, audio=None), self._frames_per_s, self._warn)

    def sound_file(self) -> Samples:
        """All the sound, mono 16 kHz float32 `(n,)`, read-only, on disk rather than in memory; empty if there is none.

        Raises:
            ToolError: the temporary file cannot be written.
        """
        with self._lock:
            if self._sound is None:
                try:
                    with tempfile.TemporaryFile(prefix="emer-sound-") as file:
                        self._sound = self._write_sound(file)
                except OSError as error:
                    raise ToolError(
                        f"the sound cannot be written to {tempfile.gettempdir()!r}: {error.strerror}; free some disk "
                        "space there or set TMPDIR to a folder that has it"
                    ) from error
            return self._sound

    def _write_sound(self, file: IO[bytes]) -> Samples:
        """Writes the sound out; the file has no name, so it is gone with the last array that looks at it."""
        n_wanted = round((self._contents.duration_s or 0.0) * SAMPLE_RATE) if self._contents.audio else 0
        n_written = 0
        for piece in sound(self._contents, self._warn):
            part = piece[: n_wanted - n_written]
            file.write(part.tobytes())
            n_written += len(part)
        file.truncate(4 * n_wanted)
        file.flush()
        if not n_wanted:
            return np.zeros(0, np.float32)
        return np.memmap(file, np.float32, "r", shape=(n_wanted,))

    def close(self) -> None:
        """Lets the file and all buffers go; whoever still iterates gets a ToolError."""
        self._pass.close()
        self._sound = None

    def __enter__(self) -> Media:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warn_again(self, texts: Sequence[str]) -> None:
        """Says what was odd about the file when it was read before, for a run that need not read it."""
        for text in texts:
            self._warn(text)

    def _warn(self, text: str) -> None:
        self._found.setdefault(text)


def _info(contents: Contents) -> MediaInfo:
    kind: Literal["video", "audio", "image"] = "audio" if contents.video is None else "video"
    return MediaInfo(
        kind="image" if contents.duration_s is None else kind,
        duration_s=contents.duration_s,
        width=contents.width,
        height=contents.height,
        has_video=contents.video is not None,
        has_audio=contents.audio is not None,
        warnings=contents.warnings,
    )
