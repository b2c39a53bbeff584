"""A Report as flat records: one for each emotion, or one for the clip."""

from __future__ import annotations

from typing import Any

from emer.report.reading import name_of
from emer.reviewing.labels import settled_emotions, settled_steps, soft_labels
from emer.schemas import Emotion, Report

Record = dict[str, Any]


def emotion_records(report: Report) -> list[Record]:
    """One record for each emotion as reviewed; a clip without any has one with an empty label, so that none is lost."""
    told = {emotion.id: emotion.label for emotion in report.emotions}
    soft = soft_labels(report)
    emotions = settled_emotions(report)
    about = _clip(report)
    if not emotions:
        return [{**about, **_emotion(report, None), "label_by_emer": None, "soft_labels": None, **_columns(report)}]
    return [
        {
            **about,
            **_emotion(report, emotion),
            "label_by_emer": told[emotion.id],
            "soft_labels": soft.get(emotion.id),
            **_columns(report),
        }
        for emotion in emotions
    ]


def clip_record(report: Report) -> Record:
    """One record for the clip: its words, cues, emotions and reasoning as lists."""
    soft = soft_labels(report)
    emotions = [
        {**_emotion(report, emotion), "soft_labels": _pairs(soft.get(emotion.id, {}))}
        for emotion in settled_emotions(report)
    ]
    return {
        **_clip(report),
        "transcript": transcript_of(report),
        "context": report.clip.context,
        "cues": [cue.model_dump(include={"id", "modality", "person", "text"}) for cue in report.cues],
        "emotions": emotions,
        "causes": [cause.text for cause in report.causes],
        "reasoning": [{"claim": step.claim, "evidence": list(step.evidence)} for step in settled_steps(report)],
        "summary": report.summary,
        "missing": [one.modality for one in report.missing],
        **_columns(report),
    }


def transcript_of(report: Report) -> str:
    """What is said, one line for each utterance, with who says it."""
    return "\n".join(f"{one.person}: {one.text}" if one.person else one.text for one in report.utterances)


def _clip(report: Report) -> Record:
    clip, row = report.clip, report.row
    return {
        "id": name_of(report),
        "source": clip.source,
        "kind": clip.kind,
        "duration_s": clip.duration_s,
        "language": clip.language,
        "key": row.key if row is not None else clip.id,
        "given_label": row.label if row is not None else None,
        "mode": report.provenance.mode,
    }


def _emotion(report: Report, emotion: Emotion | None) -> Record:
    names = (
        "label", "intensity", "confidence", "confidence_basis", "valence", "arousal", "dominance", "person", "holder",
        "perspective", "target", "start_s", "end_s", "apex_s",
    )  # fmt: skip
    texts = {cue.id: cue.text for cue in report.cues}
    dumped = emotion.model_dump(mode="json") if emotion is not None else {}
    cited = [f"{texts[id_]} [{id_}]" for id_ in dumped.get("evidence", ()) if id_ in texts]
    causes = [one.text for one in report.causes if emotion is not None and emotion.id in one.emotions]
    told = {name: dumped.get(name) for name in names}
    return {**told, "evidence": "; ".join(cited), "causes": "; ".join(causes)}


def _columns(report: Report) -> Record:
    """The manifest's further columns, under names that cannot take the place of ours."""
    return {} if report.row is None else {f"column.{name}": value for name, value in report.row.columns.items()}


def _pairs(shares: dict[str, float]) -> list[Record]:
    """Shares as a list: a column of a table cannot have a key of its own for every word."""
    return [{"label": label, "share": share} for label, share in shares.items()]
