"""A batch with a chat model: calls counted at the server, none repeated for a finished clip, one budget for all."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.servers.scripted import Script, ScriptedServer

from emer import batch


def _cues(folder: Path, n: int) -> Path:
    """A manifest of clips; `desk N.` stands in every question about clip N and in no other."""
    path = folder / "clips.jsonl"
    cues = [{"modality": "face", "text": "brows lowered, lips pressed"}, {"modality": "voice", "text": "low pitch"}]
    rows = [{"id": f"{k}", "cues": cues, "transcript": f"ANNA: They gave away desk {k}. I am sad."} for k in range(n)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _finished(path: Path) -> set[str]:
    if not path.exists():
        return set()
    lines = path.read_bytes().split(b"\n")[:-1]  # a half line is not finished
    return {json.loads(line)["row"]["id"] for line in lines}


@pytest.mark.stress
@pytest.mark.timeout(1800)
def test_a_killed_run_never_asks_again_about_a_finished_clip(tmp_path: Path) -> None:
    """20 kills of 200 clips (1 of 10 in CI), without a cache of answers."""
    n_kills, n_clips = (20, 200) if os.environ.get("EMER_STRESS") else (1, 10)
    source, output, chance = _cues(tmp_path, n_clips), tmp_path / "out.jsonl", random.Random(8)
    with ScriptedServer(Script(latency_s=0.05)) as server:
        call = [sys.executable, "-c", "from emer.cli import main; main()", "batch", str(source), "-o", str(output)]
        call += ["--model", f"vllm:m@{server.base_url}", "--concurrency", "4", "--workers", "1"]
        environment = {**os.environ, "EMER_ANSWER_CACHE_MB": "0", "EMER_CACHE_DIR": str(tmp_path / "cache")}
        for wanted in [*sorted(chance.randrange(1, n_clips - 1) for _ in range(n_kills)), None]:
            before, n_asked = _finished(output), len(server.seen.bodies)
            process = subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True)
            deadline = time.monotonic() + 120
            while wanted is not None and process.poll() is None and len(_finished(output)) < wanted:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            if wanted is not None:
                process.kill()
            told = process.communicate(timeout=600)[1]
            asked = "".join(json.dumps(body["messages"]) for body in server.seen.bodies[n_asked:])
            again = {clip for clip in before if f"desk {clip}." in asked}
            assert not again
        assert process.returncode == 0, told
    assert len(output.read_text().splitlines()) == n_clips
    assert _finished(output) == {str(number) for number in range(n_clips)}


async def test_perception_and_calls_meet_in_one_report_and_one_limiter_holds_all(
    tmp_path: Path, demo_dir: Path
) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    for name in ("demo.flac", "demo.srt"):
        shutil.copy(demo_dir / name, clips / name)
    (clips / "b.txt").write_text("I am so happy that you came!")
    with ScriptedServer(Script(latency_s=0.05)) as server:
        options: dict[str, Any] = {"model": f"vllm:m@{server.base_url}", "cache_dir": tmp_path / "cache"}
        outcomes = [one async for one in batch(clips, tmp_path / "out.jsonl", workers=1, concurrency=2, **options)]
        assert server.seen.most_in_flight <= 2
    reports = [outcome.report for outcome in outcomes]
    assert [report.provenance.mode for report in reports if report] == ["model", "model"]
    assert {cue.modality for report in reports if report for cue in report.cues} >= {"voice", "transcript"}
    record = json.loads((tmp_path / "out.run.json").read_text())
    assert record["usage"]["calls"] == server.seen.calls


async def test_a_report_of_a_batch_tells_what_was_left_out_as_one_alone_does(tmp_path: Path) -> None:
    with ScriptedServer(Script()) as server:
        options: dict[str, Any] = {"model": f"vllm:m@{server.base_url}", "cache_dir": tmp_path / "cache"}
        told = batch(_cues(tmp_path, 1), tmp_path / "out.jsonl", workers=1, without=("verify",), **options)
        [report] = [one.report async for one in told]
    assert report is not None
    assert "The part verify was left out (setting without)." in report.warnings


async def test_a_spent_budget_ends_the_run_and_the_rest_is_left_for_the_next(tmp_path: Path) -> None:
    from emer.models.process import PROCESS

    source, output = _cues(tmp_path, 12), tmp_path / "out.jsonl"
    with ScriptedServer(Script(latency_s=0.02)) as server:
        options: dict[str, Any] = {"model": f"vllm:m@{server.base_url}", "cache_dir": tmp_path / "cache"}
        allowed = PROCESS.ledger.calls + 15
        outcomes = [
            one
            async for one in batch(source, output, workers=1, concurrency=2, budget_calls=allowed, **options)
        ]  # fmt: skip
        assert server.seen.calls <= 15
        failures = [outcome.failure for outcome in outcomes if outcome.failure]
        assert {failure.kind for failure in failures} == {"BudgetError"}
        assert len(outcomes) < 12
        record = json.loads((tmp_path / "out.run.json").read_text())
        assert record["state"] == "stopped"
        rest = [one async for one in batch(source, output, workers=1, concurrency=2, **options)]
        assert all(outcome.failure is None for outcome in rest)
    assert _finished(output) == {str(number) for number in range(12)}
    assert (tmp_path / "out.failures.jsonl").read_text() == ""
