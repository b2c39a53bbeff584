"""Runs the tests of Inspect's tasks in a process of their own: Inspect patches asyncio for good."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).with_name("inspect_tasks_cases.py")
ROOT = CASES.parents[2]


@pytest.mark.timeout(300)
def test_the_tasks_give_the_figures_of_emer_eval_run(data_dir: Path) -> None:
    pytest.importorskip("inspect_ai", reason="the extra inspect is not installed")
    call = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", str(CASES)]
    environment = {**os.environ, "EMER_TEST_DATA": str(data_dir)}
    done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout, done.stdout
