"""What `import emer` and `emer --help` load: nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "langgraph",
    "langchain_core",
    "chromadb",
    "cv2",
    "av",
    "librosa",
    "onnxruntime",
    "openai",
    "numpy",
    "tokenizers",
}


def _loaded(statement: str) -> set[str]:
    """The top-level modules that `statement` imports in a fresh interpreter."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=False
    )
    names = (line.rsplit("|", 1)[-1].strip() for line in result.stderr.splitlines() if line.startswith("import time:"))
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    "statement",
    [
        "import emer",
        "import emer.models",
        "import sys; sys.argv = ['emer', '--help']; from emer.cli import main; main()",
    ],
)
def test_the_front_door_loads_nothing_heavy(statement: str) -> None:
    loaded = _loaded(statement)
    assert "emer" in loaded
    assert not loaded & HEAVY


def test_every_public_name_resolves_and_an_unknown_one_is_an_attribute_error() -> None:
    import emer

    assert all(getattr(emer, name) is not None for name in emer.__all__)
    assert set(emer.__all__) <= set(dir(emer))
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = emer.analyse
