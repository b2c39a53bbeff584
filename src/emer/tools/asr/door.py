"""Which back end transcribes: the one that was asked for, or the first whose package and weights are here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from emer.errors import InputError
from emer.installation import command, extra_command, is_installed
from emer.tools.asr.recogniser import Recogniser
from emer.tools.local_weights import find_weights, stamp


class BackEnd(NamedTuple):
    """A line of the table: the module that must be installed, the extra that brings it, how its weights are called."""

    name: str
    module: str
    extra: str
    pattern: str


BACK_ENDS = (
    BackEnd("faster-whisper", "faster_whisper", "fast-whisper", "model.bin"),
    BackEnd("whisper", "whisper", "whisper", "*.pt"),
)
"""In the order in which `auto` takes them: the one that needs no torch first."""
CHOICES = ("auto", "none", *(back_end.name for back_end in BACK_ENDS))


class Readiness(NamedTuple):
    """Whether a back end can transcribe here: with which weights, or what it lacks and the command that brings it."""

    back_end: str
    weights: Path | None
    lacks: str | None = None
    remedy: str | None = None


def check_choice(choice: str) -> None:
    """Nothing, if `choice` is auto, none, or a back end with or without `:` and a path or name of weights.

    Raises:
        InputError: it is something else.
    """
    if choice not in ("auto", "none") and choice.partition(":")[0] not in CHOICES[2:]:
        raise InputError(
            f"setting asr: {choice!r} is no speech back end; expected one of {', '.join(CHOICES)}; a back end also "
            "with ':' and the path of its weights"
        )


def readiness(back_end: BackEnd, weights_dir: Path, name: str | None = None) -> Readiness:
    """Whether the back end can be used with the weights called `name`, or with any."""
    if not is_installed(back_end.module):
        return Readiness(
            back_end.name, None, f"the package of {back_end.name} is not installed", extra_command(back_end.extra)
        )
    weights = find_weights(weights_dir / back_end.name, back_end.pattern, name)
    if weights is None:
        which = f"weights {name!r}" if name else "weights"
        pull = f"{command()} models pull {back_end.name}"
        return Readiness(back_end.name, None, f"{back_end.name} has no {which} on this machine", pull)
    return Readiness(back_end.name, weights)


def choose(choice: str, weights_dir: Path) -> Readiness:
    """The back end that the setting `asr` means here; of `auto`, the first that is ready, else the nearest to it.

    Raises:
        InputError: `choice` is no back end, or `none`.
    """
    check_choice(choice)
    if choice == "auto":
        found = [readiness(back_end, weights_dir) for back_end in BACK_ENDS]
        ready = [one for one in found if one.weights is not None]
        installed = [one for one, back_end in zip(found, BACK_ENDS, strict=True) if is_installed(back_end.module)]
        return (ready or installed or found)[0]
    kind, _, name = choice.partition(":")
    back_end = next((one for one in BACK_ENDS if one.name == kind), None)
    if back_end is None:
        raise InputError("setting asr: 'none' transcribes nothing")
    return readiness(back_end, weights_dir, name or None)


def open_recogniser(back_end: str, weights: Path) -> Recogniser:
    """The recogniser with these weights loaded; the last one opened is kept for the next clip.

    Raises:
        ToolError: the weights are gone or broken.
    """
    return _opened(back_end, weights, stamp(weights))


@lru_cache(maxsize=1)
def _opened(back_end: str, weights: Path, stamped: object) -> Recogniser:
    return _LOADERS[back_end](weights)


def _faster_whisper(weights: Path) -> Recogniser:
    from emer.tools.asr.faster_whisper import FasterWhisper

    return FasterWhisper(weights)


def _whisper(weights: Path) -> Recogniser:
    from emer.tools.asr.openai_whisper import OpenAIWhisper

    return OpenAIWhisper(weights)


_LOADERS: dict[str, Callable[[Path], Recogniser]] = {"faster-whisper": _faster_whisper, "whisper": _whisper}
