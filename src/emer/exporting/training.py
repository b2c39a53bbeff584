"""Data to train models on: conversations in the ShareGPT style that LLaVA reads, and MERR's captions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from emer.exporting.records import transcript_of
from emer.report import wording
from emer.report.reading import name_of
from emer.reviewing.labels import settled_emotions, settled_steps
from emer.schemas import Emotion, Report, Step

_MARKS = {"video": "<video>", "image": "<image>", "audio": "<audio>"}
_QUESTION = "Which emotions does each person appear to have here? Give the cues, the reasoning and the answer."


def to_conversations(reports: Iterable[Report], path: Path) -> int:
    """How many conversations were written, one for each clip about which something is concluded.

    The answer names cues, reasoning and labels as they were reviewed. Source of the form: the LLaVA repository,
    docs/Finetune_Custom_Data.md (`id`, `image`, `conversations` of `from` and `value`).
    """
    return _write([_conversation(report) for report in reports if settled_emotions(report)], path)


def to_merr(reports: Iterable[Report], path: Path) -> int:
    """How many clips were written, by name, with the keys of MERR's fine-grained annotations.

    Source: Emotion-LLaMA (NeurIPS 2024), MERR_fine_grained.json. `peak_index` is the frame of the strongest face cue at
    25 pictures a second, which is MERR's rate; action units are those that a reader of units measured, else none.
    """
    samples = {name_of(report): _merr(report) for report in reports if settled_emotions(report)}
    _write(samples, path)
    return len(samples)


def answer(report: Report) -> str:
    """What a model should answer: the cues that are cited, the reasoning, then each person's emotions."""
    emotions, steps = settled_emotions(report), settled_steps(report)
    cited = {id_ for one in emotions for id_ in one.evidence} | {id_ for step in steps for id_ in step.evidence}
    cues = [f"- [{cue.id}] {_who(cue.person)}{cue.text}" for cue in report.cues if cue.id in cited]
    reasons = [f"{number}. {_with_cues(step)}" for number, step in enumerate(steps, start=1)]
    verdicts = [f"- {_verdict(emotion)}" for emotion in emotions]
    return "\n".join(["Cues:", *cues, "Reasoning:", *reasons, "Answer:", *verdicts])


def _with_cues(step: Step) -> str:
    """The sentence and the cues that it rests on, where it does not name them itself."""
    unnamed = [id_ for id_ in step.evidence if f"[{id_}]" not in step.claim]
    return f"{step.claim} [{', '.join(unnamed)}]" if unnamed else step.claim


def _conversation(report: Report) -> dict[str, Any]:
    kind = report.clip.kind
    asked = [_MARKS[kind]] if kind in _MARKS else []
    if report.utterances:
        asked.append(f"What is said:\n{transcript_of(report)}")
    if report.clip.context:
        asked.append(f"What is known: {report.clip.context}")
    turns = [
        {"from": "human", "value": "\n".join([*asked, _QUESTION])},
        {"from": "gpt", "value": answer(report)},
    ]
    told: dict[str, Any] = {"id": name_of(report)}
    if kind in _MARKS:
        told[kind] = report.clip.source
    return {**told, "conversations": turns}


def _merr(report: Report) -> dict[str, Any]:
    faces = [cue for cue in report.cues if cue.modality == "face"]
    peak = max(faces, key=lambda cue: cue.strength, default=None)
    peak_s = (peak.anchor.start_s or peak.anchor.t_s or 0.0) if peak is not None else 0.0
    units = peak.source.values if peak is not None else {}
    steps = [step.claim for step in settled_steps(report)]
    return {
        "AU_list": sorted({name.removeprefix("au.") for cue in faces for name in cue.source.values if _is_unit(name)}),
        "visual_prior_list": [cue.text for cue in faces],
        "audio_prior_list": "; ".join(cue.text for cue in report.cues if cue.modality == "voice"),
        "peak_index": round(peak_s * 25),
        "peak_AU_list": sorted(name.removeprefix("au.") for name in units if _is_unit(name)),
        "text": " ".join(one.text for one in report.utterances),
        "visual_objective": "; ".join(cue.text for cue in report.cues if cue.modality == "context"),
        "pseu_emotion": settled_emotions(report)[0].label,
        "smp_reason_caption": " ".join([*steps, report.summary]).strip(),
    }


def _is_unit(name: str) -> bool:
    return name.startswith("au.")


def _verdict(emotion: Emotion) -> str:
    strength = wording.strength(emotion)
    return f"{_who(emotion.person)}{emotion.label}" + (f" ({strength})" if strength else "")


def _who(person: str | None) -> str:
    return f"{person}: " if person else ""


def _write(value: list[Any] | dict[str, Any], path: Path) -> int:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(value)
