"""What a speaker's voice is usually like, as the user gives it: seconds of the same clip, or another clip of hers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from math import isnan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emer.errors import InputError
from emer.tools.media import open_media
from emer.tools.voice import Measures, Voice, listen, measure

MIN_BASELINE_S = 1.0
"""Seconds of speech that a baseline must hold (ours; 30 s are better, see `ENOUGH_S` in the voice specialist)."""
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
