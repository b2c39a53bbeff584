"""What a specialist observed, measured once: a second run on the same clip reads it from the measurement cache.

The key holds all that an observation may depend on: the clip's content, the words and the context where the specialist
reads them, every setting that is not declared to be without influence, the weights that were pulled, the versions of
the libraries and emer's own code. A specialist that reads no words is given none, so that a new transcript does not
make the faces be measured again. An observation of something that failed is never kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter

from emer.agents.state import JSON, Observation, Services, Specialist, State
from emer.schemas import Clip, Utterance
from emer.tools.content import content_hash

WITHOUT_INFLUENCE = frozenset({
    "model", "offline", "effort", "labels", "roles", "purpose", "no_biometrics", "exclude_persons", "trace",
    "specialist_timeout_s", "neutral_prior", "memory_dir", "cache", "cache_dir", "cache_mb", "weights_dir", "mirror",
    "no_network",
})  # fmt: skip
"""Settings that change no measurement: of `weights_dir` what lies in it counts, the rest acts on other steps."""
LIBRARIES = (
    "numpy", "av", "opencv-contrib-python-headless", "onnxruntime", "tokenizers", "openai-whisper", "faster-whisper",
    "deepface", "transformers", "torch", "librosa", "py-feat", "mediapipe",
)  # fmt: skip
_LARGE_BYTES = 1_000_000  # of a larger file name and size tell; its card, which is small, has its version


def observe(name: str, specialist: Specialist, state: State, services: Services) -> JSON:
    """The specialist's observation as JSON, from the cache where it was made before, else made now and kept.

    What was odd about the file while it was read is kept with it, so that the Report says the same again.
    """
    if services.cache is None:
        return _dumped(_observed(specialist, state, services))
    given = _given(name, state, services)
    key = _digest([given, _surroundings(services.settings.weights_dir)])
    kept = services.cache.get(key)
    if kept is not None:
        found: JSON = json.loads(kept)
        if services.media is not None:
            services.media.warn_again(found["media"])
        return cast("JSON", found["observation"])
    seen = _observed(specialist, state, services)
    dumped = _dumped(seen)
    if not seen.failed and key == _digest([given, _surroundings(services.settings.weights_dir)]):
        warnings = services.media.warnings if services.media is not None else ()
        services.cache.put(key, json.dumps({"observation": dumped, "media": warnings}).encode())
    return dumped


def _observed(specialist: Specialist, state: State, services: Services) -> Observation:
    utterances = [Utterance.model_validate(one) for one in state.get("utterances") or ()]
    return specialist(Clip.model_validate(state["clip"]), utterances, services)


def _dumped(seen: Observation) -> JSON:
    dumped: JSON = _adapter().dump_python(seen, mode="json", by_alias=True)
    return dumped


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Observation]:
    return TypeAdapter(Observation)


def _given(name: str, state: State, services: Services) -> JSON:
    """All that the specialist is given, but for where the file lies."""
    told = services.settings.model_dump(mode="json", exclude=set(WITHOUT_INFLUENCE))
    return {
        "specialist": name,
        "content": services.content,
        "clip": {field: value for field, value in state["clip"].items() if field not in ("id", "source")},
        "utterances": state.get("utterances"),
        "settings": {field: _with_content(value) for field, value in told.items()},
    }


def _with_content(value: Any) -> Any:
    """The value; of one that names a file what is in the file, too."""
    if isinstance(value, str) and 0 < len(value) < 4096 and "\0" not in value and Path(value).is_file():
        return [value, content_hash(Path(value))]
    return value


def _surroundings(weights_dir: Path) -> JSON:
    """What measures: emer's code, the libraries, and which weights lie here now."""
    weights = [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in _files(weights_dir)]
    return {"code": _code(), "libraries": _libraries(), "weights": weights}


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
