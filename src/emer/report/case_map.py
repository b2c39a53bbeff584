"""The memory as a picture: one dot a case, near ones alike, coloured by family, with the words of its regions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emer.errors import InputError
from emer.memory.closed_sets import project
from emer.schemas import Case

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, HEIGHT, MARGIN = 1_600, 1_200, 90
_LEGEND = 70
_INK, _PAPER = (40, 40, 40), (255, 255, 255)
# Okabe and Ito's palette, which colour-blind readers tell apart, as blue, green, red
_COLOURS = {
    "anger": (0, 94, 213), "disgust": (115, 158, 0), "fear": (167, 121, 204), "joy": (0, 159, 230),
    "sadness": (178, 114, 0), "surprise": (233, 180, 86), "none": (150, 150, 150),
}  # fmt: skip
_MOST_WORDS = 40


def draw_map(cases: Sequence[Case], points: NDArray[np.float64], path: Path) -> None:
    """Writes the picture as PNG, 1,600 by 1,200.

    Args:
        cases: what is shown.
        points: where each lies, float64 (n, 2), in any unit.
        path: ends with .png.

    Raises:
        InputError: another ending, or the file cannot be written.
    """
    import cv2
    import numpy as np

    if path.suffix.lower() != ".png":
        raise InputError(f"the map is a PNG picture; {str(path)!r} should end with .png")
    image = np.full((HEIGHT, WIDTH, 3), _PAPER, dtype=np.uint8)
    places = _placed(points)
    families = [_family(case) for case in cases]
    for (x, y), family in zip(places, families, strict=True):
        cv2.circle(image, (int(x), int(y)), 6, _COLOURS[family], thickness=-1, lineType=cv2.LINE_AA)
    for text, x, y in _words(cases, places):
        _write(image, text, x, y)
    _draw_legend(image, sorted(set(families), key=list(_COLOURS).index), len(cases))
    _, encoded = cv2.imencode(".png", image)
    try:
        path.write_bytes(encoded.tobytes())
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}") from error


def _placed(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points in pixels: the middle 98 % fill the picture, so that one far off does not push all together."""
    import numpy as np

    low, high = np.percentile(points, [1, 99], axis=0) if len(points) else (np.zeros(2), np.ones(2))
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN - _LEGEND])
    inside = np.clip((points - low) / np.where(high > low, high - low, 1.0), -0.05, 1.05)
    return np.asarray(inside * room + MARGIN)


def _family(case: Case) -> str:
    shares = project({case.labels[0]: 1.0}, "ekman")
    return max(shares, key=lambda name: shares[name]) if sum(shares.values()) > 0 else "none"


def _words(cases: Sequence[Case], places: NDArray[np.float64]) -> list[tuple[str, int, int]]:
    """Return the commonest labels at the case that lies most among its own, none over another."""
    import numpy as np

    rows: dict[str, list[int]] = {}
    for row, case in enumerate(cases):
        rows.setdefault(case.labels[0], []).append(row)
    written: list[tuple[str, int, int]] = []
    for label, own in sorted(rows.items(), key=lambda item: (-len(item[1]), item[0])):
        apart = np.linalg.norm(places[own][:, None] - places[own][None], axis=2)
        x, y = places[own[int(np.median(apart, axis=1).argmin())]]
        is_free = all(abs(x - a) > 7 * (len(label) + len(text)) or abs(y - b) > 30 for text, a, b in written)
        if is_free and len(written) < _MOST_WORDS:
            written.append((label, int(x), int(y)))
    return written


def _write(image: Any, text: str, x: int, y: int) -> None:
    """Writes a word in the middle of a place, with a rim of paper so that it can be read over dots."""
    import cv2

    font, size = cv2.FONT_HERSHEY_DUPLEX, 0.75
    ascii_text = text.encode("ascii", "replace").decode()
    (width, height), _ = cv2.getTextSize(ascii_text, font, size, 1)
    at = (min(max(x - width // 2, 5), WIDTH - width - 5), y + height // 2)
    for colour, thickness in ((_PAPER, 7), (_INK, 1)):
        cv2.putText(image, ascii_text, at, font, size, colour, thickness, cv2.LINE_AA)


def _draw_legend(image: Any, families: Sequence[str], n: int) -> None:
    import cv2

    x, y = MARGIN, HEIGHT - 40
    for family in families:
        cv2.circle(image, (x, y), 8, _COLOURS[family], thickness=-1, lineType=cv2.LINE_AA)
        name = "other" if family == "none" else family
        cv2.putText(image, name, (x + 18, y + 7), cv2.FONT_HERSHEY_DUPLEX, 0.7, _INK, 1, cv2.LINE_AA)
        x += 150
    told = f"{n} cases; near means alike"
    cv2.putText(image, told, (x + 20, y + 7), cv2.FONT_HERSHEY_DUPLEX, 0.7, _COLOURS["none"], 1, cv2.LINE_AA)
