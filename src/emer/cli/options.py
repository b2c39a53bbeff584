"""The options that say how a clip is analysed, once for every command that analyses one.

A new setting is one line of `OPTIONS`; `takes_settings` gives them all to a command as one dict for the Python doors.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

Source = Annotated[
    str, typer.Argument(help="A video, audio, image, text or subtitle file, or - for text on standard input.")
]
TranscriptFile = Annotated[
    Path | None, typer.Option("--transcript", help="What is said: SRT, VTT, or lines of SPEAKER: words.")
]
Context = Annotated[str | None, typer.Option("--context", help="What you know about the situation.")]
Json = Annotated[bool, typer.Option("--json", help="Print the Report as JSON.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write the Report as JSON to this file.")]

Settings = dict[str, Any]
"""What the options set, by the names of the fields of `emer.config.Settings`; what was not given is absent."""


def _text(flag: str, told: str) -> Any:
    return Annotated[str | None, typer.Option(flag, help=told)]


def _texts(flag: str, told: str) -> Any:
    return Annotated[list[str] | None, typer.Option(flag, help=told)]


def _switch(flag: str, told: str) -> Any:
    return Annotated[bool, typer.Option(flag, help=told)]


def _off(flag: str, told: str) -> Any:
    """A switch that turns off what is on; not given it says nothing."""
    return Annotated[bool | None, typer.Option(flag, help=told, callback=_no)]


def _no(given: bool | None) -> bool | None:
    return False if given else None


def _path(flag: str, told: str) -> Any:
    return Annotated[Path | None, typer.Option(flag, help=told)]


OPTIONS: dict[str, Any] = {
    "model": _text("--model", "PROVIDER:MODEL of a chat model, e.g. ollama:qwen2.5vl; none: offline."),
    "fallback": _text("--fallback", "offline: emer itself judges where the model of the judge fails."),
    "words_only": _switch("--words-only", "Send no frame and no sound to the model, only words and measurements."),
    "label_language": _text("--label-language", "ISO 639-1 code of the language of a model's labels."),
    "effort": _text("--effort", "quick, standard or thorough."),
    "offline": _switch("--offline", "No chat model, even if one is set."),
    "language": _text("--language", "ISO 639-1 code of the words; wins over detection."),
    "labels": _texts("--labels", "A codebook file (CSV, JSON, YAML) or a built-in set, e.g. ekman."),
    "roles": _texts("--role", "[ID=]ROLE of a person, e.g. p1=customer."),
    "purpose": _text("--purpose", "medical or safety, with :TEXT."),
    "exclude_persons": _texts("--exclude-person", "Leave this person out, e.g. p2."),
    "no_biometrics": _switch("--no-biometrics", "Words and context only: no face, no voice."),
    "face": _text("--face", "Who reads expressions: auto, embedded, hsemotion or deepface."),
    "face_detector": _text("--face-detector", "Who finds faces: auto, haar, yunet or retinaface."),
    "action_units": _text("--action-units", "Who reads action units: auto, none, py-feat or mediapipe."),
    "words": _text("--words", "Who reads words: embedded, hf:MODEL or hf-zero-shot:MODEL (hub id or folder)."),
    "scene": _text("--scene", "Who looks at the scene: embedded, or hf:MODEL (objects or captions)."),
    "weights_dir": _path("--weights-dir", "Where pulled weights lie, a folder per back end."),
    "asr": _text("--asr", "Who writes down speech: auto, none, whisper or faster-whisper, also with :PATH of weights."),
    "voice_model": _text("--voice-model", "An audio classifier of transformers: a folder or a pulled hub id."),
    "baseline": _text("--baseline", "The speaker's usual voice: another clip, or seconds of this one, e.g. 0-12.5."),
    "cache": _off("--no-cache", "Measure anew, and keep nothing of it."),
    "trace": _path("--trace", "Write one JSON trace of the run (no words of the clip)."),
}
"""Each option of an analysis by the setting that it sets; typer reads the flag, the type and the help."""


def takes_settings(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with every option of `OPTIONS` after its own; it gets them together as the argument `settings`."""
    return gathered(command, "settings", OPTIONS, _traced_settings)


def gathered(
    command: Callable[..., None], name: str, options: dict[str, Any], made: Callable[[dict[str, Any]], Any]
) -> Callable[..., None]:
    """`command` with `options` after its own; what `made` makes of them is its argument `name`."""
    own = [one for one in inspect.signature(command, eval_str=True).parameters.values() if one.name != name]
    added = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=_default(kind))
        for option, kind in options.items()
    ]

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        chosen = made({option: given.pop(option) for option in options})
        command(**given, **{name: chosen})

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + added
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer reads
    with_options.__annotations__ = {one.name: one.annotation for one in parameters}
    return with_options


def _default(kind: Any) -> bool | None:
    return False if kind.__origin__ is bool else None


def _traced_settings(given: Settings) -> Settings:
    """The options as settings; tracing begins here, where the environment asks for it."""
    from emer.config import load_settings, tracing_environment

    chosen = _as_settings(given)
    if tracing_environment():
        from emer.tracing.opening import begin_tracing

        for told in begin_tracing(load_settings(**chosen)):
            typer.echo(f"emer: {told}", err=True)
    return chosen


def _as_settings(given: Settings) -> Settings:
    """The options as settings; what was not given stays unset, so that environment and file still count."""
    pairs = (one.rpartition("=") for one in given["roles"] or ())
    settings = {**given, "roles": {who or "*": what for who, _, what in pairs}}
    lists = {name: tuple(value) for name, value in settings.items() if isinstance(value, list)}
    given_ones = {name: value for name, value in {**settings, **lists}.items() if value}
    return given_ones if given["cache"] is None else {**given_ones, "cache": given["cache"]}
