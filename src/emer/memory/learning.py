"""What a person says about a Report, as a case that the next similar clip meets; and choosing among one's own cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from emer.errors import InputError
from emer.memory.probe import make_probe
from emer.memory.resolution import resolve
from emer.schemas import Case, Report


def corrected_case(
    report: Report, labels: Sequence[str], why: str, *, intensity: float | None = None, person: str | None = None
) -> Case:
    """Return the case that a correction of a Report makes; its id is the same whenever the correction is.

    Args:
        report: the clip with its cues.
        labels: what the person in it appears to feel, in the words of whoever corrects.
        why: how one can tell.
        intensity: .33 slight, .66 clear, 1 extreme; None if it was not said.
        person: the id of whom it is about; None for the whole clip.

    Raises:
        InputError: a label means nothing to emer, the person is not in the Report, or it has no cue to go by.
    """
    for label in labels:
        if resolve(label).how == "none":
            raise InputError(
                f"label {label!r} is no emotion word that emer knows; say it in other words, e.g. relieved"
            )
    if not labels or not why.strip():
        raise InputError("a correction needs a label and a reason: --label … --why …")
    known = [one.id for one in report.people]
    if person is not None and person not in known:
        raise InputError(f"no person {person!r} in the Report; there are {', '.join(known) or 'none'}")
    cues = [cue for cue in report.cues if person in (None, cue.person) or cue.person is None]
    said = [one for one in report.utterances if person in (None, one.person)]
    probe = make_probe(cues, said)
    if not probe.cues:
        raise InputError("the Report has no cue in words that a similar clip could be found by")
    mark = hashlib.sha256(repr((report.clip.id, person, sorted(labels), why, intensity)).encode()).hexdigest()[:12]
    return Case(
        id=f"corrected-{mark}",
        labels=list(labels),
        why=why.strip(),
        provenance="corrected",
        cues=dict(probe.cues),
        intensity=intensity,
        person=person,
        source=f"{report.clip.source}:{report.clip.id}",
    )


def chosen_ids(
    cases: Iterable[Case], *, ids: Sequence[str] = (), source: str | None = None, person: str | None = None
) -> list[str]:
    """Return the ids of the cases that any of these names: an id, where they come from, whom they are about.

    A source is a provenance ("corrected", "imported:meld", "meld"), a clip's file or id, or an imported file.
    """
    return [
        case.id
        for case in cases
        if case.id in ids
        or (source is not None and _is_from(case, source))
        or (person is not None and case.person == person)
    ]


def _is_from(case: Case, source: str) -> bool:
    told = case.source or ""
    of_clip = source.startswith("sha256:") and told.endswith(f":{source}")
    return source in (case.provenance, case.provenance.removeprefix("imported:"), told) or (
        told.startswith(f"{source}:") or of_clip
    )
