"""How movements of the head are told."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """How a gesture is told: its text, the unit of its size, units per size, and the size that counts as extreme."""

    text: str
    unit: str
    times: float
    full: float


GESTURES = {
    "nod": Words("head goes up and down, as in nodding ({n} swings of {size} face widths)", "face_widths", 1, 0.5),
    "shake": Words(
        "head goes from side to side, as in shaking the head ({n} swings of {size} face widths)", "face_widths", 1, 0.5
    ),
    "nearer": Words("face grows by {size} per cent, as in leaning in", "per_cent", 100, 60),
    "away": Words("face shrinks by {size} per cent, as in leaning away", "per_cent", 100, 60),
    "tilt_left": Words("head tilts by {size} degrees to the left of the picture", "deg", 1, 40),
    "tilt_right": Words("head tilts by {size} degrees to the right of the picture", "deg", 1, 40),
    "up": Words("head rises by {size} face widths", "face_widths", 1, 1.5),
    "down": Words("head sinks by {size} face widths", "face_widths", 1, 1.5),
    "left": Words("head moves to the left of the picture by {size} face widths", "face_widths", 1, 1.5),
    "right": Words("head moves to the right of the picture by {size} face widths", "face_widths", 1, 1.5),
    "still": Words("head hardly moves ({size} face widths a second)", "face_widths_per_s", 1, 0.3),
}
