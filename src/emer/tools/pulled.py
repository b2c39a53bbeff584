"""Weights that lie on disk, and ONNX networks opened from them. Nothing here, or behind it, ever downloads.

The weights of back end NAME lie in the folder NAME of the weights folder, at any depth, so that a package's own layout
below it (`.deepface/weights/…`) is as good as a flat one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from emer.errors import SetupError, ToolError
from emer.installation import command
from emer.tools.shipped import one_thread


def pulled_file(weights_dir: Path, backend: str, *patterns: str) -> Path | None:
    """The first file of the back end that matches the first pattern that any file matches; None if there is none."""
    folder = weights_dir / backend
    for pattern in patterns:
        found = sorted(path for path in folder.rglob(pattern) if path.is_file())
        if found:
            return found[0]
    return None


def pull_command(name: str) -> str:
    """The command that brings the weights called `name`."""
    return f"{command()} models pull {name}"


def needed(weights_dir: Path, backend: str, *patterns: str) -> Path:
    """The file that `pulled_file` finds.

    Raises:
        SetupError: there is none, with the command that brings it.
    """
    path = pulled_file(weights_dir, backend, *patterns)
    if path is None:
        where = str(weights_dir / backend)
        raise SetupError(
            f"{backend} has no weights here: expected {patterns[0]!r} in {where!r}; run {pull_command(backend)}"
        )
    return path


@dataclass(frozen=True)
class Network:
    """An ONNX network in memory, on one thread; `digest` are the first 12 hex digits of its file's SHA-256."""

    path: Path
    session: Any
    digest: str

    def run(self, inputs: Any) -> Any:
        """The first output for a float32 array that is the only input; raises as `run_all`."""
        return self.run_all(inputs)[0]

    def run_all(self, inputs: Any) -> list[Any]:
        """All outputs for a float32 array that is the only input.

        Raises:
            ToolError: the network cannot take an array of this shape.
        """
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, RuntimeException

        try:
            outputs: list[Any] = self.session.run(None, {self.session.get_inputs()[0].name: inputs})
        except (Fail, InvalidArgument, RuntimeException) as error:
            raise ToolError(f"{str(self.path)!r} does not take {inputs.shape} float32: {_first_line(error)}") from error
        return outputs


def open_network(path: Path, backend: str) -> Network:
    """The network in an ONNX file; the same one as long as the file does not change.

    Raises:
        ToolError: the file has gone or is not a readable network, with the command that brings it anew.
    """
    try:
        facts = path.stat()
        return _opened(path, backend, (facts.st_mtime_ns, facts.st_size))
    except OSError as error:
        raise ToolError(f"the weights {str(path)!r} cannot be read: {error.strerror}; {_again(backend)}") from error


@lru_cache(maxsize=4)
def _opened(path: Path, backend: str, _state: tuple[int, int]) -> Network:
    import onnxruntime as ort
    from onnxruntime.capi import onnxruntime_pybind11_state as states

    content = path.read_bytes()
    options = one_thread()
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except (states.Fail, states.InvalidProtobuf, states.InvalidGraph, states.InvalidArgument,
            states.NotImplemented, states.RuntimeException) as error:  # fmt: skip
        raise ToolError(
            f"the weights {str(path)!r} are no readable ONNX network ({_first_line(error)}); {_again(backend)}"
        ) from error
    return Network(path, session, hashlib.sha256(content).hexdigest()[:12])


def _again(backend: str) -> str:
    return f"delete the file and run {pull_command(backend)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
