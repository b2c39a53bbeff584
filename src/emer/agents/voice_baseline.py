"""What a stretch of speech is compared with.

The speaker's baseline, if the user gives one (seconds of the same clip, or another clip of hers), else her other
stretches in the clip, else published norms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import isnan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emer.errors import InputError
from emer.tools.media import open_media
from emer.tools.voice import Measures, Voice, listen, measure

MIN_OTHERS, MIN_OTHERS_S = 2, 2.0
"""Other stretches of the same speaker, and seconds of speech in them, from which on they are a baseline (ours)."""
FEW = 30
"""Up to so many stretches each is compared with all others; of more, one median serves all, itself among them."""
ENOUGH_S = 30.0
"""Seconds of one speaker's speech from which on the recording itself shows how she usually speaks."""
REST = "the rest of this recording"
MIN_BASELINE_S = 1.0
"""Seconds of speech that a baseline must hold (ours; 30 s are better)."""
MAX_STRETCH_S = 12.0
MIN_SPEECH_S = 0.25
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)\s*s?\s*")


@dataclass(frozen=True)
class Unit:
    """An utterance or a stretch of speech of one speaker, measured."""

    person: str
    utterance: str | None
    measures: Measures


class Usual(NamedTuple):
    """What stretches are compared with, and how a cue calls it."""

    measures: Measures
    words: str


def check_baseline(baseline: str) -> None:
    """Nothing, if the setting names seconds or a file that exists.

    Raises:
        InputError: it does neither.
    """
    if _seconds(baseline) is not None or Path(baseline).expanduser().is_file():
        return
    raise InputError(
        f"setting baseline: {baseline!r} is neither a file nor seconds of the clip; expected for example 0-12.5, or "
        "another clip of the same speaker"
    )


def baselines(own: Sequence[Unit], usual: Usual | None) -> list[Usual | None]:
    """What each stretch of one speaker is compared with."""
    if usual is not None:
        return [usual] * len(own)
    if len(own) <= FEW:
        return [_rest(unit, own) for unit in own]
    return [Usual(median([unit.measures for unit in own]), REST)] * len(own)


def _rest(unit: Unit, own: Sequence[Unit]) -> Usual | None:
    """The median of the speaker's other stretches, or None if they are too few."""
    others = [other.measures for other in own if other is not unit]
    if len(others) < MIN_OTHERS or sum(one.speech_s for one in others) < MIN_OTHERS_S:
        return None
    return Usual(median(others), REST)


def too_short(units: Sequence[Unit], usual: Mapping[str, Usual]) -> list[str]:
    """What those voices are compared with of which too little is heard to know how they usually are."""
    speech_s: dict[str, float] = {}
    for unit in units:
        speech_s[unit.person] = speech_s.get(unit.person, 0.0) + unit.measures.speech_s
    short = [speech_s[person] for person in speech_s if person not in usual and speech_s[person] < ENOUGH_S]
    if not short:
        return []
    heard = ", ".join(f"{one:.0f}" for one in short)
    own = [unit for unit in units if unit.person not in usual]
    also = any(_rest(unit, [u for u in own if u.person == unit.person]) is not None for unit in own)
    return [
        f"Under {ENOUGH_S:.0f} s of speech ({heard} s) and no --baseline: the voice is compared with published norms"
        + (", and only within this short recording with itself." if also else ".")
    ]


# --- as the user gives it ---------------------------------------------------------------------------------------------


def usual_voices(baseline: str | None, voice: Voice, units: Sequence[Unit]) -> tuple[dict[str, Usual], list[str]]:
    """What each speaker is compared with, by person, and warnings; empty without a baseline.

    Raises:
        InputError: there is hardly any speech in it, or the other clip cannot be read.
    """
    if baseline is None or not units:
        return {}, []
    speakers = list(dict.fromkeys(unit.person for unit in units))
    span = _seconds(baseline)
    if span is not None:
        return _in_this_clip(baseline, span, voice, units)
    if len(speakers) > 1:
        return {}, [f"The baseline {baseline!r} is one speaker's, but {len(speakers)} are heard: it was not used."]
    with open_media(Path(baseline).expanduser()) as media:
        other = listen(media.sound_windows()) if media.info.has_audio else None
    measured = [] if other is None else [measure(other, *piece) for piece in pieces(other)]
    usual = _usual(baseline, measured)
    # how loud another recording is says nothing: its gain is not known
    apart = replace(usual, level_db=float("nan"), level_over_noise_db=float("nan"))
    return {speakers[0]: Usual(apart, "the speaker's baseline recording")}, []


def _in_this_clip(
    baseline: str, span: tuple[float, float], voice: Voice, units: Sequence[Unit]
) -> tuple[dict[str, Usual], list[str]]:
    words = f"the speaker's baseline at {baseline.strip()} s"
    speakers = list(dict.fromkeys(unit.person for unit in units))
    if len(speakers) == 1:
        inside = [(max(a, span[0]), min(b, span[1])) for a, b in pieces(voice) if a < span[1] and b > span[0]]
        return {speakers[0]: Usual(_usual(baseline, [measure(voice, *one) for one in inside]), words)}, []
    found: dict[str, Usual] = {}
    for speaker in speakers:
        own = [u.measures for u in units if u.person == speaker and span[0] <= _middle(u) < span[1]]
        if sum(one.speech_s for one in own) >= MIN_BASELINE_S:
            found[speaker] = Usual(median(own), words)
    if not found:
        _usual(baseline, [])
    without = [speaker for speaker in speakers if speaker not in found]
    told = f"{', '.join(without)} hardly speaks at {baseline.strip()} s and has no baseline."
    return found, [told] if without else []


def _middle(unit: Unit) -> float:
    return (unit.measures.start_s + unit.measures.end_s) / 2


def _usual(baseline: str, measured: Sequence[Measures]) -> Measures:
    voiced = [one for one in measured if one.speech_s >= MIN_SPEECH_S and one.voiced_s > 0]
    speech_s = sum(one.speech_s for one in voiced)
    if speech_s < MIN_BASELINE_S:
        raise InputError(
            f"setting baseline: {speech_s:.1f} s of speech were found in {baseline!r}; at least {MIN_BASELINE_S:.0f} s "
            "are needed, 30 s are better"
        )
    return median(voiced)


def _seconds(baseline: str) -> tuple[float, float] | None:
    found = _SPAN.fullmatch(baseline)
    if found is None or float(found[1]) >= float(found[2]):
        return None
    return float(found[1]), float(found[2])


def pieces(voice: Voice) -> Iterator[tuple[float, float]]:
    """The stretches of speech, long ones in equal parts."""
    for start_s, end_s in voice.activity.stretches:
        n_parts = max(1, -int(-(end_s - start_s) // MAX_STRETCH_S))
        edges = np.linspace(start_s, end_s, n_parts + 1).round(2)
        yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def median(measured: Sequence[Measures]) -> Measures:
    """Each measure's median, NaN where no stretch has it."""

    def middle(name: str) -> float:
        known = [value for one in measured if not isnan(value := float(getattr(one, name)))]
        return float(np.median(known)) if known else float("nan")

    return Measures(**{field.name: middle(field.name) for field in fields(Measures)})  # type: ignore[arg-type]  # counts too
