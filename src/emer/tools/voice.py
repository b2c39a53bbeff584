"""Voices measured: pitch, level, pace, pauses, steadiness and colour of the sound, for any stretch of a recording.

```python
with open_media(path) as media:
    voice = listen(media.windows())
    measure(voice, 0.4, 2.1).f0_median_hz
```

`listen` goes through the sound once, window by window; what stays is nine numbers every 10 ms. numpy alone: nothing
is compiled on the first call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from numpy.typing import NDArray

from emer.tools import pitch, vocal_tract, voice_frames, voice_pulses
from emer.tools.speech_activity import Activity, find_speech, pauses
from emer.tools.syllables import find_nuclei
from emer.tools.voice_frames import BLOCK, HOP, RATE, STEP_S, Floats, Spectra
from emer.tools.voice_pulses import Pulses

if TYPE_CHECKING:
    from emer.tools.media import Window

VOICE_VERSION = "1"
REFERENCE_HZ = 100.0  # of `f0_st`
MAX_OVER_NOISE_DB = 65.0
"""No room is so quiet: such a silence was made by a gate, an editor or a synthesiser, and says nothing of the voice."""
_DEFER = round(0.25 / STEP_S)  # frames left to the next window, which hears what follows them


@dataclass(frozen=True)
class Voice:
    """The frames of a whole recording, every 10 ms, frame k centred at (k + 0.5) * 10 ms.

    Attributes:
        duration_s: of the sound.
        spectra: levels and spectral balance.
        f0_hz, hnr_db: `(n,)`, NaN where there is no pitch or no speech.
        resonances: `(n, 4)` Hz of some voiced frames, NaN elsewhere, see `vocal_tract`.
        pulses: the single periods.
        activity: where somebody speaks.
    """

    duration_s: float
    spectra: Spectra
    f0_hz: Floats
    hnr_db: Floats
    resonances: Floats
    pulses: Pulses
    activity: Activity


@dataclass(frozen=True)
class Measures:
    """One stretch of a recording in numbers; NaN is "cannot be measured here", with every unit in its name.

    Attributes:
        start_s, end_s: the stretch.
        speech_s, voiced_s: how much of it is speech, and has a pitch.
        f0_median_hz, f0_st: median pitch in Hz, and the same in semitones over 100 Hz.
        f0_over_register_st: median pitch over what usually goes with a vocal tract of this length, semitones.
        f0_range_st: from the 20th to the 80th percentile (eGeMAPS, Eyben et al. 2016), semitones.
        f0_end_st: median of the last 0.15 s with a pitch less that of the 0.3 s before, semitones.
        tremor_st: root mean square of the pitch's movement at 4-12 Hz in unbroken voiced runs, semitones.
        level_db: median level of the speech, dBFS.
        level_over_noise_db: its 90th percentile over the noise between the stretches of the recording; keeps its value
            when the recording is made louder. NaN without a pause, and where the silence is digital or gated.
        level_range_db: 20th to 80th percentile of the speech frames' levels.
        rate_syl_s: syllables by second of speech without pauses (de Jong and Wempe 2009).
        n_syllables, n_pauses: counts.
        pause_share, pause_longest_s: silences of 0.25 s and more between first and last speech: share and longest.
        jitter_pct, shimmer_db: mean difference of neighbouring periods, per cent of the period and dB. On running
            speech they hold intonation too: norms for held vowels do not apply.
        hnr_db: median harmonics-to-noise ratio of the frames with a pitch.
        alpha_db, hammarberg_db, tilt_db_oct, centroid_hz: medians over the frames with a pitch, see `Spectra`.
        flux: mean change of the level-free spectral balance from frame to frame, dB (of alpha ratio).
        clipped_share: samples at full scale, 0..1.
    """

    start_s: float
    end_s: float
    speech_s: float
    voiced_s: float
    f0_median_hz: float
    f0_st: float
    f0_over_register_st: float
    f0_range_st: float
    f0_end_st: float
    tremor_st: float
    level_db: float
    level_over_noise_db: float
    level_range_db: float
    rate_syl_s: float
    n_syllables: int
    n_pauses: int
    pause_share: float
    pause_longest_s: float
    jitter_pct: float
    shimmer_db: float
    hnr_db: float
    alpha_db: float
    hammarberg_db: float
    tilt_db_oct: float
    centroid_hz: float
    flux: float
    clipped_share: float


# --- listening -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    spectra: Spectra
    pitch: pitch.Pitch
    resonances: Floats
    pulses: Pulses


def listen(windows: Iterable[Window]) -> Voice:
    """The voice of a clip, given its windows in order of time; what a window repeats is measured once."""
    parts: list[_Part] = []
    n_done, end_s = 0, 0.0
    for sound, start_s, is_last in _sounds(windows):
        end_s = start_s + len(sound) / RATE
        n_known = int(end_s / STEP_S + 1e-6) - (0 if is_last else _DEFER)
        if n_known > n_done:
            parts.append(_hear(sound, start_s, n_done, n_known - n_done))
            n_done = n_known
    return _joined(parts, end_s)


def listen_to(sound: Floats) -> Voice:
    """The voice in one piece of mono sound at 16 kHz, `(n,)`, -1..1; not-a-numbers count as silence."""
    clean = np.nan_to_num(np.asarray(sound, np.float32), nan=0.0, posinf=1.0, neginf=-1.0)
    n = len(clean) // HOP
    parts = [_hear(clean, 0.0, 0, n)] if n else []
    return _joined(parts, len(clean) / RATE)


def _sounds(windows: Iterable[Window]) -> Iterable[tuple[Floats, float, bool]]:
    """Sound and start of each window, and whether it is the last."""
    held: Window | None = None
    for window in windows:
        if held is not None:
            yield held.sound, held.start_s, False
        held = window
    if held is not None:
        yield held.sound, held.start_s, True


def _hear(sound: Floats, start_s: float, first: int, n: int) -> _Part:
    """`n` frames from frame `first` of the clip on, out of a piece of sound that begins at `start_s`."""
    origin = round(start_s * RATE)
    spectra, found, near = [], [], []
    for begin in range(first, first + n, BLOCK):
        block = voice_frames.frames(sound, begin * HOP - origin, min(BLOCK, first + n - begin))
        measured, periodicity = voice_frames.analyse(block)
        spectra.append(measured)
        found.append(pitch.candidates(periodicity))
        near.append(periodicity.full[:, : vocal_tract.N_LAGS].copy())
    levels = voice_frames.joined(spectra)
    tracked = pitch.track(pitch.joined(found), levels.level_db)
    resonances = _resonances(np.concatenate(near), tracked.f0_hz)
    return _Part(levels, tracked, resonances, voice_pulses.find_pulses(sound, tracked.f0_hz, first, start_s))


def _resonances(correlation: Floats, f0_hz: Floats) -> Floats:
    """The resonances of every fourth voiced frame, NaN in the others."""
    chosen = np.flatnonzero(~np.isnan(f0_hz))[:: vocal_tract.EVERY]
    made = np.full((len(f0_hz), vocal_tract.N_KEPT), np.nan, np.float32)
    made[chosen] = vocal_tract.resonances(correlation[chosen])
    return made


def _joined(parts: list[_Part], duration_s: float) -> Voice:
    none = np.zeros(0, np.float32)
    spectra = voice_frames.joined([part.spectra for part in parts])
    f0_hz = np.concatenate([none, *(part.pitch.f0_hz for part in parts)])
    hnr_db = np.concatenate([none, *(part.pitch.hnr_db for part in parts)])
    resonances = np.concatenate([np.zeros((0, vocal_tract.N_KEPT), np.float32), *(part.resonances for part in parts)])
    activity = find_speech(spectra.level_db, f0_hz)
    silent = ~activity.speech
    return Voice(
        duration_s=duration_s,
        spectra=spectra,
        f0_hz=np.where(silent, np.float32(np.nan), f0_hz),
        hnr_db=np.where(silent, np.float32(np.nan), hnr_db),
        resonances=np.where(silent[:, None], np.float32(np.nan), resonances),
        pulses=voice_pulses.joined([part.pulses for part in parts]),
        activity=activity,
    )


class _Pace(TypedDict):
    rate_syl_s: float
    n_syllables: int
    n_pauses: int
    pause_share: float
    pause_longest_s: float


# --- measuring -------------------------------------------------------------------------------------------------------


def measure(voice: Voice, start_s: float, end_s: float) -> Measures:
    """What the speech between two times is like."""
    n = len(voice.f0_hz)
    first, last = min(max(round(start_s / STEP_S), 0), n), min(max(round(end_s / STEP_S), 0), n)
    span = slice(first, last)
    speech, f0 = voice.activity.speech[span], voice.f0_hz[span]
    voiced = ~np.isnan(f0)
    spectra = Spectra(**{f.name: getattr(voice.spectra, f.name)[span] for f in fields(Spectra)})
    return Measures(
        start_s=start_s,
        end_s=end_s,
        speech_s=float(speech.sum() * STEP_S),
        voiced_s=float(voiced.sum() * STEP_S),
        hnr_db=_median(voice.hnr_db[span][voiced]),
        clipped_share=float(spectra.clipped[speech].mean()) if speech.any() else 0.0,
        **_pitch(f0, voice.resonances[span]),
        **_levels(spectra.level_db[speech], voice.activity.noise_db),
        **_pace(voice, first, last),
        **_steadiness(voice.pulses, voice.f0_hz, start_s, end_s),
        **_colour(spectra, voiced),
    )  # fmt: skip


def measure_all(voice: Voice) -> Measures:
    """What the speech of the whole recording is like, from the first stretch to the last."""
    stretches = voice.activity.stretches
    if not stretches:
        return measure(voice, 0.0, voice.duration_s)
    return measure(voice, stretches[0].start_s, stretches[-1].end_s)


def semitones(hz: Floats) -> Floats:
    """Semitones over 100 Hz.

    >>> semitones(np.array([100.0, 200.0])).tolist()
    [0.0, 12.0]
    """
    st: Floats = 12 * np.log2(hz / REFERENCE_HZ)
    return st


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _spread(values: Floats) -> float:
    if len(values) < 5:
        return float("nan")
    low, high = np.quantile(values, [0.2, 0.8])
    return float(high - low)


def _pitch(f0: Floats, resonances: Floats) -> dict[str, float]:
    heard = f0[~np.isnan(f0)]
    median = _median(heard)
    st = semitones(heard)
    n_end, n_before = round(0.15 / STEP_S), round(0.3 / STEP_S)
    has_end = len(st) >= n_end + n_before
    end = _median(st[-n_end:]) - _median(st[-n_end - n_before : -n_end]) if has_end else float("nan")
    register = semitones(np.array([vocal_tract.register_hz(vocal_tract.spacing_hz(resonances))]))
    return {"f0_median_hz": median, "f0_st": _median(st), "f0_over_register_st": _median(st) - float(register[0]),
            "f0_range_st": _spread(st), "f0_end_st": end,
            "tremor_st": _tremor(f0)}  # fmt: skip


def _tremor(f0: Floats) -> float:
    """Movement of the pitch at 4-12 Hz in voiced runs of at least 0.5 s, less a parabola; NaN without such a run."""
    energy, n_frames = 0.0, 0
    for start, end in pitch.runs(~np.isnan(f0)):
        n = end - start
        if n * STEP_S < 0.5:
            continue
        x = np.linspace(-1, 1, n)
        st = semitones(f0[start:end]).astype(np.float64)
        rest = st - np.polyval(np.polyfit(x, st, 2), x)
        spectrum = np.fft.rfft(rest)
        hz = np.fft.rfftfreq(n, STEP_S)
        spectrum[(hz < 4) | (hz > 12)] = 0
        energy += float((np.fft.irfft(spectrum, n) ** 2).sum())
        n_frames += n
    return float(np.sqrt(energy / n_frames)) if n_frames else float("nan")


def _levels(levels: Floats, noise_db: float) -> dict[str, float]:
    over = float(np.quantile(levels, 0.9)) - noise_db if len(levels) else float("nan")
    if over > MAX_OVER_NOISE_DB:
        over = float("nan")
    return {"level_db": _median(levels), "level_over_noise_db": over, "level_range_db": _spread(levels)}


def _pace(voice: Voice, first: int, last: int) -> _Pace:
    speech = voice.activity.speech[first:last]
    margin = 10  # frames before and after, so that a syllable at the edge has its dip
    wide = slice(max(0, first - margin), last + margin)
    nuclei = find_nuclei(voice.spectra.vowel_db[wide], ~np.isnan(voice.f0_hz[wide])) + wide.start
    n_syllables = int(((nuclei >= first) & (nuclei < last)).sum())
    silences = [(end - start) * STEP_S for start, end in pauses(speech)]
    spoken = np.flatnonzero(speech)
    whole_s = (int(spoken[-1]) - int(spoken[0]) + 1) * STEP_S if len(spoken) else 0.0
    talking_s = whole_s - sum(silences)
    return {
        "rate_syl_s": n_syllables / talking_s if talking_s >= 0.3 else float("nan"),
        "n_syllables": n_syllables,
        "n_pauses": len(silences),
        "pause_share": sum(silences) / whole_s if whole_s else float("nan"),
        "pause_longest_s": max(silences, default=0.0),
    }


def _steadiness(pulses: Pulses, f0_hz: Floats, start_s: float, end_s: float) -> dict[str, float]:
    inside = (pulses.t_s >= start_s) & (pulses.t_s < end_s) & ~np.isnan(pulses.jitter)
    frame = np.clip((pulses.t_s / STEP_S).astype(np.intp), 0, max(len(f0_hz) - 1, 0))
    if len(f0_hz):
        inside &= ~np.isnan(f0_hz[frame])
    jitter, shimmer = pulses.jitter[inside], pulses.shimmer_db[inside]
    shimmer = shimmer[~np.isnan(shimmer)]
    enough = inside.sum() >= 10
    return {"jitter_pct": float(100 * jitter.mean()) if enough else float("nan"),
            "shimmer_db": float(shimmer.mean()) if enough and len(shimmer) else float("nan")}  # fmt: skip


def _colour(spectra: Spectra, voiced: NDArray[np.bool_]) -> dict[str, float]:
    both = voiced[1:] & voiced[:-1]
    change = np.abs(np.diff(spectra.alpha_db))[both]
    names = ("alpha_db", "hammarberg_db", "tilt_db_oct", "centroid_hz")
    colour = {name: _median(getattr(spectra, name)[voiced]) for name in names}
    return {**colour, "flux": float(change.mean()) if len(change) else float("nan")}
