"""Action units in what people write: "AU12 lip corner puller, moderate", "brows lowered, lips pressed", a broad smile.

Names after Ekman, Friesen and Hager (2002), Facial Action Coding System; everyday phrases are ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NAMES: Final[dict[int, str]] = {
    1: "inner brow raiser", 2: "outer brow raiser", 4: "brow lowerer", 5: "upper lid raiser", 6: "cheek raiser",
    7: "lid tightener", 9: "nose wrinkler", 10: "upper lip raiser", 11: "nasolabial deepener", 12: "lip corner puller",
    14: "dimpler", 15: "lip corner depressor", 16: "lower lip depressor", 17: "chin raiser", 18: "lip puckerer",
    20: "lip stretcher", 22: "lip funneler", 23: "lip tightener", 24: "lip pressor", 25: "lips part", 26: "jaw drop",
    27: "mouth stretch", 28: "lip suck", 43: "eyes closed", 45: "blink",
}  # fmt: skip

_SAID: Final = {
    1: r"inner (?:eye)?brows? (?:is |are )?raise[dr]?",
    2: r"outer (?:eye)?brows? (?:is |are )?raise[dr]?",
    4: r"brow[- ]?lowerer|(?:eye)?brows? (?:is |are )?(?:\w+ )?(?:lowered|furrowed|knit|drawn together|pulled down)"
       r"|(?:furrowed|lowered|knitted) (?:eye)?brows?|furrows? (?:(?:his|her|their|the) )?brows?|frown(?:s|ing|ed)?",
    5: r"upper lid raise[dr]?|(?:eyes|lids) (?:are )?(?:\w+ )?(?:widened|wide(?: open)?|open wide)"
       r"|wide(?:ned)?[- ]eye[sd]|widened eyes",
    6: r"cheek raise[dr]?|cheeks (?:are )?(?:raised|lifted)|crow'?s[- ]feet",
    7: r"lids? tighten(?:er|ed)|(?:eyes|lids) (?:are )?(?:narrowed|squinting)"
       r"|narrow(?:ed|s) (?:(?:his|her|their|the) )?eyes|squint(?:s|ing)?",
    9: r"nose (?:is )?wrinkle[dr]?|wrinkle[ds] nose",
    10: r"upper lip (?:is )?raise[dr]?|upper lip curl(?:s|ed)|sneer(?:s|ing)?",
    12: r"lip corners? (?:puller|(?:are )?(?:pulled |turned )?(?:up|raised))"
        r"|(?:mouth|corners of (?:the|his|her|their) mouth) (?:turned |pulled )?up"
        r"|smil(?:e[sd]?|ing)|grin(?:s|ned|ning)?|beam(?:s|ing)",
    14: r"dimpler|dimples?",
    15: r"lip corners? (?:depressor|(?:are )?(?:pulled |turned )?down(?:ward)?)|(?:down-?turned|turned-down) mouth"
        r"|(?:mouth|corners of (?:the|his|her|their) mouth) (?:is |are )?(?:turned |pulled )?down",
    17: r"chin raise[dr]?|chin (?:is )?(?:bunched|pushed up)|pouts?|pouting",
    20: r"lip stretcher|lips (?:are )?stretched",
    23: r"lip tightener|lips (?:are )?tight(?:ened)?|tight(?:ened)? lips",
    24: r"lip press(?:or|er)|lips (?:are )?(?:\w+ )?pressed|pressed lips|lips pursed"
        r"|presse[sd] (?:(?:his|her|their) )?lips",
    25: r"lips? (?:are )?(?:slightly )?part(?:ed)?|parted lips",
    26: r"jaw[- ]?drop(?:s|ped)?|jaw (?:is )?dropped|mouth (?:is )?(?:hanging |slightly )?open|open mouth",
    27: r"mouth (?:is )?stretch(?:ed)?",
    43: r"eyes (?:are )?closed|closed eyes",
    45: r"blink(?:s|ing)?",
}  # fmt: skip
_BOTH_BROWS = re.compile(
    r"(?<!inner )(?<!outer )(?:eye)?brows? (?:are |is )?(?:\w+ )?raised|raise[sd] (?:eye)?brows?", re.IGNORECASE
)
_PATTERNS = {unit: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for unit, pattern in _SAID.items()}
_NUMBERED = re.compile(r"\bAU[\s_]?0?(\d{1,2})(?:_[rc])?(?:\s*[:=(]?\s*(\d(?:\.\d+)?|[A-E]\b))?", re.IGNORECASE)
_LETTERS = dict(zip("ABCDE", (1.0, 2.0, 3.0, 4.0, 5.0), strict=True))
_DEGREES = (
    (re.compile(r"\b(?:barely|hardly|trace|faint(?:ly)?|hint of)\b", re.IGNORECASE), .5),
    (re.compile(r"\b(?:slight(?:ly)?|weak(?:ly)?|small|a little|mild(?:ly)?)\b", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:moderate(?:ly)?|clear(?:ly)?|somewhat)\b", re.IGNORECASE), 2.0),
    (re.compile(r"\b(?:(?:strong|marked|broad|wide|severe)(?:ly)?|pronounced|very)\b", re.IGNORECASE), 3.5),
    (re.compile(r"\b(?:extreme(?:ly)?|maximal(?:ly)?|intense(?:ly)?)\b", re.IGNORECASE), 4.5),
)  # fmt: skip
_UNGRADED = 2.0
_DENIED = re.compile(r"\b(?:no|not|never|without|absent|lacks?|isn't|doesn't)\b[^,;.]*$", re.IGNORECASE)


def action_units(text: str) -> dict[int, float]:
    """The action units that a text names, with intensities 0-5 (A-E as 1-5; 2 where nothing is said)."""
    found: dict[int, float] = {}
    for part in re.split(r"[,;\n]| and | with ", text):
        for unit, level in _part(part).items():
            found[unit] = max(found.get(unit, 0.0), level)
    return dict(sorted(found.items()))


def given_units(values: Mapping[str, object]) -> dict[int, float]:
    """The action units among named numbers: `AU12`, `au.AU12`, `AU04_r` (as OpenFace writes intensities), 0-5."""
    found = {}
    for name, value in values.items():
        match = re.fullmatch(r"(?:au\.)?AU0*(\d{1,2})(?:_r)?", name.strip(), re.IGNORECASE)
        if match and isinstance(value, int | float) and not isinstance(value, bool):
            found[int(match.group(1))] = min(max(float(value), 0.0), 5.0)
    return dict(sorted(found.items()))


def named(unit: int) -> str:
    """The key of a unit in a cue's values."""
    return f"au.AU{unit:02d}"


def _part(part: str) -> dict[int, float]:
    degree = next((level for pattern, level in _DEGREES if pattern.search(part)), None)
    found: dict[int, float] = {}
    for match in _NUMBERED.finditer(part):
        level = _level(match.group(2))
        found[int(match.group(1))] = level if level is not None else degree or _UNGRADED
    for unit, pattern in _PATTERNS.items():
        hit = pattern.search(part)
        if hit and not _DENIED.search(part[: hit.start()]):
            found.setdefault(unit, degree or _UNGRADED)
    both = _BOTH_BROWS.search(part)
    if both and not _DENIED.search(part[: both.start()]):
        found |= {1: degree or _UNGRADED, 2: degree or _UNGRADED}
    return found


def _level(given: str | None) -> float | None:
    if given is None:
        return None
    return _LETTERS[given.upper()] if given.isalpha() else min(float(given), 5.0)
