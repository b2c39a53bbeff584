"""Rectangles, lines and words on a white sheet, written as SVG or as PNG. It knows nothing of Reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

PNG_SCALE = 2
"""Pixels of a PNG for every unit: a sheet of 1000 units prints at 300 dpi over 17 cm."""
_FINER = 3
"""How much finer the PNG is drawn before it is made smaller: OpenCV's own smoothing of thin lines is coarse."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # what no XML may hold (XML 1.0, Char)


@dataclass(frozen=True)
class Rect:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str | None = None


@dataclass(frozen=True)
class Path:
    """A line through points; `dash` is the length of its dashes, 0 for none."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.0
    dash: float = 0.0


@dataclass(frozen=True)
class Words:
    """One line of words; `y` is its base line, `anchor` which end of it `x` is."""

    x: float
    y: float
    text: str
    size: float = 12.0
    colour: str = "#1d2126"
    anchor: Literal["start", "end"] = "start"
    is_bold: bool = False


Shape = Rect | Path | Words


def as_svg(shapes: Sequence[Shape], width: float, height: float, told: str) -> str:
    """The sheet as SVG text; `told` says what it shows to who cannot see it."""
    body = "\n".join(_svg(shape) for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" font-family="Helvetica, Arial, sans-serif">\n<title>{_safe(told)}</title>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def as_png(shapes: Sequence[Shape], width: float, height: float) -> bytes:
    """The sheet as the bytes of a PNG file. OpenCV has letters for ASCII only: any other is drawn as `?`."""
    import cv2

    scale = PNG_SCALE * _FINER
    sheet = np.full((round(height * scale), round(width * scale), 3), 255, np.uint8)
    for shape in shapes:
        _draw(cv2, sheet, shape, scale)
    size = (round(width * PNG_SCALE), round(height * PNG_SCALE))
    return bytes(cv2.imencode(".png", cv2.resize(sheet, size, interpolation=cv2.INTER_AREA))[1].tobytes())


def fitted(text: str, room: float, size: float) -> str:
    """The text, cut with an ellipsis if it needs more than `room` units; a letter takes .56 of its size."""
    n = int(room / (0.56 * size))
    return text if len(text) <= n else f"{text[: n - 1].rstrip()}…" if n > 2 else ""


def _safe(text: str) -> str:
    return escape(_UNSEEN.sub("\ufffd", text))


def _svg(shape: Shape) -> str:
    if isinstance(shape, Rect):
        edge = f' stroke="{shape.edge}"' if shape.edge else ""
        return (
            f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}" rx="2" '
            f'fill="{shape.fill}"{edge}/>'
        )
    if isinstance(shape, Path):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
        dash = f' stroke-dasharray="{shape.dash:g} {shape.dash * 0.7:g}"' if shape.dash else ""
        return (
            f'<polyline points="{points}" fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}" '
            f'stroke-linecap="round" stroke-linejoin="round"{dash}/>'
        )
    bold = ' font-weight="bold"' if shape.is_bold else ""
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" fill="{shape.colour}" '
        f'text-anchor="{shape.anchor}"{bold}>{_safe(shape.text)}</text>'
    )


def _draw(cv2: Any, sheet: NDArray[np.uint8], shape: Shape, scale: int) -> None:
    if isinstance(shape, Rect):
        corners = _pixels([(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)], scale)
        cv2.rectangle(sheet, *corners, _bgr(shape.fill), -1)
        if shape.edge:
            cv2.rectangle(sheet, *corners, _bgr(shape.edge), scale)
    elif isinstance(shape, Path):
        for run in _dashes(shape) if shape.dash else [shape.points]:
            line = np.array(_pixels(run, scale), np.int32).reshape(-1, 1, 2)
            cv2.polylines(sheet, [line], False, _bgr(shape.colour), round(shape.width * scale), cv2.LINE_AA)
    else:
        _write(cv2, sheet, shape, scale)


def _write(cv2: Any, sheet: NDArray[np.uint8], words: Words, scale: int) -> None:
    text = words.text.translate(_PLAIN).encode("ascii", "replace").decode()
    font, thick = cv2.FONT_HERSHEY_SIMPLEX, round((1.9 if words.is_bold else 1.15) * scale * words.size / 12)
    size = words.size * scale * 0.7 / 21  # a capital is 21 units high in Hershey's letters, .7 of the size in Helvetica
    (width, _), _ = cv2.getTextSize(text, font, size, thick)
    x = words.x * scale - (width if words.anchor == "end" else 0)
    cv2.putText(sheet, text, (round(x), round(words.y * scale)), font, size, _bgr(words.colour), thick, cv2.LINE_AA)


_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "−": "-"})


def _pixels(points: Sequence[tuple[float, float]], scale: int) -> list[tuple[int, int]]:
    return [(round(x * scale), round(y * scale)) for x, y in points]


def _dashes(path: Path) -> list[list[tuple[float, float]]]:
    """The line cut into dashes, each of straight parts."""
    points = np.asarray(path.points, np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    runs = []
    for start in np.arange(0.0, max(along[-1], 1e-9), 1.7 * path.dash):
        end = min(start + path.dash, along[-1])
        at = np.array([start, *along[(along > start) & (along < end)], end])
        runs.append([(float(np.interp(a, along, points[:, 0])), float(np.interp(a, along, points[:, 1]))) for a in at])
    return runs


def _bgr(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as OpenCV wants it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red
