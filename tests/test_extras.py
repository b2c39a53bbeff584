"""The extras go together: one wheel that brings cv2, no TensorFlow, no CUDA, here and in what pip would install."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
EXTRAS = sorted(tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["optional-dependencies"])
CPU_TORCH = "torch==2.13.0"  # what `make extra` installs first


def check(names: set[str]) -> None:
    """Nothing, if these distributions may stand in one environment."""
    assert {name for name in names if name.startswith("opencv")} == {"opencv-contrib-python-headless"}
    unwanted = ("tensorflow", "tf-keras", "keras", "nvidia-", "emotiefflib", "py-feat")
    assert not {name for name in names if name.startswith(unwanted)}


def test_this_environment_has_one_cv2_and_no_tensorflow() -> None:
    found = list(metadata.distributions())
    check({one.name.lower().replace("_", "-") for one in found})
    owners = [one.name for one in found if any(str(file) == "cv2/__init__.py" for file in one.files or ())]
    assert owners == ["opencv-contrib-python-headless"]


@pytest.mark.stress
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not os.environ.get("EMER_STRESS"), reason="asks the package index; set EMER_STRESS=1")
@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_what_pip_would_install_in_a_fresh_environment(extra: str, tmp_path: Path) -> None:
    wanted = [f".[{extra}]" if extra else "."]
    wanted += [CPU_TORCH] if extra in ("whisper", "hf", "all") else []  # as the Makefile does
    report = tmp_path / "report.json"
    call = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--ignore-installed",
        "-q",
        "--report",
        report,
        *wanted,
    ]
    result = subprocess.run(call, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    names = {one["metadata"]["name"].lower().replace("_", "-") for one in json.loads(report.read_text())["install"]}
    check(names)
    heavy = {"torch", "librosa", "numba", "pandas", "triton"} & names
    assert not heavy or extra, f"the base must not bring {heavy}"
    print(extra or "base", len(names), "distributions", sorted(heavy))
