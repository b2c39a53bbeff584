"""The doors of the nodes: plain JSON of the state in, models inside, plain JSON out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def dump(models: Sequence[BaseModel]) -> list[JSON]:
    """Models as plain JSON."""
    return [model.model_dump(mode="json", by_alias=True) for model in models]


def _load(kind: Any, items: Sequence[JSON] | None) -> list[Any]:
    return [kind.model_validate(item) for item in items or ()]


@lru_cache(maxsize=2)
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def default_services(state: State) -> Services:
    """Services made from the clip alone, for a caller that gives no context."""
    from emer.config import load_settings
    from emer.memory.configured import configured_memory
    from emer.tools.media import open_media

    settings, clip = load_settings(), Clip.model_validate(state["clip"])
    has_media = clip.kind in ("video", "audio", "image")
    media = open_media(Path(clip.source), frames_per_s=settings.frames_per_s) if has_media else None
    return Services(settings=settings, media=media, memory=configured_memory(settings))


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
    lists = {name: dump(getattr(joined, name)) for name in ("people", "utterances", "cues", "missing")}
    series = dump([*joined.series, *_load(Series, state.get("series"))])
    warnings = [*heard.warnings, *joined.warnings]
    return {"clip": dump([joined.clip])[0], **lists, "series": series, "warnings": warnings}


def evidence(state: State) -> Evidence:
    """All that the judge may look at."""
    return Evidence(
        clip=Clip.model_validate(state["clip"]),
        people=_load(Person, state.get("people")),
        utterances=_load(Utterance, state.get("utterances")),
        cues=_load(Cue, state.get("cues")),
        cases=_load(RecalledCase, state.get("cases")),
        causes=_load(Cause, state.get("causes")),
    )


def merge(state: State, services: Services) -> JSON:
    """The cues with those that models added, in the order of the specialists' names, whoever answered first."""
    found = sorted(state.get("answers", []), key=lambda one: str(one["agent"]))
    return {"cues": [*state.get("cues", []), *(cue for one in found for cue in one["cues"])]}


def cause(state: State, services: Services) -> JSON:
    """What the feeling may answer to, from words and context."""
    from emer.agents.cause import explain

    given = evidence(state)
    return {"causes": dump(explain(given.clip, given.utterances, given.cues))}


def recall(state: State, services: Services) -> JSON:
    """Similar cases from memory in their three roles; none where the memory is left out."""
    if "memory" in services.settings.without:
        return {"cases": []}
    from emer.agents.recall import recall as recall_cases

    given = evidence(state)
    return {"cases": dump(recall_cases(given.cues, given.utterances, services))}


def verdict(state: State) -> Verdict:
    """The verdict as it stands."""
    return _adapter(Verdict).validate_python(state.get("verdict") or {})  # type: ignore[no-any-return]


def dump_verdict(made: Verdict) -> JSON:
    """A verdict as plain JSON."""
    dumped: JSON = _adapter(Verdict).dump_python(made, mode="json", by_alias=True)
    return dumped


def judge(state: State, services: Services) -> JSON:
    """The verdict, not yet verified."""
    from emer.agents.judge import judge as decide

    return {"verdict": dump_verdict(decide(evidence(state), services))}


def is_of_model(state: State) -> bool:
    """Whether a chat model judged, and not the offline judge."""
    return any(note.get("judged_by") == "model" for note in state.get("notes", []))


def checked(given: Evidence, made: Verdict, criticism: Mapping[str, Any] | None = None, *, is_prose: bool) -> Verdict:
    """A verdict without what its cues do not bear, and without the claims that a critic objects to."""
    from emer.agents.verify import verify as check

    said = criticism or {}
    return check(given, made, said.get("objections", {}), cleared=said.get("cleared", ()), is_prose=is_prose)


def verify(state: State, services: Services) -> JSON:
    """The verdict without what its cues do not bear; unchanged where verification is left out."""
    if "verify" in services.settings.without:
        return {}
    made = checked(evidence(state), verdict(state), state.get("criticism"), is_prose=is_of_model(state))
    return {"verdict": dump_verdict(made)}


def report(state: State, services: Services) -> JSON:
    """The Report."""
    from emer.agents.assemble import assemble

    made = assemble(evidence(state), verdict(state), state, services)
    return {"report": made.model_dump(mode="json", by_alias=True)}
