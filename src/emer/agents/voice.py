"""The voice specialist: how it is said. Pitch, level, pace, pauses and sound of each utterance or stretch of speech.

Each is compared with the speaker's other stretches in the clip; where there are too few, with published norms, and the
cue says so. It names no emotion: what comes out are tags of a closed set, numbers and an arousal by a written formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from emer.agents.state import Observation, Services
from emer.agents.voice_baseline import (
    MIN_OTHERS,
    MIN_SPEECH_S,
    REST,
    Unit,
    Usual,
    baselines,
    median,
    pieces,
    too_short,
    usual_voices,
)
from emer.config import Settings
from emer.errors import SetupError, ToolError
from emer.schemas import Anchor, Clip, Cue, Missing, Person, Series, Source, Utterance
from emer.tools.speech_activity import INAUDIBLE_DB
from emer.tools.talking_mouth import loudness
from emer.tools.voice import VOICE_VERSION, Measures, Voice, measure, measure_all
from emer.tools.voice_arousal import arousal
from emer.tools.voice_tags import Found, find_tags

if TYPE_CHECKING:
    from emer.tools.media import Media

UNNAMED = "voice:1"
MAX_CUES = 60
"""Per speaker; of a longer clip the most marked are kept, so that a Report stays readable."""
MAX_POINTS, STEP_S, HALF_WINDOW_S = 600, 0.25, 0.5
CLOSE = 0.2
"""Arousal up to which a voice is said to be close to what it is compared with (ours)."""
LONG_SILENCE_S, LONGEST_SILENCE_S = 1.5, 15.0

SHOWN = {
    "pitch": ("f0_median_hz", "f0_st", "f0_range_st"),
    "loudness": ("level_db", "level_over_noise_db", "level_range_db"),
    "rate": ("rate_syl_s", "n_syllables", "speech_s"),
    "pause": ("pause_share", "pause_longest_s", "n_pauses"),
    "quality": ("hnr_db", "alpha_db", "hammarberg_db", "tilt_db_oct", "centroid_hz", "jitter_pct", "shimmer_db",
                "tremor_st"),
    "contour": ("f0_end_st", "f0_median_hz"),
    "delivery": ("f0_st", "f0_range_st", "level_db", "rate_syl_s", "alpha_db", "pause_share"),
}  # fmt: skip
"""Which values a cue of each kind carries."""
STIRS = {"f0_st": 1, "f0_median_hz": 1, "f0_range_st": 1, "level_db": 1, "rate_syl_s": 1, "alpha_db": 1}
"""Measures that speak of arousal, and on which side."""


def observe(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
    """How the clip's speech sounds; `missing` says why if there is none.

    Raises:
        ToolError: the sound could not be read to its end.
    """
    media = services.media
    if media is None or not media.info.has_audio:
        return _absent("the clip has no audio stream")
    voice = services.hearing.voice()
    if len(voice.f0_hz) == 0 or voice.spectra.level_db.max() < INAUDIBLE_DB:
        return _absent(f"silence: level below {INAUDIBLE_DB:.0f} dBFS throughout")
    if not voice.activity.stretches:
        level_db = float(np.median(voice.spectra.level_db))
        return _absent(f"no speech was found in the sound (median level {level_db:.0f} dBFS)")
    units, warnings = _units(voice, utterances)
    usual, doubts = usual_voices(services.settings.baseline, voice, units)
    seen = _observation(voice, units, usual, [*warnings, *doubts])
    return _with_resemblances(seen, media, units, services.settings)


def _absent(why: str) -> Observation:
    return Observation(missing=[Missing(modality="voice", why=why)])


def _with_resemblances(seen: Observation, media: Media, units: Sequence[Unit], settings: Settings) -> Observation:
    """The same with what the classifier makes of the voice that the settings name; `missing` says why if it cannot."""
    if settings.voice_model is None:
        return seen
    from emer.agents.voice_resemblance import resemblances
    from emer.tools.voice_classifier import open_classifier

    try:
        found = resemblances(open_classifier(settings.voice_model, settings.weights_dir), media.sound_file(), units)
    except (SetupError, ToolError) as error:
        return replace(seen, missing=[Missing(modality="voice", why=f"the voice was read without its model: {error}")])
    return replace(seen, cues=_numbered([*seen.cues, *found]))


def _numbered(cues: Iterable[Cue]) -> list[Cue]:
    """The cues in order of time, numbered."""
    ordered = sorted(cues, key=lambda cue: (cue.anchor.start_s or 0.0, cue.person or "", cue.kind, cue.text))
    return [cue.model_copy(update={"id": f"voice-{n}"}) for n, cue in enumerate(ordered, start=1)]


def _observation(
    voice: Voice, units: Sequence[Unit], usual: Mapping[str, Usual], warnings: Sequence[str]
) -> Observation:
    speakers = list(dict.fromkeys(unit.person for unit in units))
    drafts: list[Cue] = []
    for speaker in speakers:
        own = [unit for unit in units if unit.person == speaker]
        compared = zip(own, baselines(own, usual.get(speaker)), strict=True)
        found = [cue for unit, baseline in compared for cue in _cues(unit, baseline)]
        drafts += sorted(found, key=lambda cue: -cue.strength * cue.quality)[:MAX_CUES]
    drafts += _silences(units)
    return Observation(
        cues=_numbered(drafts),
        loudness=loudness(voice),
        people=[Person(id=UNNAMED, description="voice in the recording")] if UNNAMED in speakers else [],
        series=[
            line
            for speaker in speakers
            for line in _series(voice, [u for u in units if u.person == speaker], usual.get(speaker))
        ],
        warnings=[*warnings, *_doubts(units), *too_short(units, usual)],
    )


# --- who speaks when -------------------------------------------------------------------------------------------------


def _units(voice: Voice, utterances: Sequence[Utterance]) -> tuple[list[Unit], list[str]]:
    """The timed utterances under which there is speech; without any, the stretches of speech."""
    timed = [u for u in utterances if u.start_s is not None and u.end_s is not None and u.end_s > u.start_s]
    units = []
    for one in timed:
        measures = measure(voice, one.start_s or 0.0, one.end_s or 0.0)
        if measures.speech_s >= MIN_SPEECH_S and measures.voiced_s > 0:
            units.append(Unit(one.person or UNNAMED, one.id, measures))
    if units:
        return units, []
    warnings = ["No speech was heard at the times of the transcript; the voice was read without it."] if timed else []
    measured = [measure(voice, *piece) for piece in pieces(voice)]
    measured = [one for one in measured if one.speech_s >= MIN_SPEECH_S and one.voiced_s > 0] or [measure_all(voice)]
    if len(measured) <= MIN_OTHERS:  # too few to compare with one another: they are read as one
        measured = [measure_all(voice)]
    return [Unit(UNNAMED, None, one) for one in measured], warnings


# --- cues ------------------------------------------------------------------------------------------------------------


def _cues(unit: Unit, baseline: Usual | None) -> list[Cue]:
    """One cue for each kind of tag that applies, and one for the whole where none of them carries the arousal."""
    found = find_tags(unit.measures, baseline.measures if baseline else None, rest=baseline.words if baseline else REST)
    stirred = arousal(unit.measures, baseline.measures if baseline else None)
    cues = []
    for kind in dict.fromkeys(one.tag.kind for one in found):
        same = [one for one in found if one.tag.kind == kind]
        carries = stirred is not None and any(_agrees(one, stirred) for one in same)
        cues.append(_cue(unit, baseline, kind=kind, tags=same, arousal=stirred if carries else None))
    if stirred is not None and not any(cue.arousal is not None for cue in cues):
        cues.append(_cue(unit, baseline, kind="delivery", tags=[], arousal=stirred))
    return cues


def _agrees(found: Found, stirred: float) -> bool:
    """Whether a tag points to the side to which the whole voice points; one that does not is no evidence for it."""
    side = STIRS.get(found.tag.measure, 0) * (-1 if found.tag.below else 1)
    return side * stirred > 0


def _cue(unit: Unit, baseline: Usual | None, *, kind: str, tags: Sequence[Found], arousal: float | None) -> Cue:
    measures = unit.measures
    when = f", {measures.start_s:.1f}–{measures.end_s:.1f} s"
    is_norm = baseline is None and kind not in ("contour", "pause")
    against = " (against published norms: this recording is too short to compare with itself)" if is_norm else ""
    strength = max((one.strength for one in tags), default=max(0.2, 0.7 * abs(arousal or 0.0)))
    return Cue(
        id="voice-0", modality="voice", kind=kind, person=unit.person,
        text=_words(tags, baseline, arousal) + when + against,
        anchor=Anchor(start_s=measures.start_s, end_s=measures.end_s, utterance=unit.utterance),
        strength=strength, quality=_quality(measures) * (0.7 if is_norm else 1.0), arousal=arousal,
        source=Source(tool="emer.tools.voice", version=VOICE_VERSION, values=_values(measures, baseline, kind)),
    )  # fmt: skip


def _words(tags: Sequence[Found], baseline: Usual | None, stirred: float | None) -> str:
    """The tags; for a cue without any, on which side of the comparison the voice lies as a whole."""
    if tags:
        return "; ".join(one.text for one in tags)
    what, other = "pitch, pace and sound", "what is usual in adult speech"
    if baseline is not None:
        what, other = "pitch, level, pace and sound", baseline.words
    if stirred is None or abs(stirred) < CLOSE:
        return f"voice close to {other} in {what}"
    return f"voice {'more animated' if stirred > 0 else 'more subdued'} than {other} in {what} ({stirred:+.2f} of 1)"


def _values(measures: Measures, baseline: Usual | None, kind: str) -> dict[str, float | str | None]:
    """The measures of a kind, absolute and, where there is a baseline, the difference to it (`change.f0_st` …)."""
    values: dict[str, float | str | None] = {}
    for name in SHOWN[kind]:
        value = float(getattr(measures, name))
        values[name] = None if isnan(value) else value
        change = value - float(getattr(baseline.measures, name)) if baseline is not None else float("nan")
        if not isnan(change):
            values[f"change.{name}"] = change
    return values


def _quality(measures: Measures) -> float:
    """How far the measures can be trusted, 0..1 (ours): speech over noise, seconds with a pitch, clipping, music.

    Full at 30 dB over the noise and one second of voice; a recording without any silence counts as 20 dB.
    """
    over_db = 20.0 if isnan(measures.level_over_noise_db) else measures.level_over_noise_db
    clear = np.clip(over_db / 30, 0.1, 1)
    long = np.clip(measures.voiced_s, 0.05, 1) ** 0.5
    whole = 1 - min(10 * measures.clipped_share, 0.8)
    return float(clear * long * whole * (0.4 if _is_held(measures) else 1.0))


def _is_held(measures: Measures) -> bool:
    """Whether the pitch hardly ever stops, as in music or song; talk has one for half to nine tenths of the time."""
    return measures.speech_s >= 4.0 and measures.voiced_s > 0.96 * measures.speech_s


def _doubts(units: Sequence[Unit]) -> list[str]:
    n_held = sum(_is_held(unit.measures) for unit in units)
    if not n_held:
        return []
    return [f"In {n_held} of {len(units)} stretches the pitch hardly ever stops: it may be music or song, not talk."]


def _silences(units: Sequence[Unit]) -> Iterator[Cue]:
    """Long silences between two stretches of the same speaker that follow each other."""
    order = sorted(units, key=lambda unit: unit.measures.start_s)
    for before, after in pairwise(order):
        start_s, end_s = before.measures.end_s, after.measures.start_s
        length_s = end_s - start_s
        if before.person != after.person or not LONG_SILENCE_S <= length_s <= LONGEST_SILENCE_S:
            continue
        yield Cue(
            id="voice-0", modality="voice", kind="pause", person=before.person,
            text=f"long pause ({length_s:.1f} s), {start_s:.1f}–{end_s:.1f} s",
            anchor=Anchor(start_s=start_s, end_s=end_s),
            strength=min(0.3 + 0.1 * length_s, 1.0), quality=min(_quality(before.measures), _quality(after.measures)),
            source=Source(tool="emer.tools.voice", version=VOICE_VERSION, values={"pause_s": length_s}),
        )  # fmt: skip


# --- over time -------------------------------------------------------------------------------------------------------


def _series(voice: Voice, own: Sequence[Unit], usual: Usual | None) -> Iterator[Series]:
    """Arousal and pitch of one speaker every 0.25 s, at most 600 points; null where there is no voice."""
    baseline = median([unit.measures for unit in own]) if len(own) > MIN_OTHERS else None
    baseline = usual.measures if usual is not None else baseline
    step_s = max(STEP_S, np.ceil(voice.duration_s / MAX_POINTS * 100) / 100)
    n = min(max(int(np.ceil(voice.duration_s / step_s)), 1), MAX_POINTS)
    stirred: list[float | None] = [None] * n
    pitch: list[float | None] = [None] * n
    for k in range(n):
        at_s = (k + 0.5) * step_s
        if not any(unit.measures.start_s <= at_s < unit.measures.end_s for unit in own):
            continue
        here = measure(voice, at_s - HALF_WINDOW_S, at_s + HALF_WINDOW_S)
        if here.voiced_s >= 0.15:
            stirred[k], pitch[k] = arousal(here, baseline), here.f0_st
    for dimension, values in (("arousal", stirred), ("f0_st", pitch)):
        yield Series(person=own[0].person, modality="voice", dimension=dimension, t0_s=0.0, step_s=float(step_s),
                     values=values)  # fmt: skip
