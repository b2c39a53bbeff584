"""Cold starts in fresh processes: `python tests/benchmarks/cold_start.py [--runs 7]`.

Prints the median seconds of `import emer`, `emer --help` and an offline analysis of the demonstration clip, each in a
new process with a memory that exists, and the analysis once with a memory that must be made first.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "src" / "emer" / "data" / "demo"
PROGRAM = "from emer.cli import main; main()"


def timed(arguments: list[str], memory: str) -> float:
    """Seconds that a fresh interpreter takes."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "EMER_MEMORY_DIR": memory},
    )
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    analysis = ["-c", PROGRAM, "analyze", str(DEMO / "demo.mp4"), "--transcript", str(DEMO / "demo.srt"), "--json"]
    calls = {"python -c pass": ["-c", "pass"], "import emer": ["-c", "import emer"]}
    calls |= {"emer --help": ["-c", PROGRAM, "--help"]}
    with tempfile.TemporaryDirectory() as memory:
        print(f"{'emer analyze demo.mp4, new memory':<36} {timed(analysis, memory):.2f} s, n = 1")
        for name, call in (calls | {"emer analyze demo.mp4": analysis}).items():
            times = [timed(call, memory) for _ in range(runs)]
            print(f"{name:<36} {statistics.median(times):.2f} s median, n = {runs}, least {min(times):.2f}")


if __name__ == "__main__":
    main()
