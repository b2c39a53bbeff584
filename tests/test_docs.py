"""The pages run as written, the README's commands exist, and the drawing of the graph is the graph's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
DOCS = REPOSITORY / "docs"
BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)


@pytest.fixture
def workplace(tmp_path: Path, demo_dir: Path) -> Path:
    shutil.copy(demo_dir / "demo.mp4", tmp_path / "clip.mp4")
    shutil.copy(demo_dir / "demo.srt", tmp_path / "clip.srt")
    (tmp_path / "clips").mkdir()
    shutil.copy(demo_dir / "demo.flac", tmp_path / "clips" / "a.flac")
    (tmp_path / "clips" / "letter.txt").write_text("I am so happy that you came!\n")
    (tmp_path / "cues.jsonl").write_text(
        '{"id": "a", "cues": [{"modality": "face", "text": "lips pressed"}], "transcript": "No!"}\n'
    )
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "emer").write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from emer.cli import main; main()' \"$@\"\n")
    (commands / "emer").chmod(0o755)
    return tmp_path


PAGES = [
    "one-clip.md", "python.md", "data-set.md", "speech.md", "back-ends.md", "weights-and-cache.md", "models.md",
    "memory.md", "recall.md", "reasoning.md", "batch.md", "chat.md", "other-agents.md", "report-page.md",
    "evaluations.md", "inspect.md", "tracing.md",
]  # fmt: skip


NEEDS = {"other-agents.md": "mcp.server.mcpserver", "inspect.md": "inspect_ai"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_as_written(page: str, workplace: Path) -> None:
    """The shell blocks each run alone, the Python blocks of a page as one program, as a reader would."""
    if page in NEEDS:
        pytest.importorskip(NEEDS[page])
    blocks = BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    assert blocks
    scripts = ["set -e\n" + text for kind, text in blocks if kind == "sh"]
    program = "\n".join(text for kind, text in blocks if kind == "python")
    environment = {**os.environ, "PATH": f"{workplace / 'bin'}:{os.environ['PATH']}"}
    calls = [["sh", "-c", "\n".join(scripts)]] if scripts else []
    calls += [[sys.executable, "-c", program]] if program else []
    for call in calls:
        result = subprocess.run(
            call, cwd=workplace, env=environment, capture_output=True, text=True, timeout=110, check=False
        )
        assert result.returncode == 0, result.stderr
        assert "Traceback" not in result.stderr


def test_every_link_leads_somewhere() -> None:
    for page in [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_drawing_of_the_graph_is_the_graphs_own() -> None:
    from emer.agents.graph import drawing

    assert drawing() in (DOCS / "architecture.md").read_text(encoding="utf-8")


def test_the_readme_names_commands_that_exist() -> None:
    from typer.main import get_command

    from emer.cli import app

    text = "".join(page.read_text(encoding="utf-8") for page in [REPOSITORY / "README.md", *DOCS.glob("*.md")])
    blocks = re.findall(r"```(\w*)\n(.*?)```", text, re.DOTALL)
    fenced = "\n".join(block for kind, block in blocks if kind in ("", "sh"))
    named = set(re.findall(r"`emer ([a-z]+)", text)) | set(
        re.findall(r"(?:bin/|^|\| )emer ([a-z]+)", fenced, re.MULTILINE)
    )
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert named
    assert named <= known
