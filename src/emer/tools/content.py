"""What a file is, told by its bytes and never by its name: a hash, media or text, or a clear refusal."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path
from typing import Literal

from emer.errors import InputError

HEAD_BYTES = 65_536
MEDIA_SUFFIXES = frozenset({
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".mts", ".m2ts", ".wmv", ".flv", ".3gp", ".ogv",
    ".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wma", ".aif", ".aiff",
    ".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic",
})  # fmt: skip
# Control characters that no text has; tab, line ends, form feed and escape may stand in one.
_BINARY = bytes(sorted(set(range(0x20)) - set(b"\t\n\r\f\x1b"))) + b"\x7f"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def content_hash(path: Path) -> str:
    """The SHA-256 of the file's bytes as `sha256:<hex>`, read in pieces.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise unreadable(path, error) from error


def sniff(path: Path) -> Literal["media", "text", "json"]:
    """What the file holds: `json` (a Report or cues), other `text` (a transcript, subtitles), or `media`.

    `media` means "not text": whether it can be decoded, `open_media` tells.

    Raises:
        InputError: it is missing, empty, no regular file or unreadable, or a text under the name of a video, a
            sound or a picture.
    """
    text = decode_text(read_head(path))
    if text is None:
        return "media"
    if path.suffix.lower() in MEDIA_SUFFIXES:
        raise text_not_media(path)
    return "json" if _is_json(text) else "text"


def read_head(path: Path) -> bytes:
    """The file's first bytes (at most 64 KiB, never empty)."""
    check_file(path)
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error


def check_file(path: Path) -> None:
    """Nothing, if `path` is a regular file with something in it.

    Raises:
        InputError: it is not, with what to do.
    """
    try:
        stat = path.stat()
        is_dir, is_file = path.is_dir(), path.is_file()
    except FileNotFoundError as error:
        raise InputError(f"no such file: {str(path)!r}; check the path") from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if is_dir:
        raise InputError(f"{str(path)!r} is a directory; give one file")
    if not is_file:
        raise InputError(f"{str(path)!r} is not a regular file; copy what it delivers into a file first")
    if stat.st_size == 0:
        raise InputError(f"{str(path)!r} is empty (0 bytes); copy or export it again")


def decode_text(head: bytes) -> str | None:
    """The text that `head` begins, or None if these are not the bytes of a text.

    UTF-8 and marked UTF-16 are certain. Other bytes pass as Latin-1 if they hold no control character and mostly
    ASCII, as an old subtitle file does; no media container gets that far without a zero byte.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            text = codecs.getincrementaldecoder(name)("replace").decode(head)
            return None if "\0" in text or "\ufffd" in text else text
    if head.translate(None, _BINARY) != head:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        n_high = sum(byte >= 0x80 for byte in head)
        return head.decode("latin-1") if n_high <= 0.3 * len(head) else None


def text_not_media(path: Path) -> InputError:
    """The error for a text that came where a video, a sound or a picture was expected."""
    return InputError(
        f"{str(path)!r} holds text, not a video, a sound or a picture; "
        "to analyse the text, give the file the ending .txt or .srt, or pipe it in: emer analyze - < FILE"
    )


def unreadable(path: Path, error: Exception) -> InputError:
    """The error for a file that the system does not let us read."""
    why = getattr(error, "strerror", None) or str(error)
    return InputError(f"{str(path)!r} cannot be read: {why}; check the path and its permissions")


def _is_json(text: str) -> bool:
    packed = "".join(text[:200].split())
    return packed.startswith(('{"', "{}", "[{"))
