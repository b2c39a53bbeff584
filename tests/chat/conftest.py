"""One real analysis for all conversations of these tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from emer.schemas import Report


@pytest.fixture(scope="session")
def demo_report(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The Report of the clip that ships with emer."""
    from emer import analyze

    own = tmp_path_factory.mktemp("demo")
    folders = {name: own / name for name in ("memory_dir", "cache_dir", "weights_dir")}
    return analyze(demo_dir / "demo.mp4", transcript=demo_dir / "demo.srt", offline=True, **folders)


@pytest.fixture
def chat(demo_report: Report, demo_dir: Path, tmp_path: Path) -> Iterator[object]:
    """A conversation about it that may open the clip and write into `out`."""
    from emer.chat import ChatSession

    (tmp_path / "out").mkdir()
    assert "EMER_CHATS_DIR" in os.environ
    with ChatSession.begin(demo_report, media=demo_dir / "demo.mp4", folder=tmp_path / "out") as session:
        yield session
