"""Which side cues lean to, pleasant or unpleasant: measured where somebody measured, else read from their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from emer.agents.fusion.conflict import apparent
from emer.schemas import Cue

FAINT = 0.16
"""Mean valence of the evidence below which it takes no side."""
WORDS_FAINT = 0.25
"""The same for words, which the model of words often misreads where they are polite, ironic or dry."""
_GONE = r"(?:\w+ )?(?:fades|vanishes|drops|disappears|dies|goes|leaves|slips|falls|freezes|sinks)"
_SIGNS = (
    (r"broad smile|cheeks raised|smiles? (?:back|at)|embrac\w+|arms around|into a smile|eye contact|laughs? with"
     r"|encourag\w+|thank\w*|prais\w+|hug\w*|arms up|grin\w*|beam\w*|applau\w*|claps?|cheer\w*|giggl\w*|squeal\w*"
     r"|eyes light up", 0.5),
    (
        r"(?:corners? of (?:the|her|his|their) mouth|(?:mouth|lip) corners?) (?:turn(?:s|ed)?|rises?|lift(?:s"
        r"|ed)?|raised"
     r"|go(?:es)?|pulled|twitch\w*)(?! (?:down|back))|creas(?:es|ed) (?:around|at) the eyes|(?:eyes )?crinkl\w+"
     r"|snorts?\b"
     r"|cheeks (?:rise|lift)|(?<!no )(?<!without a )smile\b(?! " + _GONE + r")|laugh|chuckl\w*"
     r"|hand on the (?:heart|chest)", 0.25),
    (r"lips? (?:pressed|tightened)|brows? (?:lowered|drawn)|jaw set|eyes rolled|corner of the mouth pulled back"
     r"|nose wrinkled|corners of the mouth (?:pulled )?down|lip corners (?:drop|down|go down)|lower lip pushed"
     r"|bites (?:the|their) (?:lower )?lip|head (?:lowered|hangs)|gaze (?:down|to the (?:ground|floor))|looks away"
     r"|frown\w*|scowl\w*|grimac\w*|sneer\w*|glar(?:e|es|ing)\b|pout\w*|clench\w*|tears|weeps?|crying|sobs?\b"
     r"|(?:smile|grin) " + _GONE + r"|no (?:smile|grin)\b|(?:teeth|jaw) clenched"
     r"|inner brows raised|chin trembles|slump\w*|shoulders sag|eyes (?:wet|dart)|wrings"
     r"|swallows|shake of the head|sighs?\b|trembl\w+|protests?|complain\w*|reproach\w*|declines|irony"
     r"|opposite of what it means|takes the praise back|repeats (?:him|her|them)sel\w+|generalises|hesitat\w+"
     r"|pressed or brighter|apologi[sz]es|is gone|can't\b|never approved|unpleasant|offside|died|broken", -0.4),
)  # fmt: skip
"""What descriptions of behaviour lean to, where nothing was measured: ours, coarse, for telling sides apart alone."""
_COMPILED = tuple((re.compile(rf"\b(?:{pattern})", re.IGNORECASE), value) for pattern, value in _SIGNS)
_MEASURED = re.compile(
    r"^(?:(?:even )?pitch|louder|softer|quieter|faster|slower|higher|lower|flatter|livelier|pauses?|silence)\b",
    re.IGNORECASE,
)
"""What begins a measure of a voice, which tells of arousal and of no side."""
_UNSTEADY = re.compile(r"trembl|shak|break|quaver|sob|laugh|sigh", re.IGNORECASE)


def side_of(cues: Sequence[Cue]) -> float | None:
    """The mean valence of cues, -1..1, each measured or else read from its words; None where none has one."""
    values = [(cue, value) for cue in cues if (value := lean(cue)) is not None]
    clear = [(c, v) for c, v in values if c.modality != "transcript" or abs(v) >= WORDS_FAINT]
    total = sum(cue.strength * cue.quality for cue, _ in clear)
    return sum(value * cue.strength * cue.quality for cue, value in clear) / total if total else None


def lean(cue: Cue) -> float | None:
    """What a cue leans to, -1..1; None where it does not say, or says both."""
    if is_torn(cue):
        return None
    measured, leaning = _measured(cue), _leaning(cue)
    if measured is not None and abs(measured) >= FAINT:
        return measured
    if leaning:
        return float(np.mean(leaning))
    return measured if cue.modality != "voice" else None


def is_torn(cue: Cue) -> bool:
    """Whether a described cue has signs of both sides, or was measured on another side than its signs."""
    measured, leaning = _measured(cue), _leaning(cue)
    if cue.level != "described" or not leaning:
        return False
    is_off = measured is not None and abs(measured) >= FAINT and float(np.mean(leaning)) * measured < 0
    return is_off or min(leaning) < 0 < max(leaning)


def _measured(cue: Cue) -> float | None:
    is_of_voice = cue.modality == "voice" and _MEASURED.search(cue.text) and not _UNSTEADY.search(cue.text)
    point = None if is_of_voice else apparent(cue)
    return None if point is None else point[0]


def _leaning(cue: Cue) -> list[float]:
    return [value for pattern, value in _COMPILED if pattern.search(cue.text)]
