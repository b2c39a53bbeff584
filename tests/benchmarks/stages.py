"""Milliseconds of each stage of an offline analysis: `python tests/benchmarks/stages.py [--clip FILE] [--runs 3]`.

Without `--clip` the demonstration clip is played again and again for 60 s at 1280 x 720, 30 pictures a second, H.264,
with its sound and words; a face is in view throughout. Each analysis runs in a fresh process on `--cores` processors,
first with an empty measurement cache, then with what the first one kept; medians of `--runs`. Stages run at the same
time, so they do not add up; what each costs alone is the second table. It exits with 1 above the aim.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

DEMO = Path(__file__).resolve().parents[2] / "src" / "emer" / "data" / "demo"
AIM_S = 15.0
SIZE, RATE, LENGTH_S = (1280, 720), 30, 60.0
ANALYSIS = """
import json, sys, time
begun = time.perf_counter()
import emer
imported = time.perf_counter()
report = emer.analyze(sys.argv[1], transcript=sys.argv[2] or None)
done = time.perf_counter()
again = time.perf_counter()
emer.analyze(sys.argv[1], transcript=sys.argv[2] or None)
times = report.provenance.timings_s | {"import emer": imported - begun, "whole analysis": done - imported}
times["the same again in this process"] = time.perf_counter() - again
facts = {"people": len(report.people), "cues": len(report.cues)}
print(json.dumps({"times": times, "cpu_s": time.process_time(), **facts}))
"""
ALONE = """
import json, sys, time
from pathlib import Path
import numpy as np
from emer.tools.content import content_hash
from emer.tools.face_detectors import open_detector
from emer.tools.face_watch import watch_faces
from emer.tools.media import open_media
from emer.tools.scene import read_scene
from emer.tools.text_encoder import encode
from emer.tools.voice import listen
path = Path(sys.argv[1])
encode(["once"])
times = {}
def timed(name, call):
    begun = time.perf_counter()
    result = call()
    times[name] = time.perf_counter() - begun
    return result
timed("hash of the file", lambda: content_hash(path))
media = timed("look into the file", lambda: open_media(path))
windows = timed("decode pictures and sound", lambda: list(media.windows()))
frames = [f for w in windows for f in w.frames if f.t_s >= w.fresh_from_s]
timed("find, follow and read faces", lambda: watch_faces(frames, open_detector("haar", path.parent)))
timed("measure the voice", lambda: listen(iter(windows)))
timed("look at the scene", lambda: read_scene((f.t_s, f.image) for f in frames))
timed("encode 20 sentences", lambda: encode([f"This is sentence number {n}." for n in range(20)]))
print(json.dumps({"times": times}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=Path, help="another clip than the one that is made")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: options.cores]))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        clip = options.clip or make_clip(folder / "minute.mp4")
        words = "" if options.clip else str(DEMO / "demo.srt")
        cold = [run(ANALYSIS, folder, clip, words, cache=folder / f"cache-{n}") for n in range(options.runs)]
        warm = [run(ANALYSIS, folder, clip, words, cache=folder / f"cache-{n}") for n in range(options.runs)]
        alone = [run(ALONE, folder, clip, words, cache=folder) for _ in range(options.runs)]
    print(f"{'stage, at the same time as others':<36} {'first look':>12} {'second look':>12}")
    first, second = medians(cold), medians(warm)
    for stage, seconds in sorted(first.items(), key=lambda item: item[1]):
        print(f"{stage:<36} {1e3 * seconds:9.0f} ms {1e3 * second[stage]:9.0f} ms")
    cpu_s = [statistics.median(one["cpu_s"] for one in runs) for runs in (cold, warm)]
    print(f"{'processor time, both looks':<36} {1e3 * cpu_s[0]:9.0f} ms {1e3 * cpu_s[1]:9.0f} ms")
    print(f"\n{'alone':<36}")
    for stage, seconds in medians(alone).items():
        print(f"{stage:<36} {1e3 * seconds:9.0f} ms")
    print(f"\n{cold[0]['people']} people, {cold[0]['cues']} cues, n = {options.runs} runs on {options.cores} cores")
    print(f"whole analysis {first['whole analysis']:.1f} s (aim: under {AIM_S:.0f} s)")
    return int(first["whole analysis"] >= AIM_S)


def run(program: str, folder: Path, clip: Path, words: str, *, cache: Path) -> dict[str, Any]:
    """What a fresh process measured."""
    settings = {"EMER_CACHE_DIR": str(cache), "EMER_MEMORY_DIR": str(folder / "memory")}
    call = [sys.executable, "-c", program, str(clip), words]
    done = subprocess.run(call, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def medians(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Median seconds of each stage."""
    return {stage: statistics.median(one["times"][stage] for one in runs) for stage in runs[0]["times"]}


def make_clip(path: Path) -> Path:
    """The demonstration clip again and again for a minute, as 720p."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23"})
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        video.thread_type = "AUTO"
        audio = out.add_stream("aac", rate=16_000, layout="mono")
        pictures, sounds = _played()
        n_samples = 0
        for n in range(round(LENGTH_S * RATE)):
            frame = pictures[int(n * 25 / RATE) % len(pictures)]
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            out.mux(video.encode(frame))
            while n_samples < n / RATE * 16_000:
                sound = sounds[(n_samples // 1024) % len(sounds)]
                sound.pts, sound.time_base = n_samples, Fraction(1, 16_000)
                out.mux(audio.encode(sound))
                n_samples += sound.samples
        for stream in (video, audio):
            out.mux(stream.encode(None))
    return path


def _played() -> tuple[list[Any], list[Any]]:
    """The demonstration clip's pictures between black bars, and its sound in pieces of 1,024 samples at 16 kHz."""
    pictures = []
    with av.open(str(DEMO / "demo.mp4")) as given:
        for picture in given.decode(video=0):
            canvas = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
            left = (SIZE[0] - SIZE[1]) // 2
            canvas[:, left : left + SIZE[1]] = picture.reformat(SIZE[1], SIZE[1], "rgb24").to_ndarray()
            pictures.append(av.VideoFrame.from_ndarray(canvas, format="rgb24").reformat(format="yuv420p"))
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=16_000, frame_size=1024)
    with av.open(str(DEMO / "demo.mp4")) as given:
        sounds = [piece for frame in given.decode(audio=0) for piece in resampler.resample(frame)]
    return pictures, [piece for piece in sounds if piece.samples == 1024]


if __name__ == "__main__":
    sys.exit(main())
