"""How a picture must be turned to stand as it was meant to, and how large its header says that it is."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emer.tools.content import read_head


class Orientation(NamedTuple):
    """First swap rows and columns, then mirror left-right and top-bottom."""

    is_transposed: bool = False
    is_mirrored_x: bool = False
    is_mirrored_y: bool = False


UPRIGHT = Orientation()
# Exif 2.32, tag 0x0112: where row 0 and column 0 of the stored picture are in the shown one.
_EXIF = {
    2: Orientation(False, True, False), 3: Orientation(False, True, True), 4: Orientation(False, False, True),
    5: Orientation(True, False, False), 6: Orientation(True, True, False), 7: Orientation(True, True, True),
    8: Orientation(True, False, True),
}  # fmt: skip

_MAGIC = {
    b"\xff\xd8\xff": "jpeg_pipe", b"\x89PNG\r\n\x1a\n": "png_pipe", b"BM": "bmp_pipe",
    b"II*\0": "tiff_pipe", b"MM\0*": "tiff_pipe",
}  # fmt: skip
_JPEG_TABLES = (0xC4, 0xC8, 0xCC)  # in the range of the frame headers, but tables (ITU-T T.81, table B.1)


def frame_orientation(frame: Any, path: Path) -> Orientation:
    """How `frame`, decoded from `path`, must be turned: from its display matrix or the file's Exif tag."""
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18 knows no name for Exif side data and refuses to list any
        return exif_orientation(read_head(path))
    return UPRIGHT if matrix is None else _from_matrix(bytes(matrix))


def exif_orientation(head: bytes) -> Orientation:
    """The orientation that the Exif block in a picture's first bytes states; upright if there is none."""
    begin = head.find(b"Exif\0\0") + 6 or head.find(b"eXIf") + 4
    block = head[begin:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if begin < 6 or order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", block, 4)
        (n_tags,) = struct.unpack_from(f"{order}H", block, at)
        for k in range(n_tags):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", block, at + 2 + 12 * k)
            if tag == 0x0112:
                return _EXIF.get(value, UPRIGHT)
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def picture_form(head: bytes) -> str | None:
    """FFmpeg's name for the form of a still picture, told by its first bytes; None for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp_pipe"
    return next((form for magic, form in _MAGIC.items() if head.startswith(magic)), None)


def is_cut_off(path: Path, head: bytes) -> bool:
    """Whether a JPEG lacks the mark at its end, so that its lower part is grey; other forms then do not decode."""
    if picture_form(head) != "jpeg_pipe":
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - len(head)))
        return b"\xff\xd9" not in file.read()


def stated_size(head: bytes) -> tuple[int, int] | None:
    """Stored width and height that the header of a PNG or JPEG states; None for other forms."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return struct.unpack_from(">II", head, 16) if len(head) >= 24 else None
    at = 2 if head.startswith(b"\xff\xd8") else len(head)
    while at + 9 <= len(head):
        marker, length, height, width = head[at + 1], *struct.unpack_from(">HxHH", head, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in _JPEG_TABLES:
            return width, height
        at += 2 + length
    return None


def turn(picture: NDArray[np.uint8], orientation: Orientation) -> NDArray[np.uint8]:
    """The picture `(h, w, 3)`, turned and mirrored, as a contiguous array."""
    if orientation.is_transposed:
        picture = picture.swapaxes(0, 1)
    if orientation.is_mirrored_x:
        picture = picture[:, ::-1]
    if orientation.is_mirrored_y:
        picture = picture[::-1]
    return np.ascontiguousarray(picture)


def shown_size(frame: Any, pixel_aspect: float, orientation: Orientation) -> tuple[int, int]:
    """Width and height in pixels as the frame is shown."""
    width, height = max(1, round(frame.width * pixel_aspect)), frame.height
    return (height, width) if orientation.is_transposed else (width, height)


def _from_matrix(raw: bytes) -> Orientation:
    """The quarter turn and mirroring that a display matrix comes nearest to.

    It is 9 native 32-bit integers (a b u, c d v, x y w) and shows a stored point (p, q) at (a p + c q, b p + d q)
    (ISO/IEC 14496-12, 8.2.2; libavutil/display.h).
    """
    a, b, _, c, d = struct.unpack_from("=5i", raw)
    if abs(b) > abs(a):
        return Orientation(True, c < 0, b < 0)
    return Orientation(False, a < 0, d < 0)
