"""One `Settings`: arguments beat environment (`EMER_*`) beat `emer.toml` beat defaults.

No other module reads the environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from emer.errors import InputError

Effort = Literal["quick", "standard", "thorough"]

ROLES = (
    "employee", "candidate", "pupil", "student", "customer", "patient", "public", "performer", "participant",
    "speaker", "friend", "family",
)  # fmt: skip
PURPOSES = ("medical", "safety")


def user_dir() -> Path:
    """The user's folder for what emer keeps, by the XDG convention."""
    return Path.home() / ".local" / "share" / "emer"


class Settings(BaseSettings):
    """Everything that can be set. Each field is also an environment variable, `EMER_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="EMER_", toml_file="emer.toml", extra="ignore", frozen=True)

    model: str | None = Field(default=None, description="provider:model; none means offline")
    offline: bool = Field(default=False, description="no chat model even if one is set")
    effort: Effort = "standard"
    language: str | None = Field(default=None, description="ISO 639-1 code; wins over detection")
    labels: tuple[str, ...] = Field(default=(), description="codebook files or built-in label sets")
    roles: dict[str, str] = Field(default={}, description="person id -> role; the key '*' means everybody")
    purpose: str | None = Field(default=None, description="medical or safety, with ':' and a text")
    no_biometrics: bool = Field(default=False, description="words and context only")
    exclude_persons: tuple[str, ...] = ()
    frames_per_s: float = Field(default=4.0, gt=0, le=30)
    specialist_timeout_s: float = Field(default=600.0, gt=0)
    neutral_prior: float = Field(default=0.2, gt=0, lt=1, description="share of the prior that neutral gets")
    face: Literal["auto", "embedded", "hsemotion", "deepface"] = Field(
        default="auto", description="who reads expressions; auto is the best that is present"
    )
    face_detector: Literal["auto", "haar", "yunet", "retinaface"] = Field(
        default="auto", description="who finds faces; auto is the best that is present"
    )
    action_units: Literal["auto", "none", "py-feat", "mediapipe"] = Field(
        default="auto", description="who reads action units; auto is what is present, else nobody"
    )
    words: str = Field(
        default="embedded", description="who reads words: embedded, hf:MODEL or hf-zero-shot:MODEL (id or folder)"
    )
    scene: str = Field(default="embedded", description="who looks at the scene: embedded, or hf:MODEL (id or folder)")
    weights_dir: Path = Field(
        default_factory=lambda: user_dir() / "weights", description="where pulled weights lie, a folder per back end"
    )
    memory_dir: Path = Field(default_factory=lambda: user_dir() / "memory")
    chats_dir: Path = Field(default_factory=lambda: user_dir() / "chats", description="where conversations are kept")
    trace: Path | None = Field(default=None, description="where one JSON trace of the run is written")

    @field_validator("roles")
    @classmethod
    def _roles_are_known(cls, roles: dict[str, str]) -> dict[str, str]:
        for role in roles.values():
            if role not in ROLES:
                raise ValueError(f"unknown role {role!r}; the roles are {', '.join(ROLES)}")
        return roles

    @field_validator("purpose")
    @classmethod
    def _purpose_is_lawful(cls, purpose: str | None) -> str | None:
        if purpose is not None and purpose.partition(":")[0] not in PURPOSES:
            raise ValueError(f"unknown purpose {purpose!r}; it must be medical or safety, e.g. 'medical:pain study'")
        return purpose

    @field_validator("words", "scene")
    @classmethod
    def _reader_is_named(cls, reader: str, info: ValidationInfo) -> str:
        doors = ("hf", "hf-zero-shot") if info.field_name == "words" else ("hf",)
        door, _, model = reader.partition(":")
        if reader != "embedded" and not (door in doors and model.strip()):
            expected = " or ".join(["'embedded'", *(f"'{one}:' and the id or folder of a model" for one in doors)])
            raise ValueError(f"unknown reader {reader!r}; expected {expected}")
        return reader

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `emer.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Settings from all sources; `None` among the overrides means "not given".

    Raises:
        InputError: a value is out of its range or of the wrong type, with the field's name.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    unknown = sorted(set(given) - set(Settings.model_fields))
    if unknown:
        known = ", ".join(sorted(Settings.model_fields))
        raise InputError(f"unknown setting {unknown[0]!r}; the settings are {known}")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"setting {where}: {first['msg']} (got {first['input']!r})") from error
    except (OSError, ValueError) as error:
        raise InputError(f"emer.toml cannot be read: {error}") from error
