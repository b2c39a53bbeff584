"""Seeded damage to real files of nine forms: a Report or a refusal in one line; no crash, hang, leak or traceback."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import soundfile
from broken_copies import damaged
from media_files import first_seconds, tone, video

N = 500 if os.environ.get("EMER_STRESS") else 50
LIMIT_S = 90.0
"""Seconds that one file may take on a machine that is busy with other things; usual is half a second."""
GROWTH_MB = 40
"""Megabytes that a reader may grow after its first 20 files: libraries keep pools, a leak does not stop."""
READER = """
import json, os, resource, sys, threading, traceback
from pathlib import Path
import emer
from emer.schemas import Report
def rss(): return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
for line in sys.stdin:
    try:
        report = emer.analyze(line.rstrip("\\n"), cache=False)
        Report.model_validate_json(report.to_json())
        told = {"kind": "report"} if report.cited() <= {cue.id for cue in report.cues} else {"kind": "unsound"}
    except emer.EmerError as error:
        told = {"kind": "refused", "text": str(error)}
    except BaseException:
        told = {"kind": "traceback", "text": traceback.format_exc()}
    told |= {"rss_mb": rss(), "n_files": len(os.listdir("/proc/self/fd")), "n_threads": threading.active_count()}
    print(json.dumps(told), flush=True)
"""


class Reader:
    """A process that analyses one file after the other, and is ended when one takes too long."""

    def __init__(self, folder: Path) -> None:
        self.log = (folder / f"stderr-{id(self)}.txt").open("w+b")
        environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", READER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment, cwd=folder,
        )  # fmt: skip
        self.told: list[dict[str, Any]] = []

    def read(self, path: Path) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        alarm = threading.Timer(LIMIT_S, self.process.kill)
        alarm.start()
        try:
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            in_time = alarm.is_alive()
            alarm.cancel()
        told = json.loads(line) if line else {"kind": f"crash {self.process.wait()}" if in_time else "hang"}
        self.told.append(told)
        return told

    def end(self) -> str:
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.stdout.close()  # type: ignore[union-attr]
        self.process.wait(LIMIT_S)
        self.log.seek(0)
        with self.log as log:
            return log.read().decode(errors="replace")


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory, demo_dir: Path) -> dict[str, bytes]:
    """A second or two of real media in each form."""
    folder = tmp_path_factory.mktemp("originals")
    first_seconds(demo_dir / "demo.mp4", folder / "talk.mp4", 1.5)
    picture = _first_picture(demo_dir / "demo.mp4")
    speech, rate = soundfile.read(demo_dir / "demo.flac", dtype="float32", frames=24_000)
    times = np.arange(0, 1, 0.1)
    for name in ("moving.mkv", "moving.webm", "moving.avi"):
        codec = "libvpx" if name.endswith("webm") else "mpeg4"
        video(folder / name, times=times, picture=picture, codec=codec, sound=tone(1.0), gop=4)
    soundfile.write(folder / "speech.wav", speech, rate)
    soundfile.write(folder / "speech.flac", speech, rate)
    soundfile.write(folder / "speech.ogg", speech, rate)
    cv2.imwrite(str(folder / "face.jpg"), picture[..., ::-1])
    cv2.imwrite(str(folder / "face.png"), picture[::2, ::2, ::-1])
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _first_picture(source: Path) -> np.ndarray:
    with av.open(str(source)) as given:
        return next(given.decode(video=0)).to_ndarray(format="rgb24")


@pytest.mark.stress
@pytest.mark.timeout(3600)
def test_damaged_files_are_read_or_refused(originals: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    readers = [Reader(tmp_path) for _ in range(2)]
    names, raws = list(originals), list(originals.values())
    work: queue.SimpleQueue[int] = queue.SimpleQueue()
    for seed in range(N):
        work.put(seed)
    results: dict[int, tuple[str, dict[str, Any]]] = {}

    def run(reader: Reader) -> None:
        while reader.process.poll() is None:
            try:
                seed = work.get_nowait()
            except queue.Empty:
                return
            which = (seed // 9) % len(names)
            kind, raw = damaged(raws[which], raws, seed)
            path = tmp_path / f"{seed}-{names[which]}"
            path.write_bytes(raw)
            results[seed] = (f"{names[which]} {kind}", reader.read(path))
            path.unlink()

    threads = [threading.Thread(target=run, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logs = [reader.end() for reader in readers]
    print(Counter(told["kind"] for _, told in results.values()))
    bad = {seed: told for seed, told in results.items() if told[1]["kind"] not in ("report", "refused")}
    assert not bad, f"{len(bad)} of {len(results)} damaged files: {bad}"
    assert len(results) == N
    assert all(0 < len(told["text"]) < 600 for _, told in results.values() if told["kind"] == "refused")
    assert not any("Traceback" in log for log in logs), logs
    assert not list((tmp_path / "tmp").iterdir()), "temporary files were left"
    for reader in readers:
        settled, last = reader.told[min(20, len(reader.told) // 2)], reader.told[-1]
        print(settled, last)
        assert last["n_files"] <= settled["n_files"] + 5
        assert last["n_threads"] <= settled["n_threads"] + 5
        assert last["rss_mb"] <= settled["rss_mb"] + GROWTH_MB
