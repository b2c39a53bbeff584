"""Settings: arguments beat environment beat emer.toml beat defaults; a bad one is told by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from emer.config import load_settings
from emer.errors import InputError


def test_arguments_beat_environment_beats_file_beats_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().effort == "standard"
    Path("emer.toml").write_text('effort = "quick"\nneutral_prior = 0.3\n')
    assert load_settings().effort == "quick"
    monkeypatch.setenv("EMER_EFFORT", "thorough")
    assert load_settings().effort == "thorough"
    assert load_settings(effort="standard").effort == "standard"
    assert load_settings().neutral_prior == 0.3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"effort": "heroic"}, "effort"),
        ({"neutral_prior": 2}, "neutral_prior"),
        ({"roles": {"p1": "king"}}, "king"),
        ({"purpose": "marketing"}, "medical or safety"),
        ({"temperature": 1}, "unknown setting 'temperature'"),
    ],
)
def test_a_bad_setting_is_told_by_name(given: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        load_settings(**given)


def test_a_broken_settings_file_is_an_input_error() -> None:
    Path("emer.toml").write_text("effort = ")
    with pytest.raises(InputError, match=r"emer\.toml"):
        load_settings()
