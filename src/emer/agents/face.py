"""The face specialist: who is visible, how raters would call their faces, how their heads move, as stretches of time.

It names no emotion as its own: a classifier's class is worded as what raters would call the face, with its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emer.agents.seen.expressions import class_values, looks_like
from emer.agents.seen.gestures import GESTURES
from emer.agents.seen.numbers import short
from emer.agents.seen.units import Tried, tell_units
from emer.agents.state import Observation, Services
from emer.config import Settings
from emer.errors import EmerError
from emer.schemas import Anchor, Clip, Cue, Missing, Person, Series, Source, Utterance
from emer.tools.face import FaceDetector
from emer.tools.face_ahead import search_ahead
from emer.tools.face_detectors import open_detector
from emer.tools.face_readers import open_reader
from emer.tools.face_reading import ReaderCard
from emer.tools.face_stretches import Stretch, smooth, stretches
from emer.tools.face_units import UnitReader, open_units
from emer.tools.face_watch import Readers, Sight, Track, Watched, watch_faces
from emer.tools.head_gestures import Gesture, gestures
from emer.tools.mouth import Mouth

if TYPE_CHECKING:
    from emer.tools.media import Frame, Media

MAX_PEOPLE = 8
MAX_CUES = 200
"""Cues of one kind per person; of a longer clip the most marked are kept, so that a Report stays readable."""
MAX_POINTS = 600
WATCH, WATCH_VERSION = "emer-face-watch", "1"


def observe(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
    """What the faces of the clip show; `missing` says why if there are none.

    Raises:
        ToolError: the picture could be decoded, but a face tool failed on it, or its weights are broken.
        SetupError: a reader or detector that the settings name is not on this machine.
    """
    media, settings = services.media, services.settings
    if media is None or not (media.info.has_video or media.info.kind == "image"):
        return _absent("the clip has no picture")
    frames = _frames(media)  # before the networks are opened, so that the beginning is kept
    units, failure = _unit_reader(settings)
    readers = Readers(open_reader(settings.face, settings.weights_dir), units)
    watched = _watched(frames, readers, settings, still=media.info.kind == "image")
    if not watched.tracks:
        return _absent(f"no face was found in {watched.n_frames} sampled frame{'s' * (watched.n_frames != 1)}")
    watched = replace(watched, end_s=min(watched.end_s, media.info.duration_s or watched.end_s))
    tracks = _most_present(watched.tracks)
    cues = [cue for track in tracks for cue in _cues(track, watched, readers)]
    kept = _most_marked(cues)
    return Observation(
        cues=_numbered(kept),
        people=[Person(id=_key(track), description=_description(track, tracks)) for track in tracks],
        series=[line for track in tracks for line in _series(track, watched)] if watched.step_s else [],
        mouths={_key(track): _mouth(track) for track in tracks},
        missing=_unread(units, failure),
        failed=failure is not None or (units is not None and units.failure is not None),
        warnings=_warnings(len(watched.tracks) - len(tracks), len(cues) - len(kept)),
    )


def _watched(frames: Iterator[Frame], readers: Readers, settings: Settings, *, still: bool) -> Watched:
    def detector() -> FaceDetector:
        return open_detector(settings.face_detector, settings.weights_dir)

    if still:
        return watch_faces(frames, detector(), readers=readers, still=True)
    with search_ahead(frames, detector) as ahead:
        return watch_faces(ahead.frames, ahead.detector, readers=readers)


def _unit_reader(settings: Settings) -> tuple[Tried | None, EmerError | None]:
    """Who reads action units; where that cannot be opened, nobody and why: the faces are read all the same."""
    try:
        reader = open_units(settings.action_units, settings.weights_dir)
    except EmerError as error:
        return None, error
    return None if reader is None else Tried(reader), None


def _unread(units: Tried | None, failure: EmerError | None) -> list[Missing]:
    """Why no action units were read, or not in every face."""
    if failure is not None:
        return [Missing(modality="face", why=f"no action units were read: {failure}")]
    if units is not None and units.failure is not None:
        return [Missing(modality="face", why=f"action units were read in a part of the faces only: {units.failure}")]
    return []


def _numbered(cues: Iterable[Cue]) -> list[Cue]:
    """The cues in order of time, numbered."""
    ordered = sorted(cues, key=lambda cue: (cue.anchor.start_s or 0.0, cue.person, cue.kind, cue.text))
    return [cue.model_copy(update={"id": f"face-{number}"}) for number, cue in enumerate(ordered, start=1)]


def _absent(why: str) -> Observation:
    return Observation(missing=[Missing(modality="face", why=why)])


def _frames(media: Media) -> Iterator[Frame]:
    """Every sampled frame once; windows overlap."""
    windows = media.windows()
    return (frame for window in windows for frame in window.frames if frame.t_s >= window.fresh_from_s)


def _most_present(tracks: Sequence[Track]) -> list[Track]:
    """At most `MAX_PEOPLE` of the tracks, in their order."""
    ranked = sorted(tracks, key=lambda track: (-len(track.sights), track.number))[:MAX_PEOPLE]
    return sorted(ranked, key=lambda track: track.number)


def _warnings(n_people: int, n_cues: int) -> list[str]:
    """What was left out, if anything."""
    crowd = f"{n_people} more faces were seen; only the {MAX_PEOPLE} most present were read."
    long = f"{n_cues} of the least marked face cues were left out; {MAX_CUES} of a kind are kept per person."
    return [crowd] * (n_people > 0) + [long] * (n_cues > 0)


def _key(track: Track) -> str:
    return f"face:{track.number}"


def _mouth(track: Track) -> Mouth:
    """When and how much the mouth moved, by which `gather` tells whose face speaks."""
    moved = [(sight.t_s, sight.mouth) for sight in track.sights if sight.mouth is not None]
    return Mouth(tuple(t_s for t_s, _ in moved), tuple(motion for _, motion in moved))


# --- who -------------------------------------------------------------------------------------------------------------


def _middle(track: Track) -> float:
    """Median place of the face from left (0) to right (1)."""
    return float(np.median([sight.box[0] + sight.box[2] / 2 for sight in track.sights]))


def _place(track: Track) -> str:
    middle = _middle(track)
    return "on the left" if middle < 0.4 else "on the right" if middle > 0.6 else "in the centre"


def _description(track: Track, tracks: Sequence[Track]) -> str:
    """Where the person is in the picture, counted from the left where places do not tell people apart; nothing else."""
    start_s = track.sights[0].t_s
    since = f", seen from {start_s:.1f} s" if start_s >= 1 else ""
    if len({_place(other) for other in tracks}) == len(tracks):
        return f"person {_place(track)}{since}"
    order = sorted(tracks, key=lambda other: (_middle(other), other.number))
    return f"person {order.index(track) + 1} of {len(tracks)} from the left{since}"


# --- what ------------------------------------------------------------------------------------------------------------


def _cues(track: Track, watched: Watched, readers: Readers) -> list[Cue]:
    times = [sight.t_s for sight in track.sights]
    moves = gestures(times, [sight.motion for sight in track.sights], watched.step_s)
    smoothed = smooth(track.probabilities, times, watched.step_s)
    parts = stretches(smoothed, times, watched.step_s)
    looks = [_expression(track, one, watched, smoothed, card=readers.expression.card) for one in parts]
    coded = [] if readers.units is None else [_units(track, one, watched, readers.units) for one in parts]
    heads = [_head(track, move) for move in moves]
    return [_presence(track, watched), *looks, *(cue for cue in coded if cue is not None), *heads]


def _most_marked(cues: Sequence[Cue]) -> list[Cue]:
    """The cues without those that are the least marked of more than `MAX_CUES` of one person and kind."""
    kept: list[Cue] = []
    counts = Counter[tuple[str | None, str]]()
    for cue in sorted(cues, key=lambda cue: (-cue.strength * cue.quality, cue.anchor.start_s or 0.0)):
        counts[cue.person, cue.kind] += 1
        kept += [cue] * (counts[cue.person, cue.kind] <= MAX_CUES)
    return kept


def _anchor(track: Track, rows: slice, watched: Watched) -> Anchor:
    """The time from the first of the sights to the frame after the last; in a still picture the box."""
    if watched.step_s == 0:
        return Anchor(t_s=0.0, bbox=_inside(track.sights[0].box))
    sights = track.sights[rows]
    return Anchor(start_s=sights[0].t_s, end_s=max(min(sights[-1].t_s + watched.step_s, watched.end_s), sights[0].t_s))


def _inside(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box with four places, still inside the picture."""
    x, y, width, height = (round(value, 4) for value in box)
    return x, y, min(width, round(1 - x, 4)), min(height, round(1 - y, 4))


