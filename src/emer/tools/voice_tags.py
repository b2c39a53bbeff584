"""The closed set of things that are said of a voice, each with the number from which on it is said.

A tag compares a stretch with the speaker's other stretches in the recording (`self`), with published norms where there
is nothing else to compare with (`norm`), or with nothing (`any`). Where the gain of a recording is unknown nobody is
loud, only louder than elsewhere in it. All thresholds are ours unless a source is named, set on a few read, public and
synthetic recordings so that an ordinary stretch gets few tags. No tag names an emotion.
"""

from __future__ import annotations

from math import isnan
from typing import Literal, NamedTuple

from emer.tools.voice import Measures

Against = Literal["self", "norm", "any"]
Kind = Literal["pitch", "loudness", "rate", "pause", "quality", "contour"]


class Tag(NamedTuple):
    """One line of the table; `threshold` is signed: at least so much, or at most if `below`."""

    kind: Kind
    against: Against
    words: str
    measure: str
    threshold: float
    below: bool
    step: float  # by how much more it takes to be marked
    detail: str  # format of the measure (`value`) and its difference to the baseline (`change`)


class Found(NamedTuple):
    """A tag that applies: how marked it is, 0..1, and its words with the numbers."""

    tag: Tag
    strength: float
    text: str


_REST = "than {rest}"
TAGS = (
    Tag("pitch", "self", f"higher-pitched {_REST}", "f0_st", 2.0, False, 4.0, "{change:+.1f} semitones"),
    Tag("pitch", "self", f"lower-pitched {_REST}", "f0_st", -2.0, True, 4.0, "{change:+.1f} semitones"),
    Tag("pitch", "self", f"wider pitch range {_REST}", "f0_range_st", 3.0, False, 4.0,
        "{value:.1f} semitones, {change:+.1f}"),
    Tag("pitch", "self", f"more monotone {_REST}", "f0_range_st", -2.5, True, 3.0,
        "{value:.1f} semitones, {change:+.1f}"),
    Tag("loudness", "self", f"louder {_REST}", "level_db", 4.0, False, 6.0, "{change:+.0f} dB"),
    Tag("loudness", "self", f"softer {_REST}", "level_db", -4.0, True, 6.0, "{change:+.0f} dB"),
    Tag("rate", "self", f"faster {_REST}", "rate_syl_s", 1.0, False, 1.5,
        "about {value:.1f} syllables a second, {change:+.1f}"),
    Tag("rate", "self", f"slower {_REST}", "rate_syl_s", -1.0, True, 1.5,
        "about {value:.1f} syllables a second, {change:+.1f}"),
    Tag("quality", "self", f"more pressed or brighter {_REST}", "alpha_db", 3.5, False, 5.0,
        "flatter spectrum, {change:+.1f} dB"),
    Tag("quality", "self", f"laxer or duller {_REST}", "alpha_db", -3.5, True, 5.0,
        "steeper spectrum, {change:+.1f} dB"),
    Tag("quality", "self", f"breathier or rougher {_REST}", "hnr_db", -3.5, True, 4.0,
        "harmonics over noise {change:+.1f} dB"),
    # 120 and 210 Hz are typical means of men and women (Traunmüller and Eriksson 1995)
    Tag("pitch", "norm", "pitch above what is usual in adult speech", "f0_median_hz", 265.0, False, 80.0,
        "{value:.0f} Hz"),
    Tag("pitch", "norm", "pitch below what is usual in adult speech", "f0_median_hz", 85.0, True, 15.0,
        "{value:.0f} Hz"),
    Tag("pitch", "norm", "wide pitch range", "f0_range_st", 8.5, False, 5.0, "{value:.1f} semitones"),
    Tag("pitch", "norm", "monotone", "f0_range_st", 2.0, True, 1.5, "{value:.1f} semitones"),
    # conversation has about 4.3 syllables a second (Tauroza and Allison 1990)
    Tag("rate", "norm", "fast", "rate_syl_s", 5.8, False, 1.5, "about {value:.1f} syllables a second"),
    Tag("rate", "norm", "slow", "rate_syl_s", 2.9, True, 1.0, "about {value:.1f} syllables a second"),
    Tag("quality", "norm", "pressed or bright sound", "alpha_db", -5.0, False, 6.0,
        "flat spectrum, alpha ratio {value:.0f} dB"),
    Tag("quality", "norm", "lax or dull sound", "alpha_db", -20.0, True, 6.0,
        "steep spectrum, alpha ratio {value:.0f} dB"),
    Tag("quality", "norm", "breathy or rough sound", "hnr_db", 4.5, True, 3.0, "harmonics over noise {value:.0f} dB"),
    Tag("quality", "any", "trembling pitch", "tremor_st", 1.3, False, 1.0, "{value:.1f} semitones at 4–12 Hz"),
    Tag("contour", "any", "pitch rises at the end", "f0_end_st", 2.5, False, 5.0, "{value:+.1f} semitones"),
    Tag("contour", "any", "pitch falls at the end", "f0_end_st", -4.0, True, 5.0, "{value:+.1f} semitones"),
    Tag("pause", "any", "long pause", "pause_longest_s", 1.0, False, 2.0, "{value:.1f} s"),
    Tag("pause", "any", "hesitant delivery, many pauses", "pause_share", 0.35, False, 0.3, "{value:.0%} of the time"),
)  # fmt: skip
MIN_SYLLABLES = 4  # below, a rate is a guess
MIN_PAUSES = 3  # below, they are not many


def find_tags(
    measures: Measures, baseline: Measures | None, *, rest: str = "the rest of this recording"
) -> list[Found]:
    """The tags that apply to a stretch of speech, the more marked of opposite or kindred ones; in the table's order.

    `rest` is how the words call what the baseline was made of.
    """
    found = [one for tag in TAGS if (one := _applied(tag, measures, baseline, rest=rest)) is not None]
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        key = (one.tag.kind, one.tag.measure)
        if key not in kept or one.strength > kept[key].strength:
            kept[key] = one
    return list(kept.values())


def _applied(tag: Tag, measures: Measures, baseline: Measures | None, *, rest: str) -> Found | None:
    if tag.against not in ("any", "norm" if baseline is None else "self") or not _is_measurable(tag, measures):
        return None
    value = float(getattr(measures, tag.measure))
    change = value - float(getattr(baseline, tag.measure)) if baseline is not None else float("nan")
    compared = change if tag.against == "self" else value
    over = (tag.threshold - compared) if tag.below else (compared - tag.threshold)
    if isnan(compared) or over < 0:
        return None
    detail = tag.detail.format(value=value, change=change)
    return Found(tag, min(0.3 + 0.7 * over / tag.step, 1.0), f"{tag.words.format(rest=rest)} ({detail})")


def _is_measurable(tag: Tag, measures: Measures) -> bool:
    if tag.measure == "rate_syl_s":
        return measures.n_syllables >= MIN_SYLLABLES
    if tag.measure == "pause_share":
        return measures.n_pauses >= MIN_PAUSES
    return measures.voiced_s >= 0.2 or tag.kind in ("loudness", "pause")
