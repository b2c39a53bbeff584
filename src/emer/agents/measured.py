"""What a specialist observed, measured once: a second run on the same clip reads it from the measurement cache.

The key holds all that an observation may depend on: the clip's content, the words and the context where the specialist
reads them, every setting that is not declared to be without influence, the weights that were pulled, the versions of
the libraries and emer's own code. A specialist that reads no words is given none, so that a new transcript does not
make the faces be measured again. An observation of something that failed is never kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import TypeAdapter

from emer.agents.hearing import Heard
from emer.agents.state import JSON, Observation, Services, Specialist, State
from emer.config import Settings
from emer.schemas import Clip, Utterance

WITHOUT_INFLUENCE = frozenset({
    "model", "models", "base_url", "api_key", "temperature", "seed", "max_output_tokens", "max_concurrency",
    "requests_per_minute", "tokens_per_minute", "call_timeout_s", "clip_deadline_s", "budget_calls", "budget_tokens",
    "budget_money", "prices", "answer_cache_mb", "offline", "effort", "labels", "roles", "purpose", "no_biometrics",
    "trace", "specialist_timeout_s", "neutral_prior", "memory_dir", "memory_server", "memory_key", "cache",
    "cache_dir", "cache_mb", "weights_dir", "mirror", "no_network", "label_language", "fallback", "words_only",
})  # fmt: skip
"""Settings that change no measurement: of `weights_dir` what lies in it counts, the rest acts on other steps."""
LIBRARIES = (
    "numpy", "av", "opencv-contrib-python-headless", "onnxruntime", "tokenizers", "openai-whisper", "faster-whisper",
    "deepface", "transformers", "torch", "py-feat", "mediapipe",
)  # fmt: skip
_LARGE_BYTES = 1_000_000  # of a larger file name and size tell; its card, which is small, has its version


class Made(NamedTuple):
    """What was measured, as JSON; what failed is never kept."""

    value: JSON
    failed: bool = False


def observe(name: str, specialist: Specialist, state: State, services: Services, *, needs_words: bool) -> JSON:
    """The specialist's observation as JSON; one that `needs_words` gets those that were heard where none were given."""
    heard = hear(state, services) if needs_words else Heard()
    told = state["clip"] if needs_words else {**state["clip"], "context": None, "language": None}
    clip = Clip.model_validate(told)
    given = {
        "clip": clip.model_dump(mode="json", exclude={"id", "source"}),
        "heard": _hearing().dump_python(heard, mode="json"),
    }
    return once(name, given, services, lambda: _observed(specialist, clip, heard, services))


def hear(state: State, services: Services) -> Heard:
    """What was said: the words that came with the clip, or those that a recogniser hears, once in a run."""
    if services.hearing.known is not None:
        return services.hearing.known
    settings, utterances = services.settings, state.get("utterances") or []
    given = {"utterances": utterances, "gone": settings.exclude_persons, "no_biometrics": settings.no_biometrics}
    found = once("hearing", given, services, lambda: _heard(utterances, services))
    # read from JSON the first time too: what is kept is rounded, and both times must say the same
    services.hearing.known = _hearing().validate_python(found)
    return services.hearing.known


def once(name: str, given: JSON, services: Services, make: Callable[[], Made]) -> JSON:
    """What `make` measures on the run's clip, from the cache where it was made before, else made now and kept.

    What was odd about the file while it was read is kept with it, so that the Report says the same again.

    Args:
        name: tells one kind of measurement from another.
        given: what it depends on besides the file's content, the settings and what measures.
        services: the run's; without a cache it is always made.
        make: measures.
    """
    cache, media = services.cache, services.media
    if cache is None:
        return make().value
    told = {"name": name, "given": given, "content": services.content, "settings": _settings(services.settings)}
    key = _key(told, services)
    kept = cache.get(key)
    if kept is not None:
        found: JSON = json.loads(kept)
        if media is not None:
            media.warn_again(found["media"])
        return cast("JSON", found["value"])
    made = make()
    if not made.failed and key == _key(told, services):  # weights may have been pulled away meanwhile
        warnings = media.warnings if media is not None else ()
        cache.put(key, json.dumps({"value": made.value, "media": warnings}).encode())
    return made.value


def _heard(utterances: Sequence[JSON], services: Services) -> Made:
    heard = services.hearing.heard([Utterance.model_validate(one) for one in utterances])
    return Made(_hearing().dump_python(heard, mode="json"), heard.failed)


def _observed(specialist: Specialist, clip: Clip, heard: Heard, services: Services) -> Made:
    seen = specialist(clip, heard.utterances, services)
    return Made(_adapter().dump_python(seen, mode="json", by_alias=True), seen.failed)


@lru_cache(maxsize=1)
def _hearing() -> TypeAdapter[Heard]:
    return TypeAdapter(Heard)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Observation]:
    return TypeAdapter(Observation)


def _key(told: JSON, services: Services) -> str:
    return _digest([told, _surroundings(services.settings.weights_dir)])


def _settings(settings: Settings) -> JSON:
    told = settings.model_dump(mode="json", exclude=set(WITHOUT_INFLUENCE))
    return {field: _with_files(value) for field, value in told.items()}


def _with_files(value: Any) -> Any:
    """The value; of one that names a file or a folder (`PATH` or `DOOR:PATH`), also which state of it."""
    if not isinstance(value, str) or not 0 < len(value) < 1024 or "\0" in value:
        return value
    paths = (Path(name).expanduser() for name in (value, value.partition(":")[2]) if name)
    return [value, *(_stamps(path) for path in paths if path.is_file() or path.is_dir())]


def _surroundings(weights_dir: Path) -> JSON:
    """What measures: emer's code, the libraries, and which weights lie here now."""
    return {"code": _code(), "libraries": _libraries(), "weights": _stamps(weights_dir)}


def _stamps(path: Path) -> list[list[str | int]]:
    """Name, size and time of a file, or of each file in a folder: cheaper than reading gigabytes of weights.

    What is taken away while we look is not there.
    """
    found: list[list[str | int]] = []
    try:
        for one in [path] if path.is_file() else _files(path):
            state = one.stat()
            found.append([str(one), state.st_size, state.st_mtime_ns])
    except FileNotFoundError:
        return found
    return found


@cache
def _code() -> str:
    """The digest of emer's modules, tables and cards."""
    root = Path(str(files("emer")))
    sizes = [(path.relative_to(root).as_posix(), path.stat().st_size, path) for path in _files(root)]
    told = [
        [name, size, "" if size > _LARGE_BYTES else hashlib.sha256(path.read_bytes()).hexdigest()]
        for name, size, path in sizes
        if not name.endswith(".pyc")
    ]
    return _digest(told)


@cache
def _libraries() -> dict[str, str | None]:
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
