"""What a “what if” costs beside the analysis: `python tests/benchmarks/chat_rejudge.py`.

The clip that ships with emer is analysed twice with the cache of measurements off (the second time is warm), then each
of its modalities is left out in a conversation, `N` times. Wall clock and CPU of this process, medians.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

N = 9


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("memory", "chats", "cache"):
            os.environ[f"EMER_{name.upper()}_DIR"] = f"{folder}/{name}"
        os.environ["EMER_CACHE"] = "0"
        measure()


def measure() -> None:
    from emer import analyze
    from emer.chat import ChatSession

    demo = Path(__file__).resolve().parents[2] / "src" / "emer" / "data" / "demo"
    analyze(demo / "demo.mp4", transcript=demo / "demo.srt")
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    report = analyze(demo / "demo.mp4", transcript=demo / "demo.srt")
    first = (time.perf_counter() - wall_s, time.process_time() - cpu_s)
    print(f"analysis, warm: {first[0]:.2f} s wall, {first[1]:.2f} s CPU")
    with ChatSession.begin(report) as chat:
        chat.ask("without the face")
        for sense in ("face", "voice", "words"):
            took = []
            for _ in range(N):
                wall_s, cpu_s = time.perf_counter(), time.process_time()
                assert chat.ask(f"without the {sense}").kind == "what_if"
                took.append((time.perf_counter() - wall_s, time.process_time() - cpu_s))
            wall, cpu = (statistics.median(one[k] for one in took) for k in (0, 1))
            shares = f"{wall / first[0]:.1%} of the wall clock, {cpu / first[1]:.1%} of the CPU"
            print(f"without the {sense}: {wall:.3f} s wall, {cpu:.3f} s CPU: {shares}, n = {N}")


if __name__ == "__main__":
    main()
