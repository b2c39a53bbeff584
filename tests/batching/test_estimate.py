"""A dry run counts clips and calls, and tells tokens and cost from Reports that are there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.made_report import made_report

from emer.batching.estimate import estimate
from emer.batching.keys import batch_row, settings_digest
from emer.batching.outcome import Counts
from emer.batching.progress import Progress
from emer.batching.run import open_run
from emer.schemas import Usage


def test_calls_tokens_and_cost_of_what_is_left(tmp_path: Path) -> None:
    source, output, prices = tmp_path / "clips.jsonl", tmp_path / "out.jsonl", tmp_path / "prices.toml"
    source.write_text("".join(json.dumps({"id": str(n), "text": "No!"}) + "\n" for n in range(5)))
    prices.write_text('["vllm:m"]\ninput = 1.0\noutput = 10.0\n')
    options = {"model": "vllm:m@http://127.0.0.1:9/v1", "prices": prices, "cache_dir": tmp_path / "cache"}
    run = open_run(source, output, options)
    before = estimate(run)
    assert (before.n_left, before.calls_at_most, before.tokens, before.cost) == (5, 30, None, None)

    lines = []
    for row, tokens in zip(run.rows[:2], (1000, 3000), strict=True):
        used = {"calls": 6, "input_tokens": tokens, "output_tokens": 100}
        made = {"emer": "0", "mode": "model", "effort": "standard", "usage": used}
        key = batch_row(row, settings_digest(run.settings)).model_dump()
        lines.append(made_report(row=key, provenance=made).to_json(indent=None) + "\n")
    output.write_text("".join(lines))
    after = estimate(open_run(source, output, options))
    assert (after.n_finished, after.n_left, after.calls_at_most) == (2, 3, 18)
    assert after.tokens == (6000, 300)  # mean 2,000 and 100, three left
    assert after.cost == (6000 * 1.0 + 300 * 10.0) / 1e6


def test_progress_tells_rate_time_left_and_calls(tmp_path: Path) -> None:
    now = [0.0]
    with (tmp_path / "told").open("w") as out:
        progress = Progress(out, clock=lambda: now[0])
        counts = Counts(n_clips=100, n_before=10)
        for n in range(1, 31):
            now[0] = n * 0.5
            counts.n_done = n
            progress.step(counts)
        counts.n_failed, counts.usage = 2, Usage(calls=180, input_tokens=5000, output_tokens=700)
        counts.cost = 0.126
        told = progress.line(counts)
    assert told == (
        "40 of 100 done, 10 of them before, 2 failed, 2.0 a second, 29 s left, 180 calls, 5,000 + 700 tokens, cost 0.13"
    )
    lines = (tmp_path / "told").read_text().splitlines()
    assert len(lines) == 2  # no terminal: a line every ten seconds, not one for each clip
