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
        ({"temperature": 3}, "temperature"),
        ({"warmth": 1}, "unknown setting 'warmth'"),
    ],
)
def test_a_bad_setting_is_told_by_name(given: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        load_settings(**given)


def test_a_broken_settings_file_is_an_input_error() -> None:
    Path("emer.toml").write_text("effort = ")
    with pytest.raises(InputError, match=r"emer\.toml"):
        load_settings()


def test_a_model_of_one_agent_comes_from_its_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("emer.toml").write_text('model = "vllm:m"\n[models]\njudge = "vllm:j"\nface = "vllm:f"\n')
    monkeypatch.setenv("EMER_MODEL_JUDGE", "openai:wise")
    assert load_settings().models == {"judge": "openai:wise", "face": "vllm:f"}
    assert load_settings(models={"judge": "hf:x"}).models["judge"] == "hf:x"
    monkeypatch.setenv("EMER_MODEL_JUGDE", "openai:wise")
    with pytest.raises(InputError, match=r"unknown agent 'jugde'.*judge"):
        load_settings()


def test_a_model_of_one_agent_needs_one_for_the_others() -> None:
    with pytest.raises(InputError, match="EMER_MODEL"):
        load_settings(models={"judge": "openai:wise"})
