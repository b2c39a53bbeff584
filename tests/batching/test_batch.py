"""A batch from sources to files: all accounted for, resumed, said when settings change, stopped."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.mixed_clips import mixed_clips

from emer import InputError, Report, batch
from emer.batching.outcome import Outcome


@pytest.fixture
def clips(tmp_path: Path, demo_dir: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(demo_dir / "demo.flac", folder / "a.FLAC")
    shutil.copy(demo_dir / "demo.srt", folder / "a.srt")
    (folder / "b.txt").write_text("I am so happy that you came!")
    (folder / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    return folder


def _program(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from emer.cli import main; main()", *map(str, arguments)]


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def _all(source: Path, output: Path, **options: object) -> list[Outcome]:
    return [outcome async for outcome in batch(source, output, workers=1, **options)]


async def test_mixed_clips_are_all_accounted_for_and_a_second_run_does_nothing_again(
    clips: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    outcomes = await _all(clips, output)
    reports = {report.row.id: report for line in output.read_text().splitlines() if (report := _report(line)).row}
    assert set(reports) == {"a.FLAC", "b.txt"}
    assert reports["a.FLAC"].utterances
    assert {outcome.row.id: outcome.report for outcome in outcomes} == {**reports, "broken.mp4": None}
    (failure,) = _lines(tmp_path / "out.failures.jsonl")
    assert (failure["id"], failure["kind"], failure["retryable"]) == ("broken.mp4", "InputError", False)
    record = json.loads((tmp_path / "out.run.json").read_text())
    assert record["counts"] == {"n_clips": 3, "n_before": 0, "n_done": 2, "n_failed": 1, "n_left": 0}
    written = output.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out.failures.jsonl", "out.jsonl", "out.run.json"]

    assert await _all(clips, output) == []
    assert output.read_bytes() == written
    assert len(_lines(tmp_path / "out.failures.jsonl")) == 1
    record = json.loads((tmp_path / "out.run.json").read_text())
    assert record["counts"] == {"n_clips": 3, "n_before": 2, "n_done": 0, "n_failed": 1, "n_left": 0}

    shutil.copy(clips / "a.FLAC", clips / "broken.mp4")  # mended: other content, so another key
    (mended,) = await _all(clips, output)
    assert mended.row.id == "broken.mp4"
    assert mended.failure is None
    assert (tmp_path / "out.failures.jsonl").read_text() == ""


def _report(line: str) -> Report:
    return Report.model_validate_json(line)


def test_the_program_says_what_failed_what_changed_and_what_it_would_do(clips: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    call = _program("batch", clips, "-o", output, "--workers", 1)
    first = subprocess.run(call, capture_output=True, text=True, timeout=100)
    assert (first.returncode, first.stdout) == (3, "")
    assert "1 clip failed" in first.stderr
    assert "2 of 3 done, 1 failed" in first.stderr
    with output.open("ab") as file:
        file.write(b'{"half')

    told = subprocess.run([*call, "--effort", "quick", "--dry-run"], capture_output=True, text=True, timeout=100)
    assert "3 clips: 0 finished, 0 given up, 3 left" in told.stdout
    assert output.read_bytes().endswith(b'{"half')  # a dry run writes nothing

    changed = subprocess.run(
        [*call, "--effort", "quick", "--shard", "1/1", "--limit", "2"], capture_output=True, text=True, timeout=100
    )
    assert changed.returncode == 0
    assert "2 Reports" in changed.stderr
    assert "made with other settings" in changed.stderr
    assert "half-written last line (6 bytes)" in changed.stderr
    assert len({line["row"]["key"] for line in _lines(output)}) == 4  # type: ignore[index]


def test_it_drains_when_asked_to_end_and_goes_on_where_it_was(tmp_path: Path) -> None:
    manifest = tmp_path / "clips.jsonl"
    manifest.write_text("".join(json.dumps({"text": f"I lost game {n}, I am sad."}) + "\n" for n in range(300)))
    output = tmp_path / "out.jsonl"
    call = _program("batch", manifest, "-o", output, "--workers", 1)
    process = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (output.exists() and output.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "finishing the clips at work" in told
    record = json.loads((tmp_path / "out.run.json").read_text())
    n_done = len(_lines(output))
    assert record["state"] == "stopped"
    assert 0 < n_done < 300
    assert record["counts"]["n_done"] == n_done
    assert not _workers_of(process.pid)


def _workers_of(pid: int) -> list[str]:
    told = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True).stdout.splitlines()
    return [line for line in told if "emer.batching.worker" in line and line.split()[-1] == str(pid)]


@pytest.mark.stress
@pytest.mark.timeout(3600)
def test_a_thousand_mixed_clips_killed_at_random_points_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """1,000 clips and 20 kills (20 and 1 in CI), one in twenty broken: the same Reports as a run left alone."""
    n_kills, n_clips = (20, 1000) if os.environ.get("EMER_STRESS") else (1, 20)
    chance = random.Random(8)
    manifest = mixed_clips(tmp_path, n_clips)
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    call = _program("batch", manifest, "-o")
    assert subprocess.run([*call, whole], capture_output=True, timeout=3000).returncode == 3
    for wanted in sorted(chance.randrange(n_clips * 9 // 10) for _ in range(n_kills)):
        process = subprocess.Popen([*call, killed], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while process.poll() is None and _n_lines(killed) < wanted and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chance.random())
        process.kill()
        process.wait()
    last = subprocess.run([*call, killed], capture_output=True, text=True, timeout=3000)
    assert last.returncode == 3
    n_broken = n_clips // 20
    assert len(_lines(killed)) == n_clips - n_broken
    assert _told(killed) == _told(whole)
    failed = _lines(tmp_path / "killed.failures.jsonl")
    assert {line["id"] for line in failed} == {f"clip {n}" for n in range(0, n_clips, 20)}
    assert all(line["why"] for line in failed)
    assert not list(tmp_path.glob("*.lock"))


def _n_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _told(path: Path) -> set[str]:
    """The Reports without the times that they took."""
    lines = _lines(path)
    for line in lines:
        line["provenance"].pop("timings_s")  # type: ignore[attr-defined]
    return {json.dumps(line) for line in lines}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"engine": "spark"}, "there are local and ray"),
        ({"workers": 0}, "workers must be above 0"),
        ({"trace": "x.json"}, "a trace is of one clip"),
        ({"shard": (3, 2)}, "with i from 1 to n"),
        ({"effot": "quick"}, "unknown setting 'effot'"),
    ],
)
async def test_wrong_use_is_told_before_anything_is_done(
    options: dict[str, object], says: str, clips: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=says):
        async for _ in batch(clips, tmp_path / "out.jsonl", **options):
            pass
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("content", ['{"mine": 1}\n', "words without a line end", '{"schema_version": "1"}\n'])
async def test_a_file_of_another_kind_is_not_written_into(content: str, clips: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine.jsonl"
    output.write_text(content)
    with pytest.raises(InputError, match="no batch wrote"):
        await _all(clips, output)
    assert output.read_text() == content
    assert not (tmp_path / "mine.run.json").exists()
