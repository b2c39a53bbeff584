"""What would be concluded without some cues: which cues a turn leaves out, and how the two verdicts differ."""

from __future__ import annotations

import re

from emer.agents.conversing.chosen import alike, cues_asked
from emer.agents.conversing.citing import fact, listed, number, who
from emer.agents.conversing.request import Fact, Reply, Request
from emer.schemas import Cue, Report

SAME = 0.005
"""A change of confidence that is told as none: it would not show in two places."""
_ONLY = re.compile(r"\bonly (?:the )?(face|voice|words|transcript|context)\b", re.IGNORECASE)


def left_out(report: Report, request: Request) -> list[Cue]:
    """The cues that a turn wants to do without ("only the face" leaves out all others)."""
    only = _ONLY.search(request.text)
    if only is not None:
        kept = "transcript" if only[1].lower() == "words" else only[1].lower()
        return [cue for cue in report.cues if cue.modality != kept]
    return cues_asked(report, request)


def without(report: Report, gone: list[Cue]) -> Report:
    """The Report as the judge would get it without these cues; utterances all of whose cues are gone go too."""
    ids = {cue.id for cue in gone}
    left = [cue for cue in report.cues if cue.id not in ids]
    silent = {cue.anchor.utterance for cue in gone} - {
        cue.anchor.utterance for cue in left if cue.modality == "transcript"
    }
    modalities = {cue.modality for cue in left}
    return report.model_copy(update={
        "cues": left,
        "utterances": [one for one in report.utterances if one.id not in silent or not _spoken(gone, one.id)],
        "series": [one for one in report.series if one.modality in modalities],
    })  # fmt: skip


def _spoken(gone: list[Cue], utterance: str) -> bool:
    return any(cue.anchor.utterance == utterance and cue.modality == "transcript" for cue in gone)


def differences(report: Report, other: Report, gone: list[Cue]) -> Reply:
    """What the verdict without the cues says, and what it no longer says."""
    without_what = _named(gone, report)
    facts: list[Fact] = []
    n_same = 0
    for emotion in other.emotions:
        was = [one for one in report.emotions if one.person == emotion.person and alike(one.label, emotion.label)]
        if was and abs(was[0].confidence - emotion.confidence) < SAME:
            n_same += 1
            continue
        before = f", {number(was[0].confidence)} before" if was else ", not concluded before"
        begun = "Then" if facts else f"Without {without_what},"
        text = f"{begun} {who(other, emotion)} {emotion.label} ({number(emotion.confidence)}{before})"
        facts += fact(report, text, emotion.evidence)
    kept = [(one.person, one.label) for one in other.emotions]
    for emotion in report.emotions:
        if not any(person == emotion.person and alike(label, emotion.label) for person, label in kept):
            text = f"{emotion.label} ({number(emotion.confidence)}) is no longer concluded"
            facts += fact(report, text[:1].upper() + text[1:], [*(c.id for c in gone if c.id in emotion.evidence),
                                                                *emotion.evidence])  # fmt: skip
    notes = [] if other.emotions else [f"Without {without_what} nothing is concluded."]
    if n_same:
        notes.append(f"{'The other' if facts else 'Without ' + without_what + ' the'} readings stay as they are.")
    return Reply(kind="what_if", facts=facts, notes=[*notes, "The Report itself is unchanged."])


def _named(gone: list[Cue], report: Report) -> str:
    """The cues themselves where they are few, else each modality: whole, or which of its cues."""
    if len(gone) <= 3:
        return listed([f"“{cue.text.removesuffix('.')}” [{cue.id}]" for cue in gone])
    senses = {"face": "the face", "voice": "the voice", "transcript": "the words", "context": "the scene"}
    named = []
    for modality in dict.fromkeys(cue.modality for cue in gone):
        ids = [cue.id for cue in gone if cue.modality == modality]
        sense, n_there = senses.get(modality, modality), sum(cue.modality == modality for cue in report.cues)
        n_cues = f"{len(ids)} {'cue' if len(ids) == 1 else 'cues'}"
        which = " ".join(f"[{name}]" for name in ids)
        named.append(f"{sense} ({n_cues})" if len(ids) == n_there else f"{n_cues} of {sense} {which}")
    return listed(named)
