"""Says what this machine has, what each back end lacks and the command that brings it."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from emer.config import load_settings
from emer.errors import EmerError, SetupError
from emer.installation import checkout, command, extra_command, is_installed, version

Status = Literal["ready", "installed", "absent", "broken"]


class Check(NamedTuple):
    """One thing that emer can use here: its status, a detail and the command that mends it."""

    name: str
    status: Status
    detail: str
    remedy: str | None = None


class Extra(NamedTuple):
    """An optional back end: the module that shows it is there and what it is for."""

    module: str
    purpose: str


EXTRAS = {
    "whisper": Extra("whisper", "speech to text with OpenAI's Whisper"),
    "fast-whisper": Extra("faster_whisper", "speech to text without torch"),
    "deepface": Extra("deepface", "face expression with DeepFace"),
    "hf": Extra("transformers", "any Hugging Face model for voice, words or scene"),
    "voice": Extra("librosa", "further voice features"),
    "web": Extra("gradio", "the web page"),
    "ray": Extra("ray", "batches on a cluster"),
    "export": Extra("pyarrow", "Parquet and Hugging Face data sets"),
    "mcp": Extra("mcp", "emer as a tool for other agents"),
}


def examine() -> list[Check]:
    """Every check, embedded parts first."""
    return [
        _system(),
        _part("video and sound", lambda: f"PyAV {_imported('av').__version__}"),
        _part("face detection", _faces),
        _part("face expression", _expression),
        _part("words", _words),
        _part("memory", _memory),
        *(_extra(name, extra) for name, extra in EXTRAS.items()),
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
    styles = {"ready": "green", "installed": "green", "absent": "yellow", "broken": "bold red"}
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


def _extra(name: str, extra: Extra) -> Check:
    purpose = f"{extra.purpose}; this version does not use it yet"
    if is_installed(extra.module):
        return Check(name, "installed", purpose)
    return Check(name, "absent", purpose, extra_command(name))


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
    from emer.memory.store import open_memory

    settings = load_settings()
    memory = open_memory(settings.memory_dir)
    return f"Chroma {_imported('chromadb').__version__}, {len(memory)} cases, in {settings.memory_dir}"