def _span(anchor: Anchor) -> str:
    return "" if anchor.start_s is None else f" {anchor.start_s:.1f}–{anchor.end_s:.1f} s"


def _presence(track: Track, watched: Watched) -> Cue:
    sights, anchor = track.sights, _anchor(track, slice(None), watched)
    width = float(np.median([sight.width_px for sight in sights]))
    share = len(sights) / watched.n_frames
    text = f"face visible{_span(anchor)}, {_place(track)} of the picture".replace(" on the left of", " left of")
    text = text.replace(" on the right of", " right of")
    if anchor.start_s is not None and sights[-1].t_s - sights[0].t_s > (len(sights) + 1) * watched.step_s:
        text += f", in {len(sights)} of {watched.n_frames} sampled frames"
    values = {"face_width_px": width, "detection": _mean([s.score for s in sights]), "visible_share": share}
    return _cue(
        track, "presence", text, anchor, strength=share, quality=_quality(sights),
        source=Source(tool=WATCH, version=WATCH_VERSION, values=dict(values)),
    )  # fmt: skip


def _expression(
    track: Track, stretch: Stretch, watched: Watched, smoothed: NDArray[np.float32], *, card: ReaderCard
) -> Cue:
    rows = slice(stretch.first, stretch.last + 1)
    sights, mean = track.sights[rows], track.probabilities[rows].mean(axis=0)
    anchor = _anchor(track, rows, watched)
    values = class_values(mean, card.classes)
    values |= {"peak": float(smoothed[stretch.apex, stretch.kind]), "n_frames": float(len(sights))}
    text = looks_like(mean, stretch.kind, card)
    if anchor.start_s is not None:
        values["apex_s"] = track.sights[stretch.apex].t_s
        text += "," + _span(anchor)
    return _cue(
        track, "expression", text, anchor, strength=_strength(track, stretch, smoothed), quality=_quality(sights),
        source=Source(tool=card.tool, version=card.version, values=values),
    ).model_copy(update={"valence": _mean(track.valence[rows]), "arousal": _mean(track.arousal[rows])})  # fmt: skip


