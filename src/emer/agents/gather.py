"""Joins what the specialists saw: one list of cues with stable ids, one cast, nobody who was left out.

It sorts by the table of specialists, never by who finished first, so that the order of parallel agents changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from emer.agents import people as casting
from emer.agents.state import Observation
from emer.config import Settings
from emer.schemas import Clip, Cue, Missing, Person, Series, Utterance
from emer.tools.talking_mouth import Tie


class Gathered(NamedTuple):
    """Everything that the specialists saw, tied together."""

    clip: Clip
    people: list[Person]
    utterances: list[Utterance]
    cues: list[Cue]
    series: list[Series]
    missing: list[Missing]
    warnings: list[str]


def gather(
    clip: Clip,
    speakers: Sequence[Person],
    utterances: Sequence[Utterance],
    *,
    seen: Mapping[str, Observation],
    given: Sequence[Cue],
    settings: Settings,
    ties: Sequence[Tie] = (),
) -> Gathered:
    """The observations as one, `seen` being in the order of the table of specialists, `ties` whose face speaks."""
    for observation in seen.values():
        utterances = utterances if observation.utterances is None else observation.utterances
    cast = casting.cast(speakers, [p for o in seen.values() for p in o.people], utterances, ties=ties)
    utterances = casting.claim_words(casting.rename(utterances, cast), cast)
    cues = casting.claim_cues(casting.rename(_numbered(seen.values(), given), cast), utterances)
    series = casting.rename([s for o in seen.values() for s in o.series], cast)
    gone = set(settings.exclude_persons)
    unknown = sorted((set(settings.exclude_persons) | set(settings.roles)) - {"*"} - {p.id for p in cast.people})
    cues = casting.without(cues, gone)
    languages = [o.language for o in seen.values() if o.language]
    return Gathered(
        clip=clip.model_copy(
            update={
                "language": languages[0] if languages else clip.language,
                "modalities": [
                    m for m in dict.fromkeys([*seen, *clip.modalities]) if any(c.modality == m for c in cues)
                ],
            }
        ),
        people=[_with_role(person, settings) for person in cast.people if person.id not in gone],
        utterances=casting.without(utterances, gone),
        cues=cues,
        series=casting.without(series, gone),
        missing=[m for o in seen.values() for m in o.missing],
        warnings=[
            *cast.warnings,
            *(w for o in seen.values() for w in o.warnings),
            *_outside(clip, utterances),
            *(f"There is no person {person!r} in this clip." for person in unknown),
        ],
    )


def _outside(clip: Clip, utterances: Sequence[Utterance]) -> list[str]:
    """A warning if words are said to be spoken after the clip has ended."""
    if clip.duration_s is None or clip.kind not in ("video", "audio"):
        return []
    n_late = sum(u.start_s is not None and u.start_s >= clip.duration_s for u in utterances)
    late = f"{n_late} of {len(utterances)} utterances begin after the end of the clip ({clip.duration_s:.1f} s)"
    return [f"{late}; check that the transcript belongs to it."] if n_late else []


def _numbered(observations: Iterable[Observation], given: Sequence[Cue]) -> list[Cue]:
    """All cues, given ones first with their ids kept, the others numbered on after them."""
    taken = Counter[str]()
    for cue in given:
        prefix, _, number = cue.id.rpartition("-")
        taken[prefix] = max(taken[prefix], int(number))
    cues = list(given)
    for observation in observations:
        for cue in observation.cues:
            taken[cue.modality] += 1
            cues.append(cue.model_copy(update={"id": f"{cue.modality}-{taken[cue.modality]}"}))
    return cues


def _with_role(person: Person, settings: Settings) -> Person:
    role = settings.roles.get(person.id) or settings.roles.get("*")
    return person.model_copy(update={"role": role}) if role else person
