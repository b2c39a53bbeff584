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

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from media_files import first_seconds

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
        env={**os.environ, "EMER_MEMORY_DIR": memory, "EMER_CACHE": "false"},
    )
    return time.perf_counter() - begun


def analysis(clip: Path) -> list[str]:
    """The arguments of an offline analysis of `clip` with the demonstration's words."""
    return ["-c", PROGRAM, "analyze", str(clip), "--transcript", str(DEMO / "demo.srt"), "--json"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    calls = {"python -c pass": ["-c", "pass"], "import emer": ["-c", "import emer"]}
    calls |= {"emer --help": ["-c", PROGRAM, "--help"]}
    with tempfile.TemporaryDirectory() as memory:
        whole = analysis(DEMO / "demo.mp4")
        print(f"{'emer analyze demo.mp4, new memory':<36} {timed(whole, memory):.2f} s, n = 1")
        calls |= {"emer analyze demo.mp4 (8.6 s)": whole}
        calls |= {
            "emer analyze, its first 6 s": analysis(first_seconds(DEMO / "demo.mp4", Path(memory) / "six.mp4", 6.0))
        }
        for name, call in calls.items():
            times = [timed(call, memory) for _ in range(runs)]
            print(f"{name:<36} {statistics.median(times):.2f} s median, n = {runs}, least {min(times):.2f}")


if __name__ == "__main__":
    main()
