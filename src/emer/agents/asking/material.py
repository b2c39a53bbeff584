"""What a question about a clip holds beside words: a few chosen frames for eyes, the sound for ears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from emer.agents.state import Evidence, Services
from emer.errors import EmerError
from emer.models import Image, Sound
from emer.schemas import Cue

MOST_FRAMES = 4
"""Frames that one agent sends at most: each is some hundred tokens, and a clip of a minute has few peaks."""
SOUND = "sound"


@dataclass(frozen=True)
class Material:
    """Frames and sound for one agent, and a warning where they could not be taken."""

    images: Sequence[Image] = ()
    sounds: Sequence[Sound] = ()
    warnings: Sequence[str] = ()

    @property
    def names(self) -> set[str]:
        """How an observation may name what it rests on."""
        return {image.what for image in self.images} | ({SOUND} if self.sounds else set())


def frames_of_faces(evidence: Evidence, services: Services) -> Material:
    """Frames at the peaks of the most marked looks, each person seen at least once."""
    return _frames(_peaks(evidence), evidence, services)


def frames_of_scenes(evidence: Evidence, services: Services) -> Material:
    """One frame of each scene: the middle of what lies between cuts, and never more than `MOST_FRAMES`."""
    return _frames(_middles(evidence), evidence, services)


def _peaks(evidence: Evidence) -> list[float]:
    looks = sorted((c for c in evidence.cues if c.modality == "face"), key=lambda c: (-_mark(c), c.id))
    first = {cue.person: cue for cue in reversed(looks)}
    chosen = sorted({cue.id: cue for cue in (*first.values(), *looks)}.values(), key=lambda c: (-_mark(c), c.id))
    wanted = [*first.values(), *(cue for cue in chosen if cue.id not in {one.id for one in first.values()})]
    return _first([t for cue in wanted if (t := _peak(cue)) is not None])


def _middles(evidence: Evidence) -> list[float]:
    length_s = evidence.clip.duration_s or 0.0
    cuts = [cue.anchor.t_s for cue in evidence.cues if cue.kind == "scene_cut" and cue.anchor.t_s is not None]
    edges = [0.0, *sorted(cuts), length_s]
    return _first([(a + b) / 2 for a, b in pairwise(edges)])


def _first(times: Sequence[float]) -> list[float]:
    return list(dict.fromkeys(times))[:MOST_FRAMES]


def sound(services: Services) -> Material:
    """The sound of the clip, its first minute at most; nothing where it may not leave or there is none."""
    from emer.tools.excerpts import wav

    if not _may_leave(services) or services.media is None:
        return Material()
    try:
        data = wav(services.media)
    except EmerError as error:
        return Material(warnings=[f"No sound was sent to the model: {error}"])
    return Material(sounds=[Sound(data, SOUND)]) if data else Material()


def _frames(times: Sequence[float], evidence: Evidence, services: Services) -> Material:
    """The frames at these times, from the one pass in which those of all agents are taken."""
    if not _may_leave(services):
        return Material()
    try:
        found = services.stills.at(frozenset((*_peaks(evidence), *_middles(evidence))))
    except EmerError as error:
        return Material(warnings=[f"No frame was sent to the model: {error}"])
    chosen = {found[t_s].t_s: found[t_s] for t_s in times if t_s in found}
    return Material(images=[Image(chosen[t_s].jpeg, f"frame at {t_s:.1f} s") for t_s in sorted(chosen)])


def _may_leave(services: Services) -> bool:
    """Whether pictures and sound may be sent: not if the user said so, nor if somebody in them is left out."""
    return not services.settings.words_only and not services.settings.exclude_persons


def _mark(cue: Cue) -> float:
    return cue.strength * cue.quality * (1.0 if cue.kind == "expression" else 0.5)


def _peak(cue: Cue) -> float | None:
    """The moment at which a look is clearest: its apex, else the middle of its stretch."""
    peak_s = cue.source.values.get("apex_s", cue.anchor.t_s)
    if isinstance(peak_s, int | float):
        return float(peak_s)
    start_s, end_s = cue.anchor.start_s, cue.anchor.end_s
    return None if start_s is None or end_s is None else (start_s + end_s) / 2
