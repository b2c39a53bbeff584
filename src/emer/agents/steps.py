"""The doors of the nodes: plain JSON of the state in, models inside, plain JSON out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from emer.agents import gather as gathering
from emer.agents.hearing import Heard
from emer.agents.state import JSON, Evidence, Observation, Services, State, Verdict
from emer.agents.who_speaks import find_ties
from emer.schemas import Cause, Clip, Cue, Person, RecalledCase, Series, Utterance

Step = Callable[[State, Services], JSON]


def _dump(models: Sequence[BaseModel]) -> list[JSON]:
    return [model.model_dump(mode="json", by_alias=True) for model in models]


def _load(kind: Any, items: Sequence[JSON] | None) -> list[Any]:
    return [kind.model_validate(item) for item in items or ()]


@lru_cache(maxsize=2)
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def default_services(state: State) -> Services:
    """Services made from the clip alone, for a caller that gives no context."""
    from emer.config import load_settings
    from emer.memory.store import open_memory
    from emer.tools.media import open_media

    settings, clip = load_settings(), Clip.model_validate(state["clip"])
    has_media = clip.kind in ("video", "audio", "image")
    media = open_media(Path(clip.source), frames_per_s=settings.frames_per_s) if has_media else None
    return Services(settings=settings, media=media, memory=open_memory(settings.memory_dir))


def _observation(seen: JSON) -> Observation:
    known = {field.name for field in fields(Observation)}
    return _adapter(Observation).validate_python({k: v for k, v in seen.items() if k in known})  # type: ignore[no-any-return]


def gather(state: State, services: Services) -> JSON:
    """The observations joined, in the order of the table of specialists."""
    ordered = sorted(state.get("observations", []), key=lambda one: int(one["order"]))
    seen = {one["agent"]: _observation(one) for one in ordered}
    heard = services.hearing.known or Heard(_load(Utterance, state.get("utterances")))
    mouths = {face: mouth for one in seen.values() for face, mouth in one.mouths.items()}
    sounds = [one.loudness for one in seen.values() if one.loudness is not None]
    joined = gathering.gather(
        Clip.model_validate(state["clip"]),
        [*_load(Person, state.get("people")), *heard.people],
        heard.utterances,
        seen=seen,
        given=_load(Cue, state.get("given")),
        settings=services.settings,
        ties=find_ties(sounds[0], mouths, heard.utterances) if sounds else (),
    )
    lists = {name: _dump(getattr(joined, name)) for name in ("people", "utterances", "cues", "missing")}
    series = _dump([*joined.series, *_load(Series, state.get("series"))])
    warnings = [*heard.warnings, *joined.warnings]
    return {"clip": _dump([joined.clip])[0], **lists, "series": series, "warnings": warnings}


def _evidence(state: State) -> Evidence:
    return Evidence(
        clip=Clip.model_validate(state["clip"]),
        people=_load(Person, state.get("people")),
        utterances=_load(Utterance, state.get("utterances")),
        cues=_load(Cue, state.get("cues")),
        cases=_load(RecalledCase, state.get("cases")),
        causes=_load(Cause, state.get("causes")),
    )


def cause(state: State, services: Services) -> JSON:
    """What the feeling may answer to, from words and context."""
    from emer.agents.cause import explain

    evidence = _evidence(state)
    return {"causes": _dump(explain(evidence.clip, evidence.utterances, evidence.cues))}


def recall(state: State, services: Services) -> JSON:
    """Similar cases from memory in their three roles."""
    from emer.agents.recall import recall as recall_cases

    evidence = _evidence(state)
    return {"cases": _dump(recall_cases(evidence.cues, evidence.utterances, services))}


def judge(state: State, services: Services) -> JSON:
    """The verdict, not yet verified."""
    from emer.agents.judge import judge as decide

    return {"verdict": _adapter(Verdict).dump_python(decide(_evidence(state), services), mode="json", by_alias=True)}


def verify(state: State, services: Services) -> JSON:
    """The verdict without what its cues do not bear."""
    from emer.agents.verify import verify as check

    verdict: Verdict = _adapter(Verdict).validate_python(state.get("verdict") or {})
    return {"verdict": _adapter(Verdict).dump_python(check(_evidence(state), verdict), mode="json", by_alias=True)}


def report(state: State, services: Services) -> JSON:
    """The Report."""
    from emer.agents.assemble import assemble

    verdict: Verdict = _adapter(Verdict).validate_python(state.get("verdict") or {})
    made = assemble(_evidence(state), verdict, state, services)
    return {"report": made.model_dump(mode="json", by_alias=True)}
