"""What the tests of the agents share."""

from __future__ import annotations

import pytest
from asking_support import Model


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """The model behind `model="fake:"` in this test: it answers from a script, waits and keeps its calls."""
    made = Model()
    monkeypatch.setattr("emer.models.opening.FakeBackend", lambda script: made)
    return made