def _units(track: Track, stretch: Stretch, watched: Watched, reader: UnitReader) -> Cue | None:
    """The action units of the time in which an expression is kept; None where they were read in no frame of it."""
    rows = slice(stretch.first, stretch.last + 1)
    told = None if track.units is None else tell_units(reader.card.units, track.units[rows])
    if told is None:
        return None
    anchor = _anchor(track, rows, watched)
    return _cue(
        track, "action_units", told.text + ("," + _span(anchor) if anchor.start_s is not None else ""), anchor,
        strength=told.strength, quality=_quality(track.sights[rows]),
        source=Source(
            tool=reader.card.tool, version=reader.card.version, values={**told.values, "scale": reader.card.scale}
        ),
    )  # fmt: skip


def _strength(track: Track, stretch: Stretch, smoothed: NDArray[np.float32]) -> float:
    """The lead of the class over the next; over time, half that and half its rise above this person's own mean."""
    row = smoothed[stretch.apex]
    lead = float(row[stretch.kind] - np.delete(row, stretch.kind).max())
    if len(track.sights) == 1:
        return float(np.clip(lead, 0, 1))
    usual = float(track.probabilities[:, stretch.kind].mean())
    rise = float(row[stretch.kind] - usual) / max(1 - usual, 1e-6)
    return float(np.clip((max(lead, 0) + max(rise, 0)) / 2, 0, 1))


def _quality(sights: Sequence[Sight]) -> float:
    """How far the reading can be trusted, 0..1: size, sharpness and detection of the face multiplied, over its frames.

    Chosen by us, not fitted: 48 pixels are what the network reads, 200 is the sharpness of a face in poor light.
    """
    size = np.clip(np.array([sight.width_px for sight in sights]) / 48, 0.1, 1)
    sharp = np.clip(np.array([sight.sharpness for sight in sights]) / 200, 0.04, 1)
    score = 0.5 + 0.5 * np.array([sight.score for sight in sights])
    return _mean(size * np.sqrt(sharp) * score)


def _head(track: Track, gesture: Gesture) -> Cue:
    words = GESTURES[gesture.kind]
    size = short(gesture.size) if words.unit.startswith("face") else f"{gesture.size * words.times:.0f}"
    rows = [sight for sight in track.sights if gesture.start_s <= sight.t_s <= gesture.end_s]
    anchor = Anchor(start_s=gesture.start_s, end_s=gesture.end_s)
    values: dict[str, float | str | None] = {words.unit: gesture.size * words.times, "swings": float(gesture.n)}
    return _cue(
        track, "head_motion", words.text.format(size=size, n=gesture.n) + "," + _span(anchor), anchor,
        strength=float(np.clip(gesture.size * words.times / words.full, 0, 1)), quality=_quality(rows),
        source=Source(tool=WATCH, version=WATCH_VERSION, values=values),
    )  # fmt: skip


def _cue(track: Track, kind: str, text: str, anchor: Anchor, *, strength: float, quality: float, source: Source) -> Cue:
    return Cue(
        id="face-0", modality="face", kind=kind, person=_key(track), text=text, anchor=anchor, strength=strength,
        quality=quality, source=source,
    )  # fmt: skip


def _mean(values: Sequence[float] | NDArray[Any]) -> float:
    return float(np.mean(values))


# --- over time -------------------------------------------------------------------------------------------------------


def _series(track: Track, watched: Watched) -> Iterator[Series]:
    """Valence and arousal over the whole clip, thinned by averaging to at most `MAX_POINTS`."""
    n_steps = max(round(watched.end_s / watched.step_s), 1)
    every = -(-n_steps // MAX_POINTS)
    step_s = watched.step_s * every
    slots = np.array([int(sight.t_s / step_s + 1e-6) for sight in track.sights])
    for dimension, values in (("valence", track.valence), ("arousal", track.arousal)):
        points = [
            float(values[slots == slot].mean()) if (slots == slot).any() else None
            for slot in range(min(-(-n_steps // every), MAX_POINTS))
        ]
        yield Series(person=_key(track), modality="face", dimension=dimension, t0_s=0.0, step_s=step_s, values=points)
