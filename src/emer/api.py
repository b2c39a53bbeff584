"""The Python doors: `analyze`, `aanalyze`, `stream` for a clip, `reason` and `areason` for cues made elsewhere."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from emer.agents.graph import SPECIALISTS, build_graph
from emer.agents.state import JSON, Services
from emer.agents.turns import beginnings
from emer.config import Settings, load_settings
from emer.errors import EmerError, InputError
from emer.intake import Intake, Observations, Transcript, take_cues, take_file, take_text
from emer.memory.codebook import read_codebook
from emer.memory.configured import configured_memory
from emer.memory.store import CaseMemory
from emer.models import ModelRun, configured_model
from emer.schemas import Cue, Missing, Report
from emer.tools.asr.door import check_choice
from emer.tools.measurement_cache import MeasurementCache
from emer.tracing.langsmith_runs import run_config
from emer.tracing.spans import analysis_span

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    """What all clips of a run share; `settings` are those that `options` give, `notes` what each Report tells of it."""

    options: Mapping[str, Any]
    settings: Settings
    memory: CaseMemory | None
    notes: list[JSON]


_KEPT: ContextVar[_Kept | None] = ContextVar("_KEPT", default=None)


@dataclass(frozen=True)
class Event:
    """One thing that happened during a run; the last one of a stream holds the Report."""

    kind: Literal["started", "cue", "finished", "missing", "failed", "verdict", "report"]
    agent: str | None = None
    cue: Cue | None = None
    missing: Missing | None = None
    why: str | None = None
    took_s: float | None = None
    report: Report | None = None


def analyze(
    source: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    transcript: Transcript = None,
    context: str | None = None,
    **options: Any,
) -> Report:
    """The Report of one clip.

    Args:
        source: path of a video, a sound, a picture, a text or a subtitle file.
        text: the words themselves, instead of a source.
        transcript: what is said in the clip: a text (SRT, VTT, lines of `SPEAKER: words`) or the path of one.
        context: what you know about the situation, in your words.
        options: any field of `emer.config.Settings`, for instance `effort`, `labels`, `no_biometrics`.

    Raises:
        InputError: the source, the transcript or an option cannot be used.
        SetupError: this machine lacks something; the message names the command that brings it.
    """
    return _run(aanalyze(source, text=text, transcript=transcript, context=context, **options))


async def aanalyze(
    source: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    transcript: Transcript = None,
    context: str | None = None,
    **options: Any,
) -> Report:
    """The Report of one clip; see `analyze`."""
    async with aclosing(stream(source, text=text, transcript=transcript, context=context, **options)) as events:
        async for event in events:
            if event.report is not None:
                return event.report
    raise EmerError("the run ended without a Report")


async def stream(
    source: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    transcript: Transcript = None,
    context: str | None = None,
    **options: Any,
) -> AsyncGenerator[Event, None]:
    """What happens while one clip is analysed, as it happens; the last event holds the Report. See `analyze`."""
    settings = _settings(options)
    intake = await asyncio.to_thread(_take, source, text, transcript, context=context, settings=settings)
    async with aclosing(_stream(intake, settings)) as events:
        async for event in events:
            yield event


def reason(cues: Observations, *, transcript: Transcript = None, context: str | None = None, **options: Any) -> Report:
    """The Report on observations that somebody else made; see `areason`."""
    return _run(areason(cues, transcript=transcript, context=context, **options))


async def areason(
    cues: Observations,
    *,
    transcript: Transcript = None,
    context: str | None = None,
    **options: Any,
) -> Report:
    """The Report on observations that somebody else made: the graph from the cues on.

    Args:
        cues: a list of cues (`{"modality": "face", "text": "brows lowered"}`, or with any field of a Report's cue),
            an object `{"id": …, "cues": […], "transcript": …, "context": …}`, or a Report.
        transcript: as for `analyze`; beats the one in the object.
        context: as for `analyze`; beats the one in the object.
        options: any field of `emer.config.Settings`.

    Raises:
        InputError: an observation cannot be used, with its place in the list.
    """
    async with beginnings().turn() as let_next_begin:
        settings = _settings(options)
        intake = take_cues(cues, transcript, context, settings)
        # `aclosing`: else the loop ends before what it holds is given back
        async with aclosing(_stream(intake, settings, let_next_begin)) as events:
            async for event in events:
                if event.report is not None:
                    return event.report
    raise EmerError("the run ended without a Report")


def _settings(options: Mapping[str, Any]) -> Settings:
    """The settings; what they name is looked at now, not after the analysis of an hour of video."""
    kept = _KEPT.get()
    if kept is not None and kept.options == options:
        return kept.settings
    settings = load_settings(**options)
    check_choice(settings.asr)
    if settings.baseline is not None:
        from emer.agents.voice_baseline import check_baseline

        check_baseline(settings.baseline)
    for name in settings.labels:
        read_codebook(name)
    if settings.trace is not None and not settings.trace.parent.is_dir():
        raise InputError(f"the trace cannot be written to {str(settings.trace)!r}: there is no such folder")
    return settings


def _take(
    source: str | PathLike[str] | None,
    text: str | None,
    transcript: Transcript,
    *,
    context: str | None,
    settings: Settings,
) -> Intake:
    if (source is None) == (text is None):
        raise InputError("give either a source (a path) or text, not both and not neither")
    if text is not None:
        return take_text(text, context, settings)
    return take_file(Path(cast("str | PathLike[str]", source)).expanduser(), transcript, context, settings)


def _specialists(intake: Intake, settings: Settings) -> tuple[str, ...]:
    """Those whom this clip and these settings need; without biometrics the others are not even imported.

    Cues that were given stand for the specialists that would have made them: only words and context are still read.
    """
    if intake.given or intake.clip.kind == "cues":
        told = {"transcript": bool(intake.utterances), "context": intake.clip.context is not None}
        seen = {cue.modality for cue in intake.given}
        return tuple(name for name, has in told.items() if has and name not in seen)
    return tuple(name for name, entry in SPECIALISTS.items() if not (settings.no_biometrics and entry.biometric))


async def _stream(
    intake: Intake, settings: Settings, will_ask: Callable[[], None] = lambda: None
) -> AsyncGenerator[Event, None]:
    begun = time.perf_counter()
    kept = _KEPT.get()
    memory, notes = (kept.memory, kept.notes) if kept else await asyncio.to_thread(_memory, settings)
    media = None if settings.no_biometrics else intake.media
    model = configured_model(settings)
    asks = settings.effort if model is not None else None
    graph = build_graph(_specialists(intake, settings), timeout_s=settings.specialist_timeout_s, asks=asks)
    trace: list[JSON] = []
    try:
        with analysis_span("emer", _told(intake, settings)) as (span, note):
            services = Services(
                settings, media, memory, words_from=intake.media, content=intake.content, cache=_cache(settings),
                model=model, span=span, will_ask=will_ask,
            )  # fmt: skip
            async for mode, update in graph.astream(
                cast("Any", {**intake.state(), "notes": notes}),
                cast("Any", run_config(settings, "emer")),
                context=services,
                stream_mode=["custom", "values"],
            ):
                if mode == "custom":
                    trace.append(_traced(cast("JSON", update), begun))
                    yield _event(cast("JSON", update))
                elif "report" in cast("JSON", update):
                    report = Report.model_validate(cast("JSON", update)["report"])
                    note({"emer.mode": report.provenance.mode})
                    _write_trace(settings.trace, trace, report, model)
                    yield Event("report", report=report)
    finally:
        if model is not None:
            await model.aclose()
        if intake.media is not None:
            intake.media.close()
        if memory is not None and not kept:
            await asyncio.to_thread(memory.close)  # also waits for the thread that warmed it


def _told(intake: Intake, settings: Settings) -> JSON:
    """What the span of a run says: neither name nor digest of the clip, and no word of it."""
    return {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "emer",
        "emer.clip.kind": intake.clip.kind,
        "emer.clip.duration_s": intake.clip.duration_s,
        "emer.effort": settings.effort,
    }


@contextmanager
def kept_open(options: Mapping[str, Any]) -> Iterator[None]:
    """Reads the settings and opens the memory once for all clips that are analysed with these options meanwhile.

    Every task and thread that begins inside shares them, so that a run over many clips opens one index, not one for
    each, and a setting cannot change under it.
    """
    settings = _settings(options)
    memory, notes = _memory(settings)
    token = _KEPT.set(_Kept(options, settings, memory, notes))
    try:
        yield
    finally:
        _KEPT.reset(token)
        if memory is not None:
            memory.close()


def _memory(settings: Settings) -> tuple[CaseMemory | None, list[JSON]]:
    """The memory, or none and a note that says why: a run does not end for it. Also a note of each part left out."""
    notes: list[JSON] = [
        {"agent": part, "warning": f"The part {part} was left out (setting without)."} for part in settings.without
    ]
    if "memory" in settings.without:
        return None, notes
    try:
        memory = configured_memory(settings)
    except (EmerError, OSError) as error:
        why = f"The memory in {settings.memory_dir} could not be opened ({error}), so no case was recalled."
        return None, [*notes, {"agent": "memory", "warning": why}]
    memory.warm()  # loading the vector store takes about as long as perception: both at once
    return memory, notes


def _cache(settings: Settings) -> MeasurementCache | None:
    """Where measurements are kept; nowhere if somebody is to be left out, for she is measured before she is dropped."""
    keeps = settings.cache and not settings.exclude_persons
    return MeasurementCache(settings.cache_dir / "measured", max_mb=settings.cache_mb) if keeps else None


def _event(update: JSON) -> Event:
    return Event(
        kind=update["event"],
        agent=update.get("agent"),
        cue=Cue.model_validate(update["cue"]) if "cue" in update else None,
        missing=Missing.model_validate(update["missing"]) if "missing" in update else None,
        why=update.get("why"),
        took_s=update.get("took_s"),
    )


def _traced(update: JSON, begun: float) -> JSON:
    """An event for the trace: which agent did what and when, and not a word of the clip."""
    cue: JSON = {"cue": update["cue"]["id"]} if "cue" in update else {}
    kept: JSON = {key: update[key] for key in ("event", "agent", "took_s", "why") if key in update}
    return {"t_s": round(time.perf_counter() - begun, 4), **kept, **cue}


def _write_trace(path: Path | None, events: Sequence[JSON], report: Report, model: ModelRun | None) -> None:
    if path is None:
        return
    calls = [record.to_json() for record in model.records] if model is not None else []
    provenance = report.provenance.model_dump(mode="json")
    trace = {"clip": report.clip.id, "provenance": provenance, "events": list(events), "calls": calls}
    try:
        path.write_text(json.dumps(trace, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"the trace cannot be written to {path}: {error.strerror}") from error


def _run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, also where a loop already runs (a notebook), then in a thread of its own."""
    if not _loop_runs():
        return asyncio.run(work)
    result: list[T] = []
    error: list[BaseException] = []

    def target() -> None:
        try:
            result.append(asyncio.run(work))
        except BaseException as raised:
            error.append(raised)

    thread = threading.Thread(target=target, name="emer-run")
    thread.start()
    thread.join()
    if error:
        raise error[0]
    return result[0]


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
