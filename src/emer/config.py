"""One `Settings`: arguments beat environment (`EMER_*`) beat `emer.toml` beat defaults.

No other module reads the environment.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from emer.errors import InputError
from emer.network import refuse_connections

Effort = Literal["quick", "standard", "thorough"]
Part = Literal["memory", "verify"]

ROLES = (
    "employee", "candidate", "pupil", "student", "customer", "patient", "public", "performer", "participant",
    "speaker", "friend", "family",
)  # fmt: skip
PURPOSES = ("medical", "safety")
_SECRETS = ("api_key", "memory_key", "memory_server")  # an address that is refused may hold a password
ASKING_AGENTS = ("face", "voice", "transcript", "context", "cause", "recall", "judge", "critic", "chat")


def user_dir() -> Path:
    """The user's folder for what emer keeps, by the XDG convention."""
    return Path.home() / ".local" / "share" / "emer"


def cache_dir() -> Path:
    """The user's folder for what can be made again, by the XDG convention."""
    return Path.home() / ".cache" / "emer"


def has_openai_key() -> bool:
    """Whether the environment holds the key that OpenAI's own SDK looks for."""
    return bool(os.environ.get("OPENAI_API_KEY"))


def tracing_environment() -> dict[str, str]:
    """The variables of OpenTelemetry and LangSmith that are set; they are not ours to name."""
    ours = ("OTEL_", "LANGSMITH_", "LANGCHAIN_")
    return {name: value for name, value in os.environ.items() if name.startswith(ours) and value.strip()}


class _AgentModels(EnvSettingsSource):
    """`EMER_MODEL_JUDGE=…` and its kin as the setting `models`."""

    def __call__(self) -> dict[str, Any]:
        """`{"models": {"judge": "…"}}` for the agents that the environment names, else nothing."""
        prefix = f"{self.env_prefix}model_".lower()
        named = {name.lower(): value for name, value in self.env_vars.items() if value}
        models = {name.removeprefix(prefix): value for name, value in named.items() if name.startswith(prefix)}
        return {"models": models} if models else {}


class Settings(BaseSettings):
    """Everything that can be set. Each field is also an environment variable, `EMER_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="EMER_", toml_file="emer.toml", extra="ignore", frozen=True)

    model: str | None = Field(default=None, description="provider:model; none means offline")
    models: dict[str, str] = Field(default={}, description="agent -> provider:model, where it differs from `model`")
    offline: bool = Field(default=False, description="no chat model even if one is set")
    base_url: str | None = Field(default=None, description="where `model` is served, e.g. http://127.0.0.1:8000/v1")
    api_key: SecretStr | None = Field(default=None, description="key for any endpoint; OpenAI's own is also read")
    temperature: float | None = Field(default=None, ge=0, le=2, description="none: 0, and 0.7 where judges vote")
    seed: int = 0
    max_output_tokens: int = Field(default=4096, ge=16, description="of one answer; doubled once when cut off")
    max_concurrency: int = Field(default=16, ge=1, le=1024, description="calls in flight in this process")
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    call_timeout_s: float = Field(default=120.0, gt=0)
    clip_deadline_s: float = Field(default=600.0, gt=0, description="for all questions about one clip")
    budget_calls: int | None = Field(default=None, ge=0, description="calls that this process may make")
    budget_tokens: int | None = Field(default=None, ge=0)
    budget_money: float | None = Field(default=None, ge=0, description="in the currency of the price table")
    prices: Path | None = Field(default=None, description="a TOML or JSON table: model -> price per million tokens")
    cache_dir: Path = Field(default_factory=cache_dir, description="what was measured, and answers of models")
    answer_cache_mb: int = Field(default=256, ge=0, description="disk for answers; 0 keeps none")
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
    asr: str = Field(default="auto", description="auto, none, whisper[:path] or faster-whisper[:path]")
    voice_model: str | None = Field(default=None, description="audio classifier: a local folder or a pulled hub id")
    baseline: str | None = Field(default=None, description="the speaker's usual voice: a clip, or seconds: 0-12.5")
    memory_dir: Path = Field(default_factory=lambda: user_dir() / "memory")
    memory_server: str | None = Field(default=None, description="a Chroma server for its index, http://HOST:PORT")
    memory_key: SecretStr | None = Field(default=None, description="sent to that server as a bearer token")
    chats_dir: Path = Field(default_factory=lambda: user_dir() / "chats", description="where conversations are kept")
    mirror: str | None = Field(default=None, description="where `emer models pull` fetches instead of the hosts")
    no_network: bool = Field(default=False, description="any connection of this process is an error")
    cache: bool = Field(default=True, description="keep what is measured, for a second look at the same clip")
    cache_mb: float = Field(default=1000.0, gt=0)
    label_language: str | None = Field(default=None, description="ISO 639-1 code of the language of a model's labels")
    fallback: Literal["none", "offline"] = Field(
        default="none", description="what judges where the model of the judge fails: nobody, or emer itself, offline"
    )
    words_only: bool = Field(default=False, description="send no frame and no sound to a model, only words and numbers")
    without: tuple[Part, ...] = Field(default=(), description="parts left out, to measure what they do")
    trace: Path | None = Field(default=None, description="where one JSON trace of the run is written")

    @field_validator("models")
    @classmethod
    def _agents_are_known(cls, models: dict[str, str]) -> dict[str, str]:
        for agent in models:
            if agent not in ASKING_AGENTS:
                raise ValueError(f"unknown agent {agent!r}; those that ask a model are {', '.join(ASKING_AGENTS)}")
        return models

    @model_validator(mode="after")
    def _one_model_answers_for_the_rest(self) -> Settings:
        if self.models and self.model is None:
            raise ValueError("a model is set for single agents but none for the others: set `model` (EMER_MODEL) too")
        return self

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

    @field_validator("memory_server")
    @classmethod
    def _server_is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not re.fullmatch(r"https?://[^@/?#\s]+(/[^@?#\s]*)?", url):
            raise ValueError("expected http://HOST:PORT, without a user or a password (set memory_key for a key)")
        return url

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
        return init_settings, env_settings, _AgentModels(settings_cls), TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Settings from all sources; `None` among the overrides means "not given".

    Every door comes through here, so this is where `no_network` takes effect, for good, on the whole process.

    Raises:
        InputError: a value is out of its range or of the wrong type, with the field's name.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    unknown = sorted(set(given) - set(Settings.model_fields))
    if unknown:
        known = ", ".join(sorted(Settings.model_fields))
        raise InputError(f"unknown setting {unknown[0]!r}; the settings are {known}")
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise InputError(_told(error)) from (None if any(name in str(error) for name in _SECRETS) else error)
    except (OSError, ValueError) as error:
        raise InputError(f"emer.toml cannot be read: {error}") from error
    if settings.no_network:
        refuse_connections()
    return settings


def _told(error: ValidationError) -> str:
    """The first error by its field; a value is shown only where it belongs to one field that is no secret."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    what = str(first["msg"]).removeprefix("Value error, ")
    if not where or where in _SECRETS:
        return f"setting {where}: {what}" if where else what
    return f"setting {where}: {what} (got {first['input']!r})"
