"""Makes the demonstration material in src/emer/data/demo from rights-free sources; see README.md for their terms.

python training/demo/make.py PORTRAIT.png     # astronaut.png out of the scikit-image wheel; needs espeak-ng
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
import soundfile
from numpy.typing import NDArray

DEMO = Path(__file__).resolve().parents[2] / "src/emer/data/demo"
FRAMES_PER_S, SIZE, RATE = 25, 480, 22_050


class Line(NamedTuple):
    """One sentence as it is to be spoken; `rate`, `pitch` and `loudness` are espeak-ng's -s, -p and -a."""

    text: str
    rate: int
    pitch: int
    loudness: int
    pause_s: float  # before it


CLIP = (
    Line("I'm fine, really.", 185, 62, 110, 0.35),
    Line("They gave the prize to somebody else. After all I did!", 175, 50, 130, 0.3),
    Line("Honestly, I'm just so disappointed.", 135, 34, 65, 0.3),
)
SAMPLE = (
    Line("Oh wow, we won! I can't believe it!", 195, 75, 150, 0.2),
    Line("But nobody came to see it.", 120, 30, 55, 1.0),
)
# Points of the portrait, in its own pixels (512 x 512), and how far the picture around them moves, in pixels, at full
# strength. "Left" is the picture's left.
SMILE = {(204, 140): (-3, -4), (248, 140): (3, -4), (226, 152): (0, 2), (200, 128): (0, -2), (252, 128): (0, -2)}
FROWN = {(204, 140): (7, 8), (248, 140): (-7, 8), (226, 152): (0, -4)}
BROWS_UP = {(202, 87): (0, -4), (250, 90): (0, -4), (214, 89): (0, -2), (237, 90): (0, -2)}
INNER_BROWS_UP = {(214, 88): (1, -3), (237, 89): (-1, -3), (196, 89): (0, 1), (258, 93): (0, 1)}
JAW = {(226, 154): (0, 5), (226, 172): (0, 5)}
SPREAD = 8.0
MOUTH, MOUTH_WIDTH, MOUTH_HEIGHT = (226, 147), 20.0, 6.5


def main() -> None:
    portrait = cv2.imread(sys.argv[1])
    DEMO.mkdir(parents=True, exist_ok=True)
    sound, starts = speak(CLIP, tail_s=0.5)
    write_video(DEMO / "demo.mp4", portrait, sound, starts)
    (DEMO / "demo.srt").write_text(subtitles(CLIP, starts, "ANNA"), encoding="utf-8")
    sample, _ = speak(SAMPLE, tail_s=0.3)
    soundfile.write(DEMO / "demo.flac", sample, RATE, subtype="PCM_16")


def speak(lines: tuple[Line, ...], *, tail_s: float) -> tuple[NDArray[np.float32], list[tuple[float, float]]]:
    """The sentences as one recording (mono, -1..1) and when each begins and ends, in seconds."""
    parts: list[NDArray[np.float32]] = []
    times = []
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "line.wav"
        for line in lines:
            options = f"-v en-us+f3 -s {line.rate} -p {line.pitch} -a {line.loudness} -z -w".split()
            subprocess.run(["espeak-ng", *options, str(wav), line.text], check=True)
            parts.append(np.zeros(round(line.pause_s * RATE), np.float32))
            start = sum(map(len, parts))
            parts.append(np.trim_zeros(soundfile.read(wav, dtype="float32")[0], "b"))
            times.append((start / RATE, (start + len(parts[-1])) / RATE))
    return np.concatenate([*parts, np.zeros(round(tail_s * RATE), np.float32)]), times


def subtitles(lines: tuple[Line, ...], times: list[tuple[float, float]], speaker: str) -> str:
    def stamp(t_s: float) -> str:
        ms = round(t_s * 1000)
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    return "\n".join(
        f"{k}\n{stamp(start)} --> {stamp(end)}\n{speaker}: {line.text}\n"
        for k, (line, (start, end)) in enumerate(zip(lines, times, strict=True), start=1)
    )


def write_video(path: Path, portrait: NDArray, sound: NDArray[np.float32], times: list[tuple[float, float]]) -> None:
    n_frames = int(len(sound) / RATE * FRAMES_PER_S)
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=FRAMES_PER_S, options={"crf": "24", "preset": "slow", "threads": "1"})
        video.width = video.height = SIZE
        video.pix_fmt = "yuv420p"
        audio = out.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate = 64_000
        for k in range(n_frames):
            frame = av.VideoFrame.from_ndarray(pose(portrait, k / FRAMES_PER_S, sound, times), format="bgr24")
            out.mux(video.encode(frame))
        block = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="fltp", layout="mono")
        block.sample_rate = RATE
        out.mux(audio.encode(block))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))


