"""Looking or listening again: one specialist on one span of the clip, with denser pictures or another detector."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from emer.agents.conversing.citing import capital, fact
from emer.agents.conversing.request import Reply, Request
from emer.agents.graph import SPECIALISTS
from emer.agents.state import Observation, Services
from emer.chat.progress import Running
from emer.consent import check_roles
from emer.errors import InputError
from emer.schemas import Cue, Person, Report, Utterance
from emer.tools.media import Media, open_media
from emer.tools.span_view import SpanView

if TYPE_CHECKING:
    from emer.config import Settings

DENSER = 3
MAX_FRAMES_PER_S = 15.0
MAX_SPAN_S = 30.0
"""Seconds that are looked at again at most: what takes minutes is an analysis, not a question."""
_DETECTOR = re.compile(r"\b(haar|yunet|retinaface)\b", re.IGNORECASE)
_SPAN = "again"


def measured_again(
    report: Report, request: Request, path: Path, *, settings: Settings, running: Running
) -> tuple[Report, Reply]:
    """The Report with the new cues of a span in the place of the old ones, and what they are.

    Raises:
        InputError: the clip is gone, or somebody in it must not be read from face or voice.
        ToolError: the specialist failed.
    """
    modality = "face" if request.kind == "look" else "voice"
    _check_allowed(settings)
    span = _span(report, request)
    if span is None:
        verb = "look" if modality == "face" else "listen"
        return report, Reply(kind=request.kind, notes=[f"Which seconds? Say it so: “{verb} again at 2-4 s”."])
    chosen, how = _settings(settings, request, modality)
    with open_media(path, frames_per_s=chosen.frames_per_s) as media:
        running.tell(how)
        view = SpanView(media, *span, told=lambda at: running.tell(f"{how}: at {at}"))
        services = Services(settings=chosen, media=cast("Media", view) if modality == "face" else media)
        observe = importlib.import_module(SPECIALISTS[modality].module).observe
        seen: Observation = observe(report.clip, _utterances(report, span, modality), services)
    cues = _own(seen, report, span, modality)
    if not cues:
        why = "; ".join(one.why for one in seen.missing) or "nothing that a cue could tell"
        return report, Reply(kind=request.kind, notes=[f"{how}: {why}."])
    merged = _merged(report, cues, span, modality)
    added = merged.cues[len(merged.cues) - len(cues) :]
    facts = [made for cue in added for made in fact(merged, capital(cue.text), [cue.id])]
    return merged, Reply(kind=request.kind, facts=facts, notes=[f"{how}; cues of before inside it are replaced."])


def _check_allowed(settings: Settings) -> None:
    """Refuses what the analysis itself would have refused, and to measure where somebody was left out."""
    if settings.no_biometrics:
        raise InputError("this clip was analysed without biometrics, so no face and no voice is measured")
    if settings.exclude_persons:  # in a span alone it cannot be told whose face or voice it is
        raise InputError("somebody was left out of this analysis, so nothing in the clip is measured again")
    check_roles(settings, has_face_or_voice=True)


def _span(report: Report, request: Request) -> tuple[float, float] | None:
    """Seconds from and to, inside the clip; a short clip is looked at as a whole."""
    length_s = report.clip.duration_s
    if request.span is None:
        return (0.0, length_s or 0.0) if (length_s or 0.0) <= MAX_SPAN_S / 2 else None
    start_s, end_s = request.span
    if length_s is not None and start_s >= length_s:
        raise InputError(f"the clip ends at {length_s:.1f} s, before {start_s:.1f} s")
    if end_s - start_s > MAX_SPAN_S:
        raise InputError(f"at most {MAX_SPAN_S:.0f} s are measured again at once; name a shorter span")
    return (start_s, min(end_s, length_s) if length_s is not None else end_s)


def _settings(settings: Settings, request: Request, modality: str) -> tuple[Settings, str]:
    span = f" at {request.span[0]:.1f}–{request.span[1]:.1f} s" if request.span else ""
    if modality == "voice":
        return settings, f"Listened again{span}, as one stretch"
    frames_per_s = min(MAX_FRAMES_PER_S, DENSER * settings.frames_per_s)
    found = _DETECTOR.search(request.text)
    detector = found[1].lower() if found else settings.face_detector
    chosen = settings.model_copy(update={"frames_per_s": frames_per_s, "face_detector": detector})
    by = f" and the detector {detector}" if found else ""
    return chosen, f"Looked again{span} with {frames_per_s:g} pictures a second{by}"


def _utterances(report: Report, span: tuple[float, float], modality: str) -> Sequence[Utterance]:
    """For the voice the span is one stretch, and what is said outside it the baseline."""
    if modality == "face":
        return report.utterances
    start_s, end_s = span
    timed = [one for one in report.utterances if one.start_s is not None and one.end_s is not None]
    inside = [one for one in timed if (one.start_s or 0) < end_s and (one.end_s or 0) > start_s]
    speaker = inside[0].person if inside else (report.people[0].id if len(report.people) == 1 else None)
    piece = Utterance(id=_SPAN, person=speaker, text="", start_s=start_s, end_s=end_s)
    return [piece, *(one for one in timed if one not in inside)]


def _own(seen: Observation, report: Report, span: tuple[float, float], modality: str) -> list[Cue]:
    """The new cues of the span, with the people of the Report; those that nobody can be told for belong to nobody."""
    if modality == "voice":
        cues = [cue for cue in seen.cues if cue.anchor.utterance == _SPAN]
        return [cue.model_copy(update={"anchor": cue.anchor.model_copy(update={"utterance": None})}) for cue in cues]
    ids = _same_people(seen.people, report)
    return [cue.model_copy(update={"person": ids.get(cue.person or "")}) for cue in seen.cues if cue.kind != "presence"]


def _same_people(seen: Sequence[Person], report: Report) -> dict[str, str]:
    faced = {cue.person for cue in report.cues if cue.modality == "face" and cue.person}
    known = [one for one in report.people if one.id in faced]
    if len(seen) == len(known) == 1:
        return {seen[0].id: known[0].id}
    pairs = {}
    for one in seen:
        like = [other.id for other in known if other.description.startswith(one.description)]
        if len(like) == 1:
            pairs[one.id] = like[0]
    return pairs


def _merged(report: Report, cues: Sequence[Cue], span: tuple[float, float], modality: str) -> Report:
    """The new cues after the old ones, numbered on; old ones of the same kinds inside the span are gone."""
    kinds = {cue.kind for cue in cues}
    kept = [cue for cue in report.cues if not (cue.modality == modality and cue.kind in kinds and _inside(cue, span))]
    highest = max((int(cue.id.rpartition("-")[2]) for cue in report.cues if cue.modality == modality), default=0)
    numbered = [cue.model_copy(update={"id": f"{modality}-{highest + n}"}) for n, cue in enumerate(cues, start=1)]
    return report.model_copy(update={"cues": [*kept, *numbered]})


def _inside(cue: Cue, span: tuple[float, float]) -> bool:
    start_s, end_s = cue.anchor.start_s, cue.anchor.end_s
    if start_s is None or end_s is None:
        return False
    return span[0] <= (start_s + end_s) / 2 <= span[1]
