"""Each test has a process of its own: no budget spent, no limit cut, nothing known of any endpoint."""

from __future__ import annotations

import pytest

from emer.models import opening
from emer.models.process import Process


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch) -> Process:
    process = Process()
    monkeypatch.setattr(opening, "PROCESS", process)
    return process