def pose(portrait: NDArray, t_s: float, sound: NDArray[np.float32], times: list[tuple[float, float]]) -> NDArray:
    """The portrait as it stands at `t_s`: it smiles, loses the smile while it tells the story, and smiles again."""
    _, (told_from, told_to), (last_from, last_to) = times
    sadness = ramp(t_s, told_from, 0.5) - ramp(t_s, told_to - 0.1, 0.4)
    again = ramp(t_s, told_to, 0.5)
    at = round(t_s * RATE)
    voice = min(1.0, 5 * float(np.sqrt(np.mean(sound[at : at + RATE // 25] ** 2))))
    surprise = ramp(t_s, told_from + 0.3, 0.3) - ramp(t_s, told_from + 1.6, 0.5)
    moves = [
        (SMILE, 0.4 * (1 - sadness) + 0.6 * again),
        (FROWN, sadness), (BROWS_UP, 0.4 * surprise), (INNER_BROWS_UP, 0.9 * again), (JAW, voice),
    ]  # fmt: skip
    down = ramp(t_s, last_from, 0.6) - 0.6 * ramp(t_s, last_to, 0.5)
    nod = np.exp(-(((t_s - told_to + 0.7) / 0.22) ** 2))
    closed = 1.3 * sadness * (1 - 0.3 * voice)
    shift = (5 * np.sin(0.9 * t_s), 7 * down + 6 * nod)
    shown = cv2.addWeighted(portrait, 1 - sadness, at_rest(portrait), sadness, 0)
    return warp(shown, moves, closed=closed, shift=shift, tilt_deg=2.5 * np.sin(0.7 * t_s + 0.4))


def at_rest(portrait: NDArray) -> NDArray:
    """The portrait with lips over the teeth and the folds of the smile smoothed, for a mouth that is shut."""
    lips = portrait[152:155, 218:234].reshape(-1, 3).mean(axis=0)
    covered = blend(portrait, np.broadcast_to(lips, portrait.shape), ellipse((225, 145), (18, 6), 2), softness=1.5)
    smooth = cv2.GaussianBlur(covered, (0, 0), 5)
    folds = ellipse((199, 133), (5, 10), 30) | ellipse((250, 135), (5, 10), -20)
    return blend(covered, smooth, folds, softness=3)


def ellipse(centre: tuple[int, int], half_axes: tuple[int, int], angle_deg: int) -> NDArray:
    return cv2.ellipse(np.zeros((512, 512), np.uint8), centre, half_axes, angle_deg, 0, 360, 255, -1)


def blend(below: NDArray, above: NDArray, mask: NDArray, *, softness: float) -> NDArray:
    share = cv2.GaussianBlur(mask, (0, 0), softness)[:, :, None] / 255
    return (below * (1 - share) + above * share).round().astype(np.uint8)


def ramp(t_s: float, from_s: float, length_s: float) -> float:
    x = float(np.clip((t_s - from_s) / length_s, 0, 1))
    return x * x * (3 - 2 * x)


def warp(portrait: NDArray, moves: list, *, closed: float, shift: tuple[float, float], tilt_deg: float) -> NDArray:
    """The part of the portrait around the head, moved as a whole and pushed at some points by Gaussian bumps."""
    zoom = SIZE / 232
    turned = cv2.getRotationMatrix2D((0.0, 0.0), tilt_deg, 1 / zoom)
    x, y = np.meshgrid(np.arange(SIZE) - SIZE / 2, np.arange(SIZE) - SIZE / 2)
    source_x = turned[0, 0] * x + turned[0, 1] * y + 224 - shift[0]
    source_y = turned[1, 0] * x + turned[1, 1] * y + 124 - shift[1]
    push_x, push_y = np.zeros_like(x), np.zeros_like(y)
    for points, strength in moves:
        for (px, py), (dx, dy) in points.items():
            bump = strength * np.exp(-((source_x - px) ** 2 + (source_y - py) ** 2) / (2 * SPREAD**2))
            push_x += dx * bump
            push_y += dy * bump
    # Looking further out, the further one is from its middle line, squeezes the mouth flat; below 2.2 nothing folds.
    off_x, off_y = source_x - push_x - MOUTH[0], source_y - push_y - MOUTH[1]
    push_y -= closed * off_y * np.exp(-((off_x / MOUTH_WIDTH) ** 2 + (off_y / MOUTH_HEIGHT) ** 2) / 2)
    source = [(a - b).astype(np.float32) for a, b in ((source_x, push_x), (source_y, push_y))]
    return cv2.remap(portrait, *source, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


if __name__ == "__main__":
    main()
