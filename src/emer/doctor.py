"""Says what this machine has, what each back end lacks and the command that brings it."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from emer.config import load_settings
from emer.errors import EmerError, SetupError
from emer.installation import checkout, command, extra_command, is_installed, version

Status = Literal["ready", "needs package", "needs weights", "broken"]


class Check(NamedTuple):
    """One thing that emer can use here: its status, a detail and the command that mends it."""

    name: str
    status: Status
    detail: str
    remedy: str | None = None


class BackEnd(NamedTuple):
    """An optional part: what for, the module that shows that its package is here, and how its weights are called.

    `extra` brings the package; of one that is in no extra `package` is what the user installs. Without `weights` it
    needs none; `pull` is what `emer models pull` calls them.
    """

    purpose: str
    module: str | None = None
    extra: str | None = None
    package: str | None = None
    weights: str | None = None
    pull: str | None = None


BACK_ENDS = {
    "faster-whisper": BackEnd(
        "speech to text without torch", "faster_whisper", "fast-whisper", weights="model.bin", pull="faster-whisper"
    ),
    "whisper": BackEnd("speech to text with OpenAI's Whisper", "whisper", "whisper", weights="*.pt", pull="whisper"),
    "yunet": BackEnd("finds turned, small and half-hidden faces", weights="*.onnx", pull="yunet"),
    "retinaface": BackEnd(
        "finds faces, surely and slowly", "retinaface", "deepface", weights="*.onnx", pull="retinaface"
    ),
    "hsemotion": BackEnd("eight expressions, valence and arousal", weights="*.onnx", pull="hsemotion"),
    "deepface": BackEnd("seven expressions with DeepFace", "deepface", "deepface", weights="*.onnx", pull="deepface"),
    "py-feat": BackEnd("action units with intensities", "feat", package="py-feat"),
    "mediapipe": BackEnd(
        "action units from landmarks", "mediapipe", package="mediapipe", weights="*.task", pull="mediapipe"
    ),
    "hf": BackEnd(
        "any transformers model for voice, words or scene", "transformers", "hf", weights="config.json",
        pull="hf:ORGANISATION/NAME",
    ),
    "web": BackEnd("the web page", "gradio", "web"),
    "ray": BackEnd("batches on a cluster", "ray", "ray"),
    "export": BackEnd("Parquet and Hugging Face data sets", "pyarrow", "export"),
    "mcp": BackEnd("emer as a tool for other agents", "mcp", "mcp"),
    "otel": BackEnd("OpenTelemetry spans over HTTP", "opentelemetry.exporter.otlp.proto.http", "otel"),
    "inspect": BackEnd("the evaluations as tasks of Inspect", "inspect_ai", "inspect"),
}  # fmt: skip


def examine() -> list[Check]:
    """Every check, embedded parts first."""
    return [
        _system(),
        _part("video and sound", lambda: f"PyAV {_imported('av').__version__}"),
        _part("face detection", _faces),
        _part("face expression", _expression),
        _part("words", _words),
        _part("memory", _memory),
        _kept(),
        _part("tracing", _tracing),
        *(_back_end(name, part, load_settings().weights_dir) for name, part in BACK_ENDS.items()),
    ]


def show(checks: list[Check], *, as_json: bool) -> None:
    """Prints the checks on standard output."""
    if as_json:
        print(json.dumps([check._asdict() for check in checks], indent=2))  # noqa: T201  (the command's result)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    styles = {"ready": "green", "needs package": "yellow", "needs weights": "yellow", "broken": "bold red"}
    for check in checks:
        table.add_row(check.name, Text(check.status, style=styles[check.status]), Text(check.detail))  # no markup
        if check.remedy:
            table.add_row("", "", Text(check.remedy, style="cyan"))
    Console(highlight=False).print(table)


def _system() -> Check:
    where = checkout()
    detail = f"emer {version()}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Check("emer", "ready", detail + (f", from {where}" if where else ""))


def _part(name: str, probe: Callable[[], str]) -> Check:
    try:
        return Check(name, "ready", probe())
    except (ImportError, EmerError, OSError, RuntimeError, ValueError) as error:
        again = "make clean && make demo" if checkout() else f"reinstall emer; see {command()} --help"
        return Check(name, "broken", f"{type(error).__name__}: {error}", again)


def _imported(module: str) -> Any:
    return import_module(module)


def _back_end(name: str, part: BackEnd, weights_dir: Path) -> Check:
    """Whether a back end could run now; else every command that it lacks, in order, as one line."""
    has_package = part.module is None or is_installed(part.module)
    has_weights = part.weights is None or any(path.is_file() for path in (weights_dir / name).rglob(part.weights))
    if has_package and has_weights:
        return Check(name, "ready", part.purpose)
    commands = [] if has_package else [_package_command(part)]
    commands += [] if has_weights else [f"{command()} models pull {part.pull}"]
    return Check(name, "needs weights" if has_package else "needs package", part.purpose, " && ".join(commands))


def _package_command(part: BackEnd) -> str:
    return f"{sys.executable} -m pip install {part.package}" if part.extra is None else extra_command(part.extra)


def _kept() -> Check:
    """How much the measurement cache holds."""
    settings = load_settings()
    sizes = [path.stat().st_size for path in (settings.cache_dir / "measured").glob("??/*.entry")]
    state = "" if settings.cache else "; turned off"
    detail = f"{len(sizes)} kept, {sum(sizes) / 1e6:.1f} of {settings.cache_mb:g} MB, in {settings.cache_dir}{state}"
    return Check("measurements", "ready", detail)


def _tracing() -> str:
    from emer.tracing.opening import told_tracing

    return told_tracing(load_settings())


def _faces() -> str:
    cv2 = _imported("cv2")
    cascade = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
    if not cascade.is_file():
        raise SetupError("this OpenCV carries no Haar cascades; emer needs opencv-contrib-python-headless below 5")
    return f"OpenCV {cv2.__version__}, Haar cascades"


def _expression() -> str:
    from emer.tools.face_expression import MODEL_NAME, MODEL_VERSION, read_expressions

    read_expressions([])
    return f"embedded network {MODEL_NAME} {MODEL_VERSION}"


def _words() -> str:
    from emer.tools.text_encoder import ENCODER_NAME, ENCODER_VERSION, encode

    encode(["I am glad."])
    return f"embedded encoder {ENCODER_NAME} {ENCODER_VERSION}"


def _memory() -> str:
    from emer.memory.configured import configured_memory

    settings = load_settings()
    memory = configured_memory(settings)
    told = f"Chroma {_imported('chromadb').__version__}, {len(memory)} cases, in {settings.memory_dir}"
    if settings.memory_server is None:
        return told
    n_there, warnings = memory.coverage().n_sharded, memory.warnings
    state = f"{n_there} cases on the Chroma server {memory.server}" if memory.server else "; ".join(warnings)
    memory.close()
    return f"{told}; {state}"
