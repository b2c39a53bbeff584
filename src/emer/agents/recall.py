"""Past cases that are like this clip, each checked against it before it may be used; no case is an only support.

Three roles: cases that *support* the leading reading, cases of the reading that it is most often *confused* with, and
*counter* cases, alike in their cues and on the other side in what they were.
"""

from __future__ import annotations

from collections.abc import Sequence

from emer.agents.state import Services
from emer.errors import ToolError
from emer.memory.contrast import Candidate, Role, content_words, contrastive, opposed
from emer.memory.probe import MODALITIES, Probe, cues_text, make_probe
from emer.schemas import Cue, RecalledCase, Utterance

_CLEAR = 0.4  # a clip that leans farther to one side than this needs no case of the other
_ALIKE = 0.2  # the likeness that a case must have in what was said or in what was described, 0 as unrelated ones


def recall(cues: Sequence[Cue], utterances: Sequence[Utterance], services: Services) -> list[RecalledCase]:
    """Return at most three cases that support and two of each other role, each with why it applies or does not.

    Empty when the clip has no words to ask with, or when the memory holds nothing like it.

    Raises:
        ToolError: no memory is open, or its index can neither be opened nor built.
    """
    if services.memory is None:
        raise ToolError("no case memory is open; set EMER_MEMORY_DIR to a folder that can be written")
    probe = make_probe(cues, utterances)
    found = contrastive(services.memory, probe)
    return [checked(candidate, role, probe) for role, candidates in found.items() for candidate in candidates]


def checked(candidate: Candidate, role: Role, probe: Probe) -> RecalledCase:
    """Return a case as the Report shows it, with whether it applies to this clip and why."""
    case = candidate.case
    against = _objection(candidate, role, probe)
    reason = f"does not apply: {against}" if against else f"applies: {_common_ground(candidate, probe)}"
    return RecalledCase(
        id=case.id,
        role=role,
        similarity=candidate.likeness,
        alike=dict(candidate.alike),
        labels=case.labels,
        applies=against is None,
        why=f"{case.why} ({reason})",
        provenance=case.provenance,
        text=cues_text(case.cues),
    )


def _objection(candidate: Candidate, role: Role, probe: Probe) -> str | None:
    """Return why a case may not be used for this clip, by rule; None when it may."""
    if not _shared(candidate, probe):
        return "it shares no modality with this clip"
    if max(candidate.alike.values(), default=0.0) < _ALIKE:
        return f"it is hardly more alike than any other case ({_amounts(candidate)})"
    if probe.valence is None or not opposed(candidate.valence, probe):
        return None
    if role == "counter":
        return f"the clip's cues are clearly {_side(probe.valence)}" if abs(probe.valence) > _CLEAR else None
    return f"it is about something {_side(-probe.valence)}, and the clip's cues lean to the {_side(probe.valence)}"


def _common_ground(candidate: Candidate, probe: Probe) -> str:
    shared = _shared(candidate, probe)
    modalities = shared[0] if len(shared) == 1 else f"{', '.join(shared[:-1])} and {shared[-1]}"
    words = sorted(content_words(candidate.case.cues) & content_words(probe.cues))
    alike = f", in “{'”, “'.join(words[:3])}” too" if len(words) > 1 else ""
    return f"compared by {modalities}; {_amounts(candidate)}{alike}; nothing in the clip leans the other way"


def _amounts(candidate: Candidate) -> str:
    told = {"said": "the words", "described": "the rest"}
    return "alike by " + " and ".join(f"{value:.2f} in {told[part]}" for part, value in candidate.alike.items())


def _shared(candidate: Candidate, probe: Probe) -> list[str]:
    return [name for name in MODALITIES if name in probe.cues and name in candidate.case.cues]


def _side(valence: float) -> str:
    return "pleasant" if valence > 0 else "unpleasant"
