"""The clip as a page shows it: linked, within the page, or as a copy in which faces are hidden."""

from __future__ import annotations

import base64
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from emer.errors import InputError
from emer.report.html import ShownClip, page
from emer.schemas import Report
from emer.tools.content import read_head
from emer.tools.face import FaceDetector

MAX_EMBEDDED_BYTES = 64 * 1024 * 1024
BLURRED = "Faces that were found are hidden. Look at the whole clip before you share it: one may have been missed."
UNPLAYABLE = "Some browsers cannot play this kind of file; --blur-faces makes a copy that they can."

Kind = Literal["video", "audio", "image"]
_TYPES = (
    (4, b"ftyp", "mp4"), (0, b"\x1aE\xdf\xa3", "webm"), (0, b"OggS", "ogg"), (0, b"fLaC", "flac"), (0, b"ID3", "mpeg"),
    (0, b"\xff\xfb", "mpeg"), (8, b"WAVE", "wav"), (0, b"\xff\xd8\xff", "jpeg"), (0, b"\x89PNG", "png"),
    (8, b"WEBP", "webp"), (0, b"GIF8", "gif"),
)  # fmt: skip


@dataclass(frozen=True)
class Showing:
    """How the clip is shown: within the page or linked, and who finds the faces to hide, if they are to be."""

    embed: bool = False
    detector: FaceDetector | None = None


def write_page(report: Report, target: Path, source: Path | None = None, *, showing: Showing | None = None) -> None:
    """Writes the page of a Report to `target`, with the clip at `source` above its timeline.

    Raises:
        InputError: the clip is too large to stand within the page, or the page cannot be written.
        ToolError: the copy with hidden faces cannot be made.
    """
    has_picture_or_sound = source is not None and report.clip.kind in ("video", "audio", "image")
    shown = _shown(report.clip.kind, source, target, showing or Showing()) if has_picture_or_sound and source else None
    try:
        target.write_text(page(report, shown), encoding="utf-8")
    except OSError as error:
        raise InputError(f"the page cannot be written to {str(target)!r}: {error.strerror}") from error


def _shown(kind: str, source: Path, target: Path, showing: Showing) -> ShownClip:
    made: Kind = "video" if kind == "video" else "audio" if kind == "audio" else "image"
    if showing.detector is not None and made != "audio":
        return _hidden(made, source, target, showing)
    if showing.embed:
        return ShownClip(made, embedded(source, made), "" if _type(source) else UNPLAYABLE)
    return ShownClip(made, link(source, target), "" if _type(source) else UNPLAYABLE)


def link(source: Path, target: Path) -> str:
    """The address of the clip as seen from the page beside which it may be moved."""
    away = os.path.relpath(source.resolve(), target.resolve().parent)
    address = quote(Path(away).as_posix())
    return address if "/" in address and not address.startswith("/") else f"./{address}"  # `a:b.mp4` is no scheme


def embedded(source: Path, kind: Kind) -> str:
    """The clip as a `data:` address.

    Raises:
        InputError: it is too large, or cannot be read.
    """
    try:
        size = source.stat().st_size
        if size > MAX_EMBEDDED_BYTES:
            raise InputError(
                f"{str(source)!r} has {size / 1e6:.0f} MB, and at most {MAX_EMBEDDED_BYTES / 1e6:.0f} MB stand within "
                "a page; leave out --embed-media, so that the page links it"
            )
        content = source.read_bytes()
    except OSError as error:
        raise InputError(f"{str(source)!r} cannot be read: {error.strerror}") from error
    return f"data:{kind}/{_type(source) or 'mp4'};base64,{base64.b64encode(content).decode()}"


def _type(source: Path) -> str | None:
    """The media type's second half by the first bytes; None for what not every browser plays."""
    head = read_head(source)
    return next((name for at, mark, name in _TYPES if head[at : at + len(mark)] == mark), None)


def _hidden(kind: Kind, source: Path, target: Path, showing: Showing) -> ShownClip:
    """The copy with hidden faces: within the page, or beside it under the page's name."""
    suffix = ".png" if kind == "image" else ".mp4"
    if not showing.embed:
        copy = target.with_name(f"{target.stem}.faces-hidden{suffix}")
        _hide(kind, source, copy, showing)
        return ShownClip(kind, link(copy, target), BLURRED)
    with tempfile.TemporaryDirectory(prefix="emer-hidden-") as folder:
        copy = Path(folder) / f"copy{suffix}"
        _hide(kind, source, copy, showing)
        return ShownClip(kind, embedded(copy, kind), BLURRED)


def _hide(kind: Kind, source: Path, copy: Path, showing: Showing) -> None:
    import cv2

    from emer.tools.blurring import blur_faces, blurred_picture
    from emer.tools.media import open_media

    assert showing.detector is not None
    if kind == "video":
        blur_faces(source, copy, showing.detector)
        return
    with open_media(source) as media:
        picture = next(media.windows()).frames[0].image
    hidden = blurred_picture(picture, showing.detector.detect(picture, thorough=True))
    copy.write_bytes(cv2.imencode(".png", cv2.cvtColor(hidden, cv2.COLOR_RGB2BGR))[1].tobytes())
