"""Draws docs/report.svg, the picture of a real Report in the README: `.venv/bin/python docs/picture.py`."""

from __future__ import annotations

import io
import re
from importlib.resources import files
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from emer import analyze
from emer.report.terminal import render

# rich's template fetches its font from the network; a page about privacy should not
FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def main() -> None:
    """Writes the picture beside this file."""
    demo = Path(str(files("emer") / "data" / "demo"))
    report = analyze(
        demo / "demo.mp4", transcript=demo / "demo.srt", context="Anna tells a friend how the competition went."
    )
    report = report.model_copy(update={"clip": report.clip.model_copy(update={"source": "demo.mp4"})})
    console = Console(
        record=True, width=110, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    render(report, console)
    console.save_svg(str(Path(__file__).with_name("report.svg")), title="emer analyze demo.mp4", code_format=FORMAT)


if __name__ == "__main__":
    main()
