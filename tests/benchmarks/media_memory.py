"""Peak memory of reading a one-hour video against that of a one-minute one; the aim is a ratio of at most 1.5.

python tests/benchmarks/media_memory.py             # decode: two threads read pictures and sound (under a minute)
python tests/benchmarks/media_memory.py --analyze   # the whole offline analysis (an hour of pictures: many minutes)

Both clips are synthetic and made on the spot. Each is read in a process of its own; the figure is `ru_maxrss`, and
what Python and the libraries take before the first picture is part of it, as it is for a user. It exits with 1
above the aim.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

AIM = 1.5
FRAMES_PER_S, RATE = 5, 8_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--analyze", action="store_true", help="run the whole offline analysis instead of decoding")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        (analyze if options.analyze else decode)(options.read)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        minute, hour = (measure(Path(folder), length_s, analyze=options.analyze) for length_s in (60, 3_600))
    print(f"one minute {minute:.0f} MiB, one hour {hour:.0f} MiB, ratio {hour / minute:.2f} (aim: at most {AIM})")
    return int(hour / minute > AIM)


def measure(folder: Path, length_s: int, *, analyze: bool) -> float:
    """Peak memory in MiB of a fresh process that reads a clip of this length."""
    path = make_video(folder / f"{length_s}.mov", length_s)
    begun = time.perf_counter()
    command = [sys.executable, __file__, "--read", str(path), *(["--analyze"] if analyze else [])]
    peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
    print(f"{length_s} s of video: {peak:.0f} MiB, {time.perf_counter() - begun:.1f} s")
    return peak


def make_video(path: Path, length_s: int) -> Path:
    """A clip of 640 x 360 pixels, the largest form in which pictures are kept for this shape, with a tone."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=FRAMES_PER_S)
        video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
        audio = out.add_stream("pcm_alaw", rate=RATE, layout="mono")
        frame = av.VideoFrame.from_ndarray(np.zeros((360, 640, 3), np.uint8), format="rgb24").reformat(format="yuv420p")
        second = (8_000 * np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE)).astype(np.int16)[None, :]
        for at_s in range(length_s):
            for k in range(FRAMES_PER_S):
                frame.pts, frame.time_base = at_s * FRAMES_PER_S + k, Fraction(1, FRAMES_PER_S)
                out.mux(video.encode(frame))
            sound = av.AudioFrame.from_ndarray(second, format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = RATE, at_s * RATE, Fraction(1, RATE)
            out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path


def decode(path: Path) -> None:
    from emer.tools.media import open_media

    with open_media(path) as media:
        seen, heard = media.windows(), media.windows()
        look = threading.Thread(target=lambda: [f.image.mean() for window in seen for f in window.frames])
        look.start()
        for window in heard:
            np.sqrt(np.mean(window.sound**2))
        look.join()


def analyze(path: Path) -> None:
    import emer

    emer.analyze(path, offline=True, cache=False)


if __name__ == "__main__":
    sys.exit(main())
