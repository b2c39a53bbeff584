"""Puts the Report together from what the agents left in the state."""

from __future__ import annotations

from collections.abc import Sequence

from emer.agents.judge import settings_used
from emer.agents.state import JSON, Evidence, Services, State, Verdict
from emer.agents.steps import is_of_model
from emer.config import Settings
from emer.installation import version
from emer.memory.codebook import project_codebook, read_codebook
from emer.memory.ontology import back, words
from emer.models import ModelRun
from emer.schemas import Cue, Missing, Projection, Provenance, Report, Series

RECORDED = (
    "frames_per_s", "neutral_prior", "no_biometrics", "exclude_persons", "labels", "language", "face", "face_detector",
    "action_units", "words", "scene", "asr", "voice_model", "baseline", "label_language", "words_only",
)  # fmt: skip


def assemble(evidence: Evidence, verdict: Verdict, state: State, services: Services) -> Report:
    """The Report of one run; every number that shaped the verdict is in it."""
    settings, notes = services.settings, state.get("notes", [])
    warnings = [*(services.media.warnings if services.media is not None else ()), *state.get("warnings", [])]
    warnings += services.memory.warnings if services.memory is not None else ()
    warnings += [*verdict.warnings, *(note["warning"] for note in notes if "warning" in note)]
    warnings += [text for note in notes for text in note.get("warnings", [])]
    return Report(
        clip=evidence.clip,
        people=list(evidence.people),
        utterances=list(evidence.utterances),
        cues=list(evidence.cues),
        cases=list(evidence.cases),
        emotions=list(verdict.emotions),
        alternatives=list(verdict.alternatives),
        projections=_projections(verdict, settings),
        causes=list(verdict.causes),
        opinions=list(verdict.opinions),
        reasoning=list(verdict.reasoning),
        dropped=list(verdict.dropped),
        summary=verdict.summary,
        support=verdict.support,
        abstained=list(verdict.abstained),
        conflicts=list(verdict.conflicts),
        series=[Series.model_validate(one) for one in state.get("series", [])],
        changes=list(verdict.changes),
        missing=[Missing.model_validate(one) for one in state.get("missing", [])],
        warnings=list(dict.fromkeys(warnings)),
        provenance=Provenance(
            emer=version(),
            mode="model" if is_of_model(state) else "offline",
            effort=settings.effort,
            memory=services.memory.digest if services.memory is not None else None,
            tools=sorted({*_tools(evidence.cues), *(services.hearing.known.tools if services.hearing.known else ())}),
            settings={name: getattr(settings, name) for name in RECORDED} | settings_used(),
            **_asked(services.model),
            purpose=settings.purpose,
            timings_s=dict(sorted((note["agent"], note["took_s"]) for note in notes if "took_s" in note)),
        ),
    )


def _projections(verdict: Verdict, settings: Settings) -> dict[str, list[Projection]]:
    """The verdict on each closed set that the user named, beside what the judge itself projected, which goes first."""
    books = [read_codebook(name) for name in settings.labels]
    weights = _weights(verdict)
    return {book.name: project_codebook(weights, book) for book in books} | verdict.projections


def _asked(model: ModelRun | None) -> JSON:
    """Which model was asked what, what was sent and what it took; the order of the calls changes nothing."""
    if model is None:
        return {}
    return {
        "model": ", ".join(sorted({record.model for record in model.records})) or model.name,
        "prompts": sorted({record.prompt for record in model.records}),
        "sent": sorted(model.sent, key=lambda one: (one.to, one.what, one.bytes)),
        "usage": model.usage,
    }


def _weights(verdict: Verdict) -> dict[str, float]:
    """What is projected on a user's set: every state's share, so that a faint one still ranks above an absent one.

    A state is put in the word that the verdict gave it, else in its usual one. A judge without states gives its labels
    and their confidence.
    """
    shares = {row.label: row.p for row in verdict.projections.get("goemotions28", [])}
    if not shares:
        return {emotion.label: emotion.confidence for emotion in verdict.emotions}
    given = {words()[e.label].states[0][0]: e.label for e in reversed(verdict.emotions) if e.label in words()}
    return {
        given.get(state) or (back("goemotions28", state).label if state != "none" else state): share
        for state, share in shares.items()
    }


def _tools(cues: Sequence[Cue]) -> list[str]:
    return [f"{cue.source.tool} {cue.source.version}" for cue in cues]
